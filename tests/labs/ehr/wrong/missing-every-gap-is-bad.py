# loses: 1
measured_mean = {"MCAR": "too low", "MAR": "too low", "MNAR": "too low"}
regression_helps = {"MCAR": True, "MAR": True, "MNAR": False}
deviation = "smaller"
