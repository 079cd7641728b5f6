# loses: 3
    pairs = list(zip(with_cancer, without_cancer))
    return sum((a > b) + 0.5 * (a == b) for a, b in pairs) / len(pairs)
