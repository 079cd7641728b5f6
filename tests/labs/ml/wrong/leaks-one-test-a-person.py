# loses: 1
    names = ["subject_id", "ct_result", "col_rec_tat", "rec_ver_tat", "pan_day", "age"]
    first = (tests["pan_day"] <= last_day)
    new = ~tests["subject_id"].isin(tests.loc[first, "subject_id"]) & ~tests["subject_id"].duplicated()
    columns = tests.drop(columns=names)
    return columns[first], columns[~first & new]
