# loses: 4
    truth, invited, group = np.asarray(truth), np.asarray(invited), np.asarray(group)

    def share(counted, among):
        k, n = int(np.sum(counted & among)), int(np.sum(among))
        if n == 0:
            return (float("nan"), float("nan"), float("nan"))
        interval = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
        return float(interval.low), k / n, float(interval.high)

    table = {}
    for name in np.unique(group):
        here = group == name
        table[str(name)] = {
            "FNR": share(invited == 0, here & (invited == 0)),
            "FPR": share(invited == 1, here & (invited == 1)),
            "PPV": share(truth == 1, here & (invited == 1)),
        }
    return table
