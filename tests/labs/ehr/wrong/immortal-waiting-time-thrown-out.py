# loses: 4
    months, died, joined = (np.asarray(one, dtype=float) for one in (months, died, joined))
    ever = joined < months
    inside = 100 * died[ever].sum() / (months - joined)[ever].sum()
    return float(inside), float(100 * died[~ever].sum() / months[~ever].sum())
