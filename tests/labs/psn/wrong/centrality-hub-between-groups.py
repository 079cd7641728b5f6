# loses: 1
centrality = {"many like her": "degree", "between groups": "eigenvector", "typical friends": "betweenness"}
true_statements = {"A", "C"}
