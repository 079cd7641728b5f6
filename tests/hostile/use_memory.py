# tries: takes 100 GB
# must: earn nothing, limit
hoard = []
while True:
    hoard.append(bytearray(10**8))
