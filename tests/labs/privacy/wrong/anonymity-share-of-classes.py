# loses: 3
    sizes = table.groupby(columns, dropna=False).size()
    return int(sizes.min()), float((sizes == 1).mean())
