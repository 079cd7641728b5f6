# loses: 2
    label = np.asarray(label)
    last = 3 if data_set == "MSD" else 4
    if not np.isin(label, [0, 1, 2, last]).all():
        raise ValueError("unknown number")
    return {"WT": label > 0, "TC": (label == 2) | (label == last), "ET": label == last}
