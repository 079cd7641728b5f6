"""Tests that must look inside, run in the student's own process.

A test of a figure's artists or of a graph of computation can't be asked over a pipe, so a lab may mark it ``inside``.
What it finds is weaker evidence: it runs where the student's code could have replaced anything. So what was replaced
is put back first, the checks are loaded anew, and canaries (tests that must fail) tell whether a failure can still be
seen. Such a test holds nothing hidden.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from typing import Any

from autograder import checks, judge
from autograder.evidence import Snapshot

#: Each must fail, or nothing that these tests say can be believed.
CANARIES = (
    "assert False",
    "assert 1 == 2",
    "assert abs(-1) != 1",
    "assert isinstance('1', int)",
    "assert not len([1])",
    "from autograder import checks\nchecks.equal(1, 2)",
    "from autograder import checks\nchecks.close(1.0, 2.0)",
    "from autograder import checks\nchecks.that(False, 'no')",
    "import numpy as np\nnp.testing.assert_allclose(1.0, 2.0)",
)
_OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}


def run(source: str, namespace: dict[str, Any], snapshot: Snapshot) -> dict[str, Any]:
    """Run a cell of tests among what the student's cells have defined.

    Parameters
    ----------
    source : str
        The cell.
    namespace : dict
        The globals of her cells; they are not changed.
    snapshot : Snapshot
        What the process held before her first cell.

    Returns
    -------
    dict
        As :func:`judge.run_tests` gives it.
    """
    snapshot.restore()
    _load_checks()
    blind = [canary for canary in CANARIES if not judge.run_tests(canary, {"__name__": "canary"})["failure"]]
    if blind:
        said = judge.run_tests("", {})
        return said | {"failure": "These tests could not be run: the notebook has replaced what they are made of."}
    return judge.run_tests(doubted(source), dict(namespace))


def doubted(source: str) -> str:
    """Let each ``assert`` of a comparison also ask for the opposite, which must not hold as well."""

    class Doubt(ast.NodeTransformer):
        def visit_Assert(self, node: ast.Assert) -> list[ast.stmt]:
            test = node.test
            if not (isinstance(test, ast.Compare) and len(test.ops) == 1):
                return [node]
            opposite = ast.Compare(test.left, [_OPPOSITES[type(test.ops[0])]()], test.comparators)
            reason = ast.Constant("This holds, and so does its opposite: compare plain values.")
            second = ast.Assert(ast.UnaryOp(ast.Not(), opposite), reason)
            return [node, ast.fix_missing_locations(ast.copy_location(second, node))]

    return ast.unparse(Doubt().visit(ast.parse(source)))


def _load_checks() -> None:
    """Put a fresh copy of the checks where tests import them from."""
    spec = importlib.util.spec_from_file_location("autograder.checks", checks.__file__)
    if spec is None or spec.loader is None:
        raise ImportError("autograder.checks")
    fresh = importlib.util.module_from_spec(spec)
    sys.modules["autograder.checks"] = fresh
    vars(sys.modules["autograder"])["checks"] = fresh
    spec.loader.exec_module(fresh)
    vars(judge)["Marks"] = fresh.Marks
