"""The question bank: reading it from its folder, with every mistake of its authors named by file and line."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

import yaml

from autograder.course import Course
from autograder.errors import CourseError, MisuseError, nearest
from autograder.exam.item import KINDS, LANGUAGES, Criterion, Kind, Language
from autograder.exam.question import FIELD, Choice, Question, QuestionError, Target, Wording

_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_CHOICE = re.compile(r"^- \[([\w-]+)\] (.*)$")
_STEP = re.compile(r"^\d+\. (.*)$")
_PAIR = re.compile(r"^- (.*?) => (.*)$")
_ACCEPTED = re.compile(r"^= (.*)$")
_CRITERION = re.compile(r"^- (\d+(?:\.\d+)?) points?: (.*)$")
#: What an answer looks like in a file, by the type of the question.
_ANSWERS: dict[str, re.Pattern[str]] = {
    "single": _CHOICE,
    "multiple": _CHOICE,
    "numeric": _CHOICE,
    "ordering": _STEP,
    "matching": _PAIR,
    "short": _ACCEPTED,
}
_LANGUAGES: dict[str, Language] = {"English": "en", "Norsk": "no"}
_DIFFICULTIES = ("easy", "medium", "hard")
_LEVELS = ("strong", "middle", "weak")
_REQUIRED = {"type", "points", "topics", "objectives", "difficulty", "minutes"}
_ALLOWED = _REQUIRED | {"note", "answer", "blanks", "spot"}
_DEFAULTS: dict[str, Any] = {"tolerance": 0.0, "decimals": 0, "unit": ""}


@dataclass(frozen=True)
class Bank:
    """Questions, by folder.

    Parameters
    ----------
    folders : tuple of Path
        Where they lie: the public bank in the course, and a secret one if there is one.
    topics : dict of str
        The topics that a question may name, with their titles.
    misconceptions : dict of str
        Those that a wrong answer may stand for, with what they are.
    objectives : dict of str
        The objectives of the course.
    """

    folders: tuple[Path, ...]
    topics: dict[str, str]
    misconceptions: dict[str, str]
    objectives: dict[str, str]

    @classmethod
    def public(cls, course: Course) -> Bank:
        """Return the bank that everybody may see: ``exam/bank``. What is made for the site is made from this one."""
        return cls._of(course, (course.root / "exam" / "bank",))

    @classmethod
    def full(cls, course: Course) -> Bank:
        """Return the public bank with the secret one, the folder that ``COURSE_EXAM_BANK`` names.

        Raises
        ------
        MisuseError
            If the secret folder does not exist, or lies inside the repository.
        """
        named = os.environ.get("COURSE_EXAM_BANK")
        if not named:
            return cls.public(course)
        secret = Path(named).expanduser().resolve()
        if not secret.is_dir():
            raise MisuseError(f"COURSE_EXAM_BANK: there is no folder {named}.")
        if secret.is_relative_to(course.root.resolve()):
            raise MisuseError(f"COURSE_EXAM_BANK: {named} lies inside the course; keep exam questions outside of it.")
        return cls._of(course, (course.root / "exam" / "bank", secret))

    @classmethod
    def _of(cls, course: Course, folders: tuple[Path, ...]) -> Bank:
        lists = []
        for name in ("topics", "misconceptions"):
            path = course.root / "exam" / f"{name}.yml"
            entries = yaml.safe_load(path.read_text("utf-8")) if path.is_file() else {}
            if not isinstance(entries, dict):
                raise CourseError(f"exam/{name}.yml: expected 'id: text' entries.")
            lists.append({str(key): str(value) for key, value in entries.items()})
        topics, misconceptions = lists
        return cls(folders, topics, misconceptions, course.objectives)

    @cached_property
    def questions(self) -> dict[str, Question]:
        """All questions by id.

        Raises
        ------
        QuestionError
            At the first file that is not as it should be.
        CourseError
            If two have the same id.
        """
        found: dict[str, Question] = {}
        for path in self.files():
            if path.stem in found:
                raise CourseError(f"{path}: there is another question '{path.stem}' at {found[path.stem].path}.")
            found[path.stem] = self.read(path)
        return found

    def __getitem__(self, name: str) -> Question:
        """Return one question.

        Raises
        ------
        MisuseError
            If there is none of that id; names the nearest.
        """
        paths = {path.stem: path for path in self.files()}
        if name not in paths:
            raise MisuseError(f"There is no question '{name}'.{nearest(name, paths)}")
        return self.read(paths[name])

    def files(self) -> Iterator[Path]:
        """Find the question files."""
        for folder in self.folders:
            yield from sorted(folder.glob("*.md"))

    def read(self, path: Path) -> Question:
        """Read one question.

        Parameters
        ----------
        path : Path
            Its file.

        Raises
        ------
        QuestionError
            If it is not as it should be; names the line and says what to do.
        """
        return _Reader(self, path, path.read_text("utf-8")).question()


class _Reader:
    """Reads one file."""

    def __init__(self, bank: Bank, path: Path, text: str) -> None:
        self.bank, self.path, self.text = bank, path, text

    def question(self) -> Question:
        head = self._head()
        kind: Kind = head["type"]
        wordings = {language: self._wording(kind, *part) for language, part in self._languages().items()}
        targets = self._targets(kind, head, wordings)
        question = Question(
            path=self.path,
            kind=kind,
            points=float(head["points"]),
            topics=self._known("topics", head["topics"], self.bank.topics, "exam/topics.yml"),
            objectives=self._known("objectives", head["objectives"], self.bank.objectives, "book/objectives.yml"),
            difficulty=head["difficulty"],
            minutes=float(head["minutes"]),
            note=str(head.get("note", "")),
            targets=targets,
            spot=self._spot(kind, head),
            wordings=wordings,
        )
        self._alike(wordings)
        return question

    def _fail(self, message: str, line: int = 1) -> QuestionError:
        return QuestionError(self.path, line, message)

    def _line(self, word: str) -> int:
        """Return the line of the head in which a word stands."""
        lines = self.text.split("\n")
        return next((number for number, line in enumerate(lines, 1) if line.startswith(word)), 1)

    def _head(self) -> dict[str, Any]:
        match = _HEAD.match(self.text)
        try:
            head = yaml.safe_load(match[1]) if match else None
        except yaml.YAMLError as error:
            raise self._fail(f"the head is not YAML: {error}") from error
        if not isinstance(head, dict):
            raise self._fail("must begin with a head between two lines '---': type, points, topics and so on.")
        if unknown := sorted(set(head) - _ALLOWED):
            hint = nearest(unknown[0], _ALLOWED)
            raise self._fail(f"the head has a field too many, '{unknown[0]}'.{hint}", self._line(unknown[0]))
        if missing := sorted(_REQUIRED - set(head)):
            raise self._fail(f"the head lacks {', '.join(missing)}.")
        if head["type"] not in KINDS:
            hint = nearest(str(head["type"]), get_args(Kind))
            raise self._fail(f"there is no type '{head['type']}'.{hint} Types: {', '.join(KINDS)}.", self._line("type"))
        if head["difficulty"] not in _DIFFICULTIES:
            raise self._fail(f"the difficulty is one of {', '.join(_DIFFICULTIES)}.", self._line("difficulty"))
        for name in ("points", "minutes"):
            if not isinstance(head[name], int | float) or isinstance(head[name], bool) or head[name] <= 0:
                raise self._fail(f"'{name}' must be a number above zero.", self._line(name))
        return head

    def _known(self, field: str, given: Any, known: dict[str, str], place: str) -> tuple[str, ...]:
        if not isinstance(given, list) or not given:
            raise self._fail(f"'{field}' must be a list, such as [{next(iter(known), 'one')}].", self._line(field))
        for one in given:
            if one not in known:
                raise self._fail(f"'{one}' is not in {place}.{nearest(str(one), known)}", self._line(field))
        return tuple(given)

    def _languages(self) -> dict[Language, tuple[str, list[str], int]]:
        """Return title, lines and first line number of each language."""
        parts: dict[Language, tuple[str, list[str], int]] = {}
        current: list[str] | None = None
        for number, line in enumerate(self.text.split("\n"), 1):
            match = re.match(r"^# (English|Norsk): (.+)$", line)
            if match:
                language = _LANGUAGES[match[1]]
                if language in parts:
                    raise self._fail(f"there are two parts '# {match[1]}'.", number)
                current = []
                parts[language] = (match[2].strip(), current, number)
            elif current is not None:
                current.append(line)
        missing = [name for name, language in _LANGUAGES.items() if language not in parts]
        if missing:
            raise self._fail(f"lacks the part '# {missing[0]}: title'.")
        return parts

    def _wording(self, kind: Kind, title: str, lines: list[str], first: int) -> Wording:
        parts, numbers = self._parts(lines, first)
        body = parts.pop("")
        known = {"Feedback", "Rubric", *(f"Sample: {level}" for level in _LEVELS)}
        for name in parts:
            if name not in known:
                raise self._fail(f"there is no part '## {name}'.{nearest(name, known)}", numbers[name])
        stem, rest, at = self._split(kind, body, first)
        if not stem.strip():
            raise self._fail("the question has no stem.", first)
        choices, order, pairs, accepted = self._answers(kind, rest, at)
        rubric = self._rubric(kind, parts.get("Rubric", []), numbers.get("Rubric", first))
        samples = {
            level: "\n".join(parts[f"Sample: {level}"]).strip() for level in _LEVELS if f"Sample: {level}" in parts
        }
        if kind == "essay" and set(samples) != set(_LEVELS):
            wanted = ", ".join(f"'## Sample: {level}'" for level in _LEVELS)
            raise self._fail(f"an essay needs sample answers at three levels: {wanted}.", first)
        feedback = "\n".join(parts.get("Feedback", [])).strip()
        return Wording(title, stem.strip(), feedback, choices, order, pairs, accepted, rubric, samples, first)

    def _parts(self, lines: list[str], first: int) -> tuple[dict[str, list[str]], dict[str, int]]:
        parts: dict[str, list[str]] = {"": []}
        numbers = {"": first}
        name = ""
        for number, line in enumerate(lines, first + 1):
            if line.startswith("## "):
                name = line[3:].strip()
                parts[name], numbers[name] = [], number
            else:
                parts[name].append(line)
        return parts, numbers

    def _split(self, kind: Kind, body: list[str], first: int) -> tuple[str, list[str], int]:
        """Divide stem and answers: the answers begin at the first line that looks like one of this type."""
        for place, line in enumerate(body):
            if kind in _ANSWERS and _ANSWERS[kind].match(line):
                return "\n".join(body[:place]), body[place:], first + 1 + place
        return "\n".join(body), [], first + len(body)

    def _answers(
        self, kind: Kind, lines: list[str], at: int
    ) -> tuple[tuple[Choice, ...], tuple[str, ...], tuple[tuple[str, str], ...], tuple[str, ...]]:
        choices: list[Choice] = []
        order: list[str] = []
        pairs: list[tuple[str, str]] = []
        accepted: list[str] = []
        for number, line in enumerate(lines, at):
            if not line.strip():
                continue
            match = _ANSWERS[kind].match(line)
            if match and kind == "ordering":
                order.append(match[1].strip())
            elif match and kind == "matching":
                pairs.append((match[1].strip(), match[2].strip()))
            elif match and kind == "short":
                accepted.append(match[1].strip())
            elif match:
                choices.append(self._choice(match, number))
            elif line.startswith("  > ") and choices:
                last = choices[-1]
                text = f"{last.feedback}\n{line[4:]}".strip()
                choices[-1] = Choice(last.text, last.misconception, text, last.line)
            else:
                message = f"can't be read as an answer: '{line.strip()}'. What all should read belongs above them."
                raise self._fail(message, number)
        self._fitting(kind, choices, order, pairs, accepted, at)
        return tuple(choices), tuple(order), tuple(pairs), tuple(accepted)

    def _choice(self, match: re.Match[str], number: int) -> Choice:
        mark = "" if match[1] == "x" else match[1]
        if mark and mark not in self.bank.misconceptions:
            hint = nearest(mark, self.bank.misconceptions)
            raise self._fail(f"'{mark}' is not in exam/misconceptions.yml.{hint}", number)
        return Choice(match[2].strip(), mark, "", number)

    def _fitting(
        self,
        kind: Kind,
        choices: list[Choice],
        order: list[str],
        pairs: list[tuple[str, str]],
        accepted: list[str],
        at: int,
    ) -> None:
        """Refuse answers that do not go with the type, or are too few."""
        right = sum(not choice.misconception for choice in choices)
        wrong = len(choices) - right
        if kind == "single" and (right != 1 or wrong < 2):
            raise self._fail(
                f"a single choice needs one right option and two wrong ones; it has {right} and {wrong}.", at
            )
        if kind == "multiple" and (right < 1 or wrong < 1):
            raise self._fail(f"a multiple choice needs right and wrong options; it has {right} and {wrong}.", at)
        if kind == "numeric" and right:
            raise self._fail("the right number stands in the head as 'answer'; only wrong ones are listed.", at)
        if kind == "ordering" and len(order) < 3:
            raise self._fail("an ordering needs three steps or more: lines '1. …', in the right order.", at)
        if kind == "matching" and len(pairs) < 3:
            raise self._fail("a matching needs three pairs or more: lines '- given => what belongs to it'.", at)
        if kind == "short" and not accepted:
            raise self._fail("a short text needs an accepted answer: a line '= answer'.", at)
        for choice in choices:
            if not choice.feedback:
                raise self._fail("the option has no feedback: a line below it that begins with '  > '.", choice.line)

    def _rubric(self, kind: Kind, lines: list[str], at: int) -> tuple[Criterion, ...]:
        criteria = []
        for number, line in enumerate(lines, at + 1):
            if not line.strip():
                continue
            match = _CRITERION.match(line)
            if match is None:
                raise self._fail("a line of a rubric reads '- 2 points: what is asked for'.", number)
            criteria.append(Criterion(match[2].strip(), float(match[1])))
        if (kind == "essay") != bool(criteria):
            wrong = "an essay needs a '## Rubric'." if kind == "essay" else f"a question of type {kind} has no rubric."
            raise self._fail(wrong, at)
        return tuple(criteria)

    def _targets(self, kind: Kind, head: dict[str, Any], wordings: dict[Language, Wording]) -> dict[str, Target]:
        if kind == "numeric":
            given = {"answer": head.get("answer")}
        elif kind == "matrix":
            given = head.get("blanks") or {}
        else:
            given = {}
        for name in ("answer", "blanks"):
            if name in head and (kind, name) not in (("numeric", "answer"), ("matrix", "blanks")):
                raise self._fail(f"a question of type {kind} has no '{name}'.", self._line(name))
        if kind in ("numeric", "matrix") and not (isinstance(given, dict) and given and all(given.values())):
            form = "answer: {value: …, tolerance: …}" if kind == "numeric" else "blanks: {name: {value: …}}"
            raise self._fail(f"a question of type {kind} needs '{form}' in its head.")
        targets = {name: self._target(name, entry) for name, entry in given.items()}
        for language, wording in wordings.items():
            named = FIELD.findall(wording.stem)
            if kind == "matrix" and sorted(named) != sorted(targets):
                message = f"the stem ({language}) has the blanks {sorted(named)}, the head {sorted(targets)}."
                raise self._fail(message, wording.line)
            if kind != "matrix" and named:
                raise self._fail(f"a question of type {kind} has no blanks '[[{named[0]}]]'.", wording.line)
        return targets

    def _target(self, name: str, entry: Any) -> Target:
        entry = entry if isinstance(entry, dict) else {"value": entry}
        unknown = sorted(set(entry) - {"value", *_DEFAULTS})
        if unknown or "value" not in entry:
            raise self._fail(f"'{name}' is {{value, tolerance, decimals, unit}}; look at {unknown or ['value']}.")
        whole = _DEFAULTS | entry
        try:
            return Target(str(whole["value"]), float(whole["tolerance"]), int(whole["decimals"]), str(whole["unit"]))
        except (TypeError, ValueError) as error:
            raise self._fail(f"'{name}': {error}") from error

    def _spot(self, kind: Kind, head: dict[str, Any]) -> dict[str, Any]:
        spot = head.get("spot") or {}
        fields = {"picture", "width", "height", "x", "y", "radius"}
        if (kind == "hotspot") != bool(spot):
            wrong = "needs 'spot' in its head" if kind == "hotspot" else "has no 'spot'"
            raise self._fail(f"a question of type {kind} {wrong}.", self._line("spot"))
        if spot and (not isinstance(spot, dict) or set(spot) != fields):
            raise self._fail(f"'spot' has exactly the fields {', '.join(sorted(fields))}.", self._line("spot"))
        return spot

    def _alike(self, wordings: dict[Language, Wording]) -> None:
        """Refuse languages that differ in more than words."""
        english, norwegian = (wordings[language] for language in LANGUAGES)
        shapes = []
        for wording in (english, norwegian):
            marks = [choice.misconception for choice in wording.choices]
            rubric = [criterion.points for criterion in wording.rubric]
            shapes.append((marks, len(wording.order), len(wording.pairs), rubric))
        if shapes[0] != shapes[1]:
            message = (
                "the two languages differ: the same options in the same order, steps, pairs and points are needed."
            )
            raise self._fail(message, norwegian.line)
