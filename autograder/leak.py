"""Looking for solutions and hidden tests where students can read."""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import lab
from autograder.course import Course

#: Shorter lines, such as ``return x``, say nothing and stand in many a place.
SHORTEST = 12

_TAG = re.compile(r"<[^>]*>")
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)")


@dataclass(frozen=True)
class Secret:
    """A line that no student may read, and where it stands."""

    text: str
    notebook: str


@dataclass(frozen=True)
class Leak:
    """A secret, and the published file that gives it away."""

    secret: Secret
    path: Path


def secrets(course: Course) -> list[Secret]:
    """Return every telling line of every solution, hidden test and mark scheme of the course.

    A line that the same notebook also shows openly is no secret; a line shorter than :data:`SHORTEST` characters
    without its spaces tells nothing.
    """
    found = []
    for source in course.notebooks():
        notebook = course.read(source)
        hidden = {line for cell in notebook.cells for text in lab.secrets(cell) for line in _lines(text)}
        shown = _squeeze("\n".join(_open_part(cell.source) for cell in notebook.cells))
        telling = (line for line in sorted(hidden) if len(line) >= SHORTEST and line not in shown)
        found += [Secret(line, course.name(source)) for line in telling]
    return found


def leaks(known: Iterable[Secret], folders: Iterable[Path]) -> list[Leak]:
    """Return the secrets that stand in any file under some folders.

    Looks through mark-up, JSON strings, and into zip archives; white space does not count.

    Parameters
    ----------
    known : iterable of Secret
        What to look for.
    folders : iterable of Path
        Where.
    """
    known = list(known)
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if not path.is_file():
                continue
            text = "\0".join(map(_squeeze, _readings(path.read_bytes())))
            found += [Leak(secret, path) for secret in known if secret.text in text]
    return found


def _readings(content: bytes) -> Iterator[str]:
    """Yield the ways in which a file may be read: as it is, without mark-up, with its escapes undone."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from _readings(archive.read(name))
        return
    text = content.decode("utf-8", errors="replace")
    yield text
    yield html.unescape(_TAG.sub("", text))
    yield _ESCAPE.sub(_unescape, text)
    yield html.unescape(_TAG.sub("", _ESCAPE.sub(_unescape, text)))


def _unescape(match: re.Match[str]) -> str:
    if match[1]:
        return chr(int(match[1], 16))
    return str(json.loads(f'"\\{match[2]}"')) if match[2] in 'bfnrt"\\/' else match[2]


def _open_part(source: str) -> str:
    for block in lab.SECRET_BLOCKS:
        source = lab.without(block, source)
    return source


def _lines(text: str) -> Iterator[str]:
    return (_squeeze(line) for line in text.split("\n"))


def _squeeze(text: str) -> str:
    return "".join(text.split())
