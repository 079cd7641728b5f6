# loses: 2
measured_mean = {"MCAR": "right", "MAR": "too high", "MNAR": "too high"}
regression_helps = {"MCAR": True, "MAR": True, "MNAR": False}
deviation = "smaller"
