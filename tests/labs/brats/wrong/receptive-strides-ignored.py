# loses: 2
    voxels = 1 + sum(width - 1 for width, _ in layers)
    return voxels, voxels * voxel_mm
