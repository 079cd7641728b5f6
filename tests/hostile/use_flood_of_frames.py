# tries: answers the grader with a gigabyte instead of its outputs
# must: earn nothing, limit
get_ipython().recorder.outputs = [{"output_type": "stream", "name": "stdout", "text": "x" * 200_000_000}]
get_ipython().recorder.begin = lambda *_: None
