# loses: 1
    return (weight_gradient / bias_gradient[:, None]).mean(axis=0)
