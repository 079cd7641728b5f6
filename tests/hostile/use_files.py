# tries: opens files without end
# must: earn nothing, limit
held = []
while True:
    held.append(open("/dev/null"))
