"""Networks, training, Grad-CAM, attacks and intervals."""

import copy
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from clinic import network
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from torch.nn import functional


@dataclass(frozen=True)
class Pictures:
    images: NDArray[np.float32]
    ill: NDArray[np.int64]


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    """Images whose answer is the brightness of a corner."""
    generator = np.random.default_rng(1)
    ill = np.arange(40) % 2
    images = generator.uniform(0.3, 0.5, (40, 32, 32))
    images[ill == 1, 4:8, 20:24] += 0.4
    return Pictures(images.astype(np.float32), ill)


@pytest.fixture(scope="module")
def trained(pictures: Pictures) -> torch.nn.Sequential:
    network.prepare(1)
    model = network.cnn(seed=1, channels=4)
    network.fit(model, pictures, pictures, epochs=15, seed=1)
    return model


def test_sizes_and_numbers_counted_by_hand() -> None:
    assert network.parameters(network.perceptron(0)) == 32 * 32 + 1
    assert network.parameters(network.hidden(0)) == (1024 + 1) * 64 + 64 + 1
    convolutions = 8 * (9 + 1) + 16 * (8 * 9 + 1) + 32 * (16 * 9 + 1)
    assert network.parameters(network.cnn(0)) == convolutions + 2 * (8 + 16 + 32) + 32 + 1
    assert network.cnn(0)(torch.zeros(3, 1, 28, 28)).shape == (3, 1)
    assert network.cnn(0, place=True)(torch.zeros(3, 1, 32, 32)).shape == (3, 1)


def test_only_the_network_for_places_can_tell_them_apart() -> None:
    image = torch.full((1, 1, 64, 64), 0.5)
    image[0, 0, 30:32, 25:27] = 1  # so far from every border that no convolution sees both
    moved = image.roll(8, dims=3)
    anywhere, place = network.cnn(1).eval(), network.cnn(1, place=True).eval()
    with torch.no_grad():
        torch.testing.assert_close(anywhere(image), anywhere(moved))
        middle = slice(16, 48)
        one, other = (picture[:, :, middle, middle] for picture in (image, moved))
        assert abs(float(place(one) - place(other))) > 1e-4


def test_one_step_is_the_step_computed_by_hand() -> None:
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(2, 1))
    torch.nn.init.zeros_(model[1].weight)
    torch.nn.init.zeros_(model[1].bias)
    images = torch.tensor([[1.0, 2.0], [3.0, 0.0]]).reshape(2, 1, 1, 2)
    optimiser = torch.optim.SGD(model.parameters(), 0.1)
    for _ in range(2):  # the second step must not remember the gradient of the first
        before = model[1].weight.detach().clone(), model[1].bias.detach().clone()
        loss = network.train_step(model, optimiser, images, torch.tensor([1.0, 0.0]))
        z = images.reshape(2, 2) @ before[0][0] + before[1]
        error = torch.sigmoid(z) - torch.tensor([1.0, 0.0])
        torch.testing.assert_close(model[1].weight[0], before[0][0] - 0.1 * images.reshape(2, 2).T @ error / 2)
        torch.testing.assert_close(model[1].bias, before[1] - 0.1 * error.mean())
        expected = functional.binary_cross_entropy(torch.sigmoid(z), torch.tensor([1.0, 0.0]))
        assert loss == pytest.approx(float(expected), rel=1e-5)


def test_training_learns_and_repeats_itself(pictures: Pictures, trained: torch.nn.Sequential) -> None:
    assert network.auc(pictures.ill, network.logits(trained, pictures.images)) > 0.99
    model = network.cnn(seed=1, channels=4)
    history = network.fit(model, pictures, pictures, epochs=15, seed=1)
    np.testing.assert_array_equal(network.logits(model, pictures.images), network.logits(trained, pictures.images))
    assert history.train_loss[-1] < history.train_loss[0]
    assert len(history.train_loss) == len(history.validation_loss) == len(history.validation_auc) == 15
    assert history.validation_auc[-1] == network.auc(pictures.ill, network.logits(trained, pictures.images))
    other = network.cnn(seed=1, channels=4)
    network.fit(other, pictures, pictures, epochs=15, seed=2)
    assert np.abs(network.logits(other, pictures.images) - network.logits(trained, pictures.images)).max() > 1e-3


def test_fit_leaves_the_images_alone_and_uses_all_changes(pictures: Pictures) -> None:
    calls = []

    def spy(images: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        calls.append(len(images))
        return images

    before = pictures.images.copy()
    network.fit(network.cnn(1, 1), pictures, pictures, epochs=2, seed=1, augment=[network.flip, spy], epsilon=0.01)
    assert calls == [32, 8, 32, 8]
    np.testing.assert_array_equal(pictures.images, before)


def test_logits_are_computed_in_evaluation_mode(pictures: Pictures, trained: torch.nn.Sequential) -> None:
    trained.train()
    whole = network.logits(trained, pictures.images)
    single = np.concatenate([network.logits(trained, pictures.images[[number]]) for number in range(5)])
    np.testing.assert_allclose(single, whole[:5], rtol=1e-4, atol=1e-5)
    assert not trained.training


def test_flip_and_shift() -> None:
    images = torch.arange(64 * 12.0).reshape(64, 1, 3, 4)
    turned = network.flip(images, torch.Generator().manual_seed(1))
    changed = (turned != images).any(dim=(1, 2, 3))
    assert 15 < int(changed.sum()) < 49
    torch.testing.assert_close(turned[changed], images[changed].flip(3))
    moved = network.shift(images, torch.Generator().manual_seed(3))
    assert sorted(moved[0].flatten().tolist()) == sorted(images[0].flatten().tolist())
    assert {tuple(network.shift(images, torch.Generator().manual_seed(s))[0, 0, 0].tolist()) for s in range(20)} != {
        tuple(images[0, 0, 0].tolist())
    }


def test_grad_cam_of_a_network_that_was_made_by_hand() -> None:
    """Two channels, x and 1 - x; the output is 2 times the mean of the first minus the mean of the second."""
    convolution = torch.nn.Conv2d(1, 2, 1)
    last = torch.nn.Linear(2, 1, bias=False)
    with torch.no_grad():
        convolution.weight[:] = torch.tensor([1.0, -1.0]).reshape(2, 1, 1, 1)
        convolution.bias[:] = torch.tensor([0.0, 1.0])
        last.weight[:] = torch.tensor([[2.0, -1.0]])
    pool = torch.nn.Sequential(torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten(), last)
    image = np.array([[[0.1, 0.9], [0.3, 0.6]]], np.float32)
    heat = network.grad_cam(torch.nn.Sequential(convolution, pool), convolution, image)
    expected = np.maximum(2 * image - (1 - image), 0) / 4  # each mean over four places has a gradient of 1/4
    np.testing.assert_allclose(heat, expected, rtol=1e-5, atol=1e-7)


def test_grad_cam_takes_the_mean_of_a_gradient_that_differs_from_place_to_place() -> None:
    """The strongest place alone has a gradient, 1; spread over four places it weighs 1/4 everywhere."""
    identity = torch.nn.Conv2d(1, 1, 1, bias=False)
    torch.nn.init.ones_(identity.weight)
    image = np.array([[[0.1, 0.9], [0.3, 0.6]]], np.float32)
    heat = network.grad_cam(torch.nn.Sequential(identity, network.Strongest()), identity, image)
    np.testing.assert_allclose(heat, image / 4, rtol=1e-5)


def test_grad_cam_points_to_what_was_learned_and_leaves_no_hook(
    pictures: Pictures, trained: torch.nn.Sequential
) -> None:
    ill = pictures.images[pictures.ill == 1]
    heat = network.grad_cam(trained, trained[-3], ill)
    row, column = np.unravel_index(heat.reshape(len(heat), -1).argmax(axis=1), (32, 32))
    assert np.mean((abs(row - 5.5) < 5) & (abs(column - 21.5) < 5)) > 0.8
    assert not trained[-3]._forward_hooks


@pytest.mark.parametrize("steps", [1, 10])
def test_attack_raises_the_loss_within_its_budget(pictures: Pictures, trained: torch.nn.Sequential, steps: int) -> None:
    trained.eval()
    images, target = network.tensor(pictures.images), torch.tensor(pictures.ill, dtype=torch.float32)
    changed = network.attack(trained, images, target, 0.02, steps)
    assert float((changed - images).abs().max()) <= 0.02 + 1e-6
    assert changed.min() >= 0
    assert changed.max() <= 1
    with torch.no_grad():
        assert network.loss(trained(changed), target) > network.loss(trained(images), target) + 0.01


def test_one_step_of_the_attack_is_the_sign_of_the_gradient() -> None:
    model = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(4, 1, bias=False))
    with torch.no_grad():
        model[1].weight[:] = torch.tensor([[1.0, -2.0, 0.0, 3.0]])
    images = torch.tensor([[0.5, 0.5, 0.5, 0.99], [0.5, 0.5, 0.5, 0.005]]).reshape(2, 1, 2, 2)
    changed = network.attack(model, images, torch.tensor([0.0, 1.0]), 0.02).reshape(2, 4)
    torch.testing.assert_close(changed, torch.tensor([[0.52, 0.48, 0.5, 1.0], [0.48, 0.52, 0.5, 0.0]]))


def test_adversarial_training_makes_the_same_attack_weaker(pictures: Pictures, trained: torch.nn.Sequential) -> None:
    images, target = network.tensor(pictures.images), torch.tensor(pictures.ill, dtype=torch.float32)
    loss = {}
    for epsilon in (0.0, 0.05):
        model = copy.deepcopy(trained)
        network.fit(model, pictures, pictures, epochs=10, seed=1, epsilon=epsilon)
        attacked = network.attack(model, images, target, 0.05)
        with torch.no_grad():
            loss[epsilon] = float(network.loss(model(attacked), target))
    assert loss[0.05] < loss[0.0]


def test_auc_is_that_of_scikit_learn_with_ties() -> None:
    generator = np.random.default_rng(2)
    truth, score = generator.integers(0, 2, 80), generator.integers(0, 10, 80)
    assert network.auc(truth, score) == pytest.approx(roc_auc_score(truth, score))


def test_intervals_draw_patients_with_all_their_images() -> None:
    generator = np.random.default_rng(3)
    patient = np.repeat(np.arange(40), 3)
    truth = np.repeat(generator.integers(0, 2, 40), 3)
    score = np.round(truth + np.repeat(generator.normal(0, 1, 40), 3))  # with ties
    low, high = network.auc_interval(truth, score, patient, resamples=400, seed=1)
    slow = network.intervals(lambda rows: roc_auc_score(truth[rows], score[rows]), patient, resamples=400, seed=1)
    assert (low, high) == pytest.approx(slow)
    assert low < network.auc(truth, score) < high
    once = network.auc_interval(truth[::3], score[::3], patient[::3], resamples=400, seed=1)
    assert (low, high) == pytest.approx(once)  # two more equal images a patient make nothing surer


def test_interval_of_a_mean_is_that_of_the_binomial() -> None:
    value = np.repeat([1.0, 0.0], [30, 70])
    low, high = network.mean_interval(value, np.arange(100), resamples=4000, seed=1)
    assert low == pytest.approx(0.3 - 1.96 * np.sqrt(0.21 / 100), abs=0.015)
    assert high == pytest.approx(0.3 + 1.96 * np.sqrt(0.21 / 100), abs=0.015)
    unequal = np.array([1, 1, 1, 0]), np.array([1, 1, 1, 2])
    assert network.mean_interval(*unequal, resamples=2000, seed=1) == (0.0, 1.0)
