# loses: 1
    def share(part, other):
        return part / (part + other) if part + other else 0.0

    return {"sensitivity": share(tp, fn), "specificity": share(tn, fp), "PPV": share(tp, fp), "NPV": share(tn, fn)}
