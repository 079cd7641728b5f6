"""Notebooks as students really hand them in: other programs, other formats, cells lost, copied, moved, split and merged."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from autograder import cli, log
from autograder.course import Course
from tests.hostile.conftest import hand_in, make_course

Notebook = dict[str, Any]
FULL = {"first/sensitivity-tests": 3, "first/rarest-tests": 2}
ANSWERS = {
    "sensitivity": "def sensitivity(tp, fn):\n    return tp / (tp + fn) if tp + fn else float('nan')",
    "rarest": "rarest = 17",
    "trust": "When its sensitivity is known.",
}


def named(notebook: Notebook, name: str) -> int:
    (place,) = (i for i, c in enumerate(notebook["cells"]) if c["metadata"].get("nbgrader", {}).get("grade_id") == name)
    return int(place)


def code(text: str, **more: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "metadata": {},
        "source": text,
        "outputs": [],
        "execution_count": None,
        "id": "mine",
        **more,
    }


def as_is(notebook: Notebook) -> Notebook:
    return notebook


def windows(notebook: Notebook) -> bytes:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].replace("\n", "\r\n") if isinstance(cell["source"], str) else cell["source"]
    return b"\xef\xbb\xbf" + json.dumps(notebook, indent=1).replace("\n", "\r\n").encode()


def older(notebook: Notebook, minor: int) -> Notebook:
    notebook["nbformat_minor"] = minor
    for cell in notebook["cells"]:
        cell.pop("id", None)
    return notebook


def lists_of_lines(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        cell["source"] = cell["source"].splitlines(keepends=True)
    return notebook


def no_kernelspec(notebook: Notebook) -> Notebook:
    return notebook | {"metadata": {}}


def colab(notebook: Notebook) -> Notebook:
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"] |= {"id": f"Xy{number}", "colab": {"base_uri": "x"}, "outputId": "y"}
        cell.pop("id", None)
    notebook["metadata"] = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return notebook | {"nbformat_minor": 0}


def vs_code(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["metadata"]["vscode"] = {"languageId": "python"}
    notebook["metadata"] = {"language_info": {"name": "python"}, "orig_nbformat": 4}
    return notebook


def no_metadata(notebook: Notebook) -> Notebook:
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    return notebook


def copied(notebook: Notebook) -> Notebook:
    place = named(notebook, "rarest")
    draft = {**notebook["cells"][place], "source": "rarest = 31", "id": "draft"}
    notebook["cells"].insert(place, draft)
    return notebook


def copied_untouched(notebook: Notebook) -> Notebook:
    released = code("rarest = None\n# YOUR CODE HERE\nraise NotImplementedError()", id="copy")
    released["metadata"] = notebook["cells"][named(notebook, "rarest")]["metadata"]
    notebook["cells"].append(released)
    return notebook


def split(notebook: Notebook) -> Notebook:
    place = named(notebook, "sensitivity")
    cell = notebook["cells"][place]
    notebook["cells"][place : place + 1] = [
        {**cell, "source": "def share(a, b):\n    return a / (a + b) if a + b else float('nan')"},
        {**cell, "source": "def sensitivity(tp, fn):\n    return share(tp, fn)", "id": "second-half"},
    ]
    return notebook


def merged(notebook: Notebook) -> Notebook:
    answer, tests = named(notebook, "sensitivity"), named(notebook, "sensitivity-tests")
    notebook["cells"][answer]["source"] += "\n" + notebook["cells"][tests]["source"]
    del notebook["cells"][tests]
    return notebook


def moved(notebook: Notebook) -> Notebook:
    notebook["cells"].append(notebook["cells"].pop(named(notebook, "sensitivity")))
    return notebook


def answered_elsewhere(notebook: Notebook) -> Notebook:
    del notebook["cells"][named(notebook, "sensitivity")]
    notebook["cells"].insert(3, code(ANSWERS["sensitivity"]))
    return notebook


def imports_deleted(notebook: Notebook) -> Notebook:
    notebook["cells"] = [
        cell for cell in notebook["cells"] if "import checks" not in cell["source"] or cell["metadata"].get("nbgrader")
    ]
    return notebook


def essay_deleted(notebook: Notebook) -> Notebook:
    del notebook["cells"][named(notebook, "trust")]
    return notebook


def question_deleted(notebook: Notebook) -> Notebook:
    del notebook["cells"][named(notebook, "trust-question")]
    return notebook


def raising(notebook: Notebook) -> Notebook:
    notebook["cells"].insert(2, code("1 / 0"))
    notebook["cells"].insert(4, code("this is no Python", id="mine-too"))
    return notebook


def crashing(notebook: Notebook) -> Notebook:
    notebook["cells"].insert(
        named(notebook, "sensitivity-tests") + 1,
        code("import numpy as np\nnp.lib.stride_tricks.as_strided(np.zeros(1), (10**12,)).sum()"),
    )
    return notebook


def warning(notebook: Notebook) -> Notebook:
    notebook["cells"][named(notebook, "sensitivity")]["source"] = (
        "import warnings\ndef sensitivity(tp, fn):\n    warnings.warn('so few')\n"
        "    return tp / (tp + fn) if tp + fn else float('nan')"
    )
    return notebook


CASES: dict[str, tuple[Callable[[Notebook], Notebook | bytes], str]] = {
    "as it is": (as_is, ""),
    "from Windows": (windows, ""),
    **{f"nbformat 4.{minor}": (lambda notebook, minor=minor: older(notebook, minor), "") for minor in range(5)},
    "lists of lines": (lists_of_lines, ""),
    "no kernelspec": (no_kernelspec, ""),
    "from Colab": (colab, ""),
    "from VS Code": (vs_code, ""),
    "metadata lost": (no_metadata, ""),
    "a cell copied": (copied, "'rarest' occurs 2 times"),
    "a cell copied and not touched": (copied_untouched, "'rarest' occurs 2 times"),
    "a cell split": (split, "'sensitivity' occurs 2 times"),
    "cells merged": (merged, "'sensitivity-tests' was missing and was put back"),
    "an answer moved to the end": (moved, "stood before the answer"),
    "answered in a new cell": (answered_elsewhere, "'sensitivity' is missing from the notebook"),
    "imports deleted": (imports_deleted, "A cell of the lab's own code is not in the notebook any more"),
    "essay deleted": (essay_deleted, "'trust' is missing"),
    "question deleted": (question_deleted, ""),
    "cells that raise": (raising, ""),
    "a cell that crashes": (crashing, "it crashed in code that is not Python"),
    "warnings": (warning, ""),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """All of them graded together."""
    course = make_course(tmp_path_factory.mktemp("restore") / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_ROOT", str(course.root))
        assert CliRunner().invoke(cli.app, ["release", "tiny"]).exit_code == 0
        release = (course.grading / "release" / "tiny" / "first.ipynb").read_bytes()
        for name, (change, _) in CASES.items():
            notebook = json.loads(release)
            for cell in notebook["cells"]:
                cell["source"] = "".join(cell["source"])
                given = cell["metadata"].get("nbgrader", {}).get("grade_id")
                cell["source"] = ANSWERS.get(given, cell["source"])
            changed = change(notebook)
            hand_in(course, name, changed if isinstance(changed, bytes) else json.dumps(changed).encode())
        done = CliRunner().invoke(cli.app, ["grade", "tiny"])
    assert done.exit_code == 0, done.output
    return course


@pytest.mark.parametrize("name", CASES)
def test_an_honest_notebook_gets_what_it_earned(graded: Course, name: str) -> None:
    entry = log.latest(graded, "tiny")[name]
    assert {cell: score for cell, score in entry.scores.items() if cell in FULL} == FULL, entry
    assert entry.evidence == []
    said = CASES[name][1]
    assert said in "\n".join(entry.notes)
    assert bool(entry.notes) == bool(said), entry.notes


def test_what_is_kept_can_be_opened(graded: Course) -> None:
    import nbformat

    for path in Path(graded.grading / "autograded").rglob("*.ipynb"):
        nbformat.validate(nbformat.read(path, as_version=4))
