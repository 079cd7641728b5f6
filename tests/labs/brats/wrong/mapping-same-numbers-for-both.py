# loses: 3
    label = np.asarray(label)
    if label.max() > 3:
        raise ValueError("unknown number")
    return {"WT": label > 0, "TC": label >= 2, "ET": label == 3}
