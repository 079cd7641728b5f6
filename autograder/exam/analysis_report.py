"""The report of an exam's analysis: one page that needs nothing but itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from markupsafe import Markup, escape

from autograder.errors import CourseError
from autograder.exam.analysis import FEW, SMALLEST_GROUP, Analysis, Flag, QuestionAnalysis, flags, percent, spelled
from autograder.summary import html

_WIDTH, _HEIGHT = 560, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 58, 14, 14, 44
_MOST_BARS = 40
#: How many pass marks on each side of the real one are in the table.
_MARKS = 5


def write(analysis: Analysis, path: Path) -> Path:
    """Write the report.

    Parameters
    ----------
    analysis : Analysis
        Of an exam.
    path : Path
        The file to write.

    Raises
    ------
    CourseError
        If it can't be written.
    """
    try:
        path.write_text(page(analysis), encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path} can't be written: {error.strerror}.") from error
    return path


def page(analysis: Analysis) -> str:
    """Return the report as HTML.

    Parameters
    ----------
    analysis : Analysis
        Of an exam.
    """
    found = flags(analysis)
    need = _need(found)
    questions = sorted(analysis.questions, key=lambda one: (need.get(one.name, 2), _last(one.discrimination)))
    marks = [mark for mark in analysis.marks if abs(mark.points - (analysis.needed or 0)) <= _MARKS]
    return html(
        "exam/analysis.html",
        analysis=analysis,
        results=analysis.results,
        flags=found,
        need=need,
        questions=questions,
        timed=any(not math.isnan(one.seconds[1]) for one in questions),
        odd=[one for one in analysis.differences if one.test.category in ("B", "C")],
        marks=marks if analysis.needed is not None else analysis.marks,
        histogram=histogram(analysis),
        curve=curve(analysis),
        scatter=scatter(analysis.questions, need),
        spelled=spelled,
        share=percent,
        clock=_clock,
        few=FEW,
        smallest=SMALLEST_GROUP,
    )


def histogram(analysis: Analysis) -> Markup:
    """Draw how many students have how many points, the pass mark, and what lies within one standard error of it.

    Parameters
    ----------
    analysis : Analysis
        Of an exam.
    """
    totals = analysis.results.totals
    start, end = math.floor(min(0.0, totals.min())), max(analysis.results.attainable, totals.max())
    step = max(1, math.ceil((end - start) / _MOST_BARS))
    counts = [0] * (math.floor((end - start) / step) + 1)
    for total in totals:
        counts[math.floor((total - start) / step + 1e-9)] += 1
    end = start + step * len(counts)
    across = _Scale(start, end, _LEFT, _WIDTH - _RIGHT)
    up = _Scale(0, max(counts), _HEIGHT - _BOTTOM, _TOP)
    parts = [*_axes(across, up, "points", "students", every=lambda value: f"{value:g}")]
    if analysis.needed is not None and not math.isnan(analysis.error):
        low, high = (across(min(end, max(start, analysis.needed + way * analysis.error))) for way in (-1, 1))
        parts.insert(
            0, f'<rect class="band" x="{low:.1f}" y="{_TOP}" width="{high - low:.1f}" height="{up.length:.1f}"/>'
        )
    wide = across.length / len(counts)
    for place, count in enumerate(counts):
        x, y = across(start + place * step), up(count)
        parts.append(
            f'<rect class="mark" x="{x + 1:.1f}" y="{y:.1f}" width="{wide - 2:.1f}" height="{up(0) - y:.1f}"/>'
        )
    said = f"A bar for each {step} points; the tallest has {max(counts)} of {len(totals)} students."
    if analysis.needed is not None:
        parts.append(_line(across(analysis.needed), "pass mark"))
        said += f" The pass mark is {analysis.needed:g}; {len(analysis.border)} students lie in the band around it."
    return _svg("histogram", "How many students have how many points", said, parts)


def curve(analysis: Analysis) -> Markup:
    """Draw which share of the students would pass at each pass mark.

    Parameters
    ----------
    analysis : Analysis
        Of an exam.
    """
    students = len(analysis.results.students)
    across = _Scale(0, analysis.results.attainable, _LEFT, _WIDTH - _RIGHT)
    up = _Scale(0, 100, _HEIGHT - _BOTTOM, _TOP)
    corners = [(across(mark.points), up(100 * mark.passing / students)) for mark in analysis.marks]
    parts = [*_axes(across, up, "pass mark, points", "% pass", every=lambda value: f"{value:g}")]
    parts.append(f'<polyline class="curve" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}"/>')
    said = "A line that falls from everybody at 0 points."
    if analysis.needed is not None:
        parts.append(_line(across(analysis.needed), "pass mark"))
        said += f" At the pass mark of {analysis.needed:g} points {percent(analysis.passing / students)} pass."
    return _svg("curve", "Which share passes at each pass mark", f"{said} The table has the numbers.", parts)


def scatter(questions: Sequence[QuestionAnalysis], need: Mapping[str, int]) -> Markup:
    """Draw difficulty and discrimination of each question; those with a flag have their name beside them.

    Parameters
    ----------
    questions : sequence of QuestionAnalysis
        Of an exam.
    need : dict of int
        By question: 0 with a serious flag, 1 with another.
    """
    shown = [one for one in questions if not math.isnan(one.discrimination)]
    values = [one.discrimination for one in shown]
    across = _Scale(0, 100, _LEFT, _WIDTH - _RIGHT)
    up = _Scale(min(-0.2, *values, 0.0), max(0.6, *values, 0.0), _HEIGHT - _BOTTOM, _TOP)
    parts = [*_axes(across, up, "mean share of the points, %", "discrimination", every=spelled)]
    parts.append(f'<line class="zero" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{up(0):.1f}" y2="{up(0):.1f}"/>')
    labels: list[tuple[float, float]] = []
    for one in shown:
        x, y = across(100 * min(1.0, max(0.0, one.difficulty))), up(one.discrimination)
        if need.get(one.name) == 0:
            parts.append(f'<path class="serious" d="M{x:.1f} {y - 7:.1f}l7 7l-7 7l-7 -7z"/>')
        else:
            parts.append(f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="4.5"/>')
        if one.name in need:
            anchor, gap = ("end", -10) if x > _WIDTH - 90 else ("start", 10)
            while any(abs(x - other) < 40 and abs(y - height) < 13 for other, height in labels):
                y -= 13
            labels.append((x, y))
            parts.append(f'<text x="{x + gap:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}">{escape(one.name)}</text>')
    worst = [one.name for one in shown if need.get(one.name) == 0]
    said = f"A dot a question, {len(shown)} in all. " + (
        f"Diamonds, with a serious flag: {', '.join(worst)}." if worst else "None has a serious flag."
    )
    return _svg(
        "scatter", "Difficulty and discrimination of the questions", f"{said} The table has the numbers.", parts
    )


class _Scale:
    """From values to places on a drawing."""

    def __init__(self, low: float, high: float, first: float, last: float) -> None:
        self.low, self.high = low, high if high > low else low + 1
        self.first, self.last = first, last

    def __call__(self, value: float) -> float:
        return self.first + (value - self.low) / (self.high - self.low) * (self.last - self.first)

    @property
    def length(self) -> float:
        return abs(self.last - self.first)

    def ticks(self) -> Iterable[float]:
        """Return some five round values."""
        rough = (self.high - self.low) / 5
        size = 10 ** math.floor(math.log10(rough))
        step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
        first = math.ceil(self.low / step - 1e-9)
        return [round(step * place, 10) for place in range(first, math.floor(self.high / step + 1e-9) + 1)]


def _axes(across: _Scale, up: _Scale, below: str, beside: str, every: Callable[[float], str]) -> Iterable[str]:
    floor = up.first
    for value in up.ticks():
        if not float(value).is_integer() and up.high > 2:
            continue
        y = up(value)
        yield f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{every(value)}</text>'
    for value in across.ticks():
        yield f'<text x="{across(value):.1f}" y="{floor + 17:.1f}" text-anchor="middle">{value:g}</text>'
    yield f'<text x="{(_LEFT + _WIDTH - _RIGHT) / 2:.0f}" y="{_HEIGHT - 6}" text-anchor="middle">{below}</text>'
    yield f'<text transform="translate(11 {(_TOP + floor) / 2:.0f}) rotate(-90)" text-anchor="middle">{beside}</text>'


def _line(x: float, label: str) -> str:
    anchor, gap = ("end", -5) if x > _WIDTH / 2 else ("start", 5)
    return (
        f'<line class="needed" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_HEIGHT - _BOTTOM}"/>'
        f'<text x="{x + gap:.1f}" y="{_TOP + 10}" text-anchor="{anchor}">{label}</text>'
    )


def _svg(name: str, title: str, said: str, parts: Iterable[str]) -> Markup:
    return Markup(  # noqa: S704  # every text in it was escaped or is ours
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-labelledby="{name}-title {name}-text">'
        f'<title id="{name}-title">{title}</title><desc id="{name}-text">{escape(said)}</desc>{"".join(parts)}</svg>'
    )


def _need(found: Iterable[Flag]) -> dict[str, int]:
    """Return the questions that have flags: 0 for a serious one, 1 for others."""
    need: dict[str, int] = {}
    for flag in found:
        if flag.question:
            need[flag.question] = min(need.get(flag.question, 1), 0 if flag.serious else 1)
    return need


def _last(value: float) -> float:
    """Put what is not known behind everything else."""
    return math.inf if math.isnan(value) else value


def _clock(seconds: float) -> str:
    """Write a time as minutes and seconds."""
    return "–" if math.isnan(seconds) else f"{round(seconds) // 60}:{round(seconds) % 60:02d}"
