# tries: fills the disk
# must: earn nothing
for place in ("filler", "/tmp/filler", "/dev/shm/filler"):
    try:
        with open(place, "wb") as file:
            for _ in range(200):
                file.write(bytes(10**7))
    except OSError as error:
        print(error)
