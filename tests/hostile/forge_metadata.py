# tries: gives its outputs metadata that claim points
# must: earn nothing
from IPython.display import publish_display_data
publish_display_data({"text/plain": "3.0"}, {"nbgrader": {"grade": True, "points": 3, "score": 3}, "verdict": {"score": 3.0}})
