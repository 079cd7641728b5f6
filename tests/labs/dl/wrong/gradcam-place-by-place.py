# loses: 2
    heat = np.maximum((gradients * activations).sum(axis=0), 0)
    return heat / heat.max() if heat.max() > 0 else heat
