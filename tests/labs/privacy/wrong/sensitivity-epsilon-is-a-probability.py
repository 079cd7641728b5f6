# loses: 1
worst = {"count": 1, "mean": 0.7, "maximum": 140, "histogram": 2}
price = {"scale": 2, "belief": 1.0}
