"""Getting grades out: nbgrader's table, and files that Canvas and Moodle import.

What is known of the two formats, and from where:

Canvas (``lib/gradebook_exporter.rb``, ``lib/gradebook_importer.rb`` and ``lib/csv_with_i18n.rb`` of the repository
instructure/canvas-lms). Its export has the columns Student (or LastName and FirstName), ID, SIS User ID, SIS Login ID,
perhaps Integration ID and Root Account, Section; then the instructor's own columns, one an assignment headed
``TITLE (ID)``, and totals. A row of posting policies may follow the header, then a row ``    Points Possible``, then
the students. Its import finds a student by ID, else SIS User ID, else SIS Login ID, else by the whole name, and an
assignment by the number in its header, else by the whole title; an unknown title becomes a new assignment. It tells
commas from semicolons by the first three lines, reads a decimal comma as a point, takes ``Points Possible`` over, and
takes an empty cell for a wish to remove the grade. ``EX`` means excused. A byte order mark is looked over, not needed.

Moodle's grading worksheet (``mod/assign/gradingtable.php`` and ``mod/assign/feedback/offline`` of moodle/moodle):
Identifier (``Participant 123``, the number that also stands in the folder names of its archive of submissions), Full
name, then what the site shows of users (such as Email address, ID number, Username), Status, Grade, Maximum grade, and
more. The headings are in the language of the user. The import wants Identifier, Grade and Last modified (grade), finds
a student by Identifier alone, and skips an empty grade and one above the maximum. It asks for the separator; older
versions read commas only.

Moodle's import of grades (``grade/import/csv/classes/load_data.php``): the user says which column is which; students
are found by user name, ID number, email address or internal number. In both, a byte order mark is taken off
(``lib/csvlib.class.php``), so none is written.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from nbgrader.api import Assignment, Gradebook, SubmittedAssignment
from nbgrader.plugins import CsvExportPlugin

from autograder import gradebook, log
from autograder.course import Course
from autograder.errors import CourseError, MisuseError, nearest

Format = Literal["csv", "canvas", "moodle"]
Row = list[str]

_CANVAS = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
#: By which columns students are known, the surest first.
_KNOWN_BY = ("ID", "SIS User ID", "SIS Login ID", "Identifier", "ID number", "Username", "Email address")
#: Columns of a roster that hold what students may have written.
_BY_STUDENTS = ("Student", "LastName", "FirstName", "Full name", "Email address", "Online text")
_TOTALS = re.compile(r"(Current|Final|Override) (Score|Points|Grade|Status)")
_ASSIGNMENT = re.compile(r"(?P<title>.*?)(?:\s\(\d+\))?", re.DOTALL)
_FORMULA = re.compile(r'["\s]*[=+\-@].|[\t\r]', re.DOTALL)


@dataclass(frozen=True)
class Report:
    """What was written.

    Parameters
    ----------
    rows : int
        How many rows of students; in nbgrader's table, of students and labs.
    remarks : tuple of str
        Sentences on what the instructor should know before she uploads the file.
    """

    rows: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Lab:
    """A lab's grades: points by student, of those who are graded."""

    name: str
    title: str
    max_score: float
    points: dict[str, float]
    waiting: int


@dataclass(frozen=True)
class _Roster:
    """A learning platform's table, its rows all of one length."""

    header: Row
    rows: list[Row]
    separator: str

    def columns(self, *names: str) -> list[int]:
        """Return where columns of these names stand, in the order of the names."""
        heads = [head.strip().casefold() for head in self.header]
        return [place for name in names for place, head in enumerate(heads) if head == name.casefold()]


def export(
    course: Course, path: Path, form: Format = "csv", lab: str | None = None, roster: Path | None = None
) -> Report:
    """Write grades in the form that is asked for.

    A student is graded when her submission has a score from a test or by hand; others never get a 0.

    Parameters
    ----------
    course : Course
        The checkout.
    path : Path
        The file to write.
    form : {'csv', 'canvas', 'moodle'}
        nbgrader's table, or what the learning platform imports.
    lab : str, optional
        Only this lab; every lab of the gradebook by default.
    roster : Path, optional
        What the platform itself exported: Canvas's gradebook or Moodle's grading worksheet. It is filled, not changed.

    Raises
    ------
    MisuseError
        If the lab or the roster can't be used.
    CourseError
        If there is no gradebook yet, or the file can't be written.
    """
    if form == "csv":
        if roster:
            raise MisuseError("A roster goes with --format canvas or --format moodle.")
        return Report(to_csv(course, path, lab))
    if roster and path.exists() and path.samefile(roster):
        raise MisuseError(f"{path} is the roster itself: give another file to write.")
    labs = _labs(course, lab)
    remarks = [
        f"Submissions of {one.name} that wait for points by hand: {one.waiting}; their grades here are without those."
        for one in labs
        if one.waiting
    ]
    remarks += [
        f"{student} could not be graded in full and has {_number(one.points[student])} points of {one.name}: see why."
        for one in labs
        for student, entry in sorted(log.latest(course, one.name).items())
        if entry.action == "fault" and student in one.points
    ]
    if roster is None:
        head = _CANVAS if form == "canvas" else ["ID number"]
        table = _without_roster(labs, head)
        others = [row[1] for row in _students(table) if not row[1].isdigit()] if form == "canvas" else []
        if others:
            remarks.append(f"Canvas knows students by number, so it won't know {', '.join(others)}: give --roster.")
    else:
        table = _read(roster)
        fill = _fill_canvas if form == "canvas" else _fill_moodle
        remarks += fill(table, labs, roster)
        remarks += _strangers(table, labs)
    _disarm(table, _BY_STUDENTS if roster else [*_CANVAS, "ID number"])
    _write(path, _text([table.header, *table.rows], table.separator))
    return Report(len(_students(table)), tuple(remarks))


def to_csv(course: Course, path: Path, lab: str | None = None) -> int:
    """Write the grades of every student as nbgrader's CSV table, formulas made harmless.

    Parameters
    ----------
    course : Course
        The checkout.
    path : Path
        The file to write.
    lab : str, optional
        Only this lab.

    Returns
    -------
    int
        How many rows were written.

    Raises
    ------
    CourseError
        If there is no gradebook yet, or the file can't be written.
    """
    with gradebook.gradebook(course) as book, tempfile.TemporaryDirectory() as scratch:
        plugin = CsvExportPlugin()
        plugin.to = str(Path(scratch) / "grades.csv")
        plugin.assignment = [one.name for one in _assignments(course, book, lab)]
        plugin.export(book)
        # The plugin writes in the encoding of the locale, and quotes nothing
        lines = Path(plugin.to).read_text(encoding="locale").splitlines()
    _write(path, _text([[_harmless(cell) for cell in line.split(",")] for line in lines]))
    return len(lines) - 1


def _assignments(course: Course, book: Gradebook, lab: str | None) -> list[Assignment]:
    released = {one.name: one for one in book.assignments}
    if lab is None:
        return list(released.values())
    course.sources(lab)
    if lab not in released:
        raise CourseError(f"'{lab}' was never released: course release {lab}.{nearest(lab, released)}")
    return [released[lab]]


def _labs(course: Course, name: str | None) -> list[_Lab]:
    with gradebook.gradebook(course) as book:
        labs = [_lab(course, one) for one in _assignments(course, book, name)]
    if not any(lab.points for lab in labs):
        raise CourseError(f"Nothing is graded yet: course grade {name or 'LAB'}.")
    return [lab for lab in labs if lab.points]


def _lab(course: Course, assignment: Assignment) -> _Lab:
    graded = [one for one in assignment.submissions if is_graded(one)]
    # as nbgrader's own export: a penalty takes no more than there is
    points = {one.student_id: max(0.0, one.score - one.late_submission_penalty) for one in graded}
    waiting = sum(one.needs_manual_grade for one in graded)
    return _Lab(assignment.name, title(course, assignment.name), assignment.max_score, points, waiting)


def is_graded(submission: SubmittedAssignment) -> bool:
    """Return whether anything of a submission has a score, from a test or by hand."""
    grades = (grade for notebook in submission.notebooks for grade in notebook.grades)
    return any(grade.auto_score is not None or grade.manual_score is not None for grade in grades)


def title(course: Course, lab: str) -> str:
    """Return the title of a lab's page, or its name if it has none."""
    page = course.root / "labs" / lab / "index.md"
    text = page.read_text("utf-8") if page.is_file() else ""
    heading = re.search(r"^# +(.+)$", text, re.MULTILINE)
    return heading[1].strip() if heading else lab


def _without_roster(labs: list[_Lab], head: Row) -> _Roster:
    place = head.index("ID") if "ID" in head else 0
    rows: list[Row] = []
    if head[0] == "Student":
        rows.append(["    Points Possible", *[""] * (len(head) - 1), *(f"{lab.max_score:g}" for lab in labs)])
    for student in sorted({student for lab in labs for student in lab.points}):
        row = [""] * len(head)
        row[place] = student
        rows.append(row + [_number(lab.points.get(student)) for lab in labs])
    return _Roster([*head, *(lab.title for lab in labs)], rows, ",")


def _fill_canvas(table: _Roster, labs: list[_Lab], roster: Path) -> list[str]:
    if not table.columns("Student", "LastName") or not table.columns("ID"):
        raise MisuseError(
            f"{roster} is not a gradebook of Canvas: it has no columns Student and ID. Get it from Grades, Export."
        )
    remarks = []
    for lab in labs:
        place, added = _column(table, lab, roster)
        if added:
            remarks.append(f"The roster has no column of {lab.name}: Canvas will offer to make '{lab.title}'.")
        for row in table.rows:
            if "Points Possible" not in row[0]:
                continue
            if added:
                row[place] = f"{lab.max_score:g}"
            else:
                remarks += _other_maximum(row[place], lab, "Canvas")
        remarks += _fill(table, lab, place)
    return remarks


def _fill_moodle(table: _Roster, labs: list[_Lab], roster: Path) -> list[str]:
    places = table.columns("Grade")
    if not table.columns("Identifier") or not places:
        raise MisuseError(
            f"{roster} is not a grading worksheet of Moodle in English: it has no columns Identifier and Grade. Set "
            "Moodle's language to English, then get it from the assignment: Grading action, Download grading worksheet."
        )
    if len(labs) > 1:
        raise MisuseError(f"A grading worksheet is of one assignment: say which lab, --lab {labs[0].name}.")
    maxima = {row[place] for row in table.rows for place in table.columns("Maximum grade")}
    remarks = [remark for maximum in sorted(maxima) for remark in _other_maximum(maximum, labs[0], "Moodle")]
    return remarks + _fill(table, labs[0], places[0])


def _column(table: _Roster, lab: _Lab, roster: Path) -> tuple[int, bool]:
    """Return the column of a lab, and whether it had to be added."""
    names = {lab.name.casefold(), lab.title.casefold()}
    heads = {
        place: match["title"].strip().casefold()
        for place, head in enumerate(table.header)
        if not _TOTALS.search(head) and (match := _ASSIGNMENT.fullmatch(head))
    }
    exact = [place for place, head in heads.items() if head in names]
    begin = tuple(re.compile(rf"{re.escape(name)}\b") for name in names)
    near = [place for place, head in heads.items() if any(one.match(head) for one in begin)]
    found = exact or near
    if len(found) > 1:
        which = ", ".join(f"'{table.header[place]}'" for place in found)
        raise MisuseError(f"{roster} has more than one column for {lab.name}: {which}. Take out all but one.")
    if found:
        return found[0], False
    table.header.append(lab.title)
    for row in table.rows:
        row.append("")
    return len(table.header) - 1, True


def _fill(table: _Roster, lab: _Lab, place: int) -> list[str]:
    """Fill in the points of a lab. Who has none keeps what the platform has: an empty cell would remove it."""
    remarks = []
    taken: dict[int, str] = {}
    students = _students(table)
    for student, number in _match(table, lab.points):
        row = students[number]
        if number in taken:
            remarks.append(f"{taken[number]} and {student} are one person in the roster: only {taken[number]} is used.")
        elif row[place].strip().casefold() == "ex":
            remarks.append(f"{student} is excused from {lab.name} in Canvas and stays so.")
        else:
            row[place] = _number(lab.points[student])
        taken.setdefault(number, student)
    absent = len(students) - len(taken)
    if absent:
        remarks.append(f"{absent} in the roster have no graded submission of {lab.name}; their cells are as they were.")
    return remarks


def _strangers(table: _Roster, labs: list[_Lab]) -> list[str]:
    students = sorted({student for lab in labs for student in lab.points})
    known = {student for student, _ in _match(table, students)}
    return [f"Not in the roster: {', '.join(strangers)}."] if (strangers := sorted(set(students) - known)) else []


def _match(table: _Roster, students: Iterable[str]) -> list[tuple[str, int]]:
    """Pair students with rows, by the surest column that knows them."""
    rows = _students(table)
    known: dict[str, int] = {}
    for place in table.columns(*_KNOWN_BY):
        participant = table.header[place].strip().casefold() == "identifier"
        for number, row in enumerate(rows):
            identity = row[place].rpartition(" ")[2] if participant else row[place]
            known.setdefault(identity.strip().casefold(), number)
    return [(student, known[student.casefold()]) for student in students if student.casefold() in known]


def _students(table: _Roster) -> list[Row]:
    """Return the rows that are students: not the posting policies, nor the points possible."""
    places = table.columns(*_KNOWN_BY)
    return [row for row in table.rows if any(row[place].strip() for place in places)]


def _other_maximum(said: str, lab: _Lab, platform: str) -> list[str]:
    try:
        same = float(said.replace(",", ".")) == lab.max_score
    except ValueError:
        return []
    sentence = (
        f"{platform} gives {said} points for {lab.name}, the lab {lab.max_score:g}: change it in {platform} first."
    )
    return [] if same else [sentence]


def _read(path: Path) -> _Roster:
    """Read a roster, from Excel as well: with a byte order mark, with semicolons, in Windows' Western encoding."""
    try:
        content = path.read_bytes()
        text = _decoded(content)
        first = text.partition("\n")[0]
        separator = ";" if first.count(";") > first.count(",") else ","
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True) if row]
    except OSError as error:
        raise MisuseError(f"{path} can't be read: {error.strerror}.") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise MisuseError(f"{path} is not a CSV file: give what the learning platform exported.") from error
    if not rows or "\0" in text:
        raise MisuseError(f"{path} is not a CSV file: give what the learning platform exported.")
    width = max(map(len, rows))
    header, *others = (row + [""] * (width - len(row)) for row in rows)
    return _Roster(header, others, separator)


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _disarm(table: _Roster, names: Iterable[str]) -> None:
    """Make cells that students may have written harmless; no platform reads back the ones of a roster."""
    for place in table.columns(*names):
        for row in table.rows:
            row[place] = _harmless(row[place])


def _harmless(cell: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would compute; numbers stay."""
    try:
        float(cell)
    except ValueError:
        return f"'{cell}" if _FORMULA.match(cell) else cell
    return cell


def _number(points: float | None) -> str:
    return "" if points is None else f"{round(points, 4):g}"


def _text(rows: Iterable[Row], separator: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _write(path: Path, text: str) -> None:
    """Write under another name first, so that nobody ever uploads half a file."""
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(text, encoding="utf-8", newline="")
        new.replace(path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise CourseError(f"{path} can't be written: {error.strerror}.") from error
