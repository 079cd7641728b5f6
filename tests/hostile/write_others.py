# tries: overwrites the submissions and the feedback of others
# must: earn nothing, flagged
from pathlib import Path
for folder in ("submitted", "autograded", "feedback", "release", "source"):
    target = Path("COURSE/grading") / folder / "honest" / "tiny" / "first.ipynb"
    try:
        target.parent.mkdir(parents=True)
        target.write_text("{}")
    except OSError as error:
        print(error)
open("COURSE/grading/log.jsonl", "w")
