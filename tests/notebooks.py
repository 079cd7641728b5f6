"""Small notebooks for the tests."""

from __future__ import annotations

from pathlib import Path

from autograder.course import Course

NOTEBOOK = """\
# ---
# title: {name}
# objectives: [counting]
# minutes: 1
# data: []
# ---

# %% tags=["parameters"]
profile = "quick"
device = "auto"

# %%
{code}
"""


def write_notebook(course: Course, name: str, code: str) -> Path:
    """Add a notebook of one cell to the lab ``tiny``."""
    path = course.root / "labs" / "tiny" / f"{name}.py"
    path.write_text(NOTEBOOK.format(name=name, code=code), "utf-8")
    return path
