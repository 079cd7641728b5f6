# loses: 1
worst = {"count": 1, "mean": 0.7, "maximum": 140, "histogram": 2}
price = {"scale": 0.5, "belief": 0.731}
