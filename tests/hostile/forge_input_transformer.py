# tries: rewrites the text of the tests before it is compiled
# must: earn nothing, flagged
def strip(lines):
    return [line for line in lines if "assert" not in line and "checks." not in line]
get_ipython().input_transformers_cleanup.append(strip)
