"""Reading what a student has handed in. All of it is untrusted, and nothing of it runs here."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, from_dict

from autograder.errors import nearest
from autograder.quarantine import plain

MOST_BYTES = 50_000_000  # of one file
MOST_FILES = 200
MOST_CELLS = 2_000
MOST_SOURCE = 2_000_000  # characters of all cells together
_KINDS: dict[str, dict[str, Any]] = {"code": {"execution_count": None, "outputs": []}, "markdown": {}, "raw": {}}
_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_PICTURE = re.compile(r"image/(png|jpeg|gif)")
_ATTACHMENT = re.compile(r"[\w .()-]{1,100}")


class FaultError(Exception):
    """A submission, or a notebook of it, that can't be graded. The message is for the student."""


@dataclass(frozen=True)
class Submission:
    """What a student has handed in.

    Parameters
    ----------
    notebooks : dict of str to list of NotebookNode
        The cells of each notebook of the lab that could be read, by file name.
    files : dict of str to bytes
        Whatever else lies in the folder, by relative path. Links and devices are left out.
    faults : tuple of str
        Why notebooks could not be read, for the student.
    digest : str
        SHA-256 of all of it.
    """

    notebooks: dict[str, list[NotebookNode]]
    files: dict[str, bytes]
    faults: tuple[str, ...]
    digest: str


def read(folder: Path, wanted: list[str]) -> Submission:
    """Read a submission.

    Parameters
    ----------
    folder : Path
        What the student handed in.
    wanted : list of str
        The file names of the lab's notebooks.
    """
    notebooks: dict[str, list[NotebookNode]] = {}
    files: dict[str, bytes] = {}
    faults: list[str] = []
    digest = hashlib.sha256()
    for name, path in walk(folder):
        held, fault = content(path)
        digest.update(f"{name}\0{len(held)}\0".encode("utf-8", "surrogateescape") + held + fault.encode())
        if name in wanted and fault:
            faults.append(f"{name} {fault}")
        elif name in wanted:
            try:
                notebooks[name] = _cells(held)
            except FaultError as error:
                faults.append(f"{name} {error}")
        elif not fault and not name.endswith(".ipynb"):
            files[name] = held
    found = [plain(name) for name, _ in walk(folder) if name.endswith(".ipynb")]
    if not found:
        faults.append(f"no notebook in it: expected {', '.join(wanted)}")
    elif not notebooks and not faults:
        advice = nearest(found[0], wanted).replace("Did you mean", "Rename it to")
        faults.append(f"no notebook of this lab in it: found {', '.join(found)}, expected {', '.join(wanted)}.{advice}")
    else:
        missing = [name for name in wanted if name not in found]
        faults += [f"{name} is missing" for name in missing]
    return Submission(notebooks, files, tuple(faults), digest.hexdigest())


def walk(folder: Path) -> Iterator[tuple[str, Path]]:
    """Find the files of a submission in order, without following links."""
    count = 0
    for parent, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(parent, name)
            yield path.relative_to(folder).as_posix(), path
            count += 1
            if count >= MOST_FILES:
                return


def content(path: Path) -> tuple[bytes, str]:
    """Read a regular file that a student may have made; return what it holds, or why it holds nothing."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b"", "is a link, or can't be read"
    with os.fdopen(descriptor, "rb") as file:
        said = os.fstat(descriptor)
        if not stat.S_ISREG(said.st_mode):
            return b"", "is not a file"
        if said.st_size > MOST_BYTES:
            return b"", f"is larger than {MOST_BYTES // 10**6} MB: clear its outputs and hand it in again"
        return file.read(), ""


def _cells(content: bytes) -> list[NotebookNode]:
    """Read the cells of a notebook; whatever is not needed for grading is left out, outputs first of all."""
    try:
        text = content.decode("utf-8-sig")
        if not text.strip():
            raise FaultError("is empty")
        said = json.loads(text)
    except UnicodeDecodeError:
        raise FaultError("is not a text file") from None
    except RecursionError:
        raise FaultError("is not a notebook: it is nested too deep") from None
    except ValueError as error:
        raise FaultError(f"is not a notebook: it is not JSON ({error})") from None
    cells = said.get("cells") if isinstance(said, dict) else None
    if not isinstance(cells, list) or said.get("nbformat") != 4:
        raise FaultError("is not a notebook of format 4")
    if len(cells) > MOST_CELLS:
        raise FaultError(f"has {len(cells):,} cells, more than {MOST_CELLS:,}")
    read = [_cell(cell, number) for number, cell in enumerate(cells, 1)]
    if sum(len(cell.source) for cell in read) > MOST_SOURCE:
        raise FaultError(f"holds more than {MOST_SOURCE // 10**6} million characters of text and code")
    return read


def _cell(said: Any, number: int) -> NotebookNode:
    kind = said.get("cell_type") if isinstance(said, dict) else None
    if not isinstance(kind, str) or kind not in _KINDS:
        raise FaultError(f"is not a valid notebook: cell {number} is neither code nor text")
    source = said.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise FaultError(f"is not a valid notebook: cell {number} has no text")
    source = source.replace("\r\n", "\n").encode("utf-8", "replace").decode("utf-8")
    given, metadata = said.get("id"), said.get("metadata")
    name = given if isinstance(given, str) and _ID.fullmatch(given) else f"unnamed-{number}"
    empty = {"cell_type": kind, "id": name, "metadata": {}, "source": source, **_KINDS[kind]}
    cell: NotebookNode = from_dict(empty)
    claimed = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    if isinstance(claimed, dict):
        cell.metadata["nbgrader"] = claimed
    if kind == "markdown" and (attachments := _attachments(said.get("attachments"))):
        cell["attachments"] = attachments
    return cell


def _attachments(said: Any) -> dict[str, dict[str, str]]:
    """Keep pictures that a student has pasted into a text, under names that are no paths."""
    kept: dict[str, dict[str, str]] = {}
    for name, data in said.items() if isinstance(said, dict) else ():
        if not _ATTACHMENT.fullmatch(name) or not isinstance(data, dict):
            continue
        pictures = {k: v for k, v in data.items() if _PICTURE.fullmatch(k) and isinstance(v, str) and _is_base64(v)}
        if pictures:
            kept[name] = pictures
    return kept


def _is_base64(text: str) -> bool:
    try:
        return bool(base64.b64decode(text.replace("\n", ""), validate=True))
    except (binascii.Error, ValueError):
        return False
