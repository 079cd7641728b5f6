# loses: 1
measured_mean = {"MCAR": "right", "MAR": "right", "MNAR": "too low"}
regression_helps = {"MCAR": True, "MAR": True, "MNAR": False}
deviation = "smaller"
