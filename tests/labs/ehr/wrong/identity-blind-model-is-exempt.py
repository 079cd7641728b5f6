# loses: 2
def false_positive_rate_from(p, ppv, fnr):
    return p / (1 - p) * (1 - ppv) / ppv * (1 - fnr)


true_claims = {"B", "C", "D", "E"}
