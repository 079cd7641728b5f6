"""Similarity, networks, fusion and label spreading, against other libraries and cases worked by hand."""

from pathlib import Path

import clinic
import matplotlib as mpl
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from clinic import similarity
from scipy import stats
from sklearn.neighbors import kneighbors_graph
from sklearn.semi_supervised import LabelSpreading

mpl.use("Agg")
TABLE = Path(clinic.__file__).parent / "tables" / "nhefs.csv"


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return pd.read_csv(TABLE, index_col="seqn")


@pytest.fixture
def points() -> np.ndarray:
    return np.random.default_rng(219).normal(size=(40, 3))


def distances(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[:, None] - points, axis=2)


def alike(points: np.ndarray) -> np.ndarray:
    return 1 - distances(points) / distances(points).max()


def test_baseline_holds_nothing_of_later_years(survey: pd.DataFrame) -> None:
    sources = {column.source for column in similarity.COLUMNS}
    later = {"qsmk", "death", "yrdth", "modth", "dadth", "sbp", "dbp", "censored", "id", "seqn"}
    assert not sources & later
    assert not [source for source in sources if "82" in source]
    assert len({column.name for column in similarity.COLUMNS}) == len(similarity.COLUMNS) == 28
    assert {column.modality for column in similarity.COLUMNS} == {"body", "life", "history", "person"}


def test_codes_for_not_known_become_gaps(survey: pd.DataFrame) -> None:
    known = similarity.baseline(survey)
    assert known.shape == (1629, 28)
    assert known["diabetes"].isna().sum() == known["high blood pressure"].isna().sum() == 791
    assert known["marital status"].isna().sum() == 1
    assert known["drinks seldom (0 to 4)"].max() == 4
    assert set(known["diabetes"].dropna()) == {0.0, 1.0}
    assert isinstance(known["sex"].dtype, pd.CategoricalDtype)
    assert known["age"].dtype == float


def test_gower_by_hand() -> None:
    table = pd.DataFrame(
        {
            "age": [40.0, 60.0, 90.0, np.nan],
            "marital": pd.Series(["married", "married", "single", "single"], dtype="category"),
            "cholesterol": [200.0, np.nan, 250.0, np.nan],
        }
    )
    result = similarity.gower(table)
    assert result[0, 1] == pytest.approx((0.6 + 1) / 2)
    assert result[0, 2] == pytest.approx((0 + 0 + 0) / 3)
    assert result[1, 2] == pytest.approx((0.4 + 0) / 2)
    assert result[2, 3] == 1
    assert result[0, 3] == 0
    np.testing.assert_array_equal(result, result.T)
    np.testing.assert_array_equal(np.diag(result), 1)


def test_gower_of_one_value_and_of_nothing_in_common() -> None:
    result = similarity.gower(pd.DataFrame({"a": [3.0, 3.0, np.nan]}))
    assert result[0, 1] == 1
    assert np.isnan(result[0, 2])
    assert np.isnan(result[2, 2])


def test_gower_does_not_depend_on_units_or_codes(survey: pd.DataFrame) -> None:
    table = similarity.baseline(survey.iloc[:60])
    changed = table.assign(**{"weight in kg": table["weight in kg"] * 1000})
    changed["sex"] = changed["sex"].cat.rename_categories({0.0: "man", 1.0: "woman"})
    np.testing.assert_allclose(similarity.gower(changed), similarity.gower(table))


def test_network_is_that_of_scikit_learn(points: np.ndarray) -> None:
    chosen = kneighbors_graph(points, 4, include_self=False).toarray().astype(bool)
    np.testing.assert_array_equal(similarity.network(alike(points), 4), chosen | chosen.T)


def test_nearest_puts_the_most_similar_first_and_leaves_out_the_patient() -> None:
    twins = [[1.0, 1.0, 0.2], [1.0, 1.0, 0.4], [0.2, 0.4, 1.0]]
    np.testing.assert_array_equal(similarity.nearest(twins, 2), [[1, 2], [0, 2], [1, 0]])


def test_rewired_keeps_the_degrees_and_changes_the_edges(points: np.ndarray) -> None:
    adjacency = similarity.network(alike(points), 4)
    graph = similarity.rewired(adjacency, 1)
    np.testing.assert_array_equal([graph.degree[node] for node in range(40)], adjacency.sum(axis=1))
    kept = sum(adjacency[one, other] for one, other in graph.edges) / graph.number_of_edges()
    assert kept < 0.5
    assert set(similarity.rewired(adjacency, 1).edges) == set(graph.edges)


def test_spread_of_shares_is_chi_square_in_other_words() -> None:
    draw = np.random.default_rng(219)
    outcome, group = draw.integers(0, 2, 80), draw.integers(0, 4, 80)
    share = outcome.mean()
    table = pd.crosstab(outcome, group)
    expected = stats.chi2_contingency(table, correction=False).statistic * share * (1 - share)
    assert similarity.spread_of_shares(outcome, group) == pytest.approx(expected)
    assert similarity.spread_of_shares([1, 1, 0, 0], [0, 0, 2, 2]) == pytest.approx(1)  # nobody is in group 1


def test_shuffled_stays_within_strata() -> None:
    strata = np.array([1, 0, 1, 0, 2, 1, 0, 1])
    outcome = np.array([1, 0, 0, 0, 1, 1, 1, 0])
    generator = np.random.default_rng(219)
    several = [similarity.shuffled(outcome, strata, generator) for _ in range(3000)]
    for one in np.unique(strata):
        assert {result[strata == one].sum() for result in several} == {outcome[strata == one].sum()}
    # Each patient of a stratum gets the outcome 1 as often as it occurs there.
    expected = [outcome[strata == one].mean() for one in strata]
    np.testing.assert_allclose(np.mean(several, axis=0), expected, atol=0.03)


def test_kernel_by_hand() -> None:
    # Distances 0.2 (first and second), 0.6 and 0.6; with k = 1 the patients' nearest lie at 0.2, 0.2 and 0.6.
    weights = similarity.kernel([[1, 0.8, 0.4], [0.8, 1, 0.4], [0.4, 0.4, 1]], k=1)
    assert weights[0, 1] == pytest.approx(np.exp(-((0.2 / 0.2) ** 2) / 0.5))
    assert weights[0, 2] == pytest.approx(np.exp(-((0.6 / (1.4 / 3)) ** 2) / 0.5))
    np.testing.assert_array_equal(np.diag(weights), 1)
    np.testing.assert_array_equal(similarity.kernel(np.ones((3, 3)), k=1), 1)


def test_kernel_does_not_depend_on_the_unit_of_distance(points: np.ndarray) -> None:
    distance = distances(points)
    np.testing.assert_allclose(similarity.kernel(1 - distance, 5), similarity.kernel(1 - 7 * distance, 5))


def test_status_shares_one_half_among_the_others() -> None:
    result = similarity.status([[9.0, 1.0, 3.0], [1.0, 9.0, 1.0], [3.0, 1.0, 0.0]])
    np.testing.assert_allclose(result, [[0.5, 0.125, 0.375], [0.25, 0.5, 0.25], [0.375, 0.125, 0.5]])


def slow_fusion(similarities: list[np.ndarray], k: int, steps: int) -> np.ndarray:
    """Fuse with loops, as the algorithm is described."""
    n = len(similarities[0])
    weights = [similarity.kernel(one, k) for one in similarities]
    local = []
    for one in weights:
        near = np.zeros((n, n))
        for i in range(n):
            others = sorted((j for j in range(n) if j != i), key=lambda j, i=i, one=one: -one[i, j])[:k]
            for j in others:
                near[i, j] = one[i, j] / sum(one[i, other] for other in others)
        local.append(near)
    full = [similarity.status(one) for one in weights]
    for _ in range(steps):
        new = []
        for v, near in enumerate(local):
            mean = sum(full[u] for u in range(len(full)) if u != v) / (len(full) - 1)
            passed = near @ mean @ near.T
            new.append(similarity.status((passed + passed.T) / 2))
        full = new
    result = sum(full) / len(full)
    return (result + result.T) / 2


@pytest.mark.parametrize("k", [3, 12])  # sparse and dense local matrices
def test_fusion_is_the_algorithm_with_loops(points: np.ndarray, k: int) -> None:
    networks = [alike(points[:, [0]]), alike(points[:, 1:]), alike(points)]
    fused = similarity.fuse(networks, k, 3)
    np.testing.assert_allclose(fused, slow_fusion(networks, k, 3), atol=1e-12)
    np.testing.assert_allclose(fused, fused.T)
    assert fused.sum() == pytest.approx(len(points))  # each P has rows that sum to 1
    assert fused.min() >= 0


def test_fusion_does_not_depend_on_the_order_of_patients_or_modalities(points: np.ndarray) -> None:
    rounded = alike(points.round(0)[:, [0]])  # many ties
    networks = [rounded, alike(points[:, 1:])]
    order = np.random.default_rng(1).permutation(len(points))
    fused = similarity.fuse(networks, 3, 2)
    turned = similarity.fuse([one[np.ix_(order, order)] for one in networks], 3, 2)
    np.testing.assert_allclose(turned, fused[np.ix_(order, order)], atol=1e-12)
    np.testing.assert_allclose(similarity.fuse(networks[::-1], 3, 2), fused, atol=1e-12)


def test_fusion_keeps_the_groups_that_two_modalities_share() -> None:
    draw = np.random.default_rng(219)
    group = np.repeat([0, 1], 15)
    networks = [alike(draw.normal(size=(30, 2)) + 3 * group[:, None]) for _ in range(2)]
    fused = similarity.fuse(networks, 5, 10)
    same = group[:, None] == group
    np.fill_diagonal(fused, np.nan)
    assert np.nanmean(fused[same]) > 2 * np.nanmean(fused[~same])


@pytest.mark.parametrize("alpha", [0.2, 0.9])
def test_spread_is_that_of_scikit_learn(points: np.ndarray, alpha: float) -> None:
    adjacency = similarity.network(alike(points), 5).astype(float)
    truth = (points[:, 0] > 0).astype(int)
    label = np.where(np.arange(40) < 15, truth, -1)
    rows = np.arange(40)[:, None]
    model = LabelSpreading(lambda a, b: adjacency[np.ix_(a[:, 0], b[:, 0])], alpha=alpha, max_iter=5000, tol=1e-12)
    model.fit(rows, label)
    np.testing.assert_allclose(similarity.spread(adjacency, label, alpha), model.label_distributions_[:, 1], atol=1e-6)


def test_spread_solves_its_equation(points: np.ndarray) -> None:
    weights = similarity.kernel(alike(points), 5) * similarity.network(alike(points), 5)
    label = np.where(np.arange(40) < 10, np.arange(40) % 2, -1)
    root = 1 / np.sqrt(weights.sum(axis=1))
    matrix = np.eye(40) - 0.7 * weights * root[:, None] * root
    mass = np.linalg.solve(matrix, np.column_stack([label == 0, label == 1]).astype(float))
    np.testing.assert_allclose(similarity.spread(weights, label, 0.7), mass[:, 1] / mass.sum(axis=1), atol=1e-6)


def test_a_patient_whom_no_label_reaches_gets_the_share_of_all() -> None:
    adjacency = nx.to_numpy_array(nx.Graph([(0, 1), (1, 2), (3, 4)]), range(5))
    score = similarity.spread(adjacency, [1, 0, 1, -1, -1], 0.5)
    np.testing.assert_allclose(score[3:], 2 / 3)


def test_draw_shows_each_group_in_its_own_shape() -> None:
    graph = nx.Graph([(0, 1), (1, 2)])
    axes = similarity.draw(graph, {0: (0, 0), 1: (1, 0), 2: (2, 0)}, [0, 0, 1], ["well", "ill"], labels={0: "Ada"})
    assert [len(one.get_offsets()) for one in axes.collections] == [2, 1]
    assert len(axes.lines) == 2
    assert axes.texts[0].get_text() == "Ada"
    paths = [one.get_paths()[0].vertices for one in axes.collections]
    assert len(paths[0]) != len(paths[1])
