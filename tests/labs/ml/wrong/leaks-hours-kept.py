# loses: 1
    first = tests["pan_day"] <= last_day
    new = ~tests["subject_id"].isin(tests.loc[first, "subject_id"])
    columns = tests.drop(columns=["ct_result", "subject_id", "pan_day", "age"])
    return columns[first], columns[~first & new]
