# loses: 3
worst = {"count": 200, "mean": 140, "maximum": 140, "histogram": 200}
noise_scale = 2
