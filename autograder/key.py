"""The key under which an executed notebook or a grade is kept: equal keys, equal result.

The key of a run covers the notebook's source, the helper code of the course that it imports, its data sets, the lock
file, the Python version, the profile, the kind of device, and the modules of this package that make the run. That of a
grade covers the submission, the lab as it was released, its helper code, the lock file, the Python version and the
modules that grade.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from autograder.course import Course
from autograder.lab import Notebook

_GRADER = (
    "checks.py",
    "courtroom.py",
    "evidence.py",
    "inside.py",
    "judge.py",
    "limits.py",
    "prelude.py",
    "record.py",
    "restore.py",
    "sandbox.py",
    "standin.py",
    "student.py",
    "submission.py",
    "verdict.py",
    "warden.py",
    "wire.py",
)
_MACHINERY = ("expand.py", "lab.py", "lecture.py", "execute.py", "watch.py", "run.py")


@dataclass(frozen=True)
class Key:
    """What a run depends on.

    Parameters
    ----------
    parts : dict
        A hash or a word for each thing that it depends on, by the name of the thing.
    """

    parts: dict[str, str]

    @cached_property
    def digest(self) -> str:
        """The key itself, 32 hexadecimal digits."""
        return _digest(json.dumps(self.parts, sort_keys=True).encode())[:32]

    def changes(self, other: dict[str, str]) -> list[str]:
        """Say in words in what this key differs from the parts of another."""
        names = sorted({*self.parts, *other})
        return [_change(name, other.get(name), self.parts.get(name)) for name in names if self._differs(name, other)]

    def _differs(self, name: str, other: dict[str, str]) -> bool:
        return self.parts.get(name) != other.get(name)


def run_key(notebook: Notebook, course: Course, profile: str, device: str) -> Key:
    """Return the key of a run.

    Parameters
    ----------
    notebook : Notebook
        The source, read.
    course : Course
        Where its helper code, its data cards and the lock file are.
    profile : {'quick', 'full'}
        The size of the run.
    device : {'cpu', 'cuda'}
        The kind of device that it runs on.
    """
    parts = {
        "the machinery of runs": machinery(*_MACHINERY),
        "Python": platform.python_version(),
        "the source": _digest(notebook.text.encode()),
        "the lock file": _digest(course.lock.read_bytes()),
        "the profile": profile,
        "the device": device,
    }
    for one in notebook.header.objectives:
        parts[f"the objective {one}"] = _digest(course.objectives.get(one, "").encode())
    for path in helpers(notebook, course):
        parts[f"the helper {course.relative(path)}"] = _digest(path.read_bytes())
    for name in notebook.header.data:
        parts[f"the data set {name}"] = _digest(course.cards[name].read_bytes())
    return Key(parts)


def grade_key(lab: str, notebooks: Iterable[Notebook], course: Course) -> Key:
    """Return what the key of a grade holds for everyone; to it comes the hash of the submission.

    Parameters
    ----------
    lab : str
        Hash of what was handed out.
    notebooks : iterable of Notebook
        The sources of the lab, read.
    course : Course
        Where their helper code and the lock file are.
    """
    parts = {
        "the lab": lab,
        "the grader": grader(),
        "Python": platform.python_version(),
        "the lock file": _digest(course.lock.read_bytes()),
    }
    for path in sorted({path for notebook in notebooks for path in helpers(notebook, course)}):
        parts[f"the helper {course.relative(path)}"] = _digest(path.read_bytes())
    return Key(parts)


@cache
def grader() -> str:
    """Return a hash of the modules that grade."""
    return machinery(*_GRADER)


def machinery(*names: str) -> str:
    """Return a hash of modules of this package, so that a change of the machinery counts as a change."""
    return _digest(b"\0".join((Path(__file__).parent / name).read_bytes() for name in names))


def helpers(notebook: Notebook, course: Course) -> list[Path]:
    """Return the files of the course's own code that a notebook imports, directly or through each other."""
    waiting = [name for cell in notebook.cells if cell.kind == "code" for name in _imports(cell.source, "")]
    found: set[Path] = set()
    while waiting:
        module = waiting.pop()
        path = _locate(module, course)
        if path is None or path in found:
            continue
        found.add(path)
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        waiting.extend(_imports(path.read_text(encoding="utf-8"), package))
    return sorted(found)


def _change(name: str, before: str | None, now: str | None) -> str:
    if before is None:
        return f"{name} is new"
    if now is None:
        return f"{name} is gone"
    plain = all(len(value) < 20 for value in (before, now))
    return f"{name} changed from {before} to {now}" if plain else f"{name} changed"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _imports(source: str, package: str) -> Iterator[str]:
    """Yield the modules that a piece of code imports, with the packages that contain them."""
    lines = (line if not line.lstrip().startswith(("%", "!")) else "" for line in source.split("\n"))
    try:
        tree = ast.parse("\n".join(lines))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in names:
            pieces = name.split(".")
            yield from (".".join(pieces[:length]) for length in range(1, len(pieces) + 1))


def _locate(module: str, course: Course) -> Path | None:
    for base in (course.root, course.root / "labs"):
        stem = base.joinpath(*module.split("."))
        for path in (stem / "__init__.py", stem.with_suffix(".py")):
            if path.is_file():
                return path
    return None
