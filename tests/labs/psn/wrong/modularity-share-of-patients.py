# loses: 3
        total += block.sum() / 2 / m - inside.mean() ** 2
