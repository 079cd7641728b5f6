# loses: 1
worst = {"count": 1, "mean": 220 / 200, "maximum": 140, "histogram": 2}
noise_scale = 2
