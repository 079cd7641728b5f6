"""What notebooks import is found."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.kernels.imports import imports_of, imports_of_notebook


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import numpy as np, os", {"numpy"}),
        ("import torch.nn.functional as F", {"torch", "torch.nn", "torch.nn.functional"}),
        ("from torch.utils import data, no_module", {"torch", "torch.utils", "torch.utils.data"}),
        ("from sklearn.linear_model import LogisticRegression", {"sklearn", "sklearn.linear_model"}),
        ("def f():\n    try:\n        import pandas\n    except ImportError:\n        pass", {"pandas"}),
        ("%matplotlib inline\n!pip list\nimport scipy", {"scipy"}),
        ("from .numpy import a\nimport autograder.checks, no_such_module, ipywidgets, os.path.nothing", set()),
    ],
)
def test_imports_of(source: str, found: set[str]) -> None:
    assert imports_of(source) == found


def test_what_is_imported_at_once() -> None:
    source = """
import numpy
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    import torch
try:
    import pandas
except ImportError:
    pass
class A:
    import scipy
    def f(self):
        import sklearn
async def g():
    import torch
"""
    assert imports_of(source, at_once=True) == {"numpy", "pandas", "scipy"}
    assert imports_of(source) == {"numpy", "pandas", "scipy", "sklearn", "torch"}


def test_source_that_is_not_python() -> None:
    with pytest.raises(SyntaxError):
        imports_of("import")


def test_imports_of_notebook(tmp_path: Path) -> None:
    node = nbformat.v4.new_notebook()
    new = nbformat.v4.new_code_cell
    node.cells = [
        new("import numpy"),
        new("%%bash\nimport"),
        new("import"),
        nbformat.v4.new_markdown_cell("import scipy"),
    ]
    nbformat.write(node, tmp_path / "a.ipynb")
    assert imports_of_notebook(tmp_path / "a.ipynb") == {"numpy"}
