# loses: 1
    day = tests.groupby("subject_id")["pan_day"].transform("min")
    names = ["subject_id", "ct_result", "col_rec_tat", "rec_ver_tat", "pan_day", "age"]
    columns = tests.drop(columns=names)
    return columns[day <= last_day], columns[day > last_day]
