# loses: 1
    voxels, step = 1, 1
    for _, stride in layers:
        voxels += 2 * step
        step *= stride
    return voxels, voxels * voxel_mm
