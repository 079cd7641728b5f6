# loses: 4
    sizes = table.groupby(columns, dropna=False).size()
    return int(sizes.min()), float(100 * (sizes == 1).sum() / len(table))
