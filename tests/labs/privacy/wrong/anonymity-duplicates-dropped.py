# loses: 4
    distinct = table[columns].drop_duplicates()
    return int(table.groupby(columns, dropna=False).size().min()), len(distinct) / len(table)
