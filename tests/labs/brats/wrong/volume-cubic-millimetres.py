# loses: 3
    voxel = abs(np.linalg.det(np.asarray(affine)[:3, :3]))
    return float((np.sum(prediction) - np.sum(truth)) * voxel)
