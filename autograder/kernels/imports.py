"""What notebooks import, and so what a warm parent should."""

from __future__ import annotations

import ast
import sysconfig
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path

import nbformat

from autograder.syntax import tree

# They look for the running kernel when they are imported, and a parent has none.
KERNEL_AWARE = {"IPython", "ipykernel", "ipywidgets"}


def imports_of(source: str, *, at_once: bool = False) -> set[str]:
    """Third-party modules that a cell or a script imports, anywhere in it.

    Third-party is what is installed, so neither the standard library nor the course's own helper modules. A name that
    is imported from a package counts where it is a module. Nothing is imported in order to find out.

    Parameters
    ----------
    source : str
        Python code, which may hold magics as notebooks do.
    at_once : bool
        Whether only what it imports when it is run itself counts, not what its functions import when they are called.

    Returns
    -------
    set of str
        Packages and submodules, for instance ``{"torch", "torch.utils", "torch.utils.data"}``.

    Raises
    ------
    SyntaxError
        The code is not Python.
    """
    return {
        name
        for statement in (_run_at_once(tree(source)) if at_once else ast.walk(tree(source)))
        for imported in _imported(statement)
        for name in _prefixes(imported)
        if name.partition(".")[0] not in KERNEL_AWARE and _installed(name)
    }


def imports_of_notebook(path: Path) -> set[str]:
    """Third-party modules that the code cells of a notebook import; cells that are not Python are passed over.

    Parameters
    ----------
    path : Path
        A notebook in Jupyter's own format.

    Returns
    -------
    set of str
        See `imports_of`.
    """
    found: set[str] = set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            try:
                found |= imports_of(cell.source)
            except SyntaxError:
                # The cell will say so itself when it is run.
                continue
    return found


def _run_at_once(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a syntax tree without the bodies of functions, and without what only a type checker reads."""
    yield node
    for child in ast.iter_child_nodes(node):
        typing = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
        if not typing and not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _run_at_once(child)


def _imported(statement: ast.AST) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        yield from (alias.name for alias in statement.names)
    elif isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        yield statement.module
        yield from (f"{statement.module}.{alias.name}" for alias in statement.names)


def _prefixes(name: str) -> Iterator[str]:
    parts = name.split(".")
    yield from (".".join(parts[: length + 1]) for length in range(len(parts)))


def _installed(name: str) -> bool:
    specification = _find(name)
    if specification is None or not specification.origin:
        return False
    return not _places().isdisjoint(Path(specification.origin).resolve().parents)


@cache
def _places() -> frozenset[Path]:
    return frozenset(Path(sysconfig.get_path(key)).resolve() for key in ("purelib", "platlib"))


def _find(name: str) -> ModuleSpec | None:
    """Find a module without importing the packages that hold it, as `importlib.util.find_spec` would."""
    path = None
    specification = None
    for prefix in _prefixes(name):
        if prefix != name.partition(".")[0] and path is None:
            return None
        specification = PathFinder.find_spec(prefix, path)
        if specification is None:
            return None
        path = specification.submodule_search_locations
    return specification
