# loses: 4
        total += block.sum() / m - (rows.sum() / (2 * m)) ** 2
