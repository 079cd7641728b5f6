# loses: 3
    ill, well = prevalence, 1 - prevalence
    return (
        ill * sensitivity / (ill * sensitivity + well * (1 - sensitivity)),
        well * specificity / (well * specificity + ill * (1 - specificity)),
    )
