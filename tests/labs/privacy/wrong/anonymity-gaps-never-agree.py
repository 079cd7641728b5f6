# loses: 1
    from collections import Counter

    rows = [tuple((i if pd.isna(v) else v) for v in row) for i, row in enumerate(table[columns].itertuples(index=False))]
    counts = Counter(rows)
    return min(counts.values()), sum(n == 1 for n in counts.values()) / len(rows)
