"""The syntax tree of a cell, which may hold magics as notebooks do."""

from __future__ import annotations

import ast
import re
import symtable
from functools import lru_cache

from IPython.core.inputtransformer2 import TransformerManager

#: Without one of these, IPython takes a cell as it stands; finding out in full takes longer than the parsing.
_SPECIAL = re.compile(r"[%!?]|^\s*(>>>|\.\.\.|In )", re.MULTILINE)


@lru_cache(maxsize=64)
def tree(source: str) -> ast.Module:
    """Return the syntax tree of a cell as IPython understands it; it is shared, so it must not be changed.

    Parameters
    ----------
    source : str
        The cell.

    Raises
    ------
    SyntaxError
        The cell is not Python.
    """
    try:
        return _plain(source) or ast.parse(TransformerManager().transform_cell(source))  # type: ignore[no-untyped-call]
    except (ValueError, RecursionError, MemoryError) as error:
        raise SyntaxError(str(error)) from error


def _plain(source: str) -> ast.Module | None:
    """Return the tree of a cell that IPython takes as it stands, None for one that it may not."""
    if _SPECIAL.search(source):
        return None
    try:
        return ast.parse(source)
    except SyntaxError:
        return None  # it may be indented as a whole


def tree_or_none(source: str) -> ast.Module | None:
    """Return the syntax tree of a cell, None if it isn't Python, and so does nothing."""
    try:
        return tree(source)
    except SyntaxError:
        return None


def bound(source: str) -> frozenset[str]:
    """Return the global names that a cell binds, by assigning, importing or defining; none if it isn't Python.

    Parameters
    ----------
    source : str
        The cell, without magics.
    """
    try:
        table = symtable.symtable(source, "<cell>", "exec")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset()
    outside = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
    return frozenset(outside | _declared_global(table))


def _declared_global(table: symtable.SymbolTable) -> set[str]:
    """Return the names that a scope, or one in it, binds further out by a ``global`` or ``:=``."""
    names = {one.get_name() for one in table.get_symbols() if one.is_declared_global()}
    return names.union(*map(_declared_global, table.get_children()))
