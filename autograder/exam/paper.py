"""The exam on paper: a PDF for each shuffled version, and a key to all of them.

Pages are set by Typst (the package ``typst``), which carries its own fonts and needs nothing else. Markdown goes there
by way of the tokens that the other outlets use, and formulas by way of the MathML that they use, so what can be read
on the page can be read on paper. Texts are handed over as string literals: no character of them means anything to
Typst.
"""

from __future__ import annotations

import datetime
import hashlib
import random
import string
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import typst
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.dollarmath import dollarmath_plugin

from autograder.errors import CourseError, MisuseError
from autograder.exam.formula import FormulaError, formula, quoted
from autograder.exam.item import Blank, Item, Language
from autograder.exam.question import FIELD, spelled

#: The names of versions, in order.
LETTERS = string.ascii_uppercase

#: What is done with a blank in a stem: from its id to Typst markup.
Fill = Callable[[str], str]

#: How pages look, and what questions, options and answers are made of.
_STYLE = Path(__file__).with_name("paper.typ")
#: Of an essay, two for each point.
_FEWEST_LINES, _MOST_LINES = 6, 24


@dataclass(frozen=True)
class Cover:
    """What stands on the first page besides the title.

    Parameters
    ----------
    date : date or None
        Of the exam; None leaves room to write it.
    minutes : int
        How long it lasts.
    aids : str
        What may be used.
    needed : float
        The pass mark, in points.
    candidate : str
        Whose it is, if it is made for one student; else there is room to write the number.
    """

    date: datetime.date | None
    minutes: int
    aids: str
    needed: float
    candidate: str = ""


def versions(items: Sequence[Item], count: int, seed: int) -> list[list[Item]]:
    """Return versions of an exam: the same questions in different orders, with their options in different orders.

    Essays stay at the end.

    Parameters
    ----------
    items : sequence of Item
        The questions.
    count : int
        How many versions; they are called A, B, C …
    seed : int
        Equal seeds give equal versions.

    Raises
    ------
    MisuseError
        If there are more versions than letters, or none.
    """
    if not 1 <= count <= len(LETTERS):
        raise MisuseError(f"An exam has 1 to {len(LETTERS)} versions, not {count}.")
    return [_shuffled(items, random.Random(f"{seed}/{letter}")) for letter in LETTERS[:count]]  # noqa: S311  # an order


def paper(items: Sequence[Item], target: Path, *, title: str, version: str, cover: Cover) -> Path:
    """Write an exam as a PDF.

    Parameters
    ----------
    items : sequence of Item
        The questions of one version, in its order; all in one language, which is that of the paper.
    target : Path
        The file to write.
    title : str
        Of the exam.
    version : str
        Its letter, which stands on every page, or nothing if there is only one. Orders and pairs are shown in an order
        that depends on it.
    cover : Cover
        What stands on the first page.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MisuseError
        If there are no questions, or if they are in more than one language.
    CourseError
        If a formula or an image can't be printed, or the file can't be written.
    """
    words = _Words(_language(items))
    sheet = _Sheet(words)
    parts = [sheet.cover(items, title, version, cover)]
    parts += [sheet.question(number, item, version) for number, item in enumerate(items, 1)]
    room = _plain(f" {cover.candidate}") if cover.candidate else " #dotted;"
    candidate = f"[{_plain(words('candidate'))}{room}]"
    header = _call("running", _text(title), _text(f"{words('version')} {version}" if version else ""), candidate)
    return sheet.write(target, title, header, parts)


def key(
    exams: Sequence[Sequence[Item]],
    target: Path,
    *,
    title: str,
    cover: Cover,
    misconceptions: Mapping[str, str],
) -> Path:
    """Write the key to all versions of an exam as a PDF: right answers, tolerances, rubrics, misconceptions.

    Parameters
    ----------
    exams : sequence of sequence of Item
        The versions, A first, as `versions` returns them; one if there is only one.
    target : Path
        The file to write.
    title : str
        Of the exam.
    cover : Cover
        As on the papers.
    misconceptions : dict of str
        What the misconceptions are, by id: `Bank.misconceptions`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MisuseError
        If there are no questions, or if they are in more than one language.
    CourseError
        If a formula or an image can't be printed, or the file can't be written.
    """
    words = _Words(_language([item for items in exams for item in items]))
    sheet = _Sheet(words)
    parts = [sheet.answers(exams, title, cover)]
    if len(exams) > 1:
        parts.append(sheet.numbers(exams))
    parts.append("#pagebreak(weak: true);" + _call("part", _text(words("details")), "[]"))
    parts += [sheet.solution(number, item, misconceptions) for number, item in enumerate(exams[0], 1)]
    header = _call("running", _text(title), _text(words("key")), _text(words("confidential")))
    return sheet.write(target, f"{title}: {words('key')}", header, parts)


def _shuffled(items: Sequence[Item], generator: random.Random) -> list[Item]:
    order = list(items)
    generator.shuffle(order)
    order.sort(key=lambda item: item.kind == "essay")
    return [item.shuffled(generator.randrange(2**32)) for item in order]


def _language(items: Sequence[Item]) -> Language:
    languages = sorted({item.language for item in items})
    if not languages:
        raise MisuseError("An exam needs questions.")
    if len(languages) > 1:
        raise MisuseError(f"A paper is in one language; these questions are in {' and '.join(languages)}.")
    return languages[0]


_MONTHS: dict[Language, str] = {
    "en": "January February March April May June July August September October November December",
    "no": "januar februar mars april mai juni juli august september oktober november desember",
}
_SAID: dict[str, dict[Language, str]] = {
    "aids": {"en": "Aids allowed", "no": "Tillatte hjelpemidler"},
    "answer": {"en": "Answer:", "no": "Svar:"},
    "answers": {"en": "Right answers, by version", "no": "Riktige svar, etter versjon"},
    "candidate": {"en": "Candidate number", "no": "Kandidatnummer"},
    "check": {
        "en": "Check that your paper has all its pages, and write your candidate number on each of them.",
        "no": "Kontroller at oppgavesettet har alle sidene, og skriv kandidatnummeret ditt på hver av dem.",
    },
    "confidential": {"en": "Not for students", "no": "Ikke for studenter"},
    "cross": {"en": "Mark the place on the image with one cross.", "no": "Merk stedet på bildet med ett kryss."},
    "date": {"en": "Date", "no": "Dato"},
    "details": {"en": "Question by question, as in version A", "no": "Oppgave for oppgave, som i versjon A"},
    "duration": {"en": "Duration", "no": "Varighet"},
    "exam": {"en": "Written exam", "no": "Skriftlig eksamen"},
    "hour": {"en": "hour", "no": "time"},
    "hours": {"en": "hours", "no": "timer"},
    "key": {"en": "Answer key", "no": "Fasit"},
    "middle": {"en": "A middling answer", "no": "Et middels svar"},
    "minutes": {"en": "minutes", "no": "minutter"},
    "numbers": {"en": "The same question in each version", "no": "Den samme oppgaven i hver versjon"},
    "of": {"en": "of", "no": "av"},
    "order": {"en": "The letters, in the right order:", "no": "Bokstavene i riktig rekkefølge:"},
    "page": {"en": "Page", "no": "Side"},
    "pairs": {
        "en": "Write in each box the letter of what belongs there.",
        "no": "Skriv i hver rute bokstaven til det som hører til.",
    },
    "pass": {"en": "To pass", "no": "For å bestå"},
    "point": {"en": "point", "no": "poeng"},
    "points": {"en": "points", "no": "poeng"},
    "question": {"en": "Question", "no": "Oppgave"},
    "questions": {"en": "Questions", "no": "Oppgaver"},
    "rubric": {"en": "Rubric", "no": "Vurderingskriterier"},
    "scoring": {"en": "How points are given", "no": "Slik gis poengene"},
    "see": {"en": "see", "no": "se"},
    "several": {"en": "Tick all that are right.", "no": "Kryss av for alle som er riktige."},
    "strong": {"en": "A strong answer", "no": "Et sterkt svar"},
    "sum": {"en": "Points", "no": "Poeng"},
    "version": {"en": "Version", "no": "Versjon"},
    "weak": {"en": "A weak answer", "no": "Et svakt svar"},
}
#: How the kinds of question are scored, in words: what `autograder.exam.score` computes.
_SCORING: dict[str, dict[Language, str]] = {
    "single": {
        "en": "Where one option is to be ticked, the right one earns all points; a wrong one, or more than one, earns "
        "none.",
        "no": "Der ett alternativ skal krysses av, gir det riktige alle poengene; et galt, eller flere enn ett, gir "
        "ingen.",
    },
    "multiple": {
        "en": "Where several options may be right, each right one that is ticked earns its share of the points, and "
        "each wrong one takes its share away; a question never earns less than nothing.",
        "no": "Der flere alternativer kan være riktige, gir hvert riktig kryss sin del av poengene, og hvert galt "
        "kryss trekker fra sin del; en oppgave gir aldri mindre enn null.",
    },
    "numeric": {
        "en": "A number is right if it is near enough to the exact one. Decimal point and comma are equally good.",
        "no": "Et tall er riktig hvis det ligger nær nok det eksakte. Desimalkomma og punktum er like bra.",
    },
    "matrix": {
        "en": "Where several numbers are asked for, each earns its share of the points.",
        "no": "Der det spørres etter flere tall, gir hvert av dem sin del av poengene.",
    },
    "ordering": {
        "en": "An order earns points only if all of it is right.",
        "no": "En rekkefølge gir poeng bare hvis hele er riktig.",
    },
    "matching": {
        "en": "Where things are to be paired, each right pair earns its share of the points.",
        "no": "Der noe skal settes sammen, gir hvert riktig par sin del av poengene.",
    },
    "hotspot": {
        "en": "A cross on an image is right if it lies within the place that is asked for; make only one.",
        "no": "Et kryss på et bilde er riktig hvis det ligger innenfor stedet det spørres etter; sett bare ett.",
    },
    "short": {
        "en": "A short answer is right by its words; capital letters do not matter.",
        "no": "Et kort svar vurderes etter ordene; store og små bokstaver spiller ingen rolle.",
    },
    "essay": {
        "en": "Longer answers are read by examiners, who give points for what their rubric lists.",
        "no": "Lengre svar leses av sensorer, som gir poeng for det som står i vurderingskriteriene.",
    },
}


@dataclass(frozen=True)
class _Words:
    """What the paper says in one language."""

    language: Language

    def __call__(self, name: str) -> str:
        return _SAID[name][self.language]

    def number(self, value: float, form: str = "g") -> str:
        return spelled(float(value), form, self.language)

    def points(self, points: float) -> str:
        return f"{self.number(points)} {self('point' if points == 1 else 'points')}"

    def date(self, date: datetime.date) -> str:
        dot = "." if self.language == "no" else ""
        return f"{date.day}{dot} {_MONTHS[self.language].split()[date.month - 1]} {date.year}"

    def duration(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        said = [f"{hours} {self('hour' if hours == 1 else 'hours')}"] if hours else []
        return " ".join(said + ([f"{rest} {self('minutes')}"] if rest else []))

    def blank(self, blank: Blank) -> str:
        shown = self.number(blank.value, f".{blank.decimals}f") + (f" {blank.unit}" if blank.unit else "")
        return f"{shown} ± {self.number(blank.tolerance)}" if blank.tolerance else shown


def _text(text: str) -> str:
    """Return a text as a piece of content in which nothing has a meaning to Typst."""
    return f"[{_plain(text)}]"


def _plain(text: str) -> str:
    """Return the same as part of a longer content."""
    return f"#{quoted(text)};"


def _call(function: str, *arguments: str) -> str:
    """Return a call as part of a content."""
    return f"#{_code(function, *arguments)};"


def _code(function: str, *arguments: str) -> str:
    """Return a call as an argument of another."""
    return f"{function}({', '.join(arguments)})"


def _array(parts: Iterable[str]) -> str:
    return "(" + "".join(f"{part}, " for part in parts) + ")"


def _paragraphs(*parts: str) -> str:
    return "#parbreak();".join(filter(None, parts))


@dataclass(frozen=True)
class _Picture:
    """An image, and in which question it is."""

    data: bytes
    owner: str


class _Sheet:
    """Composes the parts of a document, and remembers the images in them."""

    def __init__(self, words: _Words) -> None:
        self.words = words
        self.pictures: dict[str, _Picture] = {}

    def cover(self, items: Sequence[Item], title: str, version: str, cover: Cover) -> str:
        """Compose the first page."""
        words = self.words
        kinds = {item.kind for item in items}
        rules = [_text(said[words.language]) for kind, said in _SCORING.items() if kind in kinds]
        letter = _text(version) if version else "none"
        head = (_text(words("exam")), _text(title), _text(words("version")), letter)
        number = _text(cover.candidate) if cover.candidate else "none"
        below = (_text(words("candidate")), number, _text(words("scoring")), _array(rules), _text(words("check")))
        return _call("front", *head, self._facts(items, cover), *below)

    def question(self, number: int, item: Item, version: str) -> str:
        """Compose a question with room for the answer."""
        return self._numbered(number, item, item.title, self._stem(item) + self._room(item, version))

    def answers(self, exams: Sequence[Sequence[Item]], title: str, cover: Cover) -> str:
        """Compose the head of the key, and the table of right answers by number and version."""
        words = self.words
        letters = LETTERS[: len(exams)]
        numbers = {_identity(item): number for number, item in enumerate(exams[0], 1)}
        rows = []
        for number, row in enumerate(zip(*exams, strict=True), 1):
            rows.append(f"[*{number}*]")
            for letter, item in zip(letters, row, strict=True):
                found = self._answer(item, letter)
                rows.append(_text(found or f"{words('see')} A{numbers[_identity(item)]}"))
        heads = _code("heads", *map(_text, ("", *(f"{words('version')} {letter}" for letter in letters))))
        table = _code("table", f"columns: {1 + len(exams)}", heads, *rows)
        head = _call("headline", _text(words("key")), _text(title))
        return f"{head}#v(0.6cm);#{self._facts(exams[0], cover)};" + _call("part", _text(words("answers")), table)

    def numbers(self, exams: Sequence[Sequence[Item]]) -> str:
        """Compose the table that says which number a question has in which version."""
        places = [{_identity(item): number for number, item in enumerate(items, 1)} for items in exams]
        rows = []
        for item in exams[0]:
            rows.append(_text(item.title))
            rows += [f"[{numbers[_identity(item)]}]" for numbers in places]
        heads = _code("heads", *map(_text, (self.words("question"), *LETTERS[: len(exams)])))
        align = "align: (column, _) => if column == 0 { start } else { end }"
        table = _code("table", f"columns: {1 + len(exams)}", align, heads, *rows)
        return _call("part", _text(self.words("numbers")), table)

    def solution(self, number: int, item: Item, misconceptions: Mapping[str, str]) -> str:
        """Compose all that is known of the right answer to a question, and of the wrong ones."""
        body = _paragraphs(self._solved(item, misconceptions), self._markup(item.feedback, item))
        return self._numbered(number, item, f"{item.title} ({item.id})", body)

    def write(self, target: Path, title: str, header: str, parts: Sequence[str]) -> Path:
        """Set the document, and write it; without a date, so that equal exams give equal files."""
        words = self.words
        footer = _call("numbered", _text(words("page")), _text(words("of")))
        setting = (
            f"#set document(title: {quoted(title)}, date: none)",
            f'#set text(lang: "{"nb" if words.language == "no" else words.language}")',
            f"#set page(header: [{header}], footer: [{footer}])",
        )
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            for file, picture in self.pictures.items():
                (folder / file).write_bytes(picture.data)
            main = folder / "main.typ"
            main.write_text("\n".join((_STYLE.read_text("utf-8"), *setting, *parts)), "utf-8")
            try:
                pdf = typst.compile(main, ignore_system_fonts=True, format="pdf")
            except typst.TypstError as error:
                raise CourseError(f"{target.name} can't be set: {error.message}.{self._suspects(folder)}") from error
        try:
            target.write_bytes(pdf)
        except OSError as error:
            raise CourseError(f"{target} can't be written: {error.strerror}.") from error
        return target

    def _suspects(self, folder: Path) -> str:
        """Say which images can't be drawn."""
        found = []
        for file, picture in self.pictures.items():
            alone = folder / "alone.typ"
            alone.write_text(f"#image({quoted(file)})", "utf-8")
            try:
                typst.compile(alone, ignore_system_fonts=True, format="pdf")
            except typst.TypstError:
                found.append(picture.owner)
        return f" Look at {' and '.join(found)}." if found else ""

    def _facts(self, items: Sequence[Item], cover: Cover) -> str:
        words = self.words
        rows = (
            ("date", words.date(cover.date) if cover.date else ""),
            ("duration", words.duration(cover.minutes)),
            ("aids", cover.aids),
            ("questions", str(len(items))),
            ("sum", words.number(sum(item.points for item in items))),
            ("pass", words.points(cover.needed)),
        )
        return _code("facts", *(_array((_text(words(name)), _text(value))) for name, value in rows))

    def _numbered(self, number: int, item: Item, title: str, body: str) -> str:
        return _call("question", _text(str(number)), _text(title), _text(self.words.points(item.points)), f"[{body}]")

    def _stem(self, item: Item) -> str:
        units = {blank.id: blank.unit for blank in item.blanks}
        return self._markup(item.stem, item, lambda name: "#room(1.9cm);" + _plain(f" {units[name]}".rstrip()))

    def _room(self, item: Item, version: str) -> str:
        """Compose what the student fills in."""
        words = self.words
        match item.kind:
            case "single" | "multiple":
                asked = f"#emph{_text(words('several'))};" if item.kind == "multiple" else ""
                return asked + _call("options", *(self._content(option.text, item) for option in item.options))
            case "numeric":
                return _call("answer", _text(words("answer")), "3cm", _text(item.blanks[0].unit))
            case "short":
                return _call("answer", _text(words("answer")), "9cm", "[]")
            case "ordering":
                steps = [self._content(step, item) for step in _shown(item.order, item, version)]
                return _call("order", _text(words("order")), *steps)
            case "matching":
                given = _array(self._content(one, item) for one, _ in item.pairs)
                others = _array(self._content(other, item) for other in _shown(_others(item), item, version))
                return _call("pairs", _text(words("pairs")), given, others)
            case "hotspot":
                return f"{self._scan(item)}#emph{_text(words('cross'))};"
            case "essay":
                return _call("lines", str(min(_MOST_LINES, max(_FEWEST_LINES, round(2 * item.points)))))
            case _:
                return ""

    def _answer(self, item: Item, version: str) -> str:
        """Return the right answer on the paper of a version, if it can be said in a word."""
        match item.kind:
            case "single" | "multiple":
                return _letters(place for place, option in enumerate(item.options) if option.right)
            case "ordering":
                return _letters(map(_shown(item.order, item, version).index, item.order))
            case "matching":
                return _letters(_shown(_others(item), item, version).index(other) for _, other in item.pairs)
            case "numeric":
                return self.words.blank(item.blanks[0])
            case "short":
                return item.accepted[0]
            case _:
                return ""

    def _solved(self, item: Item, misconceptions: Mapping[str, str]) -> str:
        """Compose what is right, and what is wrong and why."""
        match item.kind:
            case "single" | "multiple":
                return self._verdicts(item, misconceptions)
            case "numeric":
                return self._slips(item, misconceptions)
            case "matrix":
                rights = {blank.id: _text(self.words.blank(blank)) for blank in item.blanks}
                return self._markup(item.stem, item, lambda name: f"#strong{rights[name]};")
            case "ordering":
                return _call("enum", *(self._content(step, item) for step in item.order))
            case "matching":
                return _call("table", "columns: 2", *(self._content(one, item) for pair in item.pairs for one in pair))
            case "hotspot":
                return self._scan(item, circled=True)
            case "short":
                return _call("list", *map(_text, item.accepted))
            case "essay":
                return self._rubric(item)

    def _verdicts(self, item: Item, misconceptions: Mapping[str, str]) -> str:
        return "".join(
            _call(
                "verdict",
                str(option.right).lower(),
                f"[{_letters([place])}]",
                self._content(option.text, item),
                self._why(option.misconception, option.feedback, item, misconceptions),
            )
            for place, option in enumerate(item.options)
        )

    def _slips(self, item: Item, misconceptions: Mapping[str, str]) -> str:
        (right,) = item.blanks
        rows = [_call("verdict", "true", "[]", _text(self.words.blank(right)), "[]")]
        for slip in item.slips:
            wrong = self.words.blank(replace(right, value=slip.value, tolerance=0.0))
            why = self._why(slip.misconception, slip.feedback, item, misconceptions)
            rows.append(_call("verdict", "false", "[]", _text(wrong), why))
        return "".join(rows)

    def _rubric(self, item: Item) -> str:
        words = self.words
        heads = _code("heads", _text(words("sum")), _text(words("rubric")))
        rows = [
            part for one in item.rubric for part in (_text(words.number(one.points)), self._content(one.text, item))
        ]
        table = _call("table", "columns: (auto, 1fr)", heads, *rows)
        samples = (
            _paragraphs(f"#strong{_text(words(level))};", self._markup(sample, item))
            for level, sample in item.samples.items()
        )
        return _paragraphs(table, *samples)

    def _why(self, misconception: str, feedback: str, item: Item, misconceptions: Mapping[str, str]) -> str:
        """Compose what stands behind an answer, and what is said to it."""
        belief = f"#emph{_text(misconceptions.get(misconception, misconception))};" if misconception else ""
        return f"[{_paragraphs(belief, self._markup(feedback, item))}]"

    def _scan(self, item: Item, *, circled: bool = False) -> str:
        spot = item.spot
        assert spot is not None  # noqa: S101
        circle = [f"({spot.x}, {spot.y}, {spot.radius})"] if circled else []
        path = self._kept(spot.picture, item)
        return _call("scan", path, quoted(item.title), str(spot.width), str(spot.height), *circle)

    def _kept(self, name: str, item: Item) -> str:
        """Keep an image for the document under the name of its content, and return that name."""
        if name not in item.pictures:
            raise CourseError(f"{item.id}: a paper can't show '{name}'; put the image beside the question.")
        data = item.pictures[name]
        file = hashlib.sha256(data).hexdigest()[:20] + Path(name).suffix.lower()
        self.pictures[file] = _Picture(data, f"'{name}' of {item.id}")
        return quoted(file)

    def _content(self, text: str, item: Item) -> str:
        return f"[{self._markup(text, item)}]"

    def _markup(self, text: str, item: Item, fill: Fill | None = None) -> str:
        """Return Markdown as Typst markup."""
        try:
            return self._node(SyntaxTreeNode(_parser().parse(text)), item, fill).removesuffix("#parbreak();")
        except FormulaError as error:
            raise CourseError(f"{item.id}: the formula ${error}$ can't be printed; write it more simply.") from error

    def _node(self, node: SyntaxTreeNode, item: Item, fill: Fill | None) -> str:
        match node.type:
            case "text":
                # Every second piece is the name of a blank
                pieces = FIELD.split(node.content) if fill else [node.content]
                return "".join(fill(one) if fill and place % 2 else _plain(one) for place, one in enumerate(pieces))
            case "softbreak":
                return _plain(" ")
            case "hardbreak":
                return "#linebreak();"
            case "code_inline":
                return _call("raw", quoted(node.content))
            case "fence" | "code_block":
                return _call("raw", "block: true", quoted(node.content.rstrip("\n")))
            case "math_inline":
                return f"${formula(node.content.strip())}$"
            case "math_block" | "math_inline_double":
                return f"$ {formula(node.content.strip())} $"
            case "image":
                return _call("picture", self._kept(str(node.attrs["src"]), item), quoted(node.content))
            case "hr":
                return "#line(length: 100%);"
            case "table":
                return self._table(node, item, fill)
        inner = [self._node(child, item, fill) for child in node.children]
        whole = "".join(inner)
        match node.type:
            case "root" | "inline" | "link" | "list_item" | "th" | "td":
                return whole
            case "paragraph":
                return whole if node.hidden else f"{whole}#parbreak();"
            case "em":
                return f"#emph[{whole}];"
            case "strong":
                return f"#strong[{whole}];"
            case "heading":
                return f"#strong[{whole}];#parbreak();"
            case "blockquote":
                return f"#quote(block: true)[{whole}];"
            case "bullet_list":
                return _call("list", *(f"[{one}]" for one in inner))
            case "ordered_list":
                return _call("enum", f"start: {node.attrs.get('start', 1)}", *(f"[{one}]" for one in inner))
            case other:
                raise CourseError(f"{item.id}: a paper can't show Markdown of the kind '{other}'.")

    def _table(self, node: SyntaxTreeNode, item: Item, fill: Fill | None) -> str:
        head, *rows = [row.children for part in node.children for row in part.children]
        sides = [str(cell.attrs.get("style", "text-align:left")).removeprefix("text-align:") for cell in head]
        settings = (f"columns: {len(head)}", f"align: {_array(f'{side} + horizon' for side in sides)}")
        heads = _code("heads", *(f"[{self._node(cell, item, fill)}]" for cell in head))
        return _call("table", *settings, heads, *(f"[{self._node(cell, item, fill)}]" for row in rows for cell in row))


def _identity(item: Item) -> tuple[str, int]:
    return item.id, item.seed


def _others(item: Item) -> list[str]:
    """Return what can be put beside something in a matching, each once."""
    return list(dict.fromkeys(other for _, other in item.pairs))


def _shown(texts: Sequence[str], item: Item, version: str) -> list[str]:
    """Return the order in which steps, or what is to be matched, stand on the paper: never the right one."""
    shown = list(texts)
    random.Random(f"{item.id}/{item.seed}/{version}").shuffle(shown)  # noqa: S311  # an order, not a secret
    return shown[1:] + shown[:1] if shown == list(texts) else shown


def _letters(places: Iterable[int]) -> str:
    return " ".join(LETTERS[place].lower() for place in places)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    dollarmath_plugin(parser, allow_space=False, double_inline=True)
    return parser
