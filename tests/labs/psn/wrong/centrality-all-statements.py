# loses: 2
centrality = {"many like her": "degree", "between groups": "degree", "typical friends": "eigenvector"}
true_statements = {"A", "B", "C", "D"}
