# loses: 3
worst = {"count": 200, "mean": 140, "maximum": 140, "histogram": 200}
price = {"scale": 2, "belief": 0.731}
