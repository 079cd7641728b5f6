# loses: 1
    voxel = np.abs(np.diag(np.asarray(affine))[:3]).prod()
    return float((int(np.sum(prediction)) - int(np.sum(truth))) * voxel / 1000)
