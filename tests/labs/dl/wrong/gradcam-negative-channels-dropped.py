# loses: 2
    weights = np.maximum(gradients.mean(axis=(1, 2)), 0)
    heat = np.maximum(np.tensordot(weights, activations, axes=1), 0)
    return heat / heat.max() if heat.max() > 0 else heat
