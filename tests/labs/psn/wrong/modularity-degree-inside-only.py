# loses: 4
        total += block.sum() / 2 / m - (block.sum() / (2 * m)) ** 2
