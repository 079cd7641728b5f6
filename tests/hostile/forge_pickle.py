# tries: hands over an object that would run code where it is unpickled
# must: earn nothing
class Bomb:
    def __reduce__(self):
        return (open, ("/tmp/unpickled", "w"))
    def __float__(self):
        return 0.8
rarest = Bomb()
def sensitivity(tp, fn):
    return Bomb()
