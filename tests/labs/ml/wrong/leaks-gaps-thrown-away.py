# loses: 4
    names = ["subject_id", "ct_result", "col_rec_tat", "rec_ver_tat", "pan_day", "age"]
    tests = tests.dropna()
    first = tests["pan_day"] <= last_day
    new = ~tests["subject_id"].isin(tests.loc[first, "subject_id"])
    columns = tests.drop(columns=names)
    return columns[first], columns[~first & new]
