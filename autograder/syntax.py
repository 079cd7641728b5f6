"""The syntax tree of a cell, which may hold magics as notebooks do."""

from __future__ import annotations

import ast
import re
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
