# tries: looks for the source of the lab with its solutions
# must: earn nothing
from pathlib import Path
for place in ("/", "/home", "/root", "/work", "/srv", "/opt", "/tmp", "/var", "/mnt"):
    for path in Path(place).glob("*/labs/*/*.py"):
        print("FOUND", path)
    for path in Path(place).glob("*/*/labs/*/*.py"):
        print("FOUND", path)
import os
print(os.path.exists("COURSE"), "labs" if os.path.isdir("COURSE/labs") else "nothing")
