"""The key under which an executed notebook is kept: equal keys, equal run.

A key covers the notebook's source, the helper code of the course that it imports, its data sets, the lock file,
the Python version, the profile, the kind of device, and the modules of this package that make the run.
"""

from __future__ import annotations

import ast
import hashlib
import json
import platform
from collections.abc import Iterator
from pathlib import Path

from autograder.course import Course
from autograder.lab import Notebook


def run_key(notebook: Notebook, course: Course, profile: str, device: str) -> str:
    """Return the key of a run, 32 hexadecimal digits.

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
        "machinery": machinery("lab.py", "expand.py", "run.py"),
        "python": platform.python_version(),
        "source": _digest(notebook.text.encode()),
        "helpers": {course.relative(path): _digest(path.read_bytes()) for path in helpers(notebook, course)},
        "data": {name: _digest(course.cards[name].read_bytes()) for name in notebook.header.data},
        "lock": _digest(course.lock.read_bytes()),
        "profile": profile,
        "device": device,
    }
    return _digest(json.dumps(parts, sort_keys=True).encode())[:32]


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
