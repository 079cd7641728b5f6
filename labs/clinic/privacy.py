"""What a table and a model give away, and what noise takes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch
from numpy.typing import ArrayLike, NDArray
from opacus.accountants import RDPAccountant
from opacus.accountants.analysis import rdp
from scipy import stats
from scipy.special import expit

__all__ = [
    "Attack",
    "attack",
    "attack_intervals",
    "class_sizes",
    "epsilon",
    "invert",
    "laplace",
    "losses",
    "posterior",
    "private_gradient",
    "private_weights",
    "variety",
]

Array = NDArray[np.float64]


def class_sizes(table: pd.DataFrame, columns: Sequence[str]) -> pd.Series:
    """Count, for each row, the rows that agree with it in some columns (its equivalence class).

    Parameters
    ----------
    table : pandas.DataFrame
        One row a person.
    columns : sequence of str
        The quasi-identifiers, at least one. A missing value counts as a value of its own.

    Returns
    -------
    pandas.Series of int
        With the index of `table`; the smallest is k, and a 1 marks a row that is unique.
    """
    return _classes(table, columns).transform("size")


def variety(table: pd.DataFrame, columns: Sequence[str], sensitive: str) -> pd.Series:
    """Count, for each row, the different values of a sensitive column in its equivalence class.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a person.
    columns : sequence of str
        The quasi-identifiers, at least one. A missing value counts as a value of its own.
    sensitive : str
        The column that nobody should learn.

    Returns
    -------
    pandas.Series of int
        With the index of `table`; the smallest is l (distinct l-diversity), and a 1 marks a class that agrees.
    """
    return _classes(table, columns)[sensitive].transform("nunique", dropna=False)


def losses(truth: ArrayLike, probability: ArrayLike) -> Array:
    """Return each patient's log loss: minus the logarithm of the probability given to what happened.

    Parameters
    ----------
    truth : array_like of int, shape (n,)
        1 or 0.
    probability : array_like of float, shape (n,)
        The model's probability of 1.

    Returns
    -------
    array of float, shape (n,)
        0 for a patient of whom the model is rightly sure; at most about 28, since no probability counts below 1e-12.
    """
    given = np.where(np.asarray(truth) == 1, probability, 1 - np.asarray(probability, dtype=float))
    return np.asarray(-np.log(np.clip(given, 1e-12, 1.0)))


@dataclass(frozen=True)
class Attack:
    """How well a membership attack tells members from strangers.

    Parameters
    ----------
    auc : float
        Chance that a random member has a lower loss than a random stranger; a tie counts one half.
    advantage : float
        Largest difference between the share of members and the share of strangers below one bound on the loss.
    found : float
        Share of members found at the bound that takes no more than the allowed share of strangers for members.
    """

    auc: float
    advantage: float
    found: float


def attack(members: ArrayLike, strangers: ArrayLike, allowed: float = 0.01) -> Attack:
    """Attack a model by the loss: who has a low one is taken for a member of the training set.

    Parameters
    ----------
    members, strangers : array_like of float
        Losses of those who were in the training set and of those who were not; neither is empty.
    allowed : float
        Share of strangers that may be taken for members, from 0 to 1.

    Returns
    -------
    Attack
    """
    inside, outside = np.sort(np.asarray(members, float)), np.sort(np.asarray(strangers, float))
    ranks = stats.rankdata(np.concatenate([inside, outside]))[: len(inside)]
    auc = 1 - (ranks.mean() - (len(inside) + 1) / 2) / len(outside)
    bounds = np.concatenate([[-np.inf], np.unique(np.concatenate([inside, outside]))])
    hits = np.searchsorted(inside, bounds, side="right") / len(inside)
    alarms = np.searchsorted(outside, bounds, side="right") / len(outside)
    return Attack(float(auc), float(np.max(hits - alarms)), float(np.max(hits[alarms <= allowed])))


def attack_intervals(members: ArrayLike, strangers: ArrayLike, resamples: int, rng: np.random.Generator) -> Array:
    """Resample members and strangers, each among themselves, and attack again.

    Parameters
    ----------
    members, strangers : array_like of float
        Losses, one a patient.
    resamples : int
        How many bootstrap resamples.
    rng : numpy.random.Generator
        Source of the random draws.

    Returns
    -------
    array of float, shape (2, 3)
        The 2.5 % and the 97.5 % quantiles of AUC, advantage and share found.
    """
    inside, outside = np.asarray(members, float), np.asarray(strangers, float)
    drawn = [
        attack(rng.choice(inside, len(inside)), rng.choice(outside, len(outside))) for _ in range(resamples)
    ]  # fmt: skip
    values = [(one.auc, one.advantage, one.found) for one in drawn]
    return np.asarray(np.quantile(values, [0.025, 0.975], axis=0))


def posterior(prior: float, if_yes: ArrayLike, if_no: ArrayLike, outcome: ArrayLike) -> Array:
    """Return the probability of a hidden yes-or-no property, given a model's answers and the known outcome.

    Parameters
    ----------
    prior : float
        Share of people with the property.
    if_yes, if_no : array_like of float, shape (n,)
        The model's probability of the outcome, asked with the property set to yes and to no.
    outcome : array_like of int, shape (n,)
        1 if it happened, 0 if not.

    Returns
    -------
    array of float, shape (n,)
        By Bayes' theorem; the prior where the model gives the outcome no chance either way.
    """
    happened = np.asarray(outcome) == 1
    yes = prior * np.where(happened, if_yes, 1 - np.asarray(if_yes, float))
    no = (1 - prior) * np.where(happened, if_no, 1 - np.asarray(if_no, float))
    return np.asarray(np.divide(yes, yes + no, out=np.full(len(yes), prior), where=yes + no > 0))


def invert(model: torch.nn.Module, width: int, penalty: float, steps: int, spread: torch.Tensor | None = None) -> Array:
    """Climb to an input that the model takes for a typical case of class 1 (model inversion).

    Parameters
    ----------
    model : torch.nn.Module
        Takes a row of `width` standardised measurements and gives the log odds of class 1.
    width : int
        Number of measurements.
    penalty : float
        How much unusual inputs are held back, more than 0.
    steps : int
        Steps of the climb, from the average input.
    spread : torch.Tensor, shape (width, width), optional
        Cholesky factor of the covariance that the attacker believes the measurements to have, so that "unusual" takes
        account of which measurements go together; by default they are taken for independent.

    Returns
    -------
    array of float, shape (width,)
    """
    factor = torch.eye(width) if spread is None else spread
    place = torch.zeros(1, width, requires_grad=True)
    optimiser = torch.optim.Adam([place], lr=0.05)
    for _ in range(steps):
        loss = -torch.nn.functional.logsigmoid(model(place @ factor.T)).sum() + penalty * (place**2).sum()
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    return np.asarray((place @ factor.T).detach().numpy()[0], dtype=np.float64)


def laplace(value: ArrayLike, sensitivity: float, epsilon: float, rng: np.random.Generator) -> Array:
    """Add the noise of the Laplace mechanism.

    Parameters
    ----------
    value : array_like of float
        The true answer, or several copies of it.
    sensitivity : float
        How far one patient can move the true answer, at most.
    epsilon : float
        Privacy budget of each answer, more than 0.
    rng : numpy.random.Generator
        Source of the noise, which is drawn anew for each element of `value`.

    Returns
    -------
    array of float
    """
    true = np.asarray(value, float)
    return np.asarray(true + rng.laplace(0.0, sensitivity / epsilon, true.shape))


def private_gradient(gradients: Array, clip: float, noise: float, draw: Array, expected: float) -> Array:
    """Clip each patient's gradient, add them up, add noise, and divide: the step of DP-SGD.

    Parameters
    ----------
    gradients : array of float, shape (n, m)
        One row a patient of the batch; n may be 0.
    clip : float
        Longest gradient that a patient may have, more than 0.
    noise : float
        Noise multiplier: standard deviation of the noise, in units of `clip`.
    draw : array of float, shape (m,)
        Independent draws from the standard normal distribution.
    expected : float
        Number of patients that a batch has on average. The true number would tell whether somebody was in it.

    Returns
    -------
    array of float, shape (m,)
    """
    lengths = np.linalg.norm(gradients, axis=1, keepdims=True)
    clipped = gradients / np.maximum(1.0, lengths / clip)
    return np.asarray((clipped.sum(axis=0) + noise * clip * draw) / expected)


def private_weights(
    features: Array,
    target: Array,
    *,
    clip: float,
    noise: float,
    rate: float,
    steps: int,
    pace: float,
    rng: np.random.Generator,
) -> Array:
    """Train a logistic regression by DP-SGD.

    Parameters
    ----------
    features : array of float, shape (n, m)
        One row a patient, with a column of ones for the intercept, scaled without looking at the patients.
    target : array of float, shape (n,)
        1 or 0.
    clip, noise : float
        As in :func:`private_gradient`.
    rate : float
        Chance of each patient to be in a batch, drawn for each patient and batch by itself (Poisson sampling).
    steps : int
        Number of batches.
    pace : float
        Step length (learning rate).
    rng : numpy.random.Generator
        Source of batches and noise.

    Returns
    -------
    array of float, shape (m,)
        The weights after the last step; they start at 0.
    """
    weights = np.zeros(features.shape[1])
    for _ in range(steps):
        batch = rng.random(len(target)) < rate
        x, y = features[batch], target[batch]
        gradients = (expit(x @ weights) - y)[:, None] * x
        draw = rng.normal(size=len(weights))
        weights = weights - pace * private_gradient(gradients, clip, noise, draw, rate * len(target))
    return weights


def epsilon(noise: float, rate: float, steps: int, delta: float) -> float:
    """Return what a training by DP-SGD has spent, by the RDP accountant of opacus.

    Parameters
    ----------
    noise : float
        Noise multiplier; 0 gives infinity.
    rate : float
        Chance of each patient to be in a batch.
    steps : int
        Number of batches.
    delta : float
        Probability with which the bound may fail; should be well below one patient in the training set.

    Returns
    -------
    float
        For tables that differ in whether one patient is there at all.
    """
    if noise == 0:
        return float("inf")
    orders = [*RDPAccountant.DEFAULT_ALPHAS, 128, 256, 512]  # without the large ones, much noise finds no best order
    spent = rdp.compute_rdp(q=rate, noise_multiplier=noise, steps=steps, orders=orders)
    return float(rdp.get_privacy_spent(orders=orders, rdp=spent, delta=delta)[0])


def _classes(table: pd.DataFrame, columns: Sequence[str]) -> pd.api.typing.DataFrameGroupBy:
    return table.groupby(list(columns), dropna=False)
