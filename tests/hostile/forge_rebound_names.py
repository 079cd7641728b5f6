# tries: gives the names that the tests use another meaning
# must: earn nothing
class Anything:
    def __getattr__(self, name):
        return self
    def __call__(self, *_, **__):
        return self
    def __enter__(self):
        return self
    def __exit__(self, *_):
        return True
checks = marks = Marks = autograder = Anything()
