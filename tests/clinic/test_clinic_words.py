"""Word vectors and the association test, against cases worked by hand and against scipy."""

import hashlib
from importlib.resources import files

import clinic
import numpy as np
import pytest
from clinic import words
from scipy import stats

X, Y = np.array([[1.0, 0], [0.6, 0.8]]), np.array([[0.0, 1], [0.8, 0.6]])
A, B = np.array([[1.0, 0]]), np.array([[0.0, 1]])


@pytest.fixture(scope="module")
def vectors() -> words.Vectors:
    return words.load_vectors()


def test_table(vectors: words.Vectors) -> None:
    assert vectors.matrix.shape == (298, 300)
    assert len(set(vectors.words)) == 298
    np.testing.assert_allclose(np.linalg.norm(vectors.matrix, axis=1), 1, atol=2e-4)
    (file,) = clinic.load_card("word-vectors").files
    content = files("clinic").joinpath(file.name).read_bytes()
    assert file.hash == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert len(content) < 1_500_000
    assert "298 words with 300 numbers" in str(vectors)


def test_rows_and_nearest(vectors: words.Vectors) -> None:
    near = vectors.nearest(vectors.rows(["kidney"])[0])
    assert near.index[0] == "kidney"
    assert near.iloc[0] == pytest.approx(1)
    assert "kidney" not in vectors.nearest(vectors.rows(["kidney"])[0], leave_out=["kidney"])
    assert near["renal"] > near["poetry"]
    with pytest.raises(KeyError, match="xyz"):
        vectors.rows(["xyz"])


def test_cosines_do_not_depend_on_length() -> None:
    np.testing.assert_allclose(words.cosines([[3, 4]], [[1, 0], [0, 2], [-6, -8]]), [[0.6, 0.8, -1]])


def test_associations_by_hand() -> None:
    np.testing.assert_allclose(words.associations(np.vstack([X, Y]), A, B), [1, -0.2, -1, 0.2])


def test_effect_by_hand() -> None:
    result = words.weat([X, Y], [A, B])
    assert result.effect == pytest.approx(0.8 / np.sqrt(0.52))
    # sums of two of 1, -0.2, -1, 0.2: 0.8, 0, 1.2, -1.2, 0, -0.8; two of six are at least 0.8
    assert result.p == pytest.approx(2 / 6)


def test_swaps_turn_the_sign() -> None:
    draw = np.random.default_rng(1)
    one, two, left, right = (draw.normal(size=(5, 4)) for _ in range(4))
    forth = words.weat([one, two], [left, right])
    assert words.weat([two, one], [left, right]).effect == pytest.approx(-forth.effect)
    assert words.weat([one, two], [right, left]).effect == pytest.approx(-forth.effect)
    assert words.weat([two, one], [right, left]).effect == pytest.approx(forth.effect)
    # without ties the two one-sided p-values share only the real split
    assert forth.p + words.weat([two, one], [left, right]).p == pytest.approx(1 + 1 / 252)


def test_largest_effect() -> None:
    assert words.weat([np.tile(A, (3, 1)), np.tile(B, (3, 1))], [A, B]).effect == pytest.approx(2)


@pytest.mark.parametrize("seed", range(3))
def test_exact_p_against_scipy(seed: int) -> None:
    draw = np.random.default_rng(seed)
    first, second = draw.normal(size=5) + 0.5, draw.normal(size=6)

    def difference(one: np.ndarray, two: np.ndarray, axis: int) -> np.ndarray:
        return one.mean(axis=axis) - two.mean(axis=axis)

    expected = stats.permutation_test((first, second), difference, n_resamples=np.inf, alternative="greater").pvalue
    assert words.permutation_p(first, second) == pytest.approx(expected)


def test_ties_count() -> None:
    assert words.permutation_p([2, 2], [2, 2]) == 1
    assert words.permutation_p([0.1, 0.2, 0.3], [0.3, 0.2, 0.1]) == pytest.approx(14 / 20)


def test_random_splits_come_near_the_exact_p() -> None:
    draw = np.random.default_rng(4)
    first, second = draw.normal(size=7) + 0.6, draw.normal(size=7)
    exact = words.permutation_p(first, second)
    assert words.permutation_p(first, second, most=3000) == pytest.approx(exact, abs=0.012)
    assert words.permutation_p(first + 100, second, most=99) >= 1 / 100


def test_every_question_has_its_words(vectors: words.Vectors) -> None:
    for question in words.QUESTIONS.values():
        sizes = [len(vectors.rows(one)) for one in question.targets]
        assert sizes[0] == sizes[1]
        for one in (*question.targets, *question.attributes):
            assert len(vectors.rows(one)) == len(set(one)) >= 5
