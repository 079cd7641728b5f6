"""nbgrader's interface on the course directory."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_config_path
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.auth import Authenticator
from nbgrader.coursedir import CourseDirectory
from nbgrader.exchange import ExchangeFactory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograder.course import Course
from autograder.errors import CourseError

CONFIG = "nbgrader_config.py"
_COMPLAINT = re.compile(r"\[ERROR\]|\s*[\w.]*(Error|Exception): ")
_GENERAL = ("There was an error processing", "Please see the")


def config(course: Course, root: Path) -> Config:
    """Read nbgrader's configuration as its own commands do: Jupyter's folders first, the course's file on top.

    Parameters
    ----------
    course : Course
        Its root holds ``nbgrader_config.py``.
    root : Path
        The course directory to work on: ``grading/``, or a scratch folder.
    """
    merged = Config()
    for folder in (*reversed(jupyter_config_path()), str(course.root)):
        if (Path(folder) / CONFIG).is_file():
            merged.merge(PyFileConfigLoader(CONFIG, path=folder).load_config())
    merged.CourseDirectory.root = str(root)
    return merged


def api(course: Course, root: Path | None = None) -> NbGraderAPI:
    """Return nbgrader's Python interface, quiet: what it logs is in the results of its calls.

    Parameters
    ----------
    course : Course
        The checkout.
    root : Path, optional
        Another course directory than ``grading/``.
    """
    _prepare()
    root = root or course.grading
    root.mkdir(parents=True, exist_ok=True)
    settings = config(course, root)
    coursedir = CourseDirectory(config=settings)
    exchange, authenticator = ExchangeFactory(config=settings), Authenticator(config=settings)
    return NbGraderAPI(coursedir, authenticator=authenticator, exchange=exchange, config=settings)


def _prepare() -> None:
    """Let nbgrader find the programs that it starts by name (alembic), also in an environment not activated."""
    # nbgrader's own way of adding a first submission makes its database library warn; nothing is wrong
    warnings.filterwarnings("ignore", category=SAWarning)
    here = str(Path(sys.executable).parent)
    if here not in os.environ["PATH"].split(os.pathsep):
        os.environ["PATH"] = here + os.pathsep + os.environ["PATH"]


@contextmanager
def gradebook(course: Course) -> Iterator[Gradebook]:
    """Open the gradebook of the course and close it again.

    Raises
    ------
    CourseError
        If there is none yet.
    """
    if not (course.grading / "gradebook.db").is_file():
        raise CourseError("There is no gradebook yet: release a lab first (course release LAB).")
    _prepare()
    settings = config(course, course.grading)
    with Gradebook(CourseDirectory(config=settings).db_url, settings.CourseDirectory.course_id) as opened:
        yield opened


def insist(result: dict[str, Any], doing: str, course: Course) -> None:
    """Turn a failed call of nbgrader's into an error that says what went wrong and where its whole log is.

    Raises
    ------
    CourseError
        If the call failed.
    """
    if result.get("success"):
        return
    log = course.grading / "logs" / f"{doing.replace(' ', '-').replace('/', '-')}.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(f"{result.get('log', '')}\n{result.get('error', '')}", encoding="utf-8")
    raise CourseError(f"nbgrader could not {doing}: {reason(result)} The whole log: {course.relative(log)}")


def reason(result: dict[str, Any]) -> str:
    """Return the last thing that nbgrader complained about, as a sentence."""
    log, error = str(result.get("log") or ""), str(result.get("error") or "")
    complaints = [line for line in log.splitlines() if _COMPLAINT.match(line) and not any(g in line for g in _GENERAL)]
    lines = complaints or error.strip().splitlines() or ["it gave no reason"]
    said = lines[-1].replace("[ERROR]", "").strip()
    return said if said.endswith((".", "!")) else said + "."
