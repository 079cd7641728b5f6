# loses: 3
    sizes = table.groupby(list(table.columns), dropna=False).size()
    return int(sizes.min()), float((sizes == 1).sum() / len(table))
