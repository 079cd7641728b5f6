# loses: 1
    affine = np.asarray(affine, dtype=float)
    return affine[:3, :3] @ np.asarray(voxels, dtype=float) + affine[:3, 3]
