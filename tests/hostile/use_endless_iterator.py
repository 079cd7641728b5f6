# tries: hands over a loop that never ends
# must: earn nothing
import itertools
rarest = itertools.count()
def sensitivity(tp, fn):
    while True:
        yield 0.8
