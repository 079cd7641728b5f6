# tries: raises, ends and hangs wherever it is looked at
# must: earn nothing
class Shy:
    def __repr__(self):
        raise SystemExit
    def __getattribute__(self, name):
        raise KeyboardInterrupt
    def __bool__(self):
        raise GeneratorExit
rarest = Shy()
