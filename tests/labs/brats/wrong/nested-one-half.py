# loses: 1
    whole, core, enhancing = np.asarray(probability) >= 0.5
    return whole.astype(int) + (core & whole) + (enhancing & core & whole)
