"""Getting grades out."""

from __future__ import annotations

from pathlib import Path

from nbgrader.plugins import CsvExportPlugin

from autograder import gradebook
from autograder.course import Course


def to_csv(course: Course, path: Path) -> int:
    """Write the grades of every student and lab as nbgrader's CSV table.

    Parameters
    ----------
    course : Course
        The checkout.
    path : Path
        The file to write.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    CourseError
        If there is no gradebook yet.
    """
    with gradebook.gradebook(course) as book:
        plugin = CsvExportPlugin()
        plugin.to = str(path)
        plugin.export(book)
    return len(path.read_text(encoding="utf-8").splitlines()) - 1
