# ---
# title: May this network be trusted?
# objectives: [saliency, adversarial, image-calibration, shortcut, critical-appraisal]
# minutes: 110
# data: [two-hospitals]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": seconds on two CPU cores; "full": ten times as many patients, longer training, a GPU
device = "auto"

# %% [markdown]
# ## 1. Five questions to a network
#
# The first notebook, {doc}`network`, ended with a network that finds nodules in simulated chest radiographs, and with
# an AUC. A radiologist who is to work with it will ask more:
#
# 1. *Where does it look*, and does the picture that shows me this tell the truth?
# 2. *Can it be fooled* by a change that I can't see?
# 3. When it says 90 %, is it right *nine times out of ten*?
# 4. Which images should it *leave to me*?
# 5. Has it learned the disease, or something that happens to go with the disease *in that hospital*?
#
# **All radiographs are simulated**, so that we know the true answer to each question. On real images nobody does; that
# is why one should know what the methods show on images where one can check.

# %%
from copy import deepcopy
from dataclasses import replace

import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from clinic import network, radiograph
from scipy import ndimage, stats

clinic.plot.use_style()
network.prepare(219)
place = clinic.device(device) if profile == "full" else torch.device("cpu")
patients = {"quick": 700, "full": 7000}[profile]
resamples = {"quick": 1000, "full": 5000}[profile]
at_a = radiograph.simulate(radiograph.HOSPITAL_A, patients=patients, seed=219)
at_b = radiograph.simulate(radiograph.HOSPITAL_B, patients=patients // 3, seed=220)
print(at_a)
print(at_b)
print(f"Profile {profile}, computed on: {place.type}")

# %% [markdown]
# Hospital A's patients are split as before: training, validation, test. Hospital B differs by lower contrast and
# stronger grain. We train one network with augmentation (random flips and shifts), which is the one of this notebook.

# %%
train, validation, test = at_a.split((3 / 7, 1.5 / 7, 2.5 / 7), seed=219)
epochs = {"quick": 24, "full": 60}[profile]
changes = [network.flip, network.shift]
model = network.cnn(seed=219)
history = network.fit(model, train, validation, epochs=epochs, seed=219, augment=changes, device=place)
output = {"A": network.logits(model, test.images), "B": network.logits(model, at_b.images)}
for name, part in (("A", test), ("B", at_b)):
    low, high = network.auc_interval(part.ill, output[name], part.patient, resamples=resamples, seed=219)
    value = network.auc(part.ill, output[name])
    print(
        f"Hospital {name}: AUC {value:.2f} [{low:.2f}, {high:.2f}], interval over {len(np.unique(part.patient))} patients"
    )

# %% [markdown]
# (In this notebook several questions are put to the same test patients. None of the answers is used to change the
# network.)
#
# ## 2. Where does it look? Grad-CAM in ten lines
#
# **Grad-CAM** {cite}`selvaraju2017grad` paints a map of the places that spoke for an answer. The last convolution gives
# 32 small pictures, the channels, of what was found where (the *activations*). How much does each channel count for
# the answer "nodule"? The gradient tells: if I turn this channel up a little, by how much does the output rise? So:
#
# 1. the weight of a channel is the mean of its gradient over all places;
# 2. the map is the weighted sum of the channels;
# 3. what is negative speaks against the answer and is set to 0.
#
# The activations and gradients are inside the network. A **hook** is a small function that torch calls when a layer
# has done its work; ours keeps what the layer gave.

# %%
layer = model[-3]  # the last ReLU: what it gives is what the last neuron decides on
kept = []
hook = layer.register_forward_hook(lambda _layer, _inputs, result: kept.append(result))
index = int(np.flatnonzero(test.ill == 1)[0])
answer = model(network.tensor(test.images[[index]], place))
hook.remove()
(gradient,) = torch.autograd.grad(answer.sum(), kept[0])
weight = gradient.mean(dim=(2, 3), keepdim=True)
small_map = torch.relu((weight * kept[0]).sum(dim=1))[0]
print(f"The layer gives {tuple(kept[0].shape)}: images, channels, rows, columns. The map is {tuple(small_map.shape)}.")

# %% [markdown]
# **Exercise 1 (3 points).** Write the three steps with NumPy, and scale the map so that its largest value is 1. A map
# of zeros stays a map of zeros.


# %% exercise="gradcam"
def gradcam(activations: np.ndarray, gradients: np.ndarray) -> np.ndarray:
    """Compute a Grad-CAM map.

    Parameters
    ----------
    activations : array of float, shape (channels, height, width)
        What the layer gave for one image.
    gradients : array of float, shape (channels, height, width)
        How the output changes with each activation.

    Returns
    -------
    array of float, shape (height, width)
        From 0 to 1.
    """
    ### BEGIN SOLUTION
    weights = gradients.mean(axis=(1, 2))
    heat = np.maximum(np.tensordot(weights, activations, axes=1), 0)
    return heat / heat.max() if heat.max() > 0 else heat
    ### END SOLUTION


# %% tests="gradcam" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
found = np.array([[[1.0, 0.0], [0.0, 2.0]], [[0.0, 3.0], [0.0, 1.0]]])
with marks.part(1, "two channels, the second speaks against"):
    slopes = np.array([[[2.0, 2.0], [2.0, 2.0]], [[-1.0, -1.0], [-1.0, -1.0]]])
    checks.array(
        gradcam(found, slopes), [[2 / 3, 0], [0, 1]], hint="2 times the first minus the second, then no negatives"
    )
### BEGIN HIDDEN TESTS
with marks.part(1, "gradients that differ from place to place, and an image that is not square"):
    source = np.random.default_rng(1)
    layer_out, slopes = (
        source.uniform(size=(4, 3, 5)),
        source.normal(size=(4, 3, 5)) + np.array([0.9, -0.7, 0.4, -0.2])[:, None, None],
    )
    heat = sum(slopes[k].mean() * layer_out[k] for k in range(4)).clip(0)
    checks.array(gradcam(layer_out, slopes), heat / heat.max(), hint="one weight a channel: the mean over its places")
with marks.part(1, "nothing speaks for it; and one place alone"):
    checks.array(gradcam(found, -np.ones((2, 2, 2))), np.zeros((2, 2)), hint="don't divide by 0")
    slopes = np.zeros((2, 2, 2))
    slopes[0, 0, 1] = 4.0
    checks.array(gradcam(found, slopes), [[0.5, 0], [0, 1]], hint="sum first, cut off negatives last, then scale")
### END HIDDEN TESTS
marks.total()

# %% alt="Four radiographs of patients with a nodule above, each with a ring around the nodule; below, the same with a coloured map. The bright part of most maps lies near the ring, in some it lies elsewhere." caption="Simulated test patients with a nodule: radiograph with the nodule ringed, and Grad-CAM map (bright where the network found support for its answer). The maps have 8 x 8 places and are enlarged."
shown = np.flatnonzero(test.ill == 1)[::9][:4]
maps = network.grad_cam(model, layer, test.images[shown])
figure, panels = plt.subplots(2, 4, figsize=(9, 4.8))
for column, number in enumerate(shown):
    down, right = np.argwhere(test.nodule[number]).mean(axis=0)
    for axes in panels[:, column]:
        axes.imshow(test.images[number], cmap="gray", vmin=0, vmax=1)
        axes.add_patch(plt.Circle((right, down), 4, fill=False, color=clinic.plot.COLOURS[5], linewidth=1.5))
        axes.set(xticks=[], yticks=[])
    panels[1, column].imshow(maps[column], cmap="inferno", alpha=0.6)
    panels[0, column].set_title(f"p = {stats.logistic.cdf(output['A'][number]):.2f}")

# %% [markdown]
# Four pictures, chosen by us, prove nothing. Since we know where each nodule is, we can count: in how many images with
# a nodule does the brightest place of the map lie within four pixels of the nodule's centre? For comparison we hold
# the same map against the nodule of *another* patient.


# %%
def peaks(heat: np.ndarray) -> np.ndarray:
    """Return row and column of the brightest place of each map."""
    return np.stack(np.unravel_index(heat.reshape(len(heat), -1).argmax(axis=1), heat.shape[1:]), axis=1)


with_nodule = test.only(test.ill == 1)
centres = np.array([ndimage.center_of_mass(place_of) for place_of in with_nodule.nodule])
heat = network.grad_cam(model, layer, with_nodule.images)
distance = np.hypot(*(peaks(heat) - centres).T)
other = np.hypot(*(peaks(heat) - np.roll(centres, 2, axis=0)).T)  # two images a patient, so the next patient's nodule
for name, near in (("own nodule", distance <= 4), ("another patient's nodule", other <= 4)):
    low, high = network.mean_interval(near, with_nodule.patient, resamples=resamples, seed=219)
    print(f"Brightest place near {name}: {near.mean():.2f} [{low:.2f}, {high:.2f}] of {len(near)} images")

# %% [markdown]
# The maps point to the nodule far more often than chance would, and miss it often enough that one must not read a
# single map as a proof. Note what such a map can't say: *why* the place counted, and whether the answer is right.
#
# ### Does the map depend on what was learned?
#
# An explanation of a network must change if the network does. A simple check {cite}`adebayo2018sanity`: replace what
# was learned by random numbers, layer by layer, from the last to the first, and compare the maps with the original
# ones. If they stay the same, they show the image and not the network. Beside Grad-CAM we hold a "map" that looks
# convincing and knows nothing of any network: the edges of the image. Its line needs no computing; it is 1 throughout.

# %% alt="Two lines over four stages of randomisation. The similarity of Grad-CAM maps falls from 1 to low values; that of the edge maps stays at 1." caption="Simulated test patients with a nodule: rank correlation of each map with the original one (mean over the images, 95 % bootstrap interval by patient) as the layers are replaced by random numbers, from the last to the first. A map of edges does not depend on the network at all."
random = network.cnn(seed=4)
copy = deepcopy(model)
blocks = {"last neuron": [-1], "+ third convolution": [9, 10], "+ second": [5, 7], "+ first": [1, 3]}
stages, similar = ["as trained"], [np.ones(len(heat))]
near_random = {}
for name, layers in blocks.items():
    for number in layers:
        copy[number].load_state_dict(random[number].state_dict())
    changed = network.grad_cam(copy, copy[-3], with_nodule.images)
    pairs = zip(heat.reshape(len(heat), -1), changed.reshape(len(heat), -1), strict=True)
    # A map of zeros has no ranks; it resembles nothing.
    similar.append(np.array([stats.spearmanr(a, b).statistic if a.any() and b.any() else 0.0 for a, b in pairs]))
    near_random[name] = np.hypot(*(peaks(changed) - centres).T) <= 4
    stages.append(name)
axes = plt.subplots(figsize=(7, 3.8))[1]
means = np.array([values.mean() for values in similar])
ends = np.array(
    [network.mean_interval(values, with_nodule.patient, resamples=resamples, seed=219) for values in similar]
)
axes.errorbar(range(5), means, yerr=np.abs(ends.T - means), fmt="o-", capsize=4, label="Grad-CAM")
axes.plot(range(5), np.ones(5), "s--", color=clinic.plot.COLOURS[1], label="edges of the image")
axes.set_xticks(range(5), stages, rotation=15)
axes.set(ylabel="rank correlation with the original", ylim=(-0.5, 1.1))
legend = axes.legend(loc="lower left")
for name, value, (low, high) in zip(stages, means, ends, strict=True):
    print(f"{name}: similarity {value:.2f} [{low:.2f}, {high:.2f}]")
print(f"Brightest place near the nodule: {np.mean(distance <= 4):.2f} as trained", end=", ")
print(f"{near_random['+ first'].mean():.2f} with all layers random")

# %% [markdown]
# Grad-CAM passes this test here: destroy what was learned, and the maps are no longer the same. The edges "pass" every
# glance of the eye and fail the test. Passing is necessary and not sufficient. A faithful map of a bad network is
# still a map of a bad network, and reassurance from a coloured picture can be false {cite}`ghassemi2021false`.
#
# ## 3. Can it be fooled?
#
# A network adds up thousands of small contributions. If each pixel is changed by very little, *always in the direction
# in which the loss rises*, the contributions add up and the answer may turn over, while the eye sees nothing. Such an
# image is called **adversarial**. The quickest way to make one is the *fast gradient sign method*, **FGSM**
# {cite}`goodfellow2015explaining`: take the gradient of the loss for the *pixels*, keep only its sign, and move each
# pixel by ε in that direction. In medicine the worry is not only a hacker. Where images decide about payment, many people
# have a motive to nudge them {cite}`finlayson2019adversarial`.
#
# **Exercise 2 (3 points).** Write FGSM. The result must still be an image, with brightness from 0 to 1.


# %% exercise="fgsm"
def fgsm(image: np.ndarray, gradient: np.ndarray, epsilon: float) -> np.ndarray:
    """Change an image so that the loss rises.

    Parameters
    ----------
    image : array of float, shape (height, width)
        Brightness from 0 to 1.
    gradient : array of float, shape (height, width)
        How the loss changes with each pixel.
    epsilon : float
        By how much each pixel moves, at least 0.

    Returns
    -------
    array of float, shape (height, width)
        From 0 to 1. A pixel whose gradient is 0 does not move.
    """
    ### BEGIN SOLUTION
    return np.clip(image + epsilon * np.sign(gradient), 0, 1)
    ### END SOLUTION


# %% tests="fgsm" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "two pixels"):
    moved = fgsm(np.array([[0.5, 0.5]]), np.array([[3.0, -0.01]]), 0.1)
    checks.array(moved, [[0.6, 0.4]], hint="up the loss; the size of the gradient does not matter")
### BEGIN HIDDEN TESTS
with marks.part(1, "a gradient of 0, and another budget"):
    moved = fgsm(np.array([[0.2, 0.5, 0.7], [0.3, 0.4, 0.6]]), np.array([[0.0, 2.0, -2.0], [1e-9, -7.0, 0.0]]), 0.02)
    checks.array(moved, [[0.2, 0.52, 0.68], [0.32, 0.38, 0.6]], hint="the sign of 0 is 0")
    checks.array(fgsm(np.array([[0.2]]), np.array([[5.0]]), 0.0), [[0.2]], hint="no budget, no change")
with marks.part(1, "still an image"):
    moved = fgsm(np.array([[0.95, 0.03, 1.0, 0.0]]), np.array([[1.0, -1.0, -1.0, 1.0]]), 0.1)
    checks.array(moved, [[1.0, 0.0, 0.9, 0.1]], hint="cut off below 0 and above 1, nowhere else")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# A defence: show the network attacked images while it learns, with their true answers (**adversarial training**). To be
# fair we let two copies of our network learn for as many epochs again, one as before, and one with every other step on
# images that were attacked with ε = 0.006. Then both are tested with growing ε. A third line is a control: random signs
# of the same size. And since a defence should be tested with an attack that it has *not* practised against, a dashed
# line shows a stronger one: ten small steps, each with the gradient computed anew.

# %%
practised = 0.006
plain, defended = deepcopy(model), deepcopy(model)
for judge, epsilon in ((plain, 0.0), (defended, practised)):
    network.fit(judge, train, validation, epochs=epochs, seed=1, augment=changes, epsilon=epsilon, device=place)
budgets = [0.0, 0.002, 0.004, 0.006, 0.01]
clean = network.tensor(test.images, place)
truth = torch.tensor(test.ill, dtype=torch.float32, device=place)
signs = torch.randint(0, 2, clean.shape, generator=torch.Generator().manual_seed(219)).to(place) * 2 - 1
right = {}
for epsilon in budgets:
    right["random signs, plain network", epsilon] = (clean + epsilon * signs).clamp(0, 1)
    for name, judge in (("plain network", plain), ("defended network", defended)):
        for steps in (1, 10):
            kind = "FGSM" if steps == 1 else "ten steps"
            right[f"{kind}, {name}", epsilon] = network.attack(judge, clean, truth, epsilon, steps)
for key, changed in right.items():
    judge = defended if "defended" in key[0] else plain
    right[key] = (network.logits(judge, changed[:, 0].cpu().numpy()) > 0) == (test.ill == 1)

# %% alt="Five lines with intervals over the budget. With random signs accuracy stays where it was. For the plain network it falls steeply under attack, to far below one half. For the defended network it falls more slowly. The stronger attack lies slightly below the simple one." caption="Simulated test patients of hospital A: accuracy (share of right answers at p = 0.5) against the size of the attack, with 95 % bootstrap intervals by patient. Brightness runs from 0 to 1. An attack may change every pixel by at most the budget."
axes = plt.subplots(figsize=(7.5, 4.4))[1]
styles = {
    "random signs, plain network": ("o:", 6),
    "FGSM, plain network": ("s-", 0),
    "ten steps, plain network": ("s--", 0),
    "FGSM, defended network": ("^-", 1),
    "ten steps, defended network": ("^--", 1),
}
for offset, (name, (style, colour)) in enumerate(styles.items()):
    value = np.array([right[name, epsilon].mean() for epsilon in budgets])
    ends = [network.mean_interval(right[name, one], test.patient, resamples=resamples, seed=219) for one in budgets]
    error = np.abs(np.array(ends).T - value)
    x = np.array(budgets) + 0.00008 * (offset - 2)
    axes.errorbar(
        x, value, yerr=error, fmt=style, color=clinic.plot.COLOURS[colour], capsize=3, label=name, linewidth=1.5
    )
    print(
        f"{name}:",
        ", ".join(f"{one:g}: {v:.2f} [{a:.2f}, {b:.2f}]" for one, v, (a, b) in zip(budgets, value, ends, strict=True)),
    )
axes.set(xlabel="budget: largest change of a pixel", ylabel="accuracy", ylim=(0, 1))
axes.legend(fontsize=9)
figure = axes.figure

# %% alt="Three panels: a radiograph, the same after the attack, which looks equal, and the difference enlarged many times, a pattern of plus and minus." caption="A simulated test patient with a nodule before and after FGSM with a budget of 0.01, and the change, enlarged 50 times. The number is the network's probability of a nodule."
index = int(np.flatnonzero((test.ill == 1) & (output["A"] > 0.5))[0])
fooled = network.attack(model, clean[[index]], truth[[index]], 0.01)
figure, panels = plt.subplots(1, 3, figsize=(8.5, 3.1))
for axes, picture, name in zip(panels, (clean[[index]], fooled), ("before", "after"), strict=False):
    chance = stats.logistic.cdf(network.logits(model, picture[:, 0].cpu().numpy())[0])
    axes.imshow(picture[0, 0].cpu(), cmap="gray", vmin=0, vmax=1)
    axes.set_title(f"{name}: p = {chance:.2f}")
panels[2].imshow((fooled - clean[[index]])[0, 0].cpu() * 50, cmap="gray", vmin=-1, vmax=1)
panels[2].set_title("change, x 50")
for axes in panels:
    axes.set(xticks=[], yticks=[])

# %% [markdown]
# The network shrugs off random noise of the same size. It is the *direction* that matters, and the attacker takes it
# from the network itself. Adversarial training moves the curve to the right and does not remove it: with a larger
# budget the defended network falls, too. A defence is always a defence against certain attacks, up to a certain size.
# Say both, and test with more than the attack that was practised. Look at budget 0 as well: a defence may cost accuracy
# where nobody attacks.
#
# ## 4. Does 90 % mean 90 %?
#
# A network is **calibrated** if, of all images to which it gives 90 %, nine out of ten do have a nodule. A high AUC does
# not imply it: doubling every logit (the number before it is squeezed into a probability) leaves the ranking as it is
# and makes every answer more extreme. A **reliability diagram** groups the images by predicted probability and sets the
# mean prediction of each group against the share that is ill. One number for it is the **expected calibration
# error** (ECE): the gap between the two, averaged over the groups, each weighted by how many images are in it.
#
# **Exercise 3 (4 points).** Compute the ECE for the predicted probability of a nodule.


# %% exercise="ece"
def calibration_error(truth: np.ndarray, probability: np.ndarray, groups: int) -> float:
    """Compute the expected calibration error.

    Parameters
    ----------
    truth : array of int, length n
        1 for a nodule, 0 for none.
    probability : array of float, length n
        Predicted probability of a nodule, from 0 to 1.
    groups : int
        The range from 0 to 1 is cut into so many groups of equal width; a value on a border belongs to the upper group,
        and 1 belongs to the last one. Groups without images don't count.

    Returns
    -------
    float
        From 0 to 1.
    """
    ### BEGIN SOLUTION
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    group = np.minimum(np.floor(probability * groups + 1e-9).astype(int), groups - 1)
    total = 0.0
    for number in np.unique(group):
        members = group == number
        gap = abs(probability[members].mean() - truth[members].mean())
        total += gap * members.mean()
    return float(total)
    ### END SOLUTION


# %% tests="ece" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "two groups of two images"):
    value = calibration_error(np.array([0, 1, 1, 1]), np.array([0.2, 0.4, 0.8, 0.9]), 2)
    checks.close(value, 0.175, hint="the gaps are 0.3 - 0.5 and 0.85 - 1; half of the images are in each group")
### BEGIN HIDDEN TESTS
with marks.part(1, "groups of unequal size"):
    said, ill = np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.7, 0.7]), np.array([0, 0, 0, 0, 0, 1, 0, 1])
    checks.close(
        calibration_error(ill, said, 5), 0.75 * (1 / 6 - 0.1) + 0.25 * 0.2, hint="weigh by the number of images"
    )
with marks.part(1, "gaps of opposite sign don't cancel, and empty groups don't count"):
    said, ill = np.array([0.3, 0.3, 0.3, 0.3, 0.9, 0.9]), np.array([1, 1, 0, 0, 0, 1])
    checks.close(calibration_error(ill, said, 10), (4 * 0.2 + 2 * 0.4) / 6, hint="take the size of each gap")
    said, ill = np.repeat([0.1, 0.9], 4), np.array([1, 0, 0, 0, 1, 1, 1, 1])
    checks.close(calibration_error(ill, said, 10), 0.125, hint="group by the probability of a nodule, low ones apart")
with marks.part(1, "certain answers, and a value on a border"):
    checks.close(
        calibration_error(np.array([1, 1, 0, 0]), np.array([1.0, 1.0, 0.0, 0.0]), 4), 0.0, hint="1 has a group"
    )
    checks.close(
        calibration_error(np.array([1, 0, 0, 1]), np.array([0.0, 1.0, 1.0, 0.0]), 4), 1.0, hint="sure and wrong"
    )
    checks.close(calibration_error(np.array([1, 0]), np.array([0.5, 0.3]), 2), 0.4, hint="0.5 is in the upper of two")
    checks.close(calibration_error(np.array([0, 1]), np.array([1.0, 0.8]), 4), 0.4, hint="1 belongs to the last group")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# We compare our network with one that was trained without augmentation and learned its training images by heart. Of
# such networks it is known that they tend to be too sure {cite}`guo2017calibration`. The same paper gives a simple remedy,
# **temperature scaling**: divide every logit by one number T, chosen so that the *cross-entropy on validation patients*
# is lowest. T above 1 makes the answers milder. The order of the images does not change, and the AUC with it.
#
# **Exercise 4 (3 points).** Choose T.


# %% exercise="temperature"
def choose_temperature(truth: np.ndarray, logits: np.ndarray, candidates: list[float]) -> float:
    """Choose the temperature with the lowest mean cross-entropy.

    Parameters
    ----------
    truth : array of int, length n
        1 or 0, of the validation images.
    logits : array of float, length n
        Output of the network for them; the probability is 1 / (1 + exp(-logit)). May be large.
    candidates : list of float
        Temperatures to try, all above 0.

    Returns
    -------
    float
        One of the candidates.
    """
    ### BEGIN SOLUTION
    signed = np.where(np.asarray(truth) == 1, 1.0, -1.0) * np.asarray(logits, dtype=float)
    loss = [np.logaddexp(0, -signed / candidate).mean() for candidate in candidates]
    return candidates[int(np.argmin(loss))]
    ### END SOLUTION


# %% tests="temperature" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "sure, and right in three of four cases"):
    value = choose_temperature(np.array([1, 1, 1, 0]), np.array([5.0, 5.0, 5.0, 5.0]), [0.5, 1.0, 4.5, 20.0])
    checks.close(value, 4.5, hint="5 / 4.5 gives a probability of about three quarters")
### BEGIN HIDDEN TESTS
with marks.part(1, "too timid, well calibrated, too sure"):
    maker = np.random.default_rng(2)
    score = maker.normal(-1.2, 1.6, size=4000)
    ill = (maker.random(4000) < 1 / (1 + np.exp(-score))).astype(int)
    tried = [0.5, 1.0, 2.0]
    for factor in tried:
        checks.close(
            choose_temperature(ill, score * factor, tried), factor, hint="divide, and compare the cross-entropy"
        )
with marks.part(1, "very large logits, and candidates in any order"):
    value = choose_temperature(
        np.array([1, 0, 1, 0, 1, 1]), np.array([900.0, -900, 900, -900, -900, 900]), [2.0, 560.0, 1.0]
    )
    checks.close(value, 560.0, hint="log(0) is not a number to compare; np.logaddexp avoids it")
### END HIDDEN TESTS
marks.total()

# %%
bold = network.cnn(seed=219)
history = network.fit(bold, train, validation, epochs=epochs, seed=219, device=place)
sets = {"validation": validation, "hospital A, test": test, "hospital B": at_b}
raw = {
    (name, part): network.logits(judge, images.images)
    for name, judge in (("with augmentation", model), ("without augmentation", bold))
    for part, images in sets.items()
}


def misfit(truth: np.ndarray, probability: np.ndarray, groups: int = 10) -> float:
    """Compute the expected calibration error."""
    group = np.minimum((probability * groups).astype(int), groups - 1)
    gaps = np.bincount(group, weights=probability - truth, minlength=groups)
    return float(np.abs(gaps).sum() / len(truth))


tried = np.geomspace(0.25, 8, 101)
temperature = {}
for name in ("with augmentation", "without augmentation"):
    signed = np.where(validation.ill == 1, 1, -1) * raw[name, "validation"]
    temperature[name] = tried[np.argmin([np.logaddexp(0, -signed / one).mean() for one in tried])]
    print(f"{name}: temperature from validation patients {temperature[name]:.1f}")

# %% alt="Four panels of reliability diagrams. The network with augmentation lies near the diagonal at hospital A; the one without lies on a flatter line before scaling and nearer to the diagonal afterwards. At hospital B both deviate further." caption="Reliability diagrams on simulated patients: share of images with a nodule against mean predicted probability in ten groups, before (circles) and after (triangles) temperature scaling. Dotted: perfect calibration. Groups with fewer than ten images are left out."
figure, panels = plt.subplots(2, 2, figsize=(8, 7), sharex=True, sharey=True)
rows = {}
for row, name in enumerate(temperature):
    for column, part in enumerate(("hospital A, test", "hospital B")):
        images = sets[part]
        axes = panels[row, column]
        axes.plot([0, 1], [0, 1], ":", color="0.45")
        for kind, scale, style in (("before", 1.0, "o-"), ("after", temperature[name], "^--")):
            said = stats.logistic.cdf(raw[name, part] / scale)
            group = np.minimum((said * 10).astype(int), 9)
            full = [number for number in range(10) if (group == number).sum() >= 10]
            x = [said[group == number].mean() for number in full]
            y = [images.ill[group == number].mean() for number in full]
            axes.plot(x, y, style, label=kind)
            ends = network.intervals(
                lambda drawn, said=said, images=images: misfit(images.ill[drawn], said[drawn]),
                images.patient, resamples=resamples, seed=219,
            )  # fmt: skip
            rows[f"{part}, {name}, {kind}"] = [misfit(images.ill, said), *ends]
        axes.set_title(f"{name}\n{part}", fontsize=10)
panels[0, 0].legend(title="scaling", loc="upper left")
figure.supxlabel("mean predicted probability")
figure.supylabel("share with a nodule")
errors = pd.DataFrame(rows, index=["ECE", "low", "high"]).T
print(errors.round(3).to_string())

# %% [markdown]
# Read the table with two grains of salt. The ECE of a *perfectly* calibrated network is not 0 in a sample: each group
# deviates by chance, and the size of the deviation is what is averaged. For the same reason the bootstrap interval lies
# a little too high. And the number depends on how many groups one makes.
#
# What stays: the network that learned by heart is too sure, one number repairs most of that *at hospital A*, and at
# hospital B the repair no longer fits. Calibration belongs to a network *and* its patients. With the prevalence in these
# simulated images, one half, no probability would be right in a clinic where one patient in fifty has a nodule. Why
# poor calibration harms decisions: {cite}`vancalster2019calibration`.
#
# ## 5. What to leave to the radiologist
#
# A network need not answer always. Let it pass on the images about which it is least sure, those with a probability
# near one half; the radiologist reads these (**deferral**). The share that the network keeps is the **coverage**. Two
# questions matter: how good is it on what it keeps, and what does the radiologist get?
#
# **Exercise 5 (4 points).** Compute what happens at a given coverage.


# %% exercise="deferral"
def defer(truth: np.ndarray, probability: np.ndarray, coverage: float) -> tuple[float, int, float]:
    """Keep the surest answers, and pass on the rest.

    The network is surer the further a probability is from 0.5, on either side. It says "nodule" from 0.5 upwards.

    Parameters
    ----------
    truth : array of int, length n
        1 for a nodule, 0 for none.
    probability : array of float, length n
        Predicted probability of a nodule; no two are equally far from 0.5.
    coverage : float
        Share of the images to keep, above 0 and at most 1; round to the nearest whole number of images.

    Returns
    -------
    accuracy : float
        Share of right answers among the images kept.
    deferred : int
        How many images the radiologist gets.
    ill : float
        Share of images with a nodule among those that the radiologist gets; nan if there are none.
    """
    ### BEGIN SOLUTION
    truth, probability = np.asarray(truth), np.asarray(probability)
    order = np.argsort(-np.abs(probability - 0.5))
    number = round(coverage * len(truth))
    kept, passed = order[:number], order[number:]
    accuracy = float(np.mean((probability[kept] >= 0.5) == (truth[kept] == 1)))
    return accuracy, len(passed), float(truth[passed].mean()) if len(passed) else float("nan")
    ### END SOLUTION


# %% tests="deferral" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
ill, said = np.array([1, 0, 1, 0]), np.array([0.9, 0.2, 0.45, 0.6])
with marks.part(1, "four images, two kept"):
    accuracy, passed, share = defer(ill, said, 0.5)
    checks.close(accuracy, 1.0, hint="0.9 and 0.2 are kept, and both are right")
    checks.equal(int(passed), 2, hint="0.45 and 0.6 are near one half")
### BEGIN HIDDEN TESTS
maker = np.random.default_rng(6)
many = maker.permutation(np.linspace(0.013, 0.981, 41))
sick = (maker.random(41) < many).astype(int)
with marks.part(1, "accuracy of what is kept"):
    for coverage in (0.3, 0.7, 1.0):
        keep = np.argsort(-abs(many - 0.5))[: round(coverage * 41)]
        wanted = np.mean((many[keep] >= 0.5) == (sick[keep] == 1))
        checks.close(defer(sick, many, coverage)[0], wanted, hint="sure of 'no nodule' is sure, too")
with marks.part(1, "how many are passed on, and how many of them are ill"):
    rest = np.argsort(-abs(many - 0.5))[29:]
    checks.equal(int(defer(sick, many, 0.7)[1]), 12, hint="the coverage is what the network keeps")
    checks.close(defer(sick, many, 0.7)[2], sick[rest].mean(), hint="of the images passed on")
    checks.close(defer(np.array([0, 0, 1, 1]), np.array([0.1, 0.99, 0.52, 0.45]), 0.5)[2], 1.0)
with marks.part(1, "nothing is passed on"):
    accuracy, passed, share = defer(ill, said, 1.0)
    checks.close(accuracy, 0.5, hint="all four count")
    checks.equal(int(passed), 0)
    checks.close(share, float("nan"), hint="a share of nothing is not a number")
### END HIDDEN TESTS
marks.total()

# %% alt="Two lines with bands over the coverage. At hospital A accuracy rises as fewer images are kept; at hospital B it lies lower and rises, too. A flat dotted line shows that passing on random images changes nothing." caption="Simulated patients: accuracy on the images kept against the coverage, for the network with augmentation after temperature scaling; bands are 95 % bootstrap intervals by patient. Dotted: the same number of images passed on at random."
coverages = np.linspace(0.2, 1, 17)
axes = plt.subplots(figsize=(7, 4))[1]
for colour, (part, dashes) in enumerate((("hospital A, test", "-"), ("hospital B", "--"))):
    images = sets[part]
    said = stats.logistic.cdf(raw["with augmentation", part] / temperature["with augmentation"])
    good = (said >= 0.5) == (images.ill == 1)
    surest = np.argsort(-np.abs(said - 0.5), kind="stable")
    value, ends = [], []
    for coverage in coverages:
        keep = surest[: round(coverage * len(said))]
        value.append(good[keep].mean())
        ends.append(network.mean_interval(good[keep], images.patient[keep], resamples=resamples, seed=219))
        if coverage in coverages[[4, 10, 16]]:
            gets = surest[len(keep) :]
            sick = f"{images.ill[gets].mean():.0%} with a nodule" if len(gets) else "none"
            print(
                f"{part}, coverage {coverage:.0%}: accuracy {value[-1]:.2f} [{ends[-1][0]:.2f}, {ends[-1][1]:.2f}];",
                end=" ",
            )
            print(f"the radiologist gets {len(gets)} of {len(said)} images, {sick}")
    low, high = np.array(ends).T
    axes.fill_between(coverages, low, high, color=clinic.plot.COLOURS[colour], alpha=0.2, linewidth=0)
    axes.plot(coverages, value, dashes, color=clinic.plot.COLOURS[colour], label=part)
    axes.axhline(good.mean(), linestyle=":", color=clinic.plot.COLOURS[colour], linewidth=1)
axes.set(xlabel="coverage: share of images that the network keeps", ylabel="accuracy on these", ylim=(0.5, 1.02))
legend = axes.legend(loc="lower left")

# %% [markdown]
# The radiologist gets the hard images, without the easy ones between. Reading only these is tiring, and what was learned
# about readers on ordinary lists of images need not hold. And *sure* is not *right*: among the images kept, the wrong
# answers are those about which the network was sure, and nobody will look at them.
#
# ## 6. What has it learned? A shortcut
#
# In hospital A a new habit begins. Patients who are suspected to be ill are sent to another machine, whose technician
# puts the letter **L** (for the patient's left) into the corner. In the new images 90 % of the patients with a nodule
# carry the letter, and 10 % of those without. **This is simulated**, and modelled on what has been found in real
# radiographs: networks that recognised the hospital, the machine or a token in the corner {cite}`zech2018variable`,
# {cite}`degrave2021ai`. Such a cue, which goes with the disease in one place and not in another, is called a
# **shortcut** {cite}`geirhos2020shortcut`.
#
# At hospital B *every* image carries the letter, ill or not.

# %% alt="Four simulated radiographs. At hospital A those with a nodule carry a white letter L in the upper right corner and one without does not; at hospital B both carry it." caption="Simulated radiographs with the marker: hospital A, a patient with and one without a nodule; hospital B, one with and one without."
habit = replace(radiograph.HOSPITAL_A, marker_ill=0.9, marker_well=0.1)
everywhere = replace(radiograph.HOSPITAL_B, marker_ill=1.0, marker_well=1.0)
marked_a = radiograph.simulate(habit, patients=patients, seed=219)
marked_b = radiograph.simulate(everywhere, patients=patients // 3, seed=220)
marked_train, marked_validation, marked_test = marked_a.split((3 / 7, 1.5 / 7, 2.5 / 7), seed=219)
figure, panels = plt.subplots(1, 4, figsize=(10, 2.9))
for axes, (part, label, marker) in zip(
    panels, ((marked_test, 1, True), (marked_test, 0, False), (marked_b, 1, True), (marked_b, 0, True)), strict=True
):
    number = int(np.flatnonzero((part.ill == label) & (part.marker == marker))[0])
    axes.imshow(part.images[number], cmap="gray", vmin=0, vmax=1)
    axes.set(xticks=[], yticks=[], title=f"{part.hospital}, {'nodule' if label else 'no nodule'}")

# %% [markdown]
# **Exercise 6 (3 points).** *Before you run the cells below.* A network is trained on the new images of hospital A, split
# by patient, and tested on A's test patients, who have the letter as often as the training patients, and at hospital B.
# It says "nodule" from a probability of 0.5. Set `predictions` to the letters of all true statements, for example
# `{"A", "D"}`:
#
# - **A** Hospital A's test patients will warn us: the AUC there will be lower than that of the network without shortcut.
# - **B** At hospital B most patients without a nodule will be called ill.
# - **C** At hospital B most patients with a nodule will be missed.
# - **D** If the letter is erased from A's test images, the sensitivity will fall.
# - **E** Ten times as many training patients from hospital A, with the same habit, would cure the network.
# - **F** Grad-CAM maps of test images with the letter will often point to the corner.

# %% exercise="shortcut"
# Set the set `predictions`.
### BEGIN SOLUTION
predictions = {"B", "D", "F"}
### END SOLUTION

# %% tests="shortcut" points=3
from autograder import checks

marks = checks.Marks()
with marks.part(1, "some of the letters from A to F, and the statement about the test patients of hospital A"):
    checks.that(predictions and set(predictions) <= set("ABCDEF"), "Expected a set of letters from A to F.")
    checks.that("A" not in predictions, "A is not true.", hint="they have the letter, too: the shortcut works there")
### BEGIN HIDDEN TESTS
with marks.part(1, "hospital B"):
    checks.equal(("B" in predictions, "C" in predictions), (True, False), hint="everybody carries the letter there")
with marks.part(1, "the erased letter, more patients, and the maps"):
    letters = tuple(letter in predictions for letter in "DEF")
    checks.equal(letters, (True, False, True), hint="more of the same images teach the same shortcut")
### END HIDDEN TESTS
marks.total()

# %% alt="Estimates with intervals of AUC, sensitivity and specificity in four situations. With the habit at hospital A all are high. With the letter erased sensitivity falls. At hospital B with the letter everywhere sensitivity is near 1 and specificity near 0." caption="Simulated patients: the network trained on hospital A's marked images, in four situations; 95 % bootstrap intervals by patient."
shortcut = network.cnn(seed=219)
history = network.fit(shortcut, marked_train, marked_validation, epochs=max(epochs // 2, 1), seed=219, device=place)
situations = {
    "A, as in training": marked_test,
    "A, no letter": test,  # the same patients without the letter: the simulation had the same seed
    "B, letter on all": marked_b,
    "B, no letter": at_b,
}
rows = {}
for name, images in situations.items():
    score = network.logits(shortcut, images.images)
    ends = network.auc_interval(images.ill, score, images.patient, resamples=resamples, seed=219)
    rows[f"AUC: {name}"] = [ends[0], network.auc(images.ill, score), ends[1]]
    for kind, rows_of, good in (
        ("sensitivity", images.ill == 1, score >= 0),
        ("specificity", images.ill == 0, score < 0),
    ):
        ends = network.mean_interval(good[rows_of], images.patient[rows_of], resamples=resamples, seed=219)
        rows[f"{kind}: {name}"] = [ends[0], good[rows_of].mean(), ends[1]]
failure = pd.DataFrame(rows, index=["low", "value", "high"]).T.sort_index()
axes = clinic.plot.intervals(failure, xlabel="estimate and 95 % interval")
print(failure.round(2).to_string())

# %% [markdown]
# A split by patient, a closed test set and an interval did not protect us: the test patients came from the same habit.
# The interval is narrow and says nothing about hospital B. (Where an estimate is exactly 0 or 1, the bootstrap interval
# shrinks to a point, which is no certainty; see Lab 1.) Now look with Grad-CAM, which is one way to *find* a shortcut.

# %% alt="Four radiographs with the letter L; on the maps below the bright part lies on the letter in the upper right corner in most of them, not on the ringed nodule." caption="Simulated test patients of hospital A with nodule (ringed) and letter: Grad-CAM maps of the network with the shortcut."
with_letter = marked_test.only((marked_test.ill == 1) & marked_test.marker)
heat = network.grad_cam(shortcut, shortcut[-3], with_letter.images)
figure, panels = plt.subplots(2, 4, figsize=(9, 4.8))
for column, number in enumerate(range(0, 28, 7)):
    down, right = np.argwhere(with_letter.nodule[number]).mean(axis=0)
    for axes in panels[:, column]:
        axes.imshow(with_letter.images[number], cmap="gray", vmin=0, vmax=1)
        axes.add_patch(plt.Circle((right, down), 4, fill=False, color=clinic.plot.COLOURS[5], linewidth=1.5))
        axes.set(xticks=[], yticks=[])
    panels[1, column].imshow(heat[number], cmap="inferno", alpha=0.6)
down, right = peaks(heat).T
corner = (down < 9) & (right >= 23)
low, high = network.mean_interval(corner, with_letter.patient, resamples=resamples, seed=219)
print(
    f"Brightest place in the corner of the letter: {corner.mean():.2f} [{low:.2f}, {high:.2f}] of {len(corner)} images"
)

# %% [markdown]
# Here the maps gave it away, because the shortcut lies in a corner where no lung is. A shortcut that is spread over the
# whole image, such as grain, contrast or the way a machine smooths, has no place to point to. Networks can predict
# from images what no reader sees, such as the patient's self-reported race {cite}`gichoya2022ai`, and hip fractures from
# the scanner and the process of care {cite}`badgeley2019deep`. The surest test is another hospital. The next best is to ask
# what, besides the disease, differs between the ill and the healthy in the training images, and to try the network on
# images where that is taken away or turned round, as we did.

# %% [markdown]
# ## 7. Would you let it read?

# %% [markdown] essay="hospital-b" points=6
# **Essay (6 points, about 300 words).** Hospital B is offered the network of this notebook (with augmentation, trained
# at hospital A). The plan: the network reads all chest radiographs of patients without lung complaints; those about
# which it is sure that there is *no* nodule are filed unread, and a radiologist reads the rest. Imagine that the images
# were real. *Would you agree?* Take a position and argue it from the results of this lab.
#
# Rubric, two points for each criterion:
#
# - **Evidence, figures from the lab.** 0 points: no figure, or a wrong one. 1 point: a right figure without its
#   interval or without the hospital it comes from. 2 points: a figure that fits this plan, at the hospital that it
#   concerns, with its interval.
# - **Transfer, from A to B.** 0 points: not mentioned. 1 point: names a reason why results of A may not hold at B.
#   2 points: explains how it would harm a patient of B, and which check would reveal it beforehand.
# - **Judgement, the decision.** 0 points: no position, or one that does not follow. 1 point: a position with one
#   reason. 2 points: weighs a missed nodule against the reading time that is saved, and says what would have to be
#   shown, or who reads what until then.
#
# ### BEGIN MARK SCHEME
# **Evidence.** Fitting figures: those of hospital B, namely AUC, accuracy at a coverage, ECE before and after scaling.
# The plan files only images called free of nodules, so a good answer notes that the share of ill among the *filed* ones
# (or the sensitivity at the chosen threshold) is what counts, and that this lab did not report it directly. Accuracy at
# hospital A alone earns at most 1 point. Take the values from the student's own output.
#
# **Transfer.** Contrast and grain shift the probabilities, so that "sure" no longer means sure; the temperature of A
# does not fit B; prevalence among people without complaints is far below one half; a shortcut would not show in A's own
# test set. Checks: a test on B's own patients by patient, reliability diagram there, erasing or turning round of
# suspected cues, Grad-CAM as a search tool and not as a proof. For 2 points harm and check must both be spelled out.
#
# **Judgement.** "No", "not yet" and "yes, under these conditions" can all earn 2 points. A nodule filed unread is seen
# by nobody; against it stand the hours of radiologists and the patients who wait for them. Good conditions: silent
# trial at B beside the usual reading, threshold chosen on B's validation patients for a sensitivity agreed beforehand,
# random sample of filed images read anyway, stop rule.
#
# Sample answer: Not yet. What matters are the filed images, which nobody will see. At hospital B the network ranks less
# well than at A and its probabilities are off, also after scaling with A's temperature; I quote both intervals from the
# output. The images kept are those about which it is sure, but at B being sure is worth less than at A. In people
# without complaints nodules are rare, so the share of nodules among the filed would be small in any case, and looks
# reassuring although many of the existing nodules may be among them: the sensitivity must be shown. I would run the
# network silently at B for some months while radiologists read everything, choose the threshold on some of B's patients
# and report sensitivity with interval on others, look for cues such as markers by erasing them, and after the start go
# on reading a random sample of the filed images. Until then the network may sort the list, so that suspicious images
# are read first, and file nothing.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Not yet. The images that are filed are seen by nobody, so the sensitivity at hospital B is what counts, and the lab
# shows a lower AUC and a larger calibration error there than at A, with the temperature of A not repairing it. I would
# run the network silently at B first, choose the threshold on some of its patients and test on others, and have a random
# sample of filed images read. Until then it may sort the list and file nothing.
# ### END SOLUTION

# %% [markdown]
# ## 8. Summary
#
# - Grad-CAM shows where something counted, not why. Check by randomising the weights that it depends on the network, and
#   count over many images; do not show the four prettiest.
# - Small changes in the worst direction turn a network's answers over where random noise does little. A defence holds
#   against certain attacks up to a certain size.
# - A probability is right for a network *and* its patients. Temperature scaling repairs overconfidence where the
#   validation patients come from.
# - Deferral gives the radiologist the hard images. Nobody looks at the wrong answers of which the network is sure.
# - A shortcut passes every test on patients with the same habit. Another hospital reveals it.
#
# **Further reading.** On Grad-CAM: {cite}`selvaraju2017grad`; on testing such maps: {cite}`adebayo2018sanity`; against
# false hope in explanations: {cite}`ghassemi2021false`. On adversarial examples: {cite}`goodfellow2015explaining`, and
# in medicine: {cite}`finlayson2019adversarial`. On calibration: {cite}`guo2017calibration`,
# {cite}`vancalster2019calibration`. On shortcuts: {cite}`geirhos2020shortcut`, {cite}`zech2018variable`,
# {cite}`degrave2021ai`, {cite}`badgeley2019deep`. On checking a tool before its use in radiology:
# {cite}`brady2024developing`.
