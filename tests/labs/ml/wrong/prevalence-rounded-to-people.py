# loses: 1
    ill = round(10_000 * prevalence)
    found, alarmed = round(ill * sensitivity), round((10_000 - ill) * (1 - specificity))
    reassured, missed = round((10_000 - ill) * specificity), ill - round(ill * sensitivity)
    return found / (found + alarmed), reassured / (reassured + missed)
