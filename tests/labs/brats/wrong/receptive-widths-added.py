# loses: 3
    voxels, step = 0, 1
    for width, stride in layers:
        voxels += width * step
        step *= stride
    return voxels, voxels * voxel_mm
