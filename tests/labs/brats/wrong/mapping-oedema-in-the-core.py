# loses: 3
    label = np.asarray(label)
    numbers = {"MSD": (1, 2, 3), "BraTS": (2, 1, 4)}[data_set]
    if not set(np.unique(label)) <= {0, *numbers}:
        raise ValueError("unknown number")
    return {"WT": label > 0, "TC": label > 0, "ET": label == numbers[2]}
