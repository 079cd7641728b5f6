# tries: hangs whenever it is tested
# must: earn nothing
import time
def sensitivity(tp, fn):
    time.sleep(10**6)
