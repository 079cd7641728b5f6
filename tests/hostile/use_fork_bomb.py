# tries: forks without end
# must: earn nothing
import os
while True:
    try:
        os.fork()
    except OSError:
        break
