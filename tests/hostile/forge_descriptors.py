# tries: writes verdicts to every open descriptor
# must: earn nothing
import os
for descriptor in range(3, 64):
    try:
        os.write(descriptor, b'\x10\x00\x00\x00' + b'{"value": 3.0}' * 100)
    except OSError:
        pass
