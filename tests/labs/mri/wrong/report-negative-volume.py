# loses: 3
    matrix, origin = np.asarray(affine, dtype=float)[:3, :3], np.asarray(affine, dtype=float)[:3, 3]
    centre_mm = matrix @ np.argwhere(mask).mean(axis=0) + origin
    volume = np.count_nonzero(mask) * np.linalg.det(matrix) / 1000
    return {"volume_ml": volume, "side": "left" if centre_mm[0] < 0 else "right", "centre_mm": centre_mm}
