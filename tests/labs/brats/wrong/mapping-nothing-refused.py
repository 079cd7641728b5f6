# loses: 1
    label = np.asarray(label)
    core, enhancing = {"MSD": (2, 3), "BraTS": (1, 4)}[data_set]
    return {"WT": label > 0, "TC": (label == core) | (label == enhancing), "ET": label == enhancing}
