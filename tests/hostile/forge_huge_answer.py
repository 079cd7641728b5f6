# tries: answers with more than the judge can hold
# must: earn nothing
import numpy as np
def sensitivity(tp, fn):
    return np.zeros((40_000, 40_000), dtype=np.uint8)
rarest = 10 ** 2_000_000
