"""What tables and models give away, and the noise against it."""

import numpy as np
import pandas as pd
import pytest
import torch
from clinic import privacy
from opacus.accountants import RDPAccountant
from scipy import stats
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score, roc_curve

PATIENTS = pd.DataFrame(
    {
        "age": [30, 30, 30, 40, 40, 40, 40, 70],
        "sex": ["w", "w", "w", "m", "m", "w", "w", "m"],
        "home": ["Voss", "Voss", "Voss", None, None, None, None, "Voss"],
        "diagnosis": ["asthma", "depression", "asthma", "HIV", "HIV", "migraine", None, "heart failure"],
    },
    index=[7, 3, 9, 1, 2, 8, 5, 4],
)


def test_class_sizes_of_a_table_counted_by_hand() -> None:
    sizes = privacy.class_sizes(PATIENTS, ["age", "sex", "home"])
    assert list(sizes) == [3, 3, 3, 2, 2, 2, 2, 1]
    assert sizes.index.equals(PATIENTS.index)
    assert list(privacy.class_sizes(PATIENTS, ["home"])) == [4, 4, 4, 4, 4, 4, 4, 4]


def test_class_sizes_are_those_of_value_counts() -> None:
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"a": rng.integers(0, 5, 300), "b": rng.choice(["x", "y", None], 300)})
    counts = table.value_counts(["a", "b"], dropna=False)
    sizes = privacy.class_sizes(table, ["a", "b"])
    assert sizes.min() == counts.min()
    assert (sizes == 1).sum() == (counts == 1).sum()
    assert (1 / sizes).sum() == pytest.approx(len(counts))


def test_variety_finds_the_class_that_agrees() -> None:
    assert list(privacy.variety(PATIENTS, ["age", "sex", "home"], "diagnosis")) == [2, 2, 2, 1, 1, 2, 2, 1]
    assert list(privacy.variety(PATIENTS, ["age"], "diagnosis"))[3:7] == [3, 3, 3, 3]  # not known is a value, too


def test_losses_average_to_the_log_loss() -> None:
    rng = np.random.default_rng(2)
    truth, probability = rng.integers(0, 2, 50), rng.random(50)
    assert privacy.losses(truth, probability).mean() == pytest.approx(log_loss(truth, probability))
    np.testing.assert_allclose(privacy.losses([1, 0, 1], [0.5, 0.5, 1.0]), [np.log(2), np.log(2), 0.0])
    assert privacy.losses([1], [0.0])[0] == pytest.approx(27.63, abs=0.01)


def test_attack_by_hand() -> None:
    found = privacy.attack([0.1, 0.2], [0.3, 0.15])
    assert (found.auc, found.advantage, found.found) == (0.75, 0.5, 0.5)
    assert privacy.attack([3, 4], [1, 2]) == privacy.Attack(0.0, 0.0, 0.0)
    assert privacy.attack([0.4] * 3, [0.4] * 2) == privacy.Attack(0.5, 0.0, 0.0)


def test_attack_is_the_roc_of_minus_the_loss() -> None:
    rng = np.random.default_rng(3)
    members, strangers = rng.exponential(1.0, 70).round(1), rng.exponential(1.5, 90).round(1)
    truth, score = np.repeat([1, 0], [70, 90]), -np.concatenate([members, strangers])
    alarms, hits, _ = roc_curve(truth, score, drop_intermediate=False)
    found = privacy.attack(members, strangers, allowed=0.1)
    assert found.auc == pytest.approx(roc_auc_score(truth, score))
    assert found.advantage == pytest.approx((hits - alarms).max())
    assert found.found == pytest.approx(hits[alarms <= 0.1].max())


def test_attack_intervals_hold_the_truth_as_often_as_they_say() -> None:
    rng, inside = np.random.default_rng(4), 0
    true = stats.norm.cdf(0.7 / np.sqrt(2))
    for _ in range(60):
        members, strangers = rng.normal(0, 1, 80), rng.normal(0.7, 1, 60)
        low, high = privacy.attack_intervals(members, strangers, 100, rng)[:, 0]
        inside += low <= true <= high
    assert 51 <= inside <= 60  # 57 expected; fewer than 51 has a chance below 1 %


def test_posterior_by_hand_and_where_nothing_can_be_learned() -> None:
    belief = privacy.posterior(0.2, [0.3, 0.3, 0.4, 0.0], [0.1, 0.1, 0.4, 0.0], [1, 0, 1, 1])
    np.testing.assert_allclose(belief, [0.06 / 0.14, 0.14 / 0.86, 0.2, 0.2])


def test_inversion_follows_the_weights_of_a_linear_model() -> None:
    model = torch.nn.Linear(3, 1)
    with torch.no_grad():
        model.weight[:] = torch.tensor([[2.0, -1.0, 0.0]])
        model.bias[:] = 0.0
    found = privacy.invert(model, 3, penalty=0.1, steps=800)
    np.testing.assert_allclose(found / found[0], [1.0, -0.5, 0.0], atol=1e-3)
    # At the top the two pulls are equal: w (1 - p) = 2 * penalty * x.
    p = 1 / (1 + np.exp(-(2 * found[0] - found[1])))
    assert 2 * (1 - p) == pytest.approx(0.2 * found[0], abs=1e-3)


def test_inversion_with_a_covariance_gives_the_difference_of_the_means() -> None:
    rng = np.random.default_rng(5)
    covariance = np.array([[1.0, 0.9], [0.9, 1.0]])
    means = np.array([[-1.0, -0.2], [1.0, 0.2]])
    target = np.repeat([0, 1], 20_000)
    values = means[target] + rng.multivariate_normal([0, 0], covariance, 40_000)
    fit = LogisticRegression(C=1e6).fit(values, target)
    model = torch.nn.Linear(2, 1)
    with torch.no_grad():
        model.weight[:] = torch.as_tensor(fit.coef_, dtype=torch.float32)
        model.bias[:] = 0.0
    spread = torch.as_tensor(np.linalg.cholesky(covariance), dtype=torch.float32)
    found = privacy.invert(model, 2, penalty=0.1, steps=500, spread=spread)
    assert found[1] / found[0] == pytest.approx(0.2, abs=0.05)
    blind = privacy.invert(model, 2, penalty=0.1, steps=500)
    assert blind[1] < 0


def test_laplace_noise_has_the_scale_that_it_should() -> None:
    noise = privacy.laplace(np.full(20_000, 7.0), 2.0, 0.5, np.random.default_rng(6)) - 7
    assert np.abs(noise).mean() == pytest.approx(4.0, rel=0.04)
    assert noise.std() == pytest.approx(4.0 * np.sqrt(2), rel=0.05)
    assert stats.kstest(noise, stats.laplace(scale=4.0).cdf).pvalue > 0.01


@pytest.mark.parametrize("epsilon", [0.5, 1.0, 2.0])
def test_laplace_keeps_its_promise_on_neighbours(epsilon: float) -> None:
    size, edges = 200_000, np.arange(35.0, 47.0)
    counts = [
        np.histogram(privacy.laplace(np.full(size, true), 1.0, epsilon, np.random.default_rng(seed)), edges)[0]
        for seed, true in ((7, 40.0), (8, 41.0))
    ]
    # Probabilities of each interval from the exact distribution: their ratio must lie within exp(±epsilon).
    exact = [np.diff(stats.laplace(true, 1 / epsilon).cdf(edges)) for true in (40.0, 41.0)]
    ratio = exact[0] / exact[1]
    assert ratio.max() <= np.exp(epsilon) + 1e-9
    assert ratio.max() == pytest.approx(np.exp(epsilon))
    for counted, probability in zip(counts, exact, strict=True):
        np.testing.assert_allclose(counted, size * probability, atol=5 * np.sqrt(size * 0.25))
        enough = probability * size > 1000
        np.testing.assert_allclose(counted[enough] / size, probability[enough], rtol=0.15)


def test_private_gradient_by_hand() -> None:
    gradients = np.array([[3.0, 4.0], [0.0, 0.5]])
    np.testing.assert_allclose(privacy.private_gradient(gradients, 1.0, 0.0, np.zeros(2), 2), [0.3, 0.65])
    noisy = privacy.private_gradient(gradients, 1.0, 2.0, np.array([1.0, -1.0]), 2)
    np.testing.assert_allclose(noisy, [1.3, -0.35])
    np.testing.assert_allclose(privacy.private_gradient(np.zeros((0, 2)), 0.5, 2.0, np.ones(2), 4), [0.25, 0.25])


def test_no_patient_moves_the_private_gradient_by_more_than_the_clip() -> None:
    rng = np.random.default_rng(9)
    gradients = rng.normal(size=(30, 4)) * rng.exponential(3, 30)[:, None]
    whole = privacy.private_gradient(gradients, 0.7, 0.0, np.zeros(4), 10)
    for one in range(30):
        rest = privacy.private_gradient(np.delete(gradients, one, axis=0), 0.7, 0.0, np.zeros(4), 10)
        assert np.linalg.norm(whole - rest) <= 0.07 + 1e-12


def test_without_noise_and_clipping_private_training_is_logistic_regression() -> None:
    rng = np.random.default_rng(10)
    features = np.column_stack([np.ones(400), rng.normal(size=(400, 2))])
    target = (rng.random(400) < 1 / (1 + np.exp(-features @ [0.5, 1.0, -1.0]))).astype(float)
    fitted = privacy.private_weights(
        features, target, clip=1e6, noise=0.0, rate=1.0, steps=2000, pace=0.5, rng=np.random.default_rng(11)
    )
    expected = LogisticRegression(C=1e9, fit_intercept=False, tol=1e-8).fit(features, target).coef_[0]
    np.testing.assert_allclose(fitted, expected, atol=1e-3)


def test_noise_of_private_training_spreads_as_it_should() -> None:
    features, target = np.zeros((50, 2)), np.zeros(50)  # no gradient: what remains is noise
    runs = [
        privacy.private_weights(
            features, target, clip=0.5, noise=2.0, rate=0.2, steps=4, pace=3.0, rng=np.random.default_rng(seed)
        )
        for seed in range(1000)
    ]
    # Four steps of standard deviation 3 * (2 * 0.5) / (0.2 * 50) add up to 0.3 * sqrt(4).
    assert np.std(runs) == pytest.approx(0.6, rel=0.08)


@pytest.mark.parametrize(("noise", "rate", "steps"), [(1.0, 0.1, 100), (4.0, 0.1, 100), (2.0, 0.02, 500)])
def test_epsilon_is_that_of_the_accountant(noise: float, rate: float, steps: int) -> None:
    accountant = RDPAccountant()
    for _ in range(steps):
        accountant.step(noise_multiplier=noise, sample_rate=rate)
    assert privacy.epsilon(noise, rate, steps, 1e-5) == pytest.approx(accountant.get_epsilon(1e-5), rel=1e-6)


def test_epsilon_of_a_single_gaussian_step_is_that_of_the_formula() -> None:
    # Whole batch, one step: the Rényi divergence of order a is a / (2 noise²); the best order gives epsilon.
    noise, delta = 5.0, 1e-5
    orders = np.array([*RDPAccountant.DEFAULT_ALPHAS, 128, 256, 512])
    bounds = orders / (2 * noise**2) + np.log1p(-1 / orders) - (np.log(delta) + np.log(orders)) / (orders - 1)
    assert privacy.epsilon(noise, 1.0, 1, delta) == pytest.approx(bounds.min())


@pytest.mark.filterwarnings("error")
def test_epsilon_rises_with_steps_and_falls_with_noise() -> None:
    assert privacy.epsilon(0, 0.1, 1, 1e-5) == float("inf")
    values = [privacy.epsilon(noise, 0.1, 100, 1e-4) for noise in (1, 2, 4, 8, 16, 32)]
    assert values == sorted(values, reverse=True)
    assert privacy.epsilon(1.0, 0.1, 200, 1e-4) > values[0]
