# tries: replaces what answers the judge
# must: earn nothing, flagged
import autograder.standin
autograder.standin.Host._do = lambda self, *_: 0.8
