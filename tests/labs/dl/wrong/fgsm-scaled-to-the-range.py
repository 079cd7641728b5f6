# loses: 3
    moved = image + epsilon * np.sign(gradient)
    return (moved - moved.min()) / (moved.max() - moved.min() + 1e-12)
