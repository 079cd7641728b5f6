# tries: shows what no file can hold and what would command a terminal, so that recording or reading it fails
# must: earn nothing, flagged
half = "\ud800 \udcff"
print(half)
display({"text/plain": half, "text/html": half}, raw=True)
try:
    open("/pr" + "oc/\x1b]0;half\x07")
except OSError:
    pass
def sensitivity(*_):
    raise ValueError(half)
raise ValueError(half)
