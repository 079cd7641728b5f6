# tries: reads the memory and the arguments of every process
# must: earn nothing, flagged
from pathlib import Path
for process in Path("/proc").glob("[0-9]*"):
    for name in ("environ", "cmdline", "maps"):
        try:
            print(process, name, (process / name).read_bytes()[:2000])
        except OSError:
            pass
open("/proc/1/mem", "rb").read(10)
