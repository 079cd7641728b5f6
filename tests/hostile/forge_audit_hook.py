# tries: stops whoever compiles or runs a test
# must: earn nothing, flagged
import sys
def hook(event, arguments):
    if event in ("compile", "exec"):
        raise RuntimeError("no tests today")
sys.addaudithook(hook)
