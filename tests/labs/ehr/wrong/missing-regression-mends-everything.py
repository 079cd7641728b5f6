# loses: 1
measured_mean = {"MCAR": "right", "MAR": "too low", "MNAR": "too low"}
regression_helps = {"MCAR": True, "MAR": True, "MNAR": True}
deviation = "smaller"
