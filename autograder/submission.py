"""What can be said of a submission before anything of it runs."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat

from autograder.errors import nearest


def fault(folder: Path, wanted: list[str]) -> str:
    """Say why a submission can't be graded, or nothing if it can.

    Parameters
    ----------
    folder : Path
        What the student handed in.
    wanted : list of str
        The file names of the lab's notebooks.

    Returns
    -------
    str
        A reason that a student understands, or an empty string.
    """
    found = sorted(path.name for path in folder.glob("*.ipynb"))
    if not found:
        return f"no notebook in it: expected {', '.join(wanted)}"
    if not set(found) & set(wanted):
        return f"no notebook of this lab in it: found {', '.join(found)}, expected {', '.join(wanted)}." + nearest(
            found[0], wanted
        ).replace("Did you mean", "Rename it to")
    faults = (_notebook_fault(folder / name) for name in wanted if name in found)
    return next(filter(None, faults), "")


def _notebook_fault(path: Path) -> str:
    try:
        content = path.read_bytes().decode("utf-8-sig")
        if not content.strip():
            return f"{path.name} is empty"
        said = json.loads(content)
    except UnicodeDecodeError:
        return f"{path.name} is not a text file"
    except ValueError as error:
        return f"{path.name} is not a notebook: it is not JSON ({error})"
    if not isinstance(said, dict) or "cells" not in said or said.get("nbformat") != 4:
        return f"{path.name} is not a notebook of format 4"
    try:
        nbformat.validate(nbformat.from_dict(said))
    except nbformat.ValidationError as error:
        return f"{path.name} is not a valid notebook: {str(error).splitlines()[0]}"
    return ""
