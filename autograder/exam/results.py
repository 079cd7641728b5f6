"""Results of an exam: who has how many points for which question, as exam platforms and nbgrader say it.

What is known of the formats, and from where:

Inspera, results as JSON (its knowledge base, *Submissions API, data model*, and public programs that read such files):
``ext_inspera_candidates``, each with a ``result`` that has ``ext_inspera_candidateId``, ``ext_inspera_attendance``,
``ext_inspera_totalScore`` and ``ext_inspera_questions``. A question has ``ext_inspera_questionId``, and with the same
beginning ``questionNumber``, ``questionTitle``, ``maxQuestionScore``, ``durationSeconds``, ``autoScore``,
``manualScores`` (each with ``manualScore``; it replaces an automatic score) and ``candidateResponses`` (each with
``response``, and with ``interactionAlternative``, the number of an option, whatever order it was shown in).

Inspera, *Marks and grades as CSV* (its help pages): a row a candidate and question with the columns
CandidateExternalId, UserId, QuestionNo, QuestionTitle, QuestionRevisionID, QuestionId, ManuallyGradedScore and
AutoGradedScore, separated by commas, empty or ``null`` where there is nothing. What a question can give is not in it.

Not verified, as no export of ours was at hand: how Inspera writes the ticks of a choice of several, and what it does
with weights of questions and with graders who disagree. The sums are compared with Inspera's own, so that a surprise
shows as a remark.

Moodle, the quiz report *Grades* as CSV (``mod/quiz/report`` of moodle/moodle): names, what the site shows of users,
state and times in the language of the user, then ``Grade/10.00``, then a column a question, ``Q. 1 /2.00``, in which
the word is the language's and the number may have a decimal comma. ``-`` stands for an answer without points, or, as
the grade, for an attempt that is not finished; a word for one that waits for its grader. The last rows are averages.
Its report *Responses* has what was answered (``Response 1``), and no points for it.

nbgrader: the gradebook of the course, by exercise. The log has no points given by hand and no maxima, so only who could
not be graded is taken from it.

A plain CSV, for everything else, a row a student and question: ``student``, ``question``, ``points`` and ``max``;
perhaps ``response`` (several ticks are separated by ``|``; empty is no answer), ``options`` (all there are, separated
by ``|``), ``seconds``, ``language`` and ``variant``. Empty points mean that the student did not meet the question.

A second CSV with ``student`` and ``language`` or ``variant`` tells these where a platform does not.
"""

from __future__ import annotations

import csv
import html
import io
import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from autograder import log
from autograder.course import Course
from autograder.errors import CourseError, MisuseError, nearest
from autograder.exam.score import number
from autograder.export import is_graded
from autograder.gradebook import gradebook

#: What was chosen or written, each choice by itself; nothing in it is no answer, and None is not known.
Response = tuple[str, ...] | None
Numbers = npt.NDArray[np.float64]

_KINDS = (
    "Inspera's results as JSON or its 'Marks and grades as CSV', the quiz report 'Grades' of Moodle as CSV, or a CSV "
    "with the columns student, question, points and max"
)
_PLAIN = ("student", "question", "points", "max", "response", "options", "seconds", "language", "variant")
_NOTHING = ("", "null", "-")
#: A column of a question in Moodle's grades, ``Q. 1 /2.00``, and the column of the grade, ``Grade/10.00``.
_MARK = re.compile(r"(?P<name>.*\S)\s+/\s*(?P<max>\d+(?:[.,]\d+)?)")
_GRADE = re.compile(r"[^/]*[^/\s]/\d+(?:[.,]\d+)?")
_NUMBERED = re.compile(r"(?P<word>.*?)\s*(?P<number>\d+\w?)")
#: Columns of Moodle by which students are known, in English and Norwegian.
_KNOWN_BY = ("id number", "username", "id-nummer", "brukernavn")
#: By how much sums may differ when each part was rounded to two decimals.
_ROUNDED = 0.006


@dataclass(frozen=True, eq=False)
class Results:
    """Results of an exam; rows are students, columns questions.

    Parameters
    ----------
    source : str
        Where they come from, in words.
    students : tuple of str
        By the id that the source knows them by.
    questions, titles : tuple of str
        By number or name, and their titles, empty where there is none.
    points : array of float
        NaN where a student did not meet a question or has no points for it yet.
    maxima : array of float
        What each question can give, above zero.
    responses : tuple of tuple
        What each student answered to each question.
    options : tuple of tuple of str
        All options of each question where the source says so, else empty.
    seconds : array of float
        How long each student took for each question, NaN where that is not known.
    languages, variants : tuple of str
        Of each student; empty where that is not known.
    remarks : tuple of str
        Sentences on what was left out, assumed or found odd.
    """

    source: str
    students: tuple[str, ...]
    questions: tuple[str, ...]
    titles: tuple[str, ...]
    points: Numbers
    maxima: Numbers
    responses: tuple[tuple[Response, ...], ...]
    options: tuple[tuple[str, ...], ...]
    seconds: Numbers
    languages: tuple[str, ...]
    variants: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    @property
    def totals(self) -> Numbers:
        """The points of each student."""
        return np.asarray(np.nansum(self.points, axis=1), dtype=np.float64)

    @property
    def attainable(self) -> float:
        """What all questions together can give."""
        return float(self.maxima.sum())


@dataclass
class _Cell:
    """One student at one question."""

    points: float = math.nan
    response: Response = None
    seconds: float = math.nan


@dataclass
class _Sheet:
    """Results as they are gathered from one file."""

    source: str
    kind: Literal["points", "responses", "groups"] = "points"
    cells: dict[tuple[str, str], _Cell] = field(default_factory=dict)
    maxima: dict[str, float] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    variants: dict[str, str] = field(default_factory=dict)
    totals: dict[str, float] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Table:
    """A CSV file: its header, and its rows with the line at which each begins."""

    path: Path
    header: list[str]
    rows: list[tuple[int, list[str]]]

    def places(self, *names: str) -> list[int]:
        """Return where columns of these names stand, in the order of the names."""
        heads = [head.casefold() for head in self.header]
        return [place for name in names for place, head in enumerate(heads) if head == name.casefold()]

    def fault(self, line: int, place: int, message: str) -> MisuseError:
        """Return the error for a cell."""
        return MisuseError(f"{self.path}:{line}: column '{self.header[place]}': {message}")

    def number(self, line: int, row: Sequence[str], place: int) -> float:
        """Return the number in a cell, NaN if there is none."""
        said = row[place]
        if said.casefold() in _NOTHING:
            return math.nan
        value = number(said)
        if value is None:
            raise self.fault(line, place, f"'{said}' is not a number.")
        return value


def read(*paths: Path) -> Results:
    """Read results, in whatever of the forms named above the files are.

    Parameters
    ----------
    *paths : Path
        One file with points; beside it perhaps Moodle's report of responses, and a table of languages and variants.

    Returns
    -------
    Results
        Of all students who finished.

    Raises
    ------
    MisuseError
        If a file can't be used; names the file, the line and the column.
    """
    sheets = [_sheet(path) for path in paths]
    main = [sheet for sheet in sheets if sheet.kind == "points"]
    if len(main) != 1:
        have = f"{len(main)} of these files have" if main else "none of these files has"
        raise MisuseError(f"Give one file with points: {have} them. Wanted: {_KINDS}.")
    for other in sheets:
        if other is not main[0]:
            _add(main[0], other)
    return _results(main[0])


def of_lab(course: Course, lab: str) -> Results:
    """Read the results of a lab from the gradebook, a question an exercise.

    Parameters
    ----------
    course : Course
        The checkout.
    lab : str
        The lab.

    Raises
    ------
    MisuseError
        If there is no such lab.
    CourseError
        If nothing of it is graded yet.
    """
    course.sources(lab)
    sheet = _Sheet(f"nbgrader, {lab}")
    waiting = 0
    with gradebook(course) as book:
        released = {one.name: one for one in book.assignments}
        if lab not in released:
            raise CourseError(f"'{lab}' was never released: course release {lab}.{nearest(lab, released)}")
        for submission in filter(is_graded, released[lab].submissions):
            for grade in (grade for notebook in submission.notebooks for grade in notebook.grades):
                name = f"{grade.notebook.name}/{grade.name.removesuffix('-tests')}"
                waiting += bool(grade.needs_manual_grade)
                points = math.nan if grade.needs_manual_grade else float(grade.score)
                sheet.cells[submission.student_id, name] = _Cell(points)
                sheet.maxima[name] = float(grade.max_score)
    if not sheet.cells:
        raise CourseError(f"No submission of '{lab}' is graded yet: course grade {lab}.")
    if waiting:
        sheet.remarks.append(_waiting(waiting))
    faults = sorted(student for student, entry in log.latest(course, lab).items() if entry.action == "fault")
    if faults:
        sheet.remarks.append(f"When last graded, {', '.join(faults)} could not be graded in full.")
    return _results(sheet)


def _waiting(count: int) -> str:
    return f"Answers that wait for points by hand: {count}. They count neither as right nor as wrong."


def _results(sheet: _Sheet) -> Results:
    """Lay what was gathered out as a table, without students and questions that have no points."""
    remarks = list(sheet.remarks)
    asked = dict.fromkeys(question for _, question in sheet.cells)
    worthless = {question for question in asked if not sheet.maxima[question] > 0}
    scored = [key for key, cell in sheet.cells.items() if not math.isnan(cell.points) and key[1] not in worthless]
    if not scored:
        raise MisuseError(f"{sheet.source}: there are no points in it.")
    students = list(dict.fromkeys(student for student, _ in scored))
    questions = _ordered(dict.fromkeys(question for _, question in scored))
    if absent := [
        student for student in dict.fromkeys(student for student, _ in sheet.cells) if student not in students
    ]:
        remarks.append(f"Left out, as they have no points: {', '.join(absent)}.")
    if absent := [question for question in asked if question not in questions]:
        remarks.append(f"Left out, as nobody has points for it: question {', '.join(absent)}.")
    table = [[sheet.cells.get((student, question), _Cell()) for question in questions] for student in students]
    points = np.array([[cell.points for cell in row] for row in table])
    remarks += _surprises(sheet, students, np.nansum(points, axis=1), len(questions))
    return Results(
        source=sheet.source,
        students=tuple(students),
        questions=tuple(questions),
        titles=tuple(sheet.titles.get(question, "") for question in questions),
        points=points,
        maxima=np.array([sheet.maxima[question] for question in questions]),
        responses=tuple(tuple(cell.response for cell in row) for row in table),
        options=tuple(sheet.options.get(question, ()) for question in questions),
        seconds=np.array([[cell.seconds for cell in row] for row in table]),
        languages=tuple(sheet.languages.get(student, "") for student in students),
        variants=tuple(sheet.variants.get(student, "") for student in students),
        remarks=tuple(remarks),
    )


def _ordered(questions: Iterable[str]) -> list[str]:
    """Put questions in the order of their numbers if they have some: candidates may meet them in another."""
    names = list(questions)
    numbers = {name: int(match[0]) for name in names if (match := re.match(r"\d+", name))}
    return sorted(names, key=lambda name: (numbers[name], name)) if len(numbers) == len(names) else names


def _surprises(sheet: _Sheet, students: Sequence[str], totals: Numbers, questions: int) -> Iterator[str]:
    """Compare sums with those that the platform gives."""
    said = np.array([sheet.totals.get(student, math.nan) for student in students])
    other = np.array(students)[np.abs(said - totals) > _ROUNDED * questions]
    if len(other):
        yield (
            f"Students whose points don't add up to the platform's total: {len(other)}, such as {other[0]}. Weights of "
            "questions, points by hand or corrections of the total may be the reason."
        )


def _add(main: _Sheet, other: _Sheet) -> None:
    """Add responses, languages and variants from a second file."""
    for key, cell in other.cells.items():
        if key in main.cells:
            main.cells[key].response = cell.response
    main.languages |= other.languages
    main.variants |= other.variants
    known = {student for student, _ in main.cells}
    named = {student for student, _ in other.cells} | set(other.languages) | set(other.variants)
    if strangers := sorted(named - known):
        main.remarks.append(f"{other.source} names students without points: {', '.join(strangers)}.")
    if missing := sorted(known - named):
        main.remarks.append(f"{other.source} says nothing of {', '.join(missing)}.")


def _sheet(path: Path) -> _Sheet:
    """Read one file by what it looks like."""
    text = _text(path)
    if text.lstrip().startswith("{"):
        return _inspera(path, text)
    table = _table(path, text)
    heads = {head.casefold() for head in table.header}
    if "candidateexternalid" in heads:
        return _inspera_marks(table)
    if {"student", "question", "points"} <= heads:
        return _plain(table)
    if "student" in heads and heads & {"language", "variant"}:
        return _groups(table)
    if any(_GRADE.fullmatch(head) for head in table.header):
        return _moodle(table)
    raise MisuseError(f"{path}: these are no results that can be read. Wanted: {_KINDS}.")


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MisuseError(f"{path} can't be read: {error.strerror}.") from error
    if content.startswith(b"PK"):
        raise MisuseError(f"{path} is a workbook or an archive: save or download it as CSV.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _table(path: Path, text: str) -> _Table:
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append((line, [cell.strip() for cell in row]))
            line = reader.line_num + 1
    except csv.Error as error:
        raise MisuseError(f"{path}:{line}: this is not CSV: {error}.") from error
    if not rows:
        raise MisuseError(f"{path} is empty. Wanted: {_KINDS}.")
    (_, header), *others = rows
    for line, row in others:
        if len(row) != len(header):
            raise MisuseError(f"{path}:{line}: {len(row)} cells in this row, {len(header)} in the header.")
    return _Table(path, header, others)


def _plain(table: _Table) -> _Sheet:
    for head in table.header:
        if head.casefold() not in _PLAIN:
            raise MisuseError(f"{table.path}:1: there is no column '{head}'.{nearest(head, _PLAIN)}")
    at = {name: place for name in _PLAIN for place in table.places(name)}
    if "max" not in at:
        raise MisuseError(f"{table.path}:1: the column 'max' is missing: what each question can give.")
    sheet = _Sheet(table.path.name)
    lines: dict[tuple[str, str], int] = {}
    for line, row in table.rows:
        student, question = row[at["student"]], row[at["question"]]
        for name, said in (("student", student), ("question", question)):
            if not said:
                raise table.fault(line, at[name], "it is empty.")
        if (student, question) in lines:
            first = lines[student, question]
            raise table.fault(line, at["question"], f"'{student}' has question '{question}' in line {first} already.")
        lines[student, question] = line
        sheet.cells[student, question] = _plain_cell(table, line, row, at)
        maximum = table.number(line, row, at["max"])
        if not maximum >= 0:
            raise table.fault(line, at["max"], "it must be a number, what the question can give.")
        if sheet.cells[student, question].points > maximum:
            raise table.fault(line, at["points"], f"{row[at['points']]} points of {row[at['max']]}.")
        _once(table, line, at["max"], sheet.maxima, question, maximum)
        if "options" in at and row[at["options"]]:
            _once(table, line, at["options"], sheet.options, question, _ticks(row[at["options"]]))
        for name, said_of in (("language", sheet.languages), ("variant", sheet.variants)):
            if name in at:
                _once(table, line, at[name], said_of, student, row[at[name]])
    return sheet


def _plain_cell(table: _Table, line: int, row: Sequence[str], at: Mapping[str, int]) -> _Cell:
    seconds = table.number(line, row, at["seconds"]) if "seconds" in at else math.nan
    response = _ticks(row[at["response"]]) if "response" in at else None
    return _Cell(table.number(line, row, at["points"]), response, seconds)


def _ticks(said: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in said.split("|") if part.strip())


def _once(table: _Table, line: int, place: int, known: dict[str, Any], name: str, value: Any) -> None:
    """Note what must be the same in every row of a student or a question."""
    if known.setdefault(name, value) != value:
        raise table.fault(line, place, f"'{name}' had {known[name]} before and has {value} here.")


def _groups(table: _Table) -> _Sheet:
    sheet = _Sheet(table.path.name, "groups")
    (student,) = table.places("student")[:1]
    for line, row in table.rows:
        for place in table.places("language"):
            _once(table, line, place, sheet.languages, row[student], row[place])
        for place in table.places("variant"):
            _once(table, line, place, sheet.variants, row[student], row[place])
    return sheet


def _moodle(table: _Table) -> _Sheet:
    grade = next(place for place, head in enumerate(table.header) if _GRADE.fullmatch(head))
    # an average has a label, and nothing else before the grade
    rows = [(line, row) for line, row in table.rows if any(row[1:grade])]
    finished = [(line, row) for line, row in rows if row[grade] not in _NOTHING]
    names = _moodle_names(table, finished, grade)
    attempts = {name: row for name, (_, row) in zip(names, finished, strict=True)}
    later = {place: head for place, head in enumerate(table.header) if place > grade}
    marks = {place: match for place, head in later.items() if (match := _MARK.fullmatch(head))}
    if not marks:
        return _moodle_responses(table, attempts, later)
    sheet = _moodle_points(table, attempts, marks)
    for name, row in attempts.items():
        sheet.totals[name] = _points(row[grade])
    if unfinished := len(rows) - len(finished):
        sheet.remarks.append(f"Left out, as they have no finished attempt: {unfinished}.")
    if any(name.startswith("line ") for name in names):
        sheet.remarks.append(
            "The file has neither ID numbers nor email addresses, so students are called by their lines."
        )
    return sheet


def _moodle_points(table: _Table, attempts: Mapping[str, Sequence[str]], marks: Mapping[int, re.Match[str]]) -> _Sheet:
    sheet = _Sheet(f"Moodle, {table.path.name}")
    names = [match["name"] for match in marks.values()]
    questions = [found[0] if (found := re.search(r"\d+\w*", name)) else name for name in names]
    if len(set(questions)) < len(questions):
        questions = [str(place) for place in range(1, len(questions) + 1)]
    for (place, match), question in zip(marks.items(), questions, strict=True):
        sheet.maxima[question] = _points(match["max"])
        for name, row in attempts.items():
            sheet.cells[name, question] = _Cell(_points(row[place]))
    if waiting := sum(math.isnan(cell.points) for cell in sheet.cells.values()):
        sheet.remarks.append(_waiting(waiting))
    return sheet


def _points(said: str) -> float:
    """Return points; none where nothing was answered, NaN where a word says that a grader has not come to it yet."""
    value = 0.0 if said in _NOTHING else number(said)
    return math.nan if value is None else value


def _moodle_names(table: _Table, rows: Sequence[tuple[int, Sequence[str]]], grade: int) -> list[str]:
    """Return an id for each row: what the site shows of users, else the line."""
    addresses = [place for place in range(grade) if all("@" in row[place] for _, row in rows)]
    for place in (*table.places(*_KNOWN_BY), *addresses):
        if not rows or not all(row[place] for _, row in rows):
            continue
        found: dict[str, int] = {}
        for line, row in rows:
            if (first := found.setdefault(row[place], line)) != line:
                raise table.fault(
                    line,
                    place,
                    f"'{row[place]}' stands in line {first} already. Download one attempt a student: in the settings "
                    "of the report, show at most one finished attempt per user.",
                )
        return list(found)
    return [f"line {line}" for line, _ in rows]


def _moodle_responses(table: _Table, attempts: Mapping[str, Sequence[str]], later: Mapping[int, str]) -> _Sheet:
    columns: dict[str, list[int]] = {}
    for place, head in later.items():
        if match := _NUMBERED.fullmatch(head):
            columns.setdefault(match["number"], []).append(place)
    if not columns:
        raise MisuseError(
            f"{table.path}:1: no column has the points or the response of a question: in the settings of Moodle's "
            "report 'Grades', show marks for each question."
        )
    sheet = _Sheet(f"Moodle, {table.path.name}", "responses")
    for question, places in columns.items():
        responses = [place for place in places if later[place].casefold().startswith("response")]
        if len(places) > 1 and not responses:
            raise MisuseError(
                f"{table.path}:1: which of '{later[places[0]]}' and '{later[places[1]]}' is what was answered? Show "
                "nothing but the response in the settings of the report, or set Moodle's language to English."
            )
        place = (responses or places)[0]
        for name, row in attempts.items():
            sheet.cells[name, question] = _Cell(response=() if row[place] in _NOTHING else (row[place],))
    return sheet


def _inspera_marks(table: _Table) -> _Sheet:
    (candidate,) = table.places("CandidateExternalId")[:1]
    known_by = table.places("QuestionId", "QuestionTitle", "QuestionNo")[:1]
    by_hand, by_machine = table.places("ManuallyGradedScore"), table.places("AutoGradedScore")
    if not known_by or not (by_hand or by_machine):
        raise MisuseError(
            f"{table.path}:1: this looks like Inspera's marks, but has no column QuestionId, or neither "
            "AutoGradedScore nor ManuallyGradedScore."
        )
    marks: dict[tuple[str, str], _Marks] = {}
    for line, row in table.rows:
        mark = marks.setdefault((row[candidate], row[known_by[0]]), _Marks())
        mark.number = next((row[place] for place in table.places("QuestionNo")), "")
        mark.title = next((row[place] for place in table.places("QuestionTitle")), "")
        mark.by_hand += _present(table.number(line, row, place) for place in by_hand)
        mark.by_machine += _present(table.number(line, row, place) for place in by_machine)
    sheet = _inspera_sheet(table.path, marks)
    for (_, question), cell in sheet.cells.items():
        sheet.maxima[question] = float(np.nanmax([sheet.maxima.get(question, 0.0), cell.points]))
    sheet.remarks.append(
        "This file does not say what a question can give, so the most that anybody got was taken for it. Difficulty is "
        "wrong where nobody has all points; Inspera's results as JSON say it."
    )
    return sheet


@dataclass
class _Marks:
    """What Inspera says of one candidate at one question."""

    number: str = ""
    title: str = ""
    by_hand: list[float] = field(default_factory=list)
    by_machine: list[float] = field(default_factory=list)
    maximum: float = math.nan
    response: Response = None
    seconds: float = math.nan

    @property
    def points(self) -> float:
        """The points: those by hand go before those by the machine, and graders count alike."""
        given = self.by_hand or self.by_machine
        return sum(given) / len(given) if given else math.nan


def _present(values: Iterable[float]) -> list[float]:
    return [value for value in values if not math.isnan(value)]


def _inspera_sheet(path: Path, marks: Mapping[tuple[str, str], _Marks]) -> _Sheet:
    names = _inspera_names(marks)
    sheet = _Sheet(f"Inspera, {path.name}")
    for (candidate, question), mark in marks.items():
        name = names[question]
        sheet.cells[candidate, name] = _Cell(mark.points, mark.response, mark.seconds)
        sheet.titles[name] = mark.title
        if not math.isnan(mark.maximum):
            sheet.maxima[name] = mark.maximum
    if waiting := sum(math.isnan(mark.points) for mark in marks.values()):
        sheet.remarks.append(_waiting(waiting))
    if differing := sum(len(set(mark.by_hand)) > 1 for mark in marks.values()):
        sheet.remarks.append(f"Answers to which graders gave different points: {differing}. The mean counts here.")
    return sheet


def _inspera_names(marks: Mapping[tuple[str, str], _Marks]) -> dict[str, str]:
    """Name questions by their numbers, by titles where numbers differ between candidates, or else by ids."""
    for attribute in ("number", "title"):
        found: dict[str, set[str]] = {}
        for (_, question), mark in marks.items():
            found.setdefault(question, set()).add(getattr(mark, attribute))
        names = {question: next(iter(said)) for question, said in found.items() if len(said) == 1}
        if len(set(names.values()) - {""}) == len(found):
            return names
    return {question: question for _, question in marks}


def _inspera(path: Path, text: str) -> _Sheet:
    try:
        said = json.loads(text)
    except json.JSONDecodeError as error:
        raise MisuseError(f"{path}:{error.lineno}: column {error.colno}: this is not JSON: {error.msg}.") from error
    marks: dict[tuple[str, str], _Marks] = {}
    totals: dict[str, float] = {}
    absent = 0
    for place, entry in enumerate(_field(path, said, "candidates", list, "the file"), 1):
        where = f"candidate {place}"
        result = entry.get("result") if isinstance(entry, dict) else None
        if isinstance(result, dict) and result.get("ext_inspera_attendance") is False:
            absent += 1
            continue
        candidate = str(_field(path, result, "candidateId", (str, int), where))
        if candidate in totals:
            raise MisuseError(f"{path}: {where}: '{candidate}' occurs twice.")
        totals[candidate] = _number(path, result, "totalScore", where)
        for at, question in enumerate(_field(path, result, "questions", list, where), 1):
            here = f"{where}, question {at}"
            name = str(_field(path, question, "questionId", (str, int), here))
            marks[candidate, name] = _mark(path, question, here)
    sheet = _inspera_sheet(path, marks)
    sheet.totals = totals
    if absent:
        sheet.remarks.append(f"Left out, as they did not attend: {absent}.")
    return sheet


def _mark(path: Path, question: Mapping[str, Any], where: str) -> _Marks:
    graders = question.get("ext_inspera_manualScores") or []
    return _Marks(
        number=str(question.get("ext_inspera_questionNumber") or ""),
        title=str(question.get("ext_inspera_questionTitle") or ""),
        by_hand=_present(_number(path, grader, "manualScore", where) for grader in graders),
        by_machine=_present([_number(path, question, "autoScore", where)]),
        maximum=float(_field(path, question, "maxQuestionScore", (int, float), where)),
        response=_inspera_response(question),
        seconds=_number(path, question, "durationSeconds", where),
    )


def _inspera_response(question: Mapping[str, Any]) -> Response:
    given = question.get("ext_inspera_candidateResponses")
    if not isinstance(given, list):
        return None
    chosen = []
    for one in given:
        alternative = one.get("ext_inspera_interactionAlternative")
        text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", str(one.get("ext_inspera_response") or ""))).split())
        # the text of an option is lost where it is a formula or an image
        chosen.append(text or (f"option {alternative}" if alternative not in (None, "") else ""))
    return tuple(one for one in chosen if one)


def _field(path: Path, holder: Any, name: str, kind: type | tuple[type, ...], where: str) -> Any:
    value = holder.get(f"ext_inspera_{name}") if isinstance(holder, dict) else None
    if not isinstance(value, kind):
        raise MisuseError(f"{path}: {where}: 'ext_inspera_{name}' is missing or not what it should be.")
    return value


def _number(path: Path, holder: Any, name: str, where: str) -> float:
    """Return a number that may be missing, NaN then."""
    if not isinstance(holder, dict) or holder.get(f"ext_inspera_{name}") is None:
        return math.nan
    return float(_field(path, holder, name, (int, float), where))


__all__ = ["Numbers", "Response", "Results", "of_lab", "read"]
