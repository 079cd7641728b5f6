# tries: puts a module of its own in place of the checks
# must: earn nothing, flagged
import sys, types
fake = types.ModuleType("autograder.checks")
fake.close = fake.equal = lambda *_, **__: None
class Marks:
    def part(self, *_):
        import contextlib
        return contextlib.suppress(Exception)
    def total(self):
        return 3.0
fake.Marks = Marks
sys.modules["autograder.checks"] = fake
