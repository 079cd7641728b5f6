"""Errors that are meant for the user: one sentence or a few, no traceback."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import process


class CourseError(Exception):
    """Something failed. The message says what and what to do; the command exits with 1."""

    exit_code = 1


class MisuseError(CourseError):
    """The user asked for something that can't be. The command exits with 2."""

    exit_code = 2


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``" Did you mean 'x'?"`` for the known word that is nearest, or nothing if none is near.

    Parameters
    ----------
    word : str
        What was asked for.
    known : iterable of str
        What there is.
    """
    match = process.extractOne(word, list(known), score_cutoff=60)
    return f" Did you mean '{match[0]}'?" if match else ""
