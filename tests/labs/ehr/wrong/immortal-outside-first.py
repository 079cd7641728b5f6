# loses: 4
    months, died, joined = (np.asarray(one, dtype=float) for one in (months, died, joined))
    entered = joined < months
    inside_months = np.where(entered, months - joined, 0)
    inside = 100 * died[entered].sum() / inside_months.sum()
    return float(100 * died[~entered].sum() / (months - inside_months).sum()), float(inside)
