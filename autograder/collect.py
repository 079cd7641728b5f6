"""Getting submissions in: from nbgrader's exchange, or from a learning platform's archive."""

from __future__ import annotations

import shutil
import time
import zipfile
from pathlib import Path, PureWindowsPath

from nbgrader.apps import ZipCollectApp

from autograder import gradebook
from autograder.course import Course
from autograder.errors import CourseError, MisuseError
from autograder.submission import MOST_BYTES


def from_exchange(course: Course, name: str) -> list[str]:
    """Collect what students have submitted to the exchange, newest version of each.

    Parameters
    ----------
    course : Course
        The checkout.
    name : str
        The lab.

    Returns
    -------
    list of str
        The students with a submission, old and new.

    Raises
    ------
    CourseError
        If there is no exchange, or nbgrader fails.
    """
    course.sources(name)
    nbgrader = gradebook.api(course)
    if not nbgrader.exchange_is_functional:
        raise CourseError(
            f"There is no exchange at {nbgrader.exchange_root}. Make the folder (writable for all), set "
            f"c.Exchange.root in nbgrader_config.py, or collect an archive: course collect {name} --zip FILE."
        )
    gradebook.insist(nbgrader.collect(name), f"collect {name}", course)
    return submitted(course, name)


def from_zip(course: Course, name: str, archive: Path) -> list[str]:
    """Take over the archive of submissions that a learning platform gives, by ``nbgrader zip_collect``.

    An archive taken earlier is moved aside, not deleted.

    Parameters
    ----------
    course : Course
        The checkout.
    name : str
        The lab.
    archive : Path
        A zip file with one notebook a student; ``nbgrader_config.py`` says how file names are read.

    Returns
    -------
    list of str
        The students with a submission, old and new.

    Raises
    ------
    MisuseError
        If the archive is not a zip file, or not one that can be unpacked safely.
    CourseError
        If nbgrader fails, or finds no submission in it.
    """
    course.sources(name)
    if not zipfile.is_zipfile(archive):
        raise MisuseError(f"{archive} is not a zip file: give the archive that the learning platform made.")
    _inspect(archive)
    downloaded = course.grading / "downloaded" / name
    current = downloaded / "archive"
    if current.is_dir() and any(current.iterdir()):
        earlier = downloaded / f"archive-until-{time.strftime('%Y%m%d-%H%M%S')}"
        current.rename(earlier)
    current.mkdir(parents=True, exist_ok=True)
    shutil.copy(archive, current / "submissions.zip")
    before = {path: path.stat().st_mtime_ns for path in _folders(course, name)}
    app = ZipCollectApp(config=gradebook.config(course, course.grading))
    app.initialize([name, "--force", f"--CourseDirectory.root={course.grading}", "--log-level=ERROR"])
    try:
        app.start()
    except SystemExit as stopped:
        raise CourseError(f"nbgrader could not read {archive}: see its messages above.") from stopped
    if not any(before.get(path) != path.stat().st_mtime_ns for path in _folders(course, name)):
        raise CourseError(
            f"No file in {archive} is named as a submission is. nbgrader_config.py says which names are read "
            "(FileNameCollectorPlugin.named_regexp); set it to what your learning platform writes."
        )
    return submitted(course, name)


def _inspect(archive: Path) -> None:
    """Refuse an archive that would write outside its folder, or grow beyond what a class hands in."""
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = opened.infolist()
    except zipfile.BadZipFile as error:
        raise MisuseError(f"{archive} is damaged: {error}. Download it again.") from None
    for entry in entries:
        parts = PureWindowsPath(entry.filename)  # which knows both kinds of slashes
        if parts.is_absolute() or parts.drive or parts.root or ".." in parts.parts:
            raise MisuseError(f"{archive}: '{entry.filename}' leads out of the archive. Nothing was taken from it.")
        if entry.file_size > MOST_BYTES:
            raise MisuseError(
                f"{archive}: '{entry.filename}' grows to {entry.file_size / 1e6:,.0f} MB, and a file may have "
                f"{MOST_BYTES / 1e6:,.0f} MB. Nothing was taken from the archive: delete that file from it."
            )


def submitted(course: Course, name: str) -> list[str]:
    """Return the students who have a submission of a lab, in order."""
    return [path.parent.name for path in _folders(course, name)]


def _folders(course: Course, name: str) -> list[Path]:
    return sorted(path for path in course.grading.glob(f"submitted/*/{name}") if path.is_dir())
