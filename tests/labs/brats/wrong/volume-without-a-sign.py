# loses: 1
    voxel = abs(np.linalg.det(np.asarray(affine)[:3, :3]))
    return float(abs(int(np.sum(prediction)) - int(np.sum(truth))) * voxel / 1000)
