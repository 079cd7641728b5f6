"""Which cells of the lab's own need to run only once for a whole class.

A lab's own cells load data, fit models and draw figures, which takes most of the time of a submission and comes out the
same for everyone: they don't use what students write. So they run once, and each submission starts from a fork of that.
This is only done where it can make no difference: the student has left these cells as and where they were, and nothing
in her cells rebinds or changes what a later one of them uses. Whenever that can't be told from the text, all cells run
in their order.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from nbformat import NotebookNode

from autograder.syntax import tree_or_none
from autograder.verdict import is_tests

#: Methods and functions that change what they are called on, or one of their arguments.
_MUTATORS = {
    "add", "append", "backward", "clear", "copyto", "difference_update", "discard", "eval", "extend", "fill",
    "fill_diagonal", "fit", "fit_transform", "heappop", "heappush", "insert", "intersection_update", "itemset",
    "partial_fit", "partition", "place", "pop", "popitem", "put", "remove", "requires_grad_", "resize", "reverse",
    "seed", "set", "set_params", "setdefault", "setflags", "shuffle", "sort", "step", "train", "update", "zero_grad",
}  # fmt: skip
_GENERATORS = {"default_rng", "RandomState", "Random", "Generator", "manual_seed"}
_DYNAMIC = {"exec", "eval", "globals", "locals", "vars", "setattr", "delattr", "__import__", "get_ipython", "compile"}
_FUNCTION = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.Lambda,
    ast.ListComp,
    ast.SetComp,
    ast.DictComp,
    ast.GeneratorExp,
)


class Lab:
    """The lab's own code cells, as they were released, read once for a class.

    Parameters
    ----------
    released : iterable of NotebookNode
        All cells of the released notebook.
    """

    def __init__(self, released: Iterable[NotebookNode]) -> None:
        own = [cell for cell in released if cell.cell_type == "code" and not _is_graded_or_answer(cell)]
        self.sources = {cell.id: cell.source for cell in own}
        trees = {name: tree_or_none(source) for name, source in self.sources.items()}
        self._understood = None not in trees.values()
        self._names = {name: frozenset(_names(tree)) for name, tree in trees.items()}
        self._generators = {name for tree in trees.values() for name in _generators(tree)}
        self._modules = {name for tree in trees.values() for name in _imported(tree)}
        self._behind = {name for tree in trees.values() for name in _names_in_functions(tree)}

    def independent(self, cells: Sequence[NotebookNode]) -> tuple[str, ...]:
        """Return the ids of the lab's own cells if they can run before all of the student's, else nothing.

        Parameters
        ----------
        cells : sequence of NotebookNode
            The submission, put in order.
        """
        own = self.sources
        places = {cell.id: place for place, cell in enumerate(cells) if cell.id in own and cell.cell_type == "code"}
        as_released = all(cell.source == own[cell.id] for cell in cells if cell.id in places)
        if not self._understood or list(places) != list(own) or not as_released:
            return ()
        used: set[str] = set()
        last = max(places.values(), default=0)
        for cell in reversed(cells[: last + 1]):  # from the end, so that what is used later is known
            if cell.id in places:
                used |= self._names[cell.id]
            elif cell.cell_type == "code" and not is_tests(cell) and self._may_change(cell.source, used | self._behind):
                return ()
        return tuple(own)

    def _may_change(self, source: str, used: set[str]) -> bool:
        tree = tree_or_none(source)
        if tree is None:
            return False
        try:
            dynamic = _is_dynamic(tree, self._modules | _imported(tree))
            return dynamic or not used.isdisjoint((*_rebound(tree), *_changed(tree, self._generators)))
        except RecursionError:  # a sum of thousands of terms, say
            return True


def _is_graded_or_answer(cell: NotebookNode) -> bool:
    said = cell.metadata.get("nbgrader", {})
    return bool(said.get("grade") or said.get("solution"))


def _names(tree: ast.AST | None) -> Iterator[str]:
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Name):
            yield node.id
        else:
            yield from _bound(node)


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement binds other than by assignment."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Import | ast.ImportFrom):
        yield from (alias.asname or alias.name.partition(".")[0] for alias in node.names)
    elif isinstance(node, ast.Global):
        yield from node.names
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name


def _names_in_functions(tree: ast.AST | None) -> Iterator[str]:
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _names(node)


def _imported(tree: ast.AST | None) -> set[str]:
    imports = (node for node in (ast.walk(tree) if tree else ()) if isinstance(node, ast.Import | ast.ImportFrom))
    return {name for node in imports for name in _bound(node)}


def _generators(tree: ast.AST | None) -> Iterator[str]:
    """Yield the names that are bound to generators of random numbers."""
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _called(node.value) in _GENERATORS:
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _is_dynamic(tree: ast.AST, modules: set[str]) -> bool:
    """Whether what code changes can't be told from its text, or is part of a module, and so of any cell."""
    for node in ast.walk(tree):
        stores = isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load)
        if stores and modules.intersection(_root(node)):
            return True
        if isinstance(node, ast.Name) and node.id in _DYNAMIC:
            return True
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            return True
    return False


def _rebound(node: ast.AST) -> Iterator[str]:
    """Yield the global names that code binds or deletes; the local ones of its functions are nobody else's."""
    yield from _bound(node)
    if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id
    if isinstance(node, _FUNCTION):
        for inner in ast.walk(node):
            if isinstance(inner, ast.Global):
                yield from inner.names
        return
    for child in ast.iter_child_nodes(node):
        yield from _rebound(child)


def _changed(tree: ast.AST, generators: set[str]) -> Iterator[str]:
    """Yield the names of what code may change in place, or draw random numbers from."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            yield from _root(node)
        elif isinstance(node, ast.AugAssign):
            yield from _root(node.target)
        elif isinstance(node, ast.Name) and node.id in generators:
            yield node.id
        elif isinstance(node, ast.Call):
            in_place = any(keyword.arg in ("inplace", "out") for keyword in node.keywords)
            if in_place or _called(node) in _MUTATORS:
                parts = (node.func, *node.args, *(keyword.value for keyword in node.keywords))
                yield from (name for part in parts for name in _root(part))


def _root(node: ast.AST) -> Iterator[str]:
    """Yield the name that a chain of attributes, items and calls begins with."""
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Call | ast.Starred):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Name):
        yield node.id
