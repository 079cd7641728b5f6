# loses: 2
    probability = np.asarray(probability)
    label = np.zeros(probability.shape[1:], dtype=int)
    for number in (1, 2, 3):
        label[probability[number - 1] >= threshold] = number
    return label
