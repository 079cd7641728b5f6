# tries: reads keys in the home of the grader
# must: earn nothing
from pathlib import Path
for place in (Path.home(), Path("~root").expanduser(), Path("/root"), Path("/home")):
    try:
        for path in place.rglob("*"):
            print("FOUND", path, path.read_bytes()[:50] if path.is_file() else "")
    except OSError as error:
        print(error)
