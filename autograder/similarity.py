"""Which submissions of a lab are alike: evidence for a human, by copydetect's fingerprints (winnowing)."""

from __future__ import annotations

import io
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from copydetect import CodeFingerprint, compare_files
from copydetect.utils import get_token_coverage
from nbformat import NotebookNode

from autograder import collect, submission
from autograder.course import Course
from autograder.errors import CourseError
from autograder.submission import Submission
from autograder.summary import cells, html, mark, page

#: The shortest stretch that counts, in characters after every name has become one letter and blanks are gone.
STRETCH = 25
#: How many pairs are compared side by side.
SHOWN = 30
#: In a class of this many, what more than half of them wrote is what the task asks for.
CLASS = 10
_LONGEST = 200_000

Segment = tuple[str, bool]


@dataclass(frozen=True)
class Side:
    """One of two texts: the share of it that the other has too, and its segments, marked where alike."""

    student: str
    share: float
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike."""

    left: Side
    right: Side

    @property
    def share(self) -> float:
        """The larger share: who copies a part of a long text has it all from there."""
        return max(self.left.share, self.right.share)


@dataclass(frozen=True)
class Similarity:
    """All that the page says.

    Parameters
    ----------
    lab : str
        The lab.
    students : int
        How many submissions were compared, each with each.
    pairs : tuple of Pair
        The most alike, most alike first.
    typical : float
        The median share of stretches that two submissions have in common.
    common : int
        How many stretches were left out because more than half of the class wrote them.
    left_out : dict
        Why other submissions were not compared, by student.
    """

    lab: str
    students: int
    pairs: tuple[Pair, ...]
    typical: float
    common: int
    left_out: dict[str, str]


def write(course: Course, lab: str) -> tuple[Path, Similarity]:
    """Write the page of a lab, ``grading/reports/LAB-similarity.html``.

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
        If there are no two submissions to compare, or no release to tell the given text by.
    """
    found = compare(course, lab)
    text = html("similarity.html", found=found, stretch=STRETCH)
    return page(course, f"{lab}-similarity.html", text), found


def compare(course: Course, lab: str) -> Similarity:
    """Compare what students wrote, each with each.

    Only the code of answers and of cells that students added counts, less what stands in the release. Names,
    comments and layout make no difference.

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
        If there are no two submissions to compare, or no release to tell the given text by.
    """
    wanted = [f"{source.stem}.ipynb" for source in course.sources(lab)]
    released = [cell for path in sorted((course.grading / "release" / lab).glob("*.ipynb")) for cell in cells(path)]
    if not released:
        raise CourseError(f"'{lab}' was never released: course release {lab}.")
    texts: dict[str, str] = {}
    left_out: dict[str, str] = {}
    for student in collect.submitted(course, lab):
        handed_in = submission.read(course.grading / "submitted" / student / lab, wanted)
        text = _written(handed_in, released)
        if not handed_in.notebooks:
            left_out[student] = "; ".join(handed_in.faults)
        elif len(text) > _LONGEST:
            left_out[student] = f"its code is longer than {_LONGEST:,} characters"
        else:
            texts[student] = text
    if len(texts) < 2:
        raise CourseError(f"There are no two submissions of '{lab}' to compare: course collect {lab}.")
    given = "\n\n".join(cell.source for cell in released if cell.cell_type == "code")
    return _compare(lab, texts, given, left_out)


def _written(handed_in: Submission, released: Iterable[NotebookNode]) -> str:
    """Return the code that a student wrote: her answers, and cells that are not as they were released."""
    given = {cell.source.strip() for cell in released}
    handed = [cell for _, read in sorted(handed_in.notebooks.items()) for cell in read]
    return "\n\n".join(cell.source for cell in handed if _is_own(cell) and cell.source.strip() not in given)


def _is_own(cell: NotebookNode) -> bool:
    said = mark(cell)
    return cell.cell_type == "code" and bool(said.get("solution") or not (said.get("grade") or said.get("locked")))


def _compare(lab: str, texts: Mapping[str, str], given: str, left_out: dict[str, str]) -> Similarity:
    prints = {student: _fingerprint(student, text) for student, text in texts.items()}
    boilerplate = _fingerprint("release", given).hashes
    for one in prints.values():
        _take_out(one, boilerplate)
    common = _common(list(prints.values()))
    for one in prints.values():
        _take_out(one, common)
    shared = {
        (left, right): len(prints[left].hashes & prints[right].hashes)
        / max(1, min(len(prints[left].hashes), len(prints[right].hashes)))
        for left, right in combinations(prints, 2)
    }
    # Marking the places takes a hundred times as long as counting, so only the most alike are marked
    most = sorted((pair for pair in shared if shared[pair]), key=lambda pair: -shared[pair])[: 2 * SHOWN]
    pairs = sorted((_pair(prints[left], prints[right]) for left, right in most), key=lambda pair: -pair.share)
    typical = statistics.median(shared.values())
    return Similarity(lab, len(texts), tuple(pairs[:SHOWN]), typical, len(common), left_out)


def _fingerprint(name: str, text: str) -> CodeFingerprint:
    # A window of one keeps every stretch. A wider one keeps those with the smallest of Python's hashes, which differ
    # from process to process: the same submissions would come out differently each time.
    return CodeFingerprint(name, STRETCH, 1, language="python", fp=io.StringIO(text))


def _take_out(one: CodeFingerprint, stretches: set[int]) -> None:
    """Forget stretches. copydetect's own way loses some of the student's that occur twice, so it is done here."""
    one.hashes -= stretches
    one.hash_idx = {stretch: places for stretch, places in one.hash_idx.items() if stretch in one.hashes}
    one.token_coverage = get_token_coverage(one.hash_idx, STRETCH, len(one.filtered_code))


def _common(prints: list[CodeFingerprint]) -> set[int]:
    if len(prints) < CLASS:
        return set()
    counts = Counter(stretch for one in prints for stretch in one.hashes)
    return {stretch for stretch, count in counts.items() if count > len(prints) / 2}


def _pair(left: CodeFingerprint, right: CodeFingerprint) -> Pair:
    _, shares, slices = compare_files(left, right)
    sides = (
        Side(one.filename, min(1.0, float(share)), tuple(_segments(one.raw_code, places)))
        for one, share, places in zip((left, right), shares, slices, strict=True)
    )
    return Pair(*sides)


def _segments(text: str, places: np.ndarray) -> Iterator[Segment]:
    """Part a text at the places that are alike."""
    end = 0
    for begin, until in places.T.astype(int):
        yield text[end : max(end, begin)], False
        yield text[max(end, begin) : until], True
        end = max(end, until)
    yield text[end:], False
