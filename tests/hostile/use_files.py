# tries: opens files without end
# must: earn nothing
held = []
while True:
    held.append(open("/dev/null"))
