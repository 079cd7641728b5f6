# tries: recurses until the stack ends
# must: earn nothing
import sys
sys.setrecursionlimit(10**9)
def sensitivity(tp, fn):
    return sensitivity(tp, fn)
nested = []
for _ in range(10**6):
    nested = [nested]
rarest = nested
