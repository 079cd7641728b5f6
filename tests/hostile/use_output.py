# tries: prints a gigabyte
# must: earn nothing, limit
for _ in range(10_000):
    print("x" * 100_000)
