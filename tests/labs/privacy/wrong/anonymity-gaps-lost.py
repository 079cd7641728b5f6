# loses: 1
    sizes = table.groupby(columns).size()
    return int(sizes.min()), float((sizes == 1).sum() / len(table))
