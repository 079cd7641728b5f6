# loses: 4
    months, died = np.asarray(months), np.asarray(died)
    share = 1.0
    for moment in np.unique(months[died == 1]):
        if moment < at:
            share *= 1 - np.sum((months == moment) & (died == 1)) / np.sum(months >= moment)
    return float(share)
