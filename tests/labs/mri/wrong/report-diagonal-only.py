# loses: 3
    matrix, origin = np.asarray(affine, dtype=float)[:3, :3], np.asarray(affine, dtype=float)[:3, 3]
    centre_mm = np.diag(matrix) * np.argwhere(mask).mean(axis=0) + origin
    volume = np.count_nonzero(mask) * abs(np.diag(matrix).prod()) / 1000
    return {"volume_ml": volume, "side": "left" if centre_mm[0] < 0 else "right", "centre_mm": centre_mm}
