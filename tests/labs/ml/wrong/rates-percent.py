# loses: 3
    def percent(part, other):
        return 100 * part / (part + other) if part + other else float("nan")

    return {"sensitivity": percent(tp, fn), "specificity": percent(tn, fp), "PPV": percent(tp, fp), "NPV": percent(tn, fn)}
