"""A cell is understood as IPython understands it, whether that takes its transformations or not."""

from __future__ import annotations

import ast

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from autograder.syntax import bound, tree, tree_or_none

CELLS = [
    "x = 1\n",
    "    x = 1\n    y = 2\n",
    "\n\n  x = 1",
    "%matplotlib inline\nx = 1",
    "files = !ls\nprint(files)",
    "numpy?",
    "%%time\nx = 1 % 2",
    ">>> x = 1\n>>> y = 2",
    ">>> if x:\n...     y = 2",
    "In [1]: x = 1",
    "x = '''\n%time\n'''",
    "(a\n%b)",
    "...\nx = [...]",
    "/abs -1",
]


@pytest.mark.parametrize("source", CELLS)
def test_a_cell_has_the_tree_that_ipython_makes_of_it(source: str) -> None:
    expected = ast.parse(TransformerManager().transform_cell(source))
    assert ast.dump(tree(source)) == ast.dump(expected)


@pytest.mark.parametrize("source", ["x = (", "two words", "x = 1\0", "-" * 100_000 + "1"])
def test_what_is_no_python_has_none(source: str) -> None:
    assert tree_or_none(source) is None
    with pytest.raises(SyntaxError):
        tree(source)


def test_what_a_cell_binds() -> None:
    cell = """
import a, b.c, d as e
from f import g
with h() as i, j:
    k = 1
    l: int = 2
    m += n
def o(p=q):
    r = 1
class S:
    t = u
for v, (w, *x) in y: pass
try: pass
except z as aa: pass
bb[0] = [cc for cc in dd if (ee := cc)]
match ff:
    case [gg, {"h": hh}]: pass
def o():
    def o():
        global jj
        jj = kk
"""
    assert bound(cell) == {*"abegiklmovwx", "S", "aa", "ee", "gg", "hh", "jj"}


def test_what_is_no_python_binds_nothing() -> None:
    assert bound("x = (") == bound("-" * 100_000 + "1") == frozenset()
