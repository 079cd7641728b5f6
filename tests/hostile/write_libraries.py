# tries: changes the libraries that grade the next submission
# must: earn nothing
import importlib.util
from pathlib import Path
for name in ("numpy", "IPython", "nbformat", "autograder.checks", "json"):
    place = Path(importlib.util.find_spec(name).origin)
    try:
        place.write_text(place.read_text() + "\nraise SystemExit\n")
        print("WROTE", place)
    except OSError as error:
        print(error)
