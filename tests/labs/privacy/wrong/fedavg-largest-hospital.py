# loses: 3
    return weights[int(np.argmax(patients))]
