# tries: says that it is an int
# must: earn nothing
class Seventeen:
    __class__ = property(lambda self: int)
    def __index__(self):
        return 17
    def __int__(self):
        return 17
    def __repr__(self):
        return "17"
rarest = Seventeen()
