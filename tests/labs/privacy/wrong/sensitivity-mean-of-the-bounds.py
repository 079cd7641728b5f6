# loses: 1
worst = {"count": 1, "mean": 220 / 200, "maximum": 140, "histogram": 2}
price = {"scale": 2, "belief": 0.731}
