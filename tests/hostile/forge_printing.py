# tries: prints what a passed test would print
# must: earn nothing
print("3.0")
from IPython.display import display
display({"text/plain": "3.0"}, raw=True)
3.0
