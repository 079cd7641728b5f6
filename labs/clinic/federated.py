"""Training of one model in several hospitals whose patients stay at home."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit

__all__ = ["averaged", "descend", "layer_gradients", "recovered", "train"]

Array = NDArray[np.float64]
Hospital = tuple[Array, Array]


def descend(features: Array, target: Array, weights: Array, pace: float, steps: int) -> Array:
    """Take steps of gradient descent on the mean log loss of a logistic regression.

    Parameters
    ----------
    features : array of float, shape (n, m)
        One row a patient, with a column of ones for the intercept.
    target : array of float, shape (n,)
        1 or 0.
    weights : array of float, shape (m,)
        Where to start.
    pace : float
        Step length (learning rate).
    steps : int
        Number of steps, each on all patients.

    Returns
    -------
    array of float, shape (m,)
    """
    for _ in range(steps):
        weights = weights - pace * features.T @ (expit(features @ weights) - target) / len(target)
    return weights


def averaged(weights: Sequence[Array], patients: Sequence[int]) -> Array:
    """Average the hospitals' weights, each counted by its number of patients.

    Parameters
    ----------
    weights : sequence of array of float
        One array a hospital, all of one shape.
    patients : sequence of int
        Number of patients of each hospital; at least one has some.

    Returns
    -------
    array of float
    """
    return np.asarray(np.average(np.stack(weights), axis=0, weights=np.asarray(patients, float)))


def train(hospitals: Sequence[Hospital], pace: float, rounds: int, steps: int) -> Array:
    """Train a logistic regression by federated averaging.

    Parameters
    ----------
    hospitals : sequence of (features, target)
        As in :func:`descend`; in real life each pair stays where it is.
    pace : float
        Step length of the local training.
    rounds : int
        How many times the weights travel.
    steps : int
        Local steps in each round.

    Returns
    -------
    array of float, shape (m,)
        The common weights after the last round; they start at 0.
    """
    weights = np.zeros(hospitals[0][0].shape[1])
    sizes = [len(target) for _, target in hospitals]
    for _ in range(rounds):
        weights = averaged([descend(*hospital, weights, pace, steps) for hospital in hospitals], sizes)
    return weights


def layer_gradients(inputs: Array, target: NDArray[np.int64], units: int, seed: int) -> tuple[Array, Array]:
    """Return what a hospital sends after one batch: the gradients of a small network's first layer.

    Parameters
    ----------
    inputs : array of float, shape (n, m)
        The batch, one row a patient.
    target : array of int, shape (n,)
        1 or 0.
    units : int
        Units of the hidden layer.
    seed : int
        Seed of the network's weights before training.

    Returns
    -------
    weight_gradient : array of float, shape (units, m)
    bias_gradient : array of float, shape (units,)
    """
    torch.manual_seed(seed)
    first = torch.nn.Linear(inputs.shape[1], units).double()
    network = torch.nn.Sequential(first, torch.nn.Tanh(), torch.nn.Linear(units, 1).double())
    answer = network(torch.as_tensor(inputs))[:, 0]
    loss = torch.nn.functional.binary_cross_entropy_with_logits(answer, torch.as_tensor(target).double())
    weight_gradient, bias_gradient = torch.autograd.grad(loss, [first.weight, first.bias])
    return weight_gradient.numpy(), bias_gradient.numpy()


def recovered(weight_gradient: Array, bias_gradient: Array) -> Array:
    """Compute from the gradients of a layer what went into it, as if the batch had held one patient.

    Parameters
    ----------
    weight_gradient : array of float, shape (units, m)
    bias_gradient : array of float, shape (units,)
        Not all 0.

    Returns
    -------
    array of float, shape (m,)
        The patient's numbers; of a larger batch, a mixture of its patients.
    """
    unit = int(np.argmax(np.abs(bias_gradient)))
    return np.asarray(weight_gradient[unit] / bias_gradient[unit])
