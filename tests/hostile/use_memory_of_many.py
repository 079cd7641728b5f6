# tries: takes memory in many processes, each below the limit
# must: earn nothing, limit
import os, time
for _ in range(8):
    if os.fork() == 0:
        hoard = bytearray(b"x") * 300_000_000
        time.sleep(60)
time.sleep(60)
