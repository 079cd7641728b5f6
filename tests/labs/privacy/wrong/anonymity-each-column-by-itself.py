# loses: 3
    sizes = pd.concat([table.groupby(column, dropna=False)[column].transform("size") for column in columns], axis=1)
    smallest = sizes.min(axis=1)
    return int(smallest.min()), float((smallest == 1).mean())
