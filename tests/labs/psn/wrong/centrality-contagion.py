# loses: 1
centrality = {"many like her": "degree", "between groups": "betweenness", "typical friends": "eigenvector"}
true_statements = {"A", "B", "C"}
