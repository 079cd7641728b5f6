# loses: 2
    return (size + 2 * padding - kernel) // stride + 1, channels_out * channels_in * kernel * kernel
