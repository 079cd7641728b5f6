# loses: 4
    matrix, origin = np.asarray(affine, dtype=float)[:3, :3], np.asarray(affine, dtype=float)[:3, 3]
    centre_mm = matrix @ np.argwhere(mask).mean(axis=0) + origin
    side = "left" if centre_mm[0] < 0 else "right"
    return {"volume_ml": np.count_nonzero(mask) * abs(np.linalg.det(matrix)), "side": side, "centre_mm": centre_mm}
