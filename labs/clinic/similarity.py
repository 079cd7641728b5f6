"""Patient similarity networks: who resembles whom, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from clinic.plot import COLOURS

__all__ = [
    "COLUMNS",
    "Column",
    "baseline",
    "draw",
    "fuse",
    "gower",
    "kernel",
    "nearest",
    "network",
    "rewired",
    "shuffled",
    "spread",
    "spread_of_shares",
    "status",
]

Floats = NDArray[np.float64]
_MARKERS = "os^Dv*P"


@dataclass(frozen=True)
class Column:
    """One column that was known at the start of the study.

    Parameters
    ----------
    source : str
        Its name in the survey.
    name : str
        Its name in the lab.
    modality : str
        Which kind of knowledge it belongs to: "body", "life", "history" or "person".
    category : bool
        Whether two patients agree in it or not, instead of lying nearer or farther.
    unknown : int or None
        The code that stands for "not known".
    """

    source: str
    name: str
    modality: str
    category: bool = False
    unknown: int | None = None


_DISEASES = {
    "asthma": "asthma",
    "bronch": "chronic bronchitis",
    "tb": "tuberculosis",
    "hf": "heart failure",
    "pepticulcer": "peptic ulcer",
    "colitis": "colitis",
    "hepatitis": "hepatitis",
    "chroniccough": "chronic cough",
    "hayfever": "hay fever",
    "polio": "polio",
    "tumor": "malignant tumour",
    "nervousbreak": "nervous breakdown",
}

COLUMNS = (
    Column("ht", "height in cm", "body"),
    Column("wt71", "weight in kg", "body"),
    Column("cholesterol", "cholesterol in mg/dl", "body"),
    Column("smokeintensity", "cigarettes a day", "life"),
    Column("smokeyrs", "years of smoking", "life"),
    Column("alcoholfreq", "drinks seldom (0 to 4)", "life", unknown=5),
    Column("active", "inactive by day (0 to 2)", "life"),
    Column("exercise", "little exercise (0 to 2)", "life"),
    *(Column(source, name, "history", category=True) for source, name in _DISEASES.items()),
    Column("hbp", "high blood pressure", "history", category=True, unknown=2),
    Column("diabetes", "diabetes", "history", category=True, unknown=2),
    Column("age", "age", "person"),
    Column("sex", "sex", "person", category=True),
    Column("race", "race", "person", category=True),
    Column("income", "income group (11 to 22)", "person"),
    Column("school", "years at school", "person"),
    Column("marital", "marital status", "person", category=True, unknown=8),
)
"""What the lab uses of the survey: only what was known at the start."""


def baseline(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns known at the start, with "not known" as a missing value.

    Parameters
    ----------
    table : pandas.DataFrame
        The table of :func:`clinic.load_nhefs`.

    Returns
    -------
    pandas.DataFrame
        One column each of `COLUMNS`, under its name in the lab; categories have pandas' type "category".
    """
    columns = {}
    for column in COLUMNS:
        values = table[column.source].astype(float)
        values = values.where(values != column.unknown)
        columns[column.name] = values.astype("category") if column.category else values
    return pd.DataFrame(columns)


def gower(table: pd.DataFrame) -> Floats:
    """Compute Gower's similarity of all pairs of patients.

    A column of numbers gives 1 - |difference| / range, a category gives 1 if both agree and else 0. A column counts
    for a pair only if it is known of both; the similarity is the mean over the columns that count.

    Parameters
    ----------
    table : pandas.DataFrame, n rows
        Numbers, and categories of pandas' type "category"; a missing value is one that is not known.

    Returns
    -------
    array of float, shape (n, n)
        From 0 to 1; nan for a pair of which no column is known of both.
    """
    total = np.zeros((len(table), len(table)))
    counted = np.zeros_like(total)
    for name in table.columns:
        category = isinstance(table[name].dtype, pd.CategoricalDtype)
        values = (table[name].cat.codes.where(table[name].notna()) if category else table[name]).to_numpy(dtype=float)
        known = ~np.isnan(values)
        both = known[:, None] & known
        difference = np.abs(values[:, None] - values)
        widest = np.ptp(values[known]) if known.any() else 0.0
        alike = (difference == 0) if category or widest == 0 else 1 - difference / widest
        total += np.where(both, alike, 0.0)
        counted += both
    return np.divide(total, counted, out=np.full_like(total, np.nan), where=counted > 0)


def nearest(similarity: ArrayLike, k: int) -> NDArray[np.intp]:
    """Return each patient's k most similar others, the most similar first.

    Parameters
    ----------
    similarity : array_like of float, shape (n, n)
        Higher means more alike; the diagonal is ignored.
    k : int
        From 1 to n - 1.

    Returns
    -------
    array of int, shape (n, k)
        Row numbers; of equals the one that comes first in the table.
    """
    others = np.array(similarity, dtype=float)
    np.fill_diagonal(others, -np.inf)
    return np.argsort(-others, axis=1, kind="stable")[:, :k]


def network(similarity: ArrayLike, k: int) -> NDArray[np.bool_]:
    """Link two patients if one of them is among the k most similar of the other.

    Parameters
    ----------
    similarity, k
        As in :func:`nearest`.

    Returns
    -------
    array of bool, shape (n, n)
        The adjacency matrix: symmetric, False on the diagonal.
    """
    chosen = nearest(similarity, k)
    linked = np.zeros((len(chosen), len(chosen)), dtype=bool)
    linked[np.arange(len(chosen))[:, None], chosen] = True
    return linked | linked.T


def rewired(adjacency: ArrayLike, seed: int) -> nx.Graph:
    """Return a random graph in which each patient keeps the number of neighbours, but not who they are.

    Parameters
    ----------
    adjacency : array_like of bool, shape (n, n)
        Symmetric, False on the diagonal.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    networkx.Graph
        After five swaps an edge: two edges a-b and c-d become a-d and c-b.
    """
    graph = nx.from_numpy_array(np.asarray(adjacency, dtype=bool))
    swaps = 5 * graph.number_of_edges()
    return nx.double_edge_swap(graph, nswap=swaps, max_tries=100 * swaps, seed=seed)


def spread_of_shares(outcome: ArrayLike, group: ArrayLike) -> float:
    """Measure how far the groups' shares of an outcome lie apart.

    Parameters
    ----------
    outcome : array_like of int, shape (n,)
        1 or 0.
    group : array_like of int, shape (n,)
        Number of each patient's group, from 0.

    Returns
    -------
    float
        Sum over the groups of size times (share in the group - share of all) squared.
    """
    ones, groups = np.asarray(outcome, dtype=float), np.asarray(group)
    sizes = np.bincount(groups)
    shares = np.bincount(groups, weights=ones) / np.maximum(sizes, 1)
    return float(np.sum(sizes * (shares - ones.mean()) ** 2))


def shuffled(outcome: ArrayLike, strata: ArrayLike, generator: np.random.Generator) -> NDArray[np.int64]:
    """Shuffle the outcome among the patients of each stratum.

    Parameters
    ----------
    outcome : array_like of int, shape (n,)
        1 or 0.
    strata : array_like of int, shape (n,)
        Patients of one stratum exchange their outcomes, patients of two strata don't.
    generator : numpy.random.Generator
        Source of the random numbers.

    Returns
    -------
    array of int, shape (n,)
    """
    values, strata = np.asarray(outcome, dtype=np.int64), np.asarray(strata)
    slots = np.argsort(strata, kind="stable")
    order = np.lexsort((generator.random(len(values)), strata))
    result = np.empty_like(values)
    result[slots] = values[order]
    return result


def kernel(similarity: ArrayLike, k: int, width: float = 0.5) -> Floats:
    """Turn similarities into weights that fall off faster where patients lie close together.

    The distance d = 1 - similarity becomes exp(-(d / e)² / width), where e is the mean of d and of both patients' mean
    distances to their k nearest. Multiplying all distances by a number changes nothing.

    Parameters
    ----------
    similarity : array_like of float, shape (n, n)
        Symmetric, at most 1.
    k : int
        From 1 to n - 1.
    width : float
        Above 0; the larger, the slower the weights fall.

    Returns
    -------
    array of float, shape (n, n)
        Symmetric, above 0 and at most 1; identical patients get 1.
    """
    distance = 1 - np.asarray(similarity, dtype=float)
    others = distance.copy()
    np.fill_diagonal(others, np.inf)
    near = np.sort(others, axis=1)[:, :k].mean(axis=1)
    scale = (near[:, None] + near + distance) / 3
    ratio = np.divide(distance, scale, out=np.zeros_like(distance), where=scale > 0)
    weights: Floats = np.exp(-(ratio**2) / width)
    return weights


def status(weights: ArrayLike) -> Floats:
    """Scale the weights of each patient so that the others share one half and the patient keeps the other half.

    Parameters
    ----------
    weights : array_like of float, shape (n, n)
        At least 0; each row has something beside the diagonal, which is ignored.

    Returns
    -------
    array of float, shape (n, n)
        One half on the diagonal; each row sums to 1.
    """
    others = np.array(weights, dtype=float)
    np.fill_diagonal(others, 0)
    scaled: Floats = others / (2 * others.sum(axis=1, keepdims=True))
    np.fill_diagonal(scaled, 0.5)
    return scaled


def _local(weights: Floats, k: int) -> Floats:
    """Keep each patient's k largest weights, and all that equal the k-th; let each row sum to 1."""
    others = weights.copy()
    np.fill_diagonal(others, 0)
    last = np.partition(others, -k, axis=1)[:, -k]
    others[others < last[:, None]] = 0
    local: Floats = others / others.sum(axis=1, keepdims=True)
    return local


def fuse(similarities: Sequence[ArrayLike], k: int, steps: int) -> Floats:
    """Fuse the networks of several modalities into one (similarity network fusion).

    Each modality has a full matrix P (see :func:`status`) and a local one, S, that keeps the k strongest neighbours of
    each patient. In a step each P becomes S · M · Sᵀ, where M is the mean of the *other* modalities' P, and is made
    symmetric and scaled again. The result is the mean of all P.

    Parameters
    ----------
    similarities : sequence of array_like, each of shape (n, n)
        At least two, of the same patients in the same order.
    k : int
        Neighbours of each patient, from 1 to n - 1.
    steps : int
        How many times to pass the networks on, at least 1.

    Returns
    -------
    array of float, shape (n, n)
        Symmetric.
    """
    weights = [kernel(similarity, k) for similarity in similarities]
    # Ties can make a local matrix dense; sparse multiplication pays only where most of it is zero.
    cut = [_local(one, k) for one in weights]
    local: list[Any] = [sparse.csr_array(one) if np.mean(one > 0) < 0.1 else one for one in cut]
    full = [status(one) for one in weights]
    for _ in range(steps):
        total = np.sum(full, axis=0)
        passed = []
        for own, near in zip(full, local, strict=True):
            new = near @ (near @ ((total - own) / (len(full) - 1)).T).T
            passed.append(status((new + new.T) / 2))
        full = passed
    mean: Floats = np.mean(full, axis=0)
    return (mean + mean.T) / 2


def spread(adjacency: ArrayLike, label: ArrayLike, alpha: float) -> Floats:
    """Spread the known labels over a network, by the rule of :class:`sklearn.semi_supervised.LabelSpreading`.

    Parameters
    ----------
    adjacency : array_like, shape (n, n)
        Symmetric, at least 0, 0 on the diagonal; each patient has a neighbour.
    label : array_like of int, shape (n,)
        1 or 0 where known, -1 where not.
    alpha : float
        How much a patient takes from the neighbours, above 0 and below 1; the rest is the patient's own label.

    Returns
    -------
    array of float, shape (n,)
        Share of what reached the patient that came from label 1; of a patient whom nothing reached, the share of label
        1 among the known.
    """
    label = np.asarray(label)
    weights = sparse.csr_array(np.asarray(adjacency, dtype=float))
    root = 1 / np.sqrt(weights.sum(axis=1))
    weights = weights * root[:, None] * root
    known = np.column_stack([label == 0, label == 1]).astype(float)
    mass = known
    change = 1.0
    while change > 1e-9:
        new = alpha * (weights @ mass) + (1 - alpha) * known
        change = float(np.abs(new - mass).max())
        mass = new
    reached = mass.sum(axis=1)
    unreached = np.full(len(label), np.mean(label[label >= 0]))
    score: Floats = np.divide(mass[:, 1], reached, out=unreached, where=reached > 0)
    return score


def draw(
    graph: nx.Graph,
    places: Mapping[int, ArrayLike],
    group: ArrayLike,
    names: Sequence[str],
    axes: Axes | None = None,
    labels: Mapping[int, str] | None = None,
) -> Axes:
    """Draw a network, each group of patients in a colour and a shape of its own.

    Parameters
    ----------
    graph : networkx.Graph
        The nodes are numbered from 0.
    places : mapping of int to array_like
        Where each node stands, as networkx's layouts give it.
    group : array_like of int
        Number of each node's group, from 0.
    names : sequence of str
        What the legend calls the groups, in their order.
    axes : matplotlib.axes.Axes, optional
        Where to draw; a new figure by default.
    labels : mapping of int to str, optional
        What to write beside each node; nothing by default.

    Returns
    -------
    matplotlib.axes.Axes
    """
    axes = axes or plt.subplots(figsize=(6, 4))[1]
    where = np.array([places[node] for node in range(len(graph))], dtype=float)
    for one, other in graph.edges:
        axes.plot(*where[[one, other]].T, color="0.8", linewidth=0.6, zorder=1)
    groups = np.asarray(group)
    size = 36 if labels is None else 160
    for number, (name, colour, marker) in enumerate(zip(names, cycle(COLOURS), cycle(_MARKERS), strict=False)):
        x, y = where[groups == number].T
        axes.scatter(x, y, s=size, c=colour, marker=marker, edgecolors="white", linewidths=0.5, label=name, zorder=2)
    for node, text in (labels or {}).items():
        axes.annotate(text, where[node], xytext=(0, 10), textcoords="offset points", ha="center")
    axes.set_axis_off()
    return axes
