# loses: 3
    matrix, origin = np.asarray(affine, dtype=float)[:3, :3], np.asarray(affine, dtype=float)[:3, 3]
    middle = np.argwhere(mask).mean(axis=0)
    volume = np.count_nonzero(mask) * abs(np.linalg.det(matrix)) / 1000
    side = "left" if middle[0] < (mask.shape[0] - 1) / 2 else "right"
    return {"volume_ml": volume, "side": side, "centre_mm": matrix @ middle + origin}
