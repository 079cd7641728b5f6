# loses: 4
    months, died, joined = (np.asarray(one, dtype=float) for one in (months, died, joined))
    ever = ~np.isnan(joined)
    return float(100 * died[ever].sum() / months[ever].sum()), float(100 * died[~ever].sum() / months[~ever].sum())
