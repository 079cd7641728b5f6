# tries: catches what stops it and goes on
# must: earn nothing, limit
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
