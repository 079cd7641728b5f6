# tries: leaves a process behind that outlives the grading
# must: earn nothing
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(424242)"])
    os._exit(0)
