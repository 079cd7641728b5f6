"""An exam as a lab: a percent script that `course release` and `course grade` treat like any other.

The right answers stand in hidden tests, which score with the same rule as every other outlet. Essays are for people.
The script holds the answers, so it belongs into a private checkout of the course and never into the public one.
"""

from __future__ import annotations

import base64
import random
import re
import string
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from autograder.errors import CourseError
from autograder.exam.item import Item
from autograder.exam.question import FIELD
from autograder.exam.sheet import json_of

_HEAD = """\
# ---
# title: {title}
# objectives: [{objectives}]
# minutes: {minutes}
# data: []
# jupyter:
#   kernelspec: {{display_name: Python 3, language: python, name: python3}}
# ---

# %% tags=["parameters"]
profile = "quick"
device = "auto"

# %% [markdown]
# # {title}
#
# Write each answer into its cell, in place of the two lines that stand there, and run the cell below it: it says
# whether the answer has the right form, and not whether it is right.
"""

_MIME = {"png": "image/png", "svg": "image/svg+xml", "jpg": "image/jpeg", "jpeg": "image/jpeg"}


@dataclass(frozen=True)
class _Form:
    """How an answer is written down: what the student is told, an example, and a check of its form.

    Parameters
    ----------
    told : str
        What to write.
    example : str
        A Python expression of the form.
    check : str
        An expression in ``said``, true if it has the form.
    read : str
        An expression in ``said`` and ``item`` that makes it what `score` takes.
    right : str
        The right answer, as a Python expression.
    """

    told: str
    example: str
    check: str
    read: str
    right: str


def lab(items: Sequence[Item], folder: Path, title: str, objectives: Sequence[str], minutes: int) -> Path:
    """Write an exam as the folder of a lab.

    Parameters
    ----------
    items : sequence of Item
        The exam, in one language.
    folder : Path
        Where to; its name becomes that of the lab. It must not exist.
    title : str
        Of the exam.
    objectives : sequence of str
        Ids of the course's objectives.
    minutes : int
        How long the exam lasts.

    Returns
    -------
    Path
        The percent script.

    Raises
    ------
    CourseError
        If the folder is there already.
    """
    if folder.exists():
        raise CourseError(f"{folder} is there already; nothing was written. Choose another folder or delete it.")
    folder.mkdir(parents=True)
    (folder / "index.md").write_text(f"# {title}\n", "utf-8")
    source = folder / "exam.py"
    source.write_text(script(items, title, objectives, minutes), "utf-8")
    return source


def script(items: Sequence[Item], title: str, objectives: Sequence[str], minutes: int) -> str:
    """Return the percent script of an exam; see `lab`."""
    head = _HEAD.format(title=title.replace(":", " –"), objectives=", ".join(objectives), minutes=minutes)
    return "\n".join([head, *(_cells(number, item) for number, item in enumerate(items, 1))])


def shown(item: Item) -> tuple[str, ...]:
    """Return the steps of an ordering, or what belongs to what in a matching, in the order in which they are shown."""
    there = list(item.order or sorted({other for _, other in item.pairs}))
    random.Random(f"{item.id}/{item.seed}").shuffle(there)  # noqa: S311  # an order, not a secret
    return tuple(there)


def _cells(number: int, item: Item) -> str:
    points = f"{item.points:g} point{'s' * (item.points != 1)}"
    text = f"## Question {number} ({points})\n\n{_embedded(item)}"
    if item.kind == "essay":
        return _essay(number, item, text)
    form = _form(item)
    text = f"{text}\n\n{_listed(item)}\n\n*Your answer:* {form.told}".replace("\n\n\n\n", "\n\n")
    bare = replace(item, title="", stem="", feedback="", pictures={}, options=_stripped(item), slips=())
    return "\n".join(
        [
            f"# %% [markdown]\n{_commented(text)}",
            "",
            f'# %% exercise="q{number}"',
            f"# answer_{number} = {form.example}",
            "### BEGIN SOLUTION",
            f"answer_{number} = {form.right}",
            "### END SOLUTION",
            "",
            f'# %% tests="q{number}" points={item.points:g}',
            f"said = answer_{number}",
            f"assert {form.check}, {f'write, for instance, answer_{number} = {form.example}'!r}",
            "### BEGIN HIDDEN TESTS",
            "from autograder.exam.score import share",
            "from autograder.exam.sheet import items_of",
            "",
            f"item = items_of({json_of([bare])!r})[0]",
            f"{item.points:g} * share(item, {form.read})",
            "### END HIDDEN TESTS",
            "",
        ]
    )


def _essay(number: int, item: Item, text: str) -> str:
    scheme = "\n".join(f"- {criterion.points:g} points: {criterion.text}" for criterion in item.rubric)
    sample = item.samples.get("strong", "A sample answer is missing.")
    marks = f"### BEGIN MARK SCHEME\n{scheme}\n### END MARK SCHEME\n### BEGIN SOLUTION\n{sample}\n### END SOLUTION"
    return f'# %% [markdown] essay="q{number}" points={item.points:g}\n{_commented(text)}\n{_commented(marks)}\n'


def _form(item: Item) -> _Form:
    letters = string.ascii_lowercase
    there = shown(item)
    match item.kind:
        case "single":
            right = next(iter(item.right))
            check = "isinstance(said, str) and len(said.strip()) == 1"
            return _Form("one letter.", '"a"', check, "[said.strip().lower()]", repr(right))
        case "multiple":
            right = "".join(sorted(item.right))
            check = "isinstance(said, str) and said.strip().isalpha()"
            return _Form('the letters, such as `"ac"`.', '"ac"', check, "set(said.strip().lower())", repr(right))
        case "numeric":
            blank = item.blanks[0]
            told = f"a number{f', in {blank.unit}' if blank.unit else ''}, with {blank.decimals} decimals or more."
            read = f"{{{blank.id!r}: said}}"
            check = "isinstance(said, (int, float)) and not isinstance(said, bool)"
            return _Form(told, "0.0", check, read, repr(blank.value))
        case "matrix":
            names = ", ".join(f"`{blank.id}`" for blank in item.blanks)
            example = "{" + ", ".join(f'"{blank.id}": 0' for blank in item.blanks) + "}"
            right = repr({blank.id: blank.value for blank in item.blanks})
            return _Form(f"a number for each of {names}.", example, "isinstance(said, dict)", "said", right)
        case "ordering":
            right = "".join(letters[there.index(step)] for step in item.order)
            read = f"[{list(there)!r}[ord(letter) - 97] for letter in said.strip().lower()]"
            check = f"isinstance(said, str) and sorted(said.strip().lower()) == {sorted(right)!r}"
            example = f'"{"".join(sorted(right))}"'
            return _Form("the letters in the right order.", example, check, read, repr(right))
        case "matching":
            right = "".join(letters[there.index(other)] for _, other in item.pairs)
            given = [one for one, _ in item.pairs]
            read = f"dict(zip({given!r}, ({list(there)!r}[ord(letter) - 97] for letter in said.strip().lower())))"
            known = f"set(said.strip().lower()) <= set({letters[: len(there)]!r})"
            check = f"isinstance(said, str) and len(said.strip()) == {len(given)} and {known}"
            told = "for 1, 2, 3 and so on the letter that belongs to it, in one word."
            return _Form(told, f'"{"a" * len(given)}"', check, read, repr(right))
        case "hotspot":
            assert item.spot is not None  # noqa: S101  # the bank sees to it
            told = "the place in pixels, from the left and from the top, as `(x, y)`."
            check = "isinstance(said, (tuple, list)) and len(said) == 2"
            return _Form(told, "(0, 0)", check, "tuple(said)", repr((item.spot.x, item.spot.y)))
        case _:
            return _Form("a few words.", '"…"', "isinstance(said, str)", "said", repr(item.accepted[0]))


def _listed(item: Item) -> str:
    letters = string.ascii_lowercase
    if item.options:
        return "\n".join(f"- **{option.id}** {option.text}" for option in item.options)
    if item.order:
        return "\n".join(f"- **{letter}** {step}" for letter, step in zip(letters, shown(item), strict=False))
    if item.pairs:
        given = "\n".join(f"{place}. {one}" for place, (one, _) in enumerate(item.pairs, 1))
        others = "\n".join(f"- **{letter}** {other}" for letter, other in zip(letters, shown(item), strict=False))
        return f"{given}\n\n{others}"
    return ""


def _stripped(item: Item) -> tuple:  # type: ignore[type-arg]
    return tuple(replace(option, text="", misconception="", feedback="") for option in item.options)


def _embedded(item: Item) -> str:
    """Return the stem with its images inside, and the names of blanks where they are to be filled in."""

    def replace_picture(match: re.Match[str]) -> str:
        data = item.pictures.get(match[2])
        if data is None:
            return match[0]
        kind = _MIME.get(match[2].rpartition(".")[2].lower(), "image/png")
        return f"![{match[1]}](data:{kind};base64,{base64.b64encode(data).decode()})"

    stem = item.stem
    if item.spot and f"({item.spot.picture})" not in stem:
        stem += f"\n\n![The image]({item.spot.picture})"
    return FIELD.sub(r"`\1`", re.sub(r"!\[([^\]]*)\]\(([\w.-]+)\)", replace_picture, stem))


def _commented(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.strip().split("\n"))
