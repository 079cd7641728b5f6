"""Notebooks of the tests, and how to run them."""

from __future__ import annotations

from typing import Any

import nbclient
import nbformat


def notebook(*sources: str) -> nbformat.NotebookNode:
    """A notebook of these code cells, each of which may raise."""
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": ["raises-exception"]}) for source in sources]
    return nbformat.v4.new_notebook(cells=cells, metadata={"language_info": {"name": "python"}})


def run(kernel: str, *sources: str, **options: Any) -> nbformat.NotebookNode:
    """Run a notebook of these cells, with options of `nbclient.NotebookClient`."""
    node = notebook(*sources)
    nbclient.NotebookClient(node, kernel_name=kernel, **options).execute()
    return node


def texts(kernel: str, *sources: str, **options: Any) -> list[str]:
    """What each of the cells prints or, where it fails, the name of the error."""
    cells = run(kernel, *sources, **options).cells
    return ["".join(output.get("text", output.get("ename", "")) for output in cell.outputs).strip() for cell in cells]
