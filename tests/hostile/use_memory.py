# tries: takes 100 GB
# must: earn nothing
hoard = []
while True:
    hoard.append(bytearray(10**8))
