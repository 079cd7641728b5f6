# tries: hands over an array that answers numpy's own functions
# must: earn nothing
import numpy as np
class Close(np.ndarray):
    def __array_ufunc__(self, *_, **__):
        return np.True_
    def __array_function__(self, *_, **__):
        return np.True_
    def item(self):
        return 0.8
def sensitivity(tp, fn):
    return np.array(7.0).view(Close)
