# loses: 1
    return (size + 2 * padding - kernel) // stride + 1, channels_out * (kernel * kernel + 1)
