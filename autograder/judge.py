"""The confined process that runs cells of tests. What the student's cells defined it only knows by stand-ins."""

from __future__ import annotations

import ast
import contextlib
import io
import linecache
import traceback
from typing import Any

from autograder.checks import Marks
from autograder.standin import Guest, Namespace
from autograder.syntax import bound
from autograder.wire import Channel

#: Packages whose modules a test gets as they are, also by a name that only the student's cells have imported.
MODULES = frozenset(
    {
        "autograder",
        "clinic",
        "matplotlib",
        "math",
        "nibabel",
        "numpy",
        "pandas",
        "scipy",
        "sklearn",
        "statistics",
        "torch",
    }
)
_FILE = "<tests>"
_MOST_TEXT = 50_000


def serve(control: Channel, standin: Channel, call_seconds: float) -> None:
    """Run cells of tests until the grader closes its end.

    Parameters
    ----------
    control, standin : Channel
        To the grader, and to the student's process.
    call_seconds : float
        How long one call into the student's code may take.
    """
    guest = Guest(standin, call_seconds, MODULES)
    namespace = Namespace(guest)
    while True:
        try:
            source = str(control.receive(None))
        except ConnectionError:
            return
        namespace.own = bound(source)
        control.send(run_tests(source, namespace) | {"gone": guest.gone})


def run_tests(source: str, namespace: dict[str, Any]) -> dict[str, Any]:
    """Run one cell of tests.

    Parameters
    ----------
    source : str
        The cell, hidden tests included.
    namespace : dict
        Its globals.

    Returns
    -------
    dict
        ``printed``: what it printed, warnings included. ``parts``: what became of each part, in order. ``failure`` and
        ``line``: what ended the cell, and on which of its lines (0 if it can't be said). ``value``: the number that its
        last line gave, if any. ``trace``: where in the student's code an exception came from.
    """
    said = io.StringIO()
    before = {id(one) for one in namespace.values() if isinstance(one, Marks)}
    result: dict[str, Any] = {"failure": "", "line": 0, "value": None, "trace": ""}
    # so that numpy's and Python's own messages can quote the line that failed
    linecache.cache[_FILE] = (len(source), None, source.splitlines(keepends=True), _FILE)
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            value = _execute(source, namespace)
            if isinstance(value, int | float) and not isinstance(value, bool):
                result["value"] = float(value)
        except Exception as error:  # noqa: BLE001  # a test that fails in any way gives no points, and the next goes on
            result["failure"] = _message(error, source)
            result["line"] = _line(error)
            result["trace"] = str(getattr(error, "student_traceback", ""))[:_MOST_TEXT]
    marks = [one for one in namespace.values() if isinstance(one, Marks) and id(one) not in before]
    result["parts"] = [(one.topic, float(one.points), one.message, one.line) for m in marks for one in m.results]
    result["printed"] = said.getvalue()[:_MOST_TEXT]
    return result


def _execute(source: str, namespace: dict[str, Any]) -> object:
    """Run the statements of a cell and return what its last line gives."""
    tree = ast.parse(source)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, _FILE, "exec"), namespace)  # noqa: S102  # the instructor's own cell
        return None
    del tree.body[-1]
    exec(compile(tree, _FILE, "exec"), namespace)  # noqa: S102
    return eval(compile(ast.Expression(last.value), _FILE, "eval"), namespace)  # noqa: S307


def _line(error: BaseException) -> int:
    """Return the line of the test cell that an exception came through last."""
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == _FILE]
    return lines[-1] if lines else getattr(error, "lineno", 0) or 0


def _message(error: Exception, source: str) -> str:
    text = str(error)
    if type(error) is AssertionError and not text:
        line = _line(error)
        return f"This did not hold: {source.splitlines()[line - 1].strip()}" if line else "An assertion did not hold."
    if isinstance(error, AssertionError):
        return text
    return f"{type(error).__name__}: {text}"[:_MOST_TEXT]
