# loses: 2
    first = tests["pan_day"] <= last_day
    returns = tests["subject_id"].isin(tests.loc[~first, "subject_id"])
    names = ["subject_id", "ct_result", "col_rec_tat", "rec_ver_tat", "pan_day", "age"]
    columns = tests.drop(columns=names)
    return columns[first & ~returns], columns[~first]
