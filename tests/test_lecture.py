"""Lectures with code cells: they run as labs do, and their pages show what came out."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import page
from autograder.course import Course
from autograder.lab import LabError
from tests.conftest import Command

LECTURE = """\
---
file_format: mystnb
kernelspec: {display_name: Python 3, language: python, name: python3}
data: []
---

# A walk

```{code-cell} ipython3
:tags: [parameters]

profile = "quick"
device = "auto"
```

Six times seven, in profile:

```{code-cell} ipython3
---
alt: "A number."
caption: "The answer."
---
print(profile, 6 * 7)
```
"""


@pytest.fixture
def lecture(course: Course) -> Path:
    path = course.root / "book" / "walk.md"
    path.write_text(LECTURE, "utf-8")
    (course.root / "book" / "prose.md").write_text("# Prose\n\nNothing runs here.\n", "utf-8")
    return path


def test_a_lecture_runs_and_its_page_shows_what_came_out(course: Course, command: Command, lecture: Path) -> None:
    assert [course.name(source) for source in course.notebooks()] == ["tiny/first", "book/walk"]
    assert "book/walk" in command("course", "run", "walk").stdout
    shown = page.page(course, lecture)
    assert [cell.cell_type for cell in shown.cells] == ["markdown", "code", "markdown", "code"]
    assert shown.cells[3].outputs[0].text == "quick 42\n"
    assert shown.cells[3].metadata.mystnb["image"]["alt"] == "A number."
    assert shown.metadata.source_map[0] == LECTURE.split("\n# A walk")[0].count("\n")
    assert page.read(LECTURE).cells[3].outputs == shown.cells[3].outputs


def test_what_is_wrong_with_a_lecture_is_named(course: Course, lecture: Path) -> None:
    lecture.write_text(LECTURE.replace(":tags: [parameters]\n", "").replace("data: []", "data: [moon]"), "utf-8")
    with pytest.raises(LabError) as raised:
        course.read(lecture)
    assert "book/walk.md:1: the data set 'moon' has no data card" in str(raised.value)
    assert "exactly one code cell must carry the tag parameters" in str(raised.value)
