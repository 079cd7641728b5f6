# loses: 1
    voxel = np.linalg.det(np.asarray(affine)[:3, :3])
    return float((int(np.sum(prediction)) - int(np.sum(truth))) * voxel / 1000)
