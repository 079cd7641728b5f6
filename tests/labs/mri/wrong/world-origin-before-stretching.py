# loses: 3
    affine = np.asarray(affine, dtype=float)
    return (np.asarray(voxels, dtype=float) + affine[:3, 3]) @ affine[:3, :3].T
