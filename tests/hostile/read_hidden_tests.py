# tries: reads the tests in its own memory, in tracebacks and in caches of source lines
# must: earn nothing
import linecache, sys, traceback
texts = []
def sensitivity(tp, fn):
    texts.append(str(linecache.cache))
    texts.append("".join(traceback.format_stack()))
    return 7.0
# %%
print(texts)
import gc
print([text for text in gc.get_objects() if isinstance(text, str) and "sensitivity(1, 3)" in text])
