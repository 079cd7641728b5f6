"""Federated averaging and what its gradients tell."""

import numpy as np
import pytest
from clinic import federated
from sklearn.linear_model import LogisticRegression

RNG = np.random.default_rng(1)
FEATURES = np.column_stack([np.ones(120), RNG.normal(size=(120, 2))])
TARGET = (RNG.random(120) < 1 / (1 + np.exp(-FEATURES @ [0.2, 1.0, -1.0]))).astype(float)


def test_one_step_by_hand() -> None:
    # At weight 0 every risk is one half: the gradient is the mean of (0.5 - y) x, here (0.5 * 2 - 0.5 * 4) / 2 = -0.5.
    weights = federated.descend(np.array([[2.0], [4.0]]), np.array([0.0, 1.0]), np.zeros(1), 0.1, 1)
    np.testing.assert_allclose(weights, [0.05])


def test_descent_ends_at_the_logistic_regression() -> None:
    fitted = federated.descend(FEATURES, TARGET, np.zeros(3), 0.5, 3000)
    expected = LogisticRegression(C=1e9, fit_intercept=False, tol=1e-8).fit(FEATURES, TARGET).coef_[0]
    np.testing.assert_allclose(fitted, expected, atol=1e-3)


def test_average_counts_patients_and_not_hospitals() -> None:
    mean = federated.averaged([np.array([0.0, 1.0]), np.array([4.0, 5.0])], [300, 100])
    np.testing.assert_allclose(mean, [1.0, 2.0])
    np.testing.assert_allclose(
        federated.averaged([np.ones((2, 2)), np.full((2, 2), 9.0)], [0, 3]), np.full((2, 2), 9.0)
    )


@pytest.mark.parametrize("cuts", [[60], [20, 50]])
def test_with_one_local_step_federated_is_pooled_training(cuts: list[int]) -> None:
    hospitals = list(zip(np.split(FEATURES, cuts), np.split(TARGET, cuts), strict=True))
    together = federated.descend(FEATURES, TARGET, np.zeros(3), 0.3, 7)
    np.testing.assert_allclose(federated.train(hospitals, 0.3, rounds=7, steps=1), together)
    # With many local steps it is not: the hospitals drift apart between the rounds.
    drifted = federated.train(hospitals, 0.3, rounds=1, steps=200)
    assert np.abs(drifted - federated.descend(FEATURES, TARGET, np.zeros(3), 0.3, 200)).max() > 1e-3


def test_a_hospital_alone_takes_all_its_steps() -> None:
    alone = federated.train([(FEATURES, TARGET)], 0.3, rounds=3, steps=5)
    np.testing.assert_allclose(alone, federated.descend(FEATURES, TARGET, np.zeros(3), 0.3, 15))


def test_gradient_of_one_patient_holds_the_patient() -> None:
    patient = np.array([[0.3, -1.2, 2.5, 0.0]])
    weight_gradient, bias_gradient = federated.layer_gradients(patient, np.array([1]), 5, seed=2)
    assert weight_gradient.shape == (5, 4)
    np.testing.assert_allclose(weight_gradient, np.outer(bias_gradient, patient[0]))
    assert np.abs(bias_gradient).max() > 1e-6
    np.testing.assert_allclose(federated.recovered(weight_gradient, bias_gradient), patient[0], atol=1e-12)


@pytest.mark.parametrize("delta", [[0.0, 0.0, -0.3], [0.5, -0.5], [0.1, -0.4, 0.3]])
def test_a_patient_is_recovered_from_units_that_are_silent_or_cancel(delta: list[float]) -> None:
    patient = np.array([63.0, 1.0, -120.5, 0.0])
    np.testing.assert_allclose(federated.recovered(np.outer(delta, patient), np.array(delta)), patient)


def test_gradient_of_a_batch_is_the_mean_of_the_patients() -> None:
    batch, target = FEATURES[:3], np.array([0, 1, 1])
    whole = federated.layer_gradients(batch, target, 4, seed=3)
    single = [federated.layer_gradients(batch[[i]], target[[i]], 4, seed=3) for i in range(3)]
    for together, parts in zip(whole, zip(*single, strict=True), strict=True):
        np.testing.assert_allclose(together, np.mean(parts, axis=0))
