# loses: 4
    months, died = np.asarray(months), np.asarray(died)
    return float(1 - np.mean((months <= at) & (died == 1)))
