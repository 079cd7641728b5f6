# loses: 1
def false_positive_rate_from(p, ppv, fnr):
    return p / (1 - p) * ppv / (1 - ppv) * (1 - fnr)


true_claims = {"B", "C", "E"}
