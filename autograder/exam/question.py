"""A question as its author wrote it: one file, both languages, with places for numbers that are drawn."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from autograder.errors import CourseError, nearest
from autograder.exam.item import LANGUAGES, Blank, Criterion, Item, Kind, Language, Option, Slip, Spot

#: ``{{name}}`` or ``{{name:.1f}}``: a value of the generator, formatted as Python formats it.
PLACE = re.compile(r"\{\{ *(\w+) *(?::([^{}]+))?\}\}")
#: ``[[name]]``: a number to be filled in.
FIELD = re.compile(r"\[\[(\w+)\]\]")

_NO_BREAK = "\u00a0"

Values = Mapping[str, Any]


class QuestionError(CourseError):
    """A question file is not as it should be; the message names file and line."""

    def __init__(self, path: Path | str, line: int, message: str) -> None:
        self.path, self.line, self.message = path, line, message
        super().__init__(f"{path}:{line}: {message}")


@dataclass(frozen=True)
class Choice:
    """An option as written; `misconception` is empty for a right one.

    Parameters
    ----------
    text, misconception, feedback : str
        As in `Option`, with places.
    line : int
        Where it stands.
    """

    text: str
    misconception: str
    feedback: str
    line: int


@dataclass(frozen=True)
class Wording:
    """All that a question says in one language, with places.

    Parameters
    ----------
    title, stem, feedback : str
        As in `Item`.
    choices : tuple of Choice
        The options, or the slips of a numeric question.
    order : tuple of str
        The steps of an ordering.
    pairs : tuple of (str, str)
        Of a matching.
    accepted : tuple of str
        Of a short text.
    rubric : tuple of Criterion
        Of an essay.
    samples : dict of str
        Of an essay.
    line : int
        Where the language begins in the file.
    """

    title: str
    stem: str
    feedback: str
    choices: tuple[Choice, ...]
    order: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    accepted: tuple[str, ...]
    rubric: tuple[Criterion, ...]
    samples: Mapping[str, str]
    line: int

    @property
    def texts(self) -> Iterator[str]:
        """All that may name an image."""
        yield from (self.stem, self.feedback, *self.order, *self.samples.values())
        yield from (text for choice in self.choices for text in (choice.text, choice.feedback))
        yield from (text for pair in self.pairs for text in pair)


@dataclass(frozen=True)
class Target:
    """The right number of a blank, as written: a name of the generator's or a number.

    Parameters
    ----------
    value : str
        Name or number.
    tolerance : float
        Absolute.
    decimals : int
        Shown.
    unit : str
        Shown behind the field.
    """

    value: str
    tolerance: float
    decimals: int
    unit: str


@dataclass(frozen=True)
class Question:
    """A question of the bank.

    Parameters
    ----------
    path : Path
        Its file.
    kind : str
        One of `autograder.exam.item.KINDS`.
    points : float
        What a right answer earns.
    topics, objectives : tuple of str
        What it is about, and which objectives of the course it serves.
    difficulty : {'easy', 'medium', 'hard'}
        As its author judges it.
    minutes : float
        What a student needs.
    note : str
        For other authors.
    targets : dict of Target
        The right numbers, by blank.
    spot : dict
        Of a hotspot: picture, width, height, x, y, radius, each a number or a name of the generator's.
    wordings : dict of Wording
        By language.
    """

    path: Path
    kind: Kind
    points: float
    topics: tuple[str, ...]
    objectives: tuple[str, ...]
    difficulty: str
    minutes: float
    note: str
    targets: Mapping[str, Target]
    spot: Mapping[str, Any]
    wordings: Mapping[Language, Wording]

    @property
    def id(self) -> str:
        """The name of its file."""
        return self.path.stem

    @property
    def parametric(self) -> bool:
        """Whether its numbers are drawn."""
        return self.path.with_suffix(".py").is_file()

    def draw(self, seed: int) -> Values:
        """Return the values of its places.

        Parameters
        ----------
        seed : int
            Equal seeds give equal values, whatever else is drawn.

        Raises
        ------
        QuestionError
            If the generator fails; says how.
        """
        if not self.parametric:
            return {}
        generator = np.random.default_rng([seed, *self.id.encode()])
        try:
            return dict(self._generator(generator))
        except Exception as error:
            message = f"the generator failed with seed {seed}: {type(error).__name__}: {error}"
            raise QuestionError(self.path.with_suffix(".py"), 1, message) from error

    def item(self, seed: int, language: Language) -> Item:
        """Return the question as a student meets it.

        Parameters
        ----------
        seed : int
            What its numbers are drawn with; it matters only where they are drawn.
        language : {'en', 'no'}
            The language.

        Raises
        ------
        QuestionError
            If a place has no value.
        """
        return self.fill(self.draw(seed), seed, language)

    def fill(self, values: Values, seed: int, language: Language) -> Item:
        """Return the question with given values; see `item`."""
        wording = self.wordings[language]

        def text(template: str) -> str:
            return self._filled(template, values, language, wording.line)

        options: tuple[Option, ...] = ()
        slips: tuple[Slip, ...] = ()
        if self.kind in ("single", "multiple"):
            options = tuple(
                Option(chr(97 + place), text(one.text), not one.misconception, one.misconception, text(one.feedback))
                for place, one in enumerate(wording.choices)
            )
        elif self.kind == "numeric":
            slips = tuple(
                Slip(self._number(one.text.strip("{} "), values), one.misconception, text(one.feedback))
                for one in wording.choices
            )
        blanks = tuple(
            Blank(name, self._number(target.value, values), target.tolerance, target.decimals, target.unit)
            for name, target in self.targets.items()
        )
        return Item(
            id=self.id,
            seed=seed,
            language=language,
            kind=self.kind,
            points=self.points,
            title=text(wording.title),
            stem=text(wording.stem),
            options=options,
            blanks=blanks,
            slips=slips,
            order=tuple(map(text, wording.order)),
            pairs=tuple((text(given), text(other)) for given, other in wording.pairs),
            accepted=tuple(map(text, wording.accepted)),
            spot=self._spotted(values),
            rubric=wording.rubric,
            samples={level: text(sample) for level, sample in wording.samples.items()},
            feedback=text(wording.feedback),
            pictures=self._pictures(values),
        )

    @cached_property
    def _generator(self) -> Callable[[np.random.Generator], Values]:
        return self._module.draw  # type: ignore[no-any-return]

    @cached_property
    def _module(self) -> Any:
        path = self.path.with_suffix(".py")
        spec = importlib.util.spec_from_file_location(f"exam_bank_{self.id.replace('-', '_')}", path)
        assert spec is not None  # noqa: S101
        assert spec.loader is not None  # noqa: S101
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise QuestionError(path, 1, f"can't be loaded: {type(error).__name__}: {error}") from error
        if not callable(getattr(module, "draw", None)):
            raise QuestionError(path, 1, "must define draw(rng), which returns a dictionary of values.")
        return module

    def _filled(self, template: str, values: Values, language: Language, line: int) -> str:
        def replace(match: re.Match[str]) -> str:
            if match[1] not in values:
                hint = nearest(match[1], values)
                raise QuestionError(self.path, line, f"'{match[1]}' is not a value that is drawn.{hint}")
            return spelled(values[match[1]], match[2] or "", language)

        return PLACE.sub(replace, template)

    def _number(self, said: str | float, values: Values) -> float:
        if isinstance(said, str) and said in values:
            return float(values[said])
        try:
            return float(said)
        except ValueError:
            hint = nearest(str(said), values)
            raise QuestionError(
                self.path, 1, f"'{said}' is neither a number nor a value that is drawn.{hint}"
            ) from None

    def _spotted(self, values: Values) -> Spot | None:
        if not self.spot:
            return None
        x, y, radius = (self._number(self.spot[name], values) for name in ("x", "y", "radius"))
        return Spot(str(self.spot["picture"]), int(self.spot["width"]), int(self.spot["height"]), x, y, radius)

    def _painted(self, values: Values) -> bytes:
        """Return what the generator paints, once for both languages."""
        drawn = repr(values)
        if self._last.get("drawn") != drawn:
            self._last.update(drawn=drawn, picture=self._module.paint(values))
        return self._last["picture"]  # type: ignore[no-any-return]

    @cached_property
    def _last(self) -> dict[str, Any]:
        """The last numbers that were painted, and the picture."""
        return {}

    def _pictures(self, values: Values) -> dict[str, bytes]:
        """Return the images: files beside the question, or what its generator paints."""
        named = {str(self.spot["picture"])} if self.spot else set()
        for wording in self.wordings.values():
            named |= {name for text in wording.texts for name in re.findall(r"!\[[^\]]*\]\(([\w.-]+)\)", text)}
        found = {}
        for name in sorted(named):
            file = self.path.with_name(name)
            if file.is_file():
                found[name] = file.read_bytes()
            elif self.parametric and callable(getattr(self._module, "paint", None)):
                found[name] = self._painted(values)
            else:
                raise QuestionError(
                    self.path, 1, f"there is no image '{name}' beside it, and no paint(values) in its .py."
                )
        return found


def spelled(value: Any, form: str, language: Language) -> str:
    """Write a value as the language does: 12.5 % and 12,5 %, 1,200 and 1 200.

    Parameters
    ----------
    value : object
        A number, a text, or a mapping from language to text.
    form : str
        A format as in Python's ``format``; ``%`` puts a space before the sign.
    language : {'en', 'no'}
        The language.
    """
    if isinstance(value, Mapping):
        return str(value[language])
    if isinstance(value, str):
        return value
    text = format(value, form) if form else format(value, "g" if isinstance(value, float) else "")
    text = text.replace("-", "−").replace("%", f"{_NO_BREAK}%")
    if language == "no":
        text = text.replace(",", _NO_BREAK).replace(".", ",")
    return text


__all__ = ["LANGUAGES", "PLACE", "Choice", "Question", "QuestionError", "Target", "Wording", "spelled"]
