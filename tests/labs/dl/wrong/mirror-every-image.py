# loses: 3
    other = {"left": "right", "right": "left", "none": "none"}
    return images[:, :, ::-1], [other[side] for side in sides]
