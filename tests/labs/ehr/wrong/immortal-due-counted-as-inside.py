# loses: 1
    months, died, joined = (np.asarray(one, dtype=float) for one in (months, died, joined))
    ever = ~np.isnan(joined)
    inside_months = np.where(ever, np.maximum(months - joined, 0), 0)
    inside = 100 * died[ever].sum() / inside_months.sum()
    return float(inside), float(100 * died[~ever].sum() / (months - inside_months).sum())
