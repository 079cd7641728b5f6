# loses: 1
worst = {"count": 1, "mean": 0.7, "maximum": 140, "histogram": 2}
noise_scale = 0.5
