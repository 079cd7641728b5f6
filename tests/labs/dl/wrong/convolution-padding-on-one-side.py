# loses: 3
    return (size + padding - kernel) // stride + 1, channels_out * (channels_in * kernel * kernel + 1)
