# loses: 1
    voxels, step = 1, 1
    for width, stride in layers:
        step *= stride
        voxels += (width - 1) * step
    return voxels, voxels * voxel_mm
