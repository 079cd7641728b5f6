"""The page that tells a student what she got points for, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from nbformat import NotebookNode

from autograder import lab, quarantine, verdict
from autograder.verdict import Verdict

#: Most outputs of one cell that are shown.
OUTPUTS = 50

_TELLING = 12  # a line of a hidden test that is shorter, without its spaces, tells nothing
_WITHHELD = "This text is left out, because it repeats a hidden check."


@dataclass(frozen=True)
class Grade:
    """What the gradebook holds on one graded cell.

    Parameters
    ----------
    points, max_points : float
        Points so far, and what the cell can give.
    waits : bool
        Whether it waits to be graded by hand.
    """

    points: float
    max_points: float
    waits: bool = False


@dataclass(frozen=True)
class Marks:
    """What the gradebook holds on one student's notebook.

    Parameters
    ----------
    title : str
        The title of the notebook.
    student : str
        The student's id.
    grades : mapping
        The graded cells by their nbgrader id: ``NAME-tests`` of an exercise, ``NAME`` of an essay.
    comments : mapping
        Comments by the id of the cell that the student wrote: ``NAME``.
    penalty : float
        Points taken off because it came late.
    """

    title: str
    student: str
    grades: Mapping[str, Grade]
    comments: Mapping[str, str]
    penalty: float = 0.0

    @property
    def points(self) -> float:
        """Points so far, the penalty taken off."""
        return max(0.0, sum(grade.points for grade in self.grades.values()) - self.penalty)

    @property
    def max_points(self) -> float:
        """What the notebook can give."""
        return sum(grade.max_points for grade in self.grades.values())

    @property
    def waiting(self) -> int:
        """How many cells wait to be graded by hand."""
        return sum(grade.waits for grade in self.grades.values())


@dataclass(frozen=True)
class Exercise:
    """One exercise on the page; `place` is the number of the student's cell, or 0 if it is gone."""

    name: str
    heading: str
    grade: Grade
    comment: str
    place: int
    verdict: Verdict

    @property
    def id(self) -> str:
        """Its anchor."""
        return f"exercise-{self.name}"

    @property
    def passed(self) -> bool:
        """Whether all its checks held."""
        held = all(part.passed for part in self.verdict.parts)
        return held and not self.verdict.failure and self.verdict.score > 0


@dataclass(frozen=True)
class Essay:
    """One essay on the page; `place` is the number of the student's cell, or 0 if it is gone."""

    name: str
    heading: str
    grade: Grade
    comment: str
    place: int
    question: Markup
    answer: Markup

    @property
    def id(self) -> str:
        """Its anchor."""
        return f"essay-{self.name}"


@dataclass(frozen=True)
class Shown:
    """One cell of the student's notebook on the page; `tests` names the exercise of a cell of tests."""

    place: int
    body: Markup
    outputs: tuple[Markup, ...] = ()
    tests: str = ""


def page(notebook: NotebookNode, marks: Marks) -> str:
    """Return the page.

    Parameters
    ----------
    notebook : NotebookNode
        The graded notebook, as it ran, with a verdict in each cell of tests.
    marks : Marks
        What the gradebook holds on it.

    Returns
    -------
    str
        HTML that needs nothing from elsewhere. Of hidden tests it tells the topics only.
    """
    hidden = _hidden_lines(notebook)
    template = files("autograder").joinpath("feedback.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["points"] = lambda value: f"{round(value, 2):g}"
    environment.filters["message"] = lambda text: quarantine.preformatted(_withhold(text, hidden))
    html = environment.from_string(template).render(
        marks=marks,
        notes=[quarantine.plain(str(note)) for note in notebook.metadata.get("notes", [])],
        sections=_sections(notebook, marks),
        cells=list(_cells(notebook, hidden)),
    )
    # Half a character, which a notebook can hold, can't be written to a file
    return html.encode("utf-8", "replace").decode("utf-8")


def _sections(notebook: NotebookNode, marks: Marks) -> list[Exercise | Essay]:
    """Return the exercises and essays in the order of the notebook; those that are gone from it come last."""
    places = {_id(cell): place for place, cell in enumerate(notebook.cells, 1) if _id(cell)}
    cells = {_id(cell): cell for cell in notebook.cells}
    sections: list[Exercise | Essay] = []
    exercises = 0
    for key in sorted(marks.grades, key=lambda key: places.get(key, len(notebook.cells) + 1)):
        name = key.removesuffix("-tests")
        grade, comment, place = marks.grades[key], quarantine.plain(marks.comments.get(name, "")), places.get(name, 0)
        if name == key:
            question, answer = (_body(cells.get(id_), quarantine.Markdown(4)) for id_ in (f"{name}-question", name))
            sections.append(Essay(name, f"Essay: {name}", grade, comment, place, question, answer))
        else:
            exercises += 1
            said = verdict.of(cells[key]) if key in cells else Verdict()
            sections.append(Exercise(name, f"Exercise {exercises}: {name}", grade, comment, place, said))
    return sections


def _cells(notebook: NotebookNode, hidden: frozenset[str]) -> Iterator[Shown]:
    markdown = quarantine.Markdown(2)
    for place, cell in enumerate(notebook.cells, 1):
        if verdict.is_tests(cell):
            yield Shown(place, Markup(), tests=_id(cell).removesuffix("-tests"))
        else:
            yield Shown(place, _body(cell, markdown), tuple(_outputs(cell, place, hidden)))


def _body(cell: NotebookNode | None, markdown: quarantine.Markdown) -> Markup:
    """Return what a cell says, without its outputs."""
    if cell is None:
        return Markup("<p>This cell is missing from your notebook.</p>")
    if cell.cell_type == "markdown":
        return markdown.html(cell.source, cell.get("attachments"))
    return quarantine.preformatted(cell.source)


def _outputs(cell: NotebookNode, place: int, hidden: frozenset[str]) -> Iterator[Markup]:
    outputs = cell.get("outputs", [])
    for number, output in enumerate(outputs[:OUTPUTS], 1):
        source = f"your cell {place}" if len(outputs) == 1 else f"your cell {place} ({number} of {len(outputs)})"
        if any(_withhold(text, hidden) is not text for text in _texts(output)):
            yield Markup("<p>{}</p>").format(_WITHHELD)
        else:
            yield quarantine.output(output, source)
    if len(outputs) > OUTPUTS:
        yield Markup("<p>The rest is left out: this shows {} of {} outputs.</p>").format(OUTPUTS, len(outputs))


def _hidden_lines(notebook: NotebookNode) -> frozenset[str]:
    """Return the telling lines of the hidden tests, without spaces."""
    sources = (lab.only("HIDDEN TESTS", cell.source) for cell in notebook.cells if verdict.is_tests(cell))
    lines = ("".join(line.split()) for source in sources for line in source.split("\n"))
    return frozenset(line for line in lines if len(line) >= _TELLING)


def _withhold(text: str, hidden: frozenset[str]) -> str:
    """Return a text that the student's code has made, or a sentence in its place if a hidden test stands in it."""
    squeezed = "".join(quarantine.plain(text).split())
    return _WITHHELD if any(line in squeezed for line in hidden) else text


def _texts(value: object) -> Iterator[str]:
    """Yield every text in an output."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _id(cell: NotebookNode) -> str:
    return str(_nbgrader(cell).get("grade_id", ""))


def _nbgrader(cell: NotebookNode) -> Mapping[str, Any]:
    said = cell.metadata.get("nbgrader")
    return said if isinstance(said, Mapping) else {}
