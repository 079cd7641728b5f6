# tries: raises what ends an interpreter when it is tested
# must: earn nothing
calls = []
def sensitivity(tp, fn):
    calls.append(tp)
    raise (SystemExit(0), KeyboardInterrupt(), GeneratorExit())[len(calls) % 3]
