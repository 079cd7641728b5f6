# loses: 4
        total = block.sum() / 2 / m - (rows.sum() / (2 * m)) ** 2
