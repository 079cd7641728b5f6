# loses: 1
    first = tests["pan_day"] <= last_day
    new = ~tests["subject_id"].isin(tests.loc[first, "subject_id"])
    columns = tests[["gender", "drive_thru_ind", "orderset", "demo_group"]]
    return columns[first], columns[~first & new]
