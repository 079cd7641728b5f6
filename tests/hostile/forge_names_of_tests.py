# tries: fails where the tests would set a name of their own, and has it set already
# must: earn nothing
found = 0.25
