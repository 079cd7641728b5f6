# loses: 4
    months, died = np.asarray(months), np.asarray(died)
    share = 1.0
    for moment in np.unique(months[died == 1]):
        if moment <= at:
            deaths = np.sum((months == moment) & (died == 1))
            share *= 1 - deaths / (deaths + np.sum(months > moment))
    return float(share)
