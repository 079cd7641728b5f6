"""How an exam and each of its questions worked: classical test theory, and what it tells a teacher to look at.

All functions take points as students × questions, with NaN where a student did not meet a question. A student's
strength, against which a question is held, is her share of what she could get in all the *other* questions; where
everybody met everything this is the usual rest score on another scale. Intervals are for 95 %.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy import stats

from autograder.exam.results import Numbers, Response, Results
from autograder.summary import wilson

Bools = npt.NDArray[np.bool_]
Places = npt.NDArray[np.intp]
Interval = tuple[float, float]

#: With fewer students every number here is unstable.
FEW = 30
#: Groups of fewer are not compared.
SMALLEST_GROUP = 20
#: More different answers than this are no options to choose from.
MOST_OPTIONS = 12
#: The share of students in the upper and in the lower group of the upper-lower index.
TAIL = 0.27

_Z = float(stats.norm.ppf(0.975))
_ONE_SIDED = float(stats.norm.ppf(0.95))
_UNKNOWN: Interval = (math.nan, math.nan)
_DRAWS = 1000
_SEED = 219
_STRATA = 10
_IN_STRATUM = 20
#: Points that are equal but for the last digits of a sum of fractions.
_CRUMB = 1e-9
_EASY, _HARD = 0.95, 0.2
_LOW_DISCRIMINATION = 0.1
_LOW_ALPHA = 0.7
_RISE = 0.01


@dataclass(frozen=True)
class OptionUse:
    """Who chose one option of a question.

    Parameters
    ----------
    option : str
        The option, or what was answered.
    right : bool
        Whether it counts as right, judged by the points of those who chose it.
    count : int
        How many chose it.
    share, upper, lower : float
        The share of all students who met the question, of the strongest third and of the weakest third.
    discrimination : float
        The correlation of choosing it with strength.
    interval : tuple of float
        Of the correlation.
    """

    option: str
    right: bool
    count: int
    share: float
    upper: float
    lower: float
    discrimination: float
    interval: Interval


@dataclass(frozen=True)
class Dropped:
    """What changes if a question is dropped; the pass mark goes down in proportion.

    Parameters
    ----------
    mean : float
        The mean share of the points that remain.
    gained, lost : tuple of str
        The students who then pass, and who then don't.
    alpha : float
        Cronbach's alpha without the question.
    """

    mean: float
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    alpha: float


@dataclass(frozen=True)
class QuestionAnalysis:
    """How one question worked.

    Parameters
    ----------
    name, title : str
        Its number or name, and its title if there is one.
    maximum : float
        What it can give.
    met : int
        How many students met it.
    difficulty : float
        The mean share of its points.
    spread : tuple of float
        The interval of the difficulty.
    discrimination : float
        The correlation with the rest score.
    interval : tuple of float
        Of the discrimination.
    upper_lower : float
        The upper-lower index.
    options : tuple of OptionUse
        Who chose what; empty where that is not known, or where there is nothing to choose.
    seconds : tuple of float
        The quartiles of the time.
    dropped : Dropped
        What changes without it.
    """

    name: str
    title: str
    maximum: float
    met: int
    difficulty: float
    spread: Interval
    discrimination: float
    interval: Interval
    upper_lower: float
    options: tuple[OptionUse, ...]
    seconds: tuple[float, float, float]
    dropped: Dropped


@dataclass(frozen=True)
class MantelHaenszel:
    """The association of a right answer with a group at equal strength.

    Parameters
    ----------
    odds_ratio : float
        How many times the odds of the reference group are those of the focal group.
    error : float
        The standard error of the logarithm of the odds ratio.
    chi_square, p : float
        With continuity correction, one degree of freedom.
    """

    odds_ratio: float
    error: float
    chi_square: float
    p: float

    @property
    def delta(self) -> float:
        """The odds ratio on ETS's delta scale; below zero, the question is harder for the focal group.

        Notes
        -----
        Δ = −2.35 ln(odds ratio): Holland and Thayer 1988, in Wainer and Braun (eds), *Test validity*.
        """
        return -2.35 * math.log(self.odds_ratio)

    @property
    def category(self) -> Literal["A", "B", "C", "?"]:
        """ETS's class: A negligible, B moderate, C large; ``?`` if the odds ratio can't be estimated.

        Notes
        -----
        C: Δ is 1.5 or more, whatever its sign, and significantly above 1. A: it is below 1, or not significantly
        different from 0. B: everything else. All at 5 %. Dorans and Holland 1993, in Holland and Wainer (eds),
        *Differential item functioning*.
        """
        if math.isnan(self.odds_ratio):
            return "?"
        size = abs(self.delta)
        if size < 1 or self.p >= 0.05:
            return "A"
        return "C" if size >= 1.5 and size - _ONE_SIDED * 2.35 * self.error > 1 else "B"


@dataclass(frozen=True)
class Difference:
    """How a question works in one group, against all others of equal strength.

    Parameters
    ----------
    question : str
        Its name.
    by : {'language', 'variant'}
        What divides the students.
    group, others : str
        Who is compared with whom; the others are empty where they are all but the group.
    test : MantelHaenszel
        The others are the reference group.
    adjusted : float
        The p-value, adjusted by Holm for all comparisons of the exam.
    """

    question: str
    by: Literal["language", "variant"]
    group: str
    others: str
    test: MantelHaenszel
    adjusted: float

    @property
    def serious(self) -> bool:
        """Whether it is large, and not to be had by chance among so many comparisons."""
        return self.test.category == "C" and self.adjusted < 0.05


@dataclass(frozen=True)
class Mark:
    """How many would pass at a pass mark.

    Parameters
    ----------
    points : float
        The mark.
    passing : int
        How many have as many or more.
    """

    points: float
    passing: int


@dataclass(frozen=True)
class Border:
    """A student within one standard error of measurement of the pass mark.

    Parameters
    ----------
    student : str
        Her id.
    points : float
        What she has.
    distance : float
        How far above the mark, below zero if under it.
    """

    student: str
    points: float
    distance: float


@dataclass(frozen=True, eq=False)
class Analysis:
    """All that the report says.

    Parameters
    ----------
    results : Results
        What was analysed.
    needed : float, optional
        The pass mark, in points.
    alpha : float
        Cronbach's alpha, NaN if it can't be computed.
    interval : tuple of float
        Of alpha.
    error : float
        The standard error of measurement, in points.
    questions : tuple of QuestionAnalysis
        In the order of the exam.
    differences : tuple of Difference
        Between languages and between variants.
    marks : tuple of Mark
        At every whole mark, and at the pass mark.
    """

    results: Results
    needed: float | None
    alpha: float
    interval: Interval
    error: float
    questions: tuple[QuestionAnalysis, ...]
    differences: tuple[Difference, ...]
    marks: tuple[Mark, ...]

    @property
    def few(self) -> bool:
        """Whether there are too few students for stable numbers."""
        return len(self.results.students) < FEW

    @property
    def mean(self) -> float:
        """The mean of the points."""
        return float(self.results.totals.mean())

    @property
    def deviation(self) -> float:
        """The standard deviation of the points."""
        return _deviation(self.results.totals)

    @property
    def passing(self) -> int:
        """How many pass."""
        return _passing(self.results.totals, math.inf if self.needed is None else self.needed)

    @property
    def shifts(self) -> dict[int, int]:
        """How many more students pass with the mark one point lower, and fewer with it one point higher."""
        if self.needed is None:
            return {}
        return {step: _passing(self.results.totals, self.needed + step) - self.passing for step in (-1, 1)}

    @property
    def border(self) -> tuple[Border, ...]:
        """The students at the border, those nearest to the pass mark first."""
        if self.needed is None or math.isnan(self.error):
            return ()
        found = [
            Border(student, float(points), float(points) - self.needed)
            for student, points in zip(self.results.students, self.results.totals, strict=True)
            if abs(points - self.needed) <= self.error + _CRUMB
        ]
        return tuple(sorted(found, key=lambda one: (abs(one.distance), one.distance, one.student)))


@dataclass(frozen=True)
class Flag:
    """Something to look at.

    Parameters
    ----------
    question : str
        Which question; empty for the whole exam.
    serious : bool
        Whether it is unlikely to be chance, and worth acting on before grades are out.
    sentence : str
        What it is and what to do.
    """

    question: str
    serious: bool
    sentence: str


def analyse(results: Results, needed: float | None = None) -> Analysis:
    """Analyse the results of an exam.

    Parameters
    ----------
    results : Results
        Of all students.
    needed : float, optional
        The pass mark, in points.
    """
    marks = {*map(float, range(math.floor(results.attainable) + 1)), *([] if needed is None else [needed])}
    return Analysis(
        results=results,
        needed=needed,
        alpha=cronbach(results.points),
        interval=cronbach_interval(results.points),
        error=measurement_error(results.points),
        questions=tuple(_questions(results, needed)),
        differences=tuple(differences(results)),
        marks=tuple(Mark(mark, _passing(results.totals, mark)) for mark in sorted(marks)),
    )


def _questions(results: Results, needed: float | None) -> Iterator[QuestionAnalysis]:
    level = difficulty(results.points, results.maxima)
    correlation = discrimination(results.points, results.maxima)
    index = upper_lower(results.points, results.maxima)
    without = dropped(results, needed)
    for place, name in enumerate(results.questions):
        met = int((~np.isnan(results.points[:, place])).sum())
        yield QuestionAnalysis(
            name=name,
            title=results.titles[place],
            maximum=float(results.maxima[place]),
            met=met,
            difficulty=float(level[place]),
            spread=wilson(min(1.0, max(0.0, float(level[place]))), met),
            discrimination=float(correlation[place]),
            interval=fisher_interval(float(correlation[place]), met),
            upper_lower=float(index[place]),
            options=option_use(results, place),
            seconds=_quartiles(results.seconds[:, place]),
            dropped=without[place],
        )


def difficulty(points: Numbers, maxima: Numbers) -> Numbers:
    """Return the difficulty of each question: the mean share of its points. Crocker and Algina 1986, *Introduction to
    classical and modern test theory*.

    Parameters
    ----------
    points : array
        Students × questions.
    maxima : array
        What each question can give.
    """  # noqa: D205
    return np.asarray(np.nanmean(points / maxima, axis=0), dtype=np.float64)


def strength(points: Numbers, maxima: Numbers) -> Numbers:
    """Return the rest score: for each student and question, her share of what she could get in all other questions.

    Parameters
    ----------
    points : array
        Students × questions.
    maxima : array
        What each question can give.
    """
    given = np.nan_to_num(points)
    possible = np.where(np.isnan(points), 0.0, maxima)
    rest = given.sum(axis=1, keepdims=True) - given
    reach = possible.sum(axis=1, keepdims=True) - possible
    return _divided(rest, reach)


def discrimination(points: Numbers, maxima: Numbers) -> Numbers:
    """Return how well each question tells strong from weak: the corrected item-total correlation.

    The product-moment correlation of the points of a question with the rest score. Henrysson 1963, *Psychometrika* 28,
    211–218, explains why the question itself must be left out.

    Parameters
    ----------
    points : array
        Students × questions.
    maxima : array
        What each question can give.

    Returns
    -------
    array
        NaN where everybody has the same.
    """
    rest = strength(points, maxima)
    return np.array([_correlation(points[:, place], rest[:, place]) for place in range(len(maxima))])


def fisher_interval(correlation: float, n: int) -> Interval:
    """Return the 95 % interval of a correlation by Fisher's transformation: Fisher 1921, *Metron* 1, 3–32.

    Parameters
    ----------
    correlation : float
        The correlation.
    n : int
        Of how many pairs.
    """
    if math.isnan(correlation) or n <= 3 or abs(correlation) >= 1:
        return _UNKNOWN
    centre, half = math.atanh(correlation), _Z / math.sqrt(n - 3)
    return math.tanh(centre - half), math.tanh(centre + half)


def upper_lower(points: Numbers, maxima: Numbers) -> Numbers:
    """Return the upper-lower index: the mean share of a question's points in the upper 27 % less that in the lower.

    Kelley 1939, *Journal of Educational Psychology* 30, 17–24, shows why 27 %. The groups are formed by the whole
    score; students who tie at their edge belong to a group in part, so that their order makes no difference.

    Parameters
    ----------
    points : array
        Students × questions.
    maxima : array
        What each question can give.
    """
    whole = np.nansum(points, axis=1) / np.where(np.isnan(points), 0.0, maxima).sum(axis=1)
    shares = points / maxima
    upper, lower = (_means(shares, _top(way * whole, TAIL)) for way in (1, -1))
    return upper - lower


def cronbach(points: Numbers) -> float:
    """Return Cronbach's alpha: Cronbach 1951, *Psychometrika* 16, 297–334.

    α = k/(k−1) · (1 − sum of the variances / sum of all covariances); where students met different questions, each
    covariance is of those who met both.

    Parameters
    ----------
    points : array
        Students × questions.

    Returns
    -------
    float
        NaN if there are fewer than two questions, or nobody differs.
    """
    return float(_alphas(points, np.ones((1, len(points))))[0])


def cronbach_without(points: Numbers) -> Numbers:
    """Return Cronbach's alpha of the exam without each of its questions.

    Parameters
    ----------
    points : array
        Students × questions.
    """
    (covariances,) = _covariances(points, np.ones((1, len(points))))
    own = np.diag(covariances)
    return _alpha(len(own) - 1, own.sum() - own, covariances.sum() - 2 * covariances.sum(axis=0) + own)


def cronbach_interval(points: Numbers) -> Interval:
    """Return the 95 % interval of alpha: percentiles of a bootstrap of students.

    Efron and Tibshirani 1993, *An introduction to the bootstrap*. The seed is fixed, so that the same results give the
    same interval.

    Parameters
    ----------
    points : array
        Students × questions.
    """
    students = len(points)
    counts = np.random.default_rng(_SEED).multinomial(students, np.full(students, 1 / students), size=_DRAWS)
    drawn = np.concatenate([_alphas(points, some) for some in np.array_split(counts.astype(np.float64), _DRAWS // 100)])
    drawn = drawn[~np.isnan(drawn)]
    if len(drawn) < _DRAWS / 2:
        return _UNKNOWN
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def measurement_error(points: Numbers) -> float:
    """Return the standard error of measurement in points, SD · √(1 − α).

    Lord and Novick 1968, *Statistical theories of mental test scores*, with alpha in the place of the reliability; an
    alpha below zero is taken for zero.

    Parameters
    ----------
    points : array
        Students × questions.
    """
    alpha = cronbach(points)
    return math.nan if math.isnan(alpha) else _deviation(np.nansum(points, axis=1)) * math.sqrt(1 - max(0.0, alpha))


def option_use(results: Results, place: int) -> tuple[OptionUse, ...]:
    """Return who chose which option of a question: of all, of the strongest third and of the weakest third.

    Haladyna and Rodriguez 2013, *Developing and validating test items*, on the use of such tables. The thirds are
    formed by the rest score; students who tie at the edge belong to a third in part.

    Parameters
    ----------
    results : Results
        Of the exam.
    place : int
        Which question, from 0.

    Returns
    -------
    tuple of OptionUse
        Right ones first; empty if responses are not known, or so many differ that nothing was to be chosen.
    """
    responses = [row[place] for row in results.responses]
    chosen = Counter(option for response in responses for option in dict.fromkeys(response or ()))
    names = sorted(set(chosen) | set(results.options[place]))
    if not chosen or len(names) > MOST_OPTIONS:
        return ()
    points = results.points[:, place]
    full = points >= results.maxima[place] - _CRUMB
    met = np.array([response is not None for response in responses]) & ~np.isnan(points)
    rest = np.where(met, strength(results.points, results.maxima)[:, place], np.nan)
    thirds = [_top(way * rest, 1 / 3) for way in (1, -1)]
    uses = []
    for name in names:
        ticked = np.array([response is not None and name in response for response in responses]).astype(float)
        shares = [float(_means(ticked[:, None], weights)[0]) for weights in (met.astype(float), *thirds)]
        correlation = _correlation(ticked, rest)
        interval = fisher_interval(correlation, int(met.sum()))
        right = _is_right(name, responses, full)
        share, upper, lower = shares
        uses.append(OptionUse(name, right, int((ticked * met).sum()), share, upper, lower, correlation, interval))
    return tuple(sorted(uses, key=lambda use: (not use.right, use.option)))


def _is_right(option: str, responses: Sequence[Response], full: Bools) -> bool:
    """Say whether an option counts as right: most who choose it alone have all points, or most with all points tick it.

    Most and not all, as a grader may have changed the points of some.
    """
    several = any(response is not None and len(response) > 1 for response in responses)
    if several:
        judged = [
            response is not None and option in response for response, all_ in zip(responses, full, strict=True) if all_
        ]
    else:
        judged = [bool(all_) for response, all_ in zip(responses, full, strict=True) if response == (option,)]
    return sum(judged) > len(judged) / 2


def mantel_haenszel(right: Bools, focal: Bools, strata: Places) -> MantelHaenszel:
    """Return the common odds ratio of a right answer in two groups, over strata of equal strength.

    Mantel and Haenszel 1959, *Journal of the National Cancer Institute* 22, 719–748, with their continuity correction;
    the standard error by Robins, Breslow and Greenland 1986, *Biometrics* 42, 311–323.

    Parameters
    ----------
    right : array of bool
        Whether each student answered rightly.
    focal : array of bool
        Whether she is of the focal group; all others are the reference.
    strata : array of int
        Her stratum, from 0.

    Returns
    -------
    MantelHaenszel
        With NaN where strata have only one group or only one kind of answer.
    """
    cells = [
        np.bincount(strata[mask], minlength=int(strata.max()) + 1).astype(float)
        for mask in (right & ~focal, ~right & ~focal, right & focal, ~right & focal)
    ]
    size = np.sum(cells, axis=0)
    a, b, c, d, n = (values[size > 1] for values in (*cells, size))
    variance = ((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))).sum()
    along, across = a * d / n, b * c / n
    if variance <= 0 or not along.sum() or not across.sum():
        return MantelHaenszel(math.nan, math.nan, math.nan, math.nan)
    excess = abs((a - (a + b) * (a + c) / n).sum())
    chi_square = float(max(0.0, excess - 0.5) ** 2 / variance)
    same, other = (a + d) / n, (b + c) / n
    error = (
        (same * along).sum() / (2 * along.sum() ** 2)
        + (same * across + other * along).sum() / (2 * along.sum() * across.sum())
        + (other * across).sum() / (2 * across.sum() ** 2)
    )
    odds = float(along.sum() / across.sum())
    return MantelHaenszel(odds, math.sqrt(error), chi_square, float(stats.chi2.sf(chi_square, 1)))


def differences(results: Results) -> list[Difference]:
    """Say of each question whether it is harder for one language or variant than for others of equal strength.

    The procedure of Holland and Thayer 1988, in Wainer and Braun (eds), *Test validity*, with the rest score in up to
    ten strata of equal size and an answer taken for right if it has half of the points or more. Of two groups the
    smaller is compared with the larger, of more each with all others; groups of fewer than 20 are left out. The
    p-values are adjusted together by Holm 1979, *Scandinavian Journal of Statistics* 6, 65–70.

    Parameters
    ----------
    results : Results
        Of the exam.
    """
    rest = strength(results.points, results.maxima)
    met = ~np.isnan(results.points) & ~np.isnan(rest)
    right = results.points / results.maxima >= 0.5 - _CRUMB
    found: list[tuple[str, Literal["language", "variant"], str, str, MantelHaenszel]] = []
    groupings: tuple[tuple[Literal["language", "variant"], tuple[str, ...]], ...] = (
        ("language", results.languages),
        ("variant", results.variants),
    )
    for by, said in groupings:
        groups = np.array(said)
        for group, others in _compared(said):
            for place, question in enumerate(results.questions):
                who = met[:, place] & (groups != "")
                focal = groups[who] == group
                if min(focal.sum(), (~focal).sum()) >= SMALLEST_GROUP:
                    test = mantel_haenszel(right[who, place], focal, _strata(rest[who, place]))
                    found.append((question, by, group, others, test))
    adjusted = holm(np.array([test.p for *_, test in found]))
    return [Difference(*one, adjusted=float(p)) for one, p in zip(found, adjusted, strict=True)]


def _compared(said: Sequence[str]) -> list[tuple[str, str]]:
    """Return which groups to compare with which others, the smaller first; the others are empty for all others."""
    sizes = Counter(group for group in said if group)
    groups = sorted(sizes, key=lambda group: (sizes[group], group))
    if len(groups) == 2:
        return [(groups[0], groups[1])]
    return [(group, "") for group in groups if len(groups) > 2 and sizes[group] >= SMALLEST_GROUP]


def _strata(rest: Numbers) -> Places:
    """Divide students by strength into groups of equal size, as many as leave some twenty in each, ten at most."""
    count = min(_STRATA, max(2, len(rest) // _IN_STRATUM))
    return np.searchsorted(np.quantile(rest, np.arange(1, count) / count), rest, side="right")


def holm(values: Numbers) -> Numbers:
    """Return p-values adjusted for their number: Holm 1979, *Scandinavian Journal of Statistics* 6, 65–70.

    Parameters
    ----------
    values : array
        The p-values; NaN is not counted.
    """
    adjusted = np.full(len(values), np.nan)
    order = [place for place in np.argsort(values) if not math.isnan(values[place])]
    largest = 0.0
    for rank, place in enumerate(order):
        largest = max(largest, min(1.0, float(values[place]) * (len(order) - rank)))
        adjusted[place] = largest
    return adjusted


def dropped(results: Results, needed: float | None = None) -> list[Dropped]:
    """Return what changes if each question is dropped. The pass mark keeps its share of what can be got.

    Parameters
    ----------
    results : Results
        Of the exam.
    needed : float, optional
        The pass mark, in points.
    """
    alphas = cronbach_without(results.points)
    students = np.array(results.students)
    found = []
    for place, maximum in enumerate(results.maxima):
        left = results.attainable - float(maximum)
        totals = results.totals - np.nan_to_num(results.points[:, place])
        gained: tuple[str, ...] = ()
        lost: tuple[str, ...] = ()
        if needed is not None:
            before = results.totals >= needed - _CRUMB
            after = totals >= needed * left / results.attainable - _CRUMB
            gained, lost = (tuple(map(str, students[who])) for who in (after & ~before, before & ~after))
        mean = float(totals.mean()) / left if left > 0 else math.nan
        found.append(Dropped(mean, gained, lost, float(alphas[place])))
    return found


def flags(analysis: Analysis) -> list[Flag]:
    """Return what to look at, one plain sentence each, the serious first.

    Serious is a question that strong students fail (the whole interval of its discrimination is below zero), a wrong
    option that strong students prefer, and a large difference between groups that many comparisons don't explain.

    Parameters
    ----------
    analysis : Analysis
        Of an exam.
    """
    found = [*_whole(analysis)]
    for question in analysis.questions:
        found += _of_question(question, analysis.alpha)
    found += _of_groups(analysis.differences)
    return sorted(found, key=lambda flag: (not flag.serious, flag.question != ""))


def _whole(analysis: Analysis) -> Iterator[Flag]:
    if analysis.few:
        students = len(analysis.results.students)
        yield Flag(
            "",
            False,
            f"With {students} students all numbers here are unstable: read the questions before you act on one.",
        )
    if analysis.alpha < _LOW_ALPHA:
        low, high = map(spelled, analysis.interval)
        yield Flag(
            "",
            False,
            f"Cronbach's alpha is {spelled(analysis.alpha)} ({low} to {high}): below {_LOW_ALPHA:g}, single points "
            "should not decide.",
        )
    if analysis.border:
        yield Flag(
            "",
            False,
            f"Students within one standard error of measurement ({spelled(analysis.error)} points) of the pass mark: "
            f"{len(analysis.border)}. Look at their answers once more.",
        )


def _of_question(question: QuestionAnalysis, alpha: float) -> Iterator[Flag]:
    name = f"Question {question.name}"
    fault = _wrong_key(question)
    doubt = "" if fault else _doubt(question)
    if fault or doubt:
        yield Flag(question.name, bool(fault), f"{name}: {fault or doubt}")
    if question.difficulty <= _HARD and not fault:
        yield Flag(question.name, False, f"{name}: few get it right ({percent(question.difficulty)}).")
    unused = [f"'{_brief(use.option)}'" for use in question.options if not use.count]
    if unused and question.met >= FEW and question.difficulty < _EASY:
        yield Flag(question.name, False, f"{name}: nobody chose {', '.join(unused)}: find a better distractor.")
    if not (fault or doubt) and question.dropped.alpha > alpha + _RISE:
        rise = f"{spelled(alpha)} to {spelled(question.dropped.alpha)}"
        yield Flag(question.name, False, f"{name}: without it Cronbach's alpha would rise from {rise}.")


def _wrong_key(question: QuestionAnalysis) -> str:
    """Return why the key is probably wrong, if it is."""
    rival = _rival(question)
    if question.interval[1] < 0:
        preferred = f" and prefer '{_brief(rival.option)}'" if rival else ""
        value = spelled(question.discrimination)
        return f"strong students do worse than weak ones (discrimination {value}){preferred}: check the key."
    best = max((use.discrimination for use in question.options if use.right), default=-1.0)
    if rival and rival.interval[0] > best:
        return (
            f"strong students prefer '{_brief(rival.option)}' ({_thirds(rival)}), which counts as wrong: check the key."
        )
    return ""


def _doubt(question: QuestionAnalysis) -> str:
    """Return what may be unclear or useless about a question, if anything; the worst only."""
    if rival := _rival(question):
        return (
            f"the wrong option '{_brief(rival.option)}' attracts strong students ({_thirds(rival)}): can it be read as "
            "right?"
        )
    if question.difficulty >= _EASY:
        return f"nearly everybody gets it right ({percent(question.difficulty)})."
    if question.discrimination < _LOW_DISCRIMINATION:
        numbers = f"discrimination {spelled(question.discrimination)}, {' to '.join(map(spelled, question.interval))}"
        return f"strong students hardly do better than weak ones ({numbers}): is it clear?"
    return ""


def _rival(question: QuestionAnalysis) -> OptionUse | None:
    """Return the wrong option that strong students prefer most, if chance does not explain it."""
    rivals = [use for use in question.options if not use.right and use.interval[0] > 0]
    return max(rivals, key=lambda use: use.discrimination, default=None)


def _thirds(use: OptionUse) -> str:
    return f"{percent(use.upper)} of the strongest third, {percent(use.lower)} of the weakest"


def _of_groups(found: Sequence[Difference]) -> Iterator[Flag]:
    for one in found:
        if one.test.category not in ("B", "C"):
            continue
        group = f"those with {one.by} '{one.group}'"
        others = f"those with {one.by} '{one.others}'" if one.others else "all others"
        worse, better = (group, others) if one.test.odds_ratio > 1 else (others, group)
        odds = f"odds × {min(one.test.odds_ratio, 1 / one.test.odds_ratio):.2f}, class {one.test.category}"
        said = f"of equally strong students, {worse} get it right less often than {better} ({odds})"
        advice = f": compare the {one.by}s." if one.serious else f", perhaps by chance among {len(found)} comparisons."
        yield Flag(one.question, one.serious, f"Question {one.question}: {said}{advice}")


def spelled(value: float) -> str:
    """Write a number with two decimals, a minus sign as such, and a dash where it is not known."""
    return "–" if math.isnan(value) else f"{value:.2f}".replace("-", "−")


def percent(share: float) -> str:
    """Write a share as whole percents, a dash where it is not known."""
    return "–" if math.isnan(share) else f"{100 * share:.0f}\N{NO-BREAK SPACE}%"


def _brief(option: str) -> str:
    return option if len(option) <= 40 else f"{option[:39]}…"


def _passing(totals: Numbers, mark: float) -> int:
    return int((totals >= mark - _CRUMB).sum())


def _deviation(values: Numbers) -> float:
    return float(np.std(values, ddof=1)) if len(values) > 1 else math.nan


def _quartiles(values: Numbers) -> tuple[float, float, float]:
    known = values[~np.isnan(values)]
    if not len(known):
        return math.nan, math.nan, math.nan
    low, middle, high = np.percentile(known, [25, 50, 75])
    return float(low), float(middle), float(high)


def _correlation(one: Numbers, other: Numbers) -> float:
    """Return the product-moment correlation of the pairs that are complete, NaN if one of the two is constant."""
    both = ~np.isnan(one) & ~np.isnan(other)
    x, y = one[both], other[both]
    if len(x) < 3 or np.ptp(x) < _CRUMB or np.ptp(y) < _CRUMB:
        return math.nan
    return float(np.corrcoef(x, y)[0, 1])


def _top(values: Numbers, part: float) -> Numbers:
    """Return how far each student belongs to the top part: 1, 0, or a share where students tie at its edge."""
    known = np.sort(values[~np.isnan(values)])
    above = len(known) - np.searchsorted(known, values, side="right")
    equal = len(known) - np.searchsorted(known, values, side="left") - above
    weights = np.clip((part * len(known) - above) / np.maximum(equal, 1), 0.0, 1.0)
    return np.where(np.isnan(values), 0.0, weights)


def _means(table: Numbers, weights: Numbers) -> Numbers:
    """Return the weighted mean of each column, over students who have a value."""
    counted = np.where(np.isnan(table), 0.0, weights[:, None])
    sums, sizes = (np.nan_to_num(table) * counted).sum(axis=0), counted.sum(axis=0)
    return _divided(sums, sizes)


def _divided(above: Numbers, below: Numbers) -> Numbers:
    """Divide, with NaN where there is nothing to divide by."""
    return np.asarray(above / np.where(below > 0, below, np.nan), dtype=np.float64)


def _covariances(points: Numbers, counts: Numbers) -> Numbers:
    """Return the covariances of all pairs of questions, each of the students who met both.

    Once for each row of counts, which says how often each student is there.
    """
    met = (~np.isnan(points)).astype(np.float64)
    given = np.nan_to_num(points - np.nanmean(points, axis=0))
    questions = points.shape[1]

    def summed(one: Numbers, other: Numbers) -> Numbers:
        products = (one[:, :, None] * other[:, None, :]).reshape(len(points), -1)
        return np.asarray(counts @ products, dtype=np.float64).reshape(-1, questions, questions)

    pairs, sums, products = summed(met, met), summed(given, met), summed(given, given)
    return _divided(products - sums * sums.transpose(0, 2, 1) / np.maximum(pairs, 1), pairs - 1)


def _alphas(points: Numbers, counts: Numbers) -> Numbers:
    covariances = _covariances(points, counts)
    return _alpha(points.shape[1], np.trace(covariances, axis1=1, axis2=2), covariances.sum(axis=(1, 2)))


def _alpha(questions: int, variances: Numbers, totals: Numbers) -> Numbers:
    if questions < 2:
        return np.full(totals.shape, np.nan)
    return questions / (questions - 1) * (1 - _divided(variances, np.where(totals > _CRUMB, totals, np.nan)))
