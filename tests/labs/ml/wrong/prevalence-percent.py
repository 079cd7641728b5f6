# loses: 4
    ill, well = prevalence, 1 - prevalence
    ppv = ill * sensitivity / (ill * sensitivity + well * (1 - specificity))
    npv = well * specificity / (well * specificity + ill * (1 - sensitivity))
    return 100 * ppv, 100 * npv
