# tries: computes for ever
# must: earn nothing, limit
while True:
    pass
