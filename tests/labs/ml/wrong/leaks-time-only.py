# loses: 1
    first = tests["pan_day"] <= last_day
    names = ["subject_id", "ct_result", "col_rec_tat", "rec_ver_tat", "pan_day", "age"]
    columns = tests.drop(columns=names)
    return columns[first], columns[~first]
