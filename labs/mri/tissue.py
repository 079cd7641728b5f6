# ---
# title: Tissue, noise and scanners
# objectives:
#   - mri-contrast
#   - mri-noise-bias
#   - mri-segmentation
#   - mri-volume
#   - scanner-effects
#   - hold-out
#   - critical-appraisal
# minutes: 100
# data: [mni152, simulated-mri, multispectral-mri, abide-quality, deepbet]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": simulated slice, no network; "full": real slice (downloaded), more repeats, 1 mm voxels
device = "auto"  # every lab has this parameter; the one network used here runs on the CPU

# %% [markdown]
# ## 1. The question and the data
#
# A patient with memory complaints is scanned twice, a year apart and on two different scanners. The report says that
# her grey matter has shrunk by some per cent. Has it? To answer, we have to follow the number back to where it comes
# from: how tissue becomes bright or dark, what noise and uneven fields do to it, how a program finds the brain and its
# tissues, and how much of the result belongs to the *scanner*.
#
# Run the cells from top to bottom. The first output says which data the notebook runs on.

# %%
import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pydicom
from clinic import mri, sites
from matplotlib.colors import ListedColormap
from scipy import ndimage, stats
from sklearn.cluster import KMeans
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict, cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

clinic.plot.use_style()
cut = {"quick": mri.simulate_multispectral, "full": mri.fetch_multispectral}[profile]()
scans = sites.load_quality()
step = {"quick": 2, "full": 1}[profile]
template = mri.load_mni152(step)
print(
    f"Sections 2 to 5 and 7. Simulated heads and brains, {step} mm voxels, one tissue a voxel, on the MNI152 template."
)
print(f"Section 6. {cut}")
print(f"Sections 8 and 9. {scans} The diagnoses in section 9 are invented.")

# %% [markdown]
# ## 2. Sequences and contrast
#
# A scanner turns the hydrogen nuclei of water and fat away from their rest, and listens while they come back. Three
# properties of a tissue decide how loud it is: its **proton density** (how much hydrogen), **T1** (how fast the nuclei
# are ready to be turned again) and **T2** (how fast the signal dies away). The operator chooses two times: the
# **repetition time** TR between two turns, and the **echo time** TE until the scanner listens. For a *spin-echo*
# sequence the signal is
#
# $$S = \text{density} \cdot (1 - e^{-TR/T1}) \cdot e^{-TE/T2}$$
#
# The first bracket is small where T1 is long and TR short: the tissue has not recovered. The second factor is small
# where T2 is short and TE long: the signal has died. A **T1-weighted** scan has a short TR and a short TE, so that T1
# decides; a **T2-weighted** one has a long TR and a long TE, so that T2 decides; with a long TR and a short TE only
# the density is left. The values below are **assumed for teaching**: round numbers of the right order at 1.5 tesla.

# %%
assumed = pd.DataFrame({name: vars(tissue) for name, tissue in mri.ASSUMED.items() if name != "background"}).T
print(assumed.rename(columns={"density": "proton density", "t1": "T1 (ms)", "t2": "T2 (ms)"}).to_string())

# %% [markdown]
# **Exercise 1 (5 points).** With pencil and paper, *before* you run the next cells. Set `order` to a dictionary that
# lists, brightest first, "grey matter", "white matter" and "CSF" (the fluid in and around the brain) for the keys
# "T1-weighted" (TR 500 ms, TE 15 ms) and "T2-weighted" (TR 4000 ms, TE 100 ms). Use the table above and reason with
# the two factors.
#
# Then compute three signals of an imaginary tissue with density 1, T1 = 1000 ms and T2 = 100 ms, rounded to two
# decimals. Set `by_hand` to a dictionary with the keys "a", "b" and "c":
#
# - **a** TR very long, TE = 100 ms
# - **b** TR = 1000 ms, TE very short
# - **c** TR = 1000 ms, TE = 100 ms
#
# You need one number: $e^{-1} = 0.368$.

# %% exercise="weighting"
# Set `order` (two lists of three names) and `by_hand` (three numbers).
### BEGIN SOLUTION
order = {
    "T1-weighted": ["white matter", "grey matter", "CSF"],
    "T2-weighted": ["CSF", "grey matter", "white matter"],
}
by_hand = {"a": 0.368, "b": 1 - 0.368, "c": (1 - 0.368) * 0.368}
### END SOLUTION

# %% tests="weighting" points=5
from autograder import checks

marks = checks.Marks()
with marks.part(1, "every tissue is named once, and signal a"):
    for weighting in ("T1-weighted", "T2-weighted"):
        checks.equal(sorted(order[weighting]), ["CSF", "grey matter", "white matter"], hint="three names each")
    checks.close(by_hand["a"], 0.37, atol=0.006, hint="with a very long TR the first bracket is 1")
### BEGIN HIDDEN TESTS
with marks.part(1, "T1-weighted"):
    checks.equal(list(order["T1-weighted"]), ["white matter", "grey matter", "CSF"], hint="whose T1 is shortest?")
with marks.part(1, "T2-weighted"):
    checks.equal(list(order["T2-weighted"]), ["CSF", "grey matter", "white matter"], hint="whose T2 is longest?")
with marks.part(1, "signal b"):
    checks.close(by_hand["b"], 0.63, atol=0.006, hint="after one T1, how much has recovered?")
with marks.part(1, "signal c"):
    checks.close(by_hand["c"], 0.23, atol=0.006, hint="both factors count: multiply them")
### END HIDDEN TESTS
marks.total()

# %% alt="Two panels of three curves each. Left, the signal rises with the repetition time, first and fastest for white matter and slowest for CSF. Right, the signal falls with the echo time, slowest for CSF." caption="Signal equation with assumed values. Left: the echo time is 15 ms. Right: the repetition time is 4000 ms."
figure, panels = plt.subplots(1, 2, figsize=(9, 3.8), sharey=True)
three = ("white matter", "grey matter", "CSF")
tr, te = np.linspace(10, 6000, 200), np.linspace(0, 300, 200)
rising = {name: [mri.spin_echo(mri.ASSUMED[name], time, 15) for time in tr] for name in three}
falling = {name: [mri.spin_echo(mri.ASSUMED[name], 4000, time) for time in te] for name in three}
clinic.plot.curves(tr, rising, xlabel="repetition time TR (ms)", ylabel="signal", axes=panels[0])
clinic.plot.curves(te, falling, xlabel="echo time TE (ms)", ylabel="signal", axes=panels[1])
panels[0].axvline(500, color="0.5", linestyle=":")
line = panels[1].axvline(100, color="0.5", linestyle=":")

# %%
labels = mri.simulate_labels(template)
brain = ndimage.binary_fill_holes(template.t1 > 0)
protocols = {"T1-weighted": (500, 15), "T2-weighted": (4000, 100), "PD-weighted": (4000, 15)}
signals = {
    name: {kind: mri.spin_echo(tissue, *times) for kind, tissue in mri.ASSUMED.items()}
    for name, times in protocols.items()
}
for name, signal in signals.items():
    ranked = sorted(three, key=signal.get, reverse=True)
    print(f"{name}: " + " > ".join(f"{kind} {signal[kind]:.2f}" for kind in ranked))

# %% alt="Three axial slices of a schematic head. In the T1-weighted one the fluid is dark and the white matter bright; in the T2-weighted one the fluid is the brightest; in the PD-weighted one the tissues differ little." caption="Simulated head: one anatomy, three settings of TR and TE."
level = 80 // step
figure, panels = plt.subplots(1, 3, figsize=(9, 3.8))
for axes, (name, signal) in zip(panels, signals.items(), strict=True):
    axes.imshow(mri.simulate_scan(labels, signal)[:, :, level].T, cmap="gray", origin="lower")
    axes.set(title=f"{name}: TR {protocols[name][0]}, TE {protocols[name][1]}", xticks=[], yticks=[])

# %% [markdown]
# One anatomy, three pictures. A model trained on one of them has never seen the others, and a hospital that changes
# TE by a few milliseconds sends it pictures that lie in between.
#
# ## 3. Noise
#
# The scanner measures two signals, a real and an imaginary part, each with random noise of standard deviation
# $\sigma$. The picture shows the *length* of the two together, so it can't be negative. Such values follow a **Rice
# distribution**. Inside bright tissue it looks like the familiar bell; in the dark it does not: the mean of pure
# noise is not 0 but about $1.25\,\sigma$. So air is never black, and dark tissue reads brighter than it is.

# %% alt="Two histograms with a curve each. Left, pure noise: a lopsided curve that starts at 0, with a mean near 1.25 sigma. Right, tissue at 8 sigma: a symmetric bell around 8." caption="Simulated noise in units of sigma: histogram of the simulated values, and the Rice distribution. Dotted: the true signal."
sigma, draws = 1.0, 20_000
figure, panels = plt.subplots(1, 2, figsize=(9, 3.4))
for axes, (title, truth) in zip(panels, {"air": 0.0, "tissue": 8.0}.items(), strict=True):
    values = mri.rician(np.full(draws, truth), sigma, np.random.default_rng(219))
    axes.hist(values, bins=60, density=True, color=clinic.plot.COLOURS[0] + "60")
    axis = np.linspace(values.min(), values.max(), 200)
    axes.plot(axis, stats.rice.pdf(axis, truth / sigma, scale=sigma), "--", color=clinic.plot.COLOURS[1])
    axes.axvline(truth, color="0.3", linestyle=":")
    axes.set(title=f"{title}: true signal {truth:g} σ", xlabel="measured (σ)", ylabel="density")
    print(f"{title}: true signal {truth:.2f} σ, mean of the measured values {values.mean():.2f} σ")

# %% [markdown]
# The **signal-to-noise ratio** (SNR) is the mean signal in a region, divided by $\sigma$. The spread of one picture
# within the region is no good estimate of $\sigma$, because anatomy and shading spread the values as well. A clean
# way is to scan twice without moving: in the *difference* of the two pictures the anatomy cancels and only noise is
# left. But a difference holds the noise of both pictures: its standard deviation is $\sqrt{2}$ times that of one.
#
# **Exercise 2 (4 points).** Estimate the SNR from two scans of the same head.


# %% exercise="snr"
def snr(first: np.ndarray, second: np.ndarray, region: np.ndarray) -> float:
    """Estimate the signal-to-noise ratio of one scan from two repeats.

    Parameters
    ----------
    first, second : array of float, of one shape
        Two scans of the same head in the same position.
    region : array of bool, of the same shape
        Where to measure.

    Returns
    -------
    float
        Mean of both scans in the region, divided by the standard deviation of the noise of a single scan.
    """
    ### BEGIN SOLUTION
    one, two = np.asarray(first, dtype=float)[region], np.asarray(second, dtype=float)[region]
    return float(np.mean((one + two) / 2) / (np.std(one - two) / np.sqrt(2)))
    ### END SOLUTION


# %% tests="snr" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
noise = np.random.default_rng(5).normal(size=(2, 100, 100))
with marks.part(1, "even tissue at 30 with noise of 2, over the whole picture"):
    whole = np.ones((100, 100), dtype=bool)
    result = snr(30 + 2 * noise[0], 30 + 2 * noise[1], whole)
    checks.close(result, 15, rtol=0.04, hint="what does the difference of two noisy pictures hold?")
### BEGIN HIDDEN TESTS
with marks.part(1, "anatomy is no noise"):
    stripes = 20 + 40.0 * (np.arange(100) % 10 < 5)
    result = snr(stripes + noise[0], stripes + noise[1], whole)
    checks.close(result, 40, rtol=0.04, hint="the standard deviation of one picture also holds the anatomy")
with marks.part(1, "only the region counts"):
    inner = np.zeros((100, 100), dtype=bool)
    inner[20:80, 30:90] = True
    both = [np.where(inner, 50, 5) + np.where(inner, 1, 9) * part for part in noise]
    checks.close(snr(*both, inner), 50, rtol=0.04, hint="measure in the region, mean and noise")
with marks.part(1, "the second scan is a little brighter"):
    result = snr(50 + noise[0], 53 + noise[1], whole)
    checks.close(result, 51.5, rtol=0.04, hint="the mean of both scans, and a spread that an even offset leaves alone")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Noise can be bought off with time: the mean of n scans has the noise of one divided by $\sqrt{n}$. Twice the SNR
# costs four times the minutes, and a patient who lies still for so long. **Simulated** below: 1, 4 and 16 scans are
# averaged. Does the last column follow the square root?

# %%
anatomy = mri.simulate_scan(labels, signals["T1-weighted"])[:, :, level]
white = ndimage.binary_erosion(labels[:, :, level] == 3, iterations=2 // step)
rng = np.random.default_rng(219)
sigma = 0.10 * signals["T1-weighted"]["white matter"]
baseline = None
for averages in (1, 4, 16):
    estimates = []
    for _ in range({"quick": 10, "full": 50}[profile]):
        pair = [np.mean([mri.rician(anatomy, sigma, rng) for _ in range(averages)], axis=0) for _ in range(2)]
        estimates.append(
            np.mean(pair[0][white] + pair[1][white]) / 2 / (np.std(pair[0][white] - pair[1][white]) / 2**0.5)
        )
    baseline = baseline or np.mean(estimates)
    print(f"{averages:2d} scans: SNR of white matter {np.mean(estimates):.1f}", end=" ")
    print(
        f"(spread over repeats ±{np.std(estimates, ddof=1):.1f}), {np.mean(estimates) / baseline:.2f} times that of one"
    )

# %% [markdown]
# ## 4. The bias field
#
# A coil hears better what is near to it. So the same tissue is brighter on one side of the picture than on the other,
# smoothly and without any meaning: the **bias field**. An eye hardly notices. A program that tells tissues by
# brightness does: it calls the shaded part of the white matter grey. The bias is a *factor*, so the model is
#
# $$\text{measured} = \text{true} \times \text{field} + \text{noise}$$
#
# **Simulated:** we multiply a field of our own into a T1-weighted brain, then let the program **N4** estimate it from
# the picture alone, and compare its estimate with the truth. N4 looks for the smooth field whose removal makes the
# histogram sharpest.

# %%
field = mri.bias_field(labels.shape, 0.6, seed=3)
# A gradient echo, the usual T1-weighted sequence for whole brains; see clinic.mri.spoiled_gradient_echo.
gradient_echo = {kind: mri.spoiled_gradient_echo(tissue, tr=15, te=5, flip=25) for kind, tissue in mri.ASSUMED.items()}
inside = np.where(brain, labels, 1)
even = mri.rician(mri.simulate_scan(inside, gradient_echo), 0.03 * gradient_echo["white matter"], rng)
shaded = mri.rician(
    mri.simulate_scan(inside, gradient_echo) * field, 0.03 * gradient_echo["white matter"], np.random.default_rng(219)
)
estimate = mri.correct_bias(shaded, brain, shrink=4 // step)
repaired = shaded / estimate
print(f"True field in the brain: from {field[brain].min():.2f} to {field[brain].max():.2f}")
print(f"Correlation of estimated and true field in the brain: {np.corrcoef(estimate[brain], field[brain])[0, 1]:.3f}")
for name, image in {"without field": even, "with field": shaded, "after N4": repaired}.items():
    values = image[inside == 3]
    print(f"{name:14s} white matter: spread {values.std() / values.mean():.1%} of its mean")

# %% alt="Left, an axial slice that is brighter on one side; middle, the slice after correction, evenly bright; right, histograms. With the field the peaks of grey and white matter run into each other, after correction they stand apart." caption="Simulated brain with a strong bias field, before and after N4, and the histograms of the whole brain."
figure, panels = plt.subplots(1, 3, figsize=(10, 3.6))
top = np.quantile(repaired[brain], 0.999)
for axes, title, image in ((panels[0], "with field", shaded), (panels[1], "after N4", repaired)):
    axes.imshow(image[:, :, level].T, cmap="gray", origin="lower", vmin=0, vmax=top)
    axes.set(title=title, xticks=[], yticks=[])
for (name, image), dashes in zip({"with field": shaded, "after N4": repaired}.items(), ("-", "--"), strict=True):
    counts, edges = np.histogram(image[brain], bins=120, range=(0, top))
    panels[2].plot(edges[:-1], counts / counts.sum(), dashes, label=name)
panels[2].set(xlabel="brightness", ylabel="share of voxels", xlim=(0, top))
legend = panels[2].legend()

# %% [markdown]
# What N4 can't know is whether a slow change of brightness is the coil's or the patient's. A large smooth lesion may be
# corrected away in part.
#
# ## 5. Finding the brain
#
# Before tissues are measured, the skull and all around it have to go: **brain extraction**, or *skull stripping*. The
# old way is rules: keep what is brighter than a threshold, peel off a few millimetres so that scalp and brain come
# apart, keep the largest piece, grow it back. The new way is a network that was shown many brains with their outlines.
# We try both on a **simulated** head whose true brain we know. The network is *deepbet*; it comes with its weights and
# has never seen a head like ours.
#
# How well does a mask fit the truth? The **Dice overlap** is twice the number of voxels in both masks, divided by the
# sum of the two masks' sizes. 1 means the same mask, 0 means nothing in common. It does not count the background, of
# which there is always plenty.
#
# **Exercise 3 (4 points).** Compute it.


# %% exercise="dice"
def dice_overlap(first, second) -> float:
    """Compute the Dice overlap of two masks.

    Parameters
    ----------
    first, second : array of bool or of 0 and 1, of one shape
        In two or three dimensions.

    Returns
    -------
    float
        From 0 to 1; nan ("not a number") if both masks are empty, since there is nothing to compare.
    """
    ### BEGIN SOLUTION
    one, two = np.asarray(first, dtype=bool), np.asarray(second, dtype=bool)
    total = one.sum() + two.sum()
    return float(2 * np.sum(one & two) / total) if total else float("nan")
    ### END SOLUTION


# %% tests="dice" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "three voxels and three voxels, two of them common"):
    result = dice_overlap(np.array([[1, 1, 1, 0, 0, 0, 0, 0]]) > 0, np.array([[0, 1, 1, 1, 0, 0, 0, 0]]) > 0)
    checks.close(result, 4 / 6, hint="twice the common two, divided by three and three")
### BEGIN HIDDEN TESTS
with marks.part(1, "masks of unequal size in three dimensions"):
    large, small = np.zeros((6, 6, 6), dtype=bool), np.zeros((6, 6, 6), dtype=bool)
    large[1:5, 1:5, 1:5], small[2:4, 2:4, 2:6] = True, True
    checks.close(dice_overlap(large, small), 24 / 80, hint="12 common voxels, masks of 64 and 16")
    checks.close(dice_overlap(small, large), 24 / 80, hint="the order of the masks does not matter")
with marks.part(1, "masks of whole numbers, and no common voxel"):
    first, second = np.array([1, 0, 0, 1, 0], dtype=np.uint8), np.array([1, 1, 0, 0, 0], dtype=np.uint8)
    checks.close(dice_overlap(first, second), 0.5, hint="one common voxel; common zeros are background")
    checks.close(dice_overlap(first, 1 - first), 0.0, hint="nothing in common")
    many = np.ones(300, dtype=np.uint8)
    checks.close(dice_overlap(many, many), 1.0, hint="small whole numbers overflow when they are added as they are")
with marks.part(1, "empty masks"):
    nothing, something = np.zeros((3, 3)), np.eye(3)
    checks.close(dice_overlap(nothing, nothing), float("nan"), hint="there is nothing to compare")
    checks.close(dice_overlap(nothing, something), 0.0, hint="one mask is empty, the other is not")
### END HIDDEN TESTS
marks.total()

# %% alt="Two sagittal and two axial slices of a schematic head with an outline each. The rule's outline follows the folds and the fluid spaces and leaves them out; the network's outline runs smoothly around the whole brain." caption="Simulated head: outline found by threshold and largest piece (solid), and by the network deepbet (dashed)."
head, true_brain, head_affine = mri.simulate_head(step)
masks = {
    "threshold": mri.threshold_brain_mask(head, width=3 / step),
    "deepbet": mri.deep_brain_mask(head, head_affine),
}
figure, panels = plt.subplots(1, 2, figsize=(9, 4.2))
middle = [size // 2 for size in head.shape]
for axes, view in zip(panels, (np.s_[middle[0] + 8 // step, :, :], np.s_[:, :, middle[2]]), strict=True):
    axes.imshow(head[view].T, cmap="gray", origin="lower")
    for number, (mask, style) in enumerate(zip(masks.values(), ("solid", "dashed"), strict=True)):
        axes.contour(mask[view].T, [0.5], colors=clinic.plot.COLOURS[number + 4], linestyles=style, linewidths=1.5)
    axes.set(xticks=[], yticks=[])
truth_ml = mri.volume_ml(true_brain, head_affine)
print(f"True brain {truth_ml:.0f} ml")
for name, mask in masks.items():
    volume = mri.volume_ml(mask, head_affine)
    print(f"{name}: Dice {mri.dice(mask, true_brain):.3f}, volume {volume:.0f} ml ({volume / truth_ml - 1:+.1%})")

# %% [markdown]
# The two masks differ in what they *mean* as much as in quality: whether the fluid in the ventricles and around the
# brain belongs to "the brain". A Dice near 1 can hide a difference of volume that would count as severe atrophy. Before
# two volumes are compared, ask whether they were found by the same program with the same definition.
#
# ## 6. Which tissue is it?
#
# Now the four-channel slice of the first output: each pixel is four numbers, one a contrast. In profile "quick" it is
# **simulated** and the tissue of each pixel is known. In profile "full" it is **real**, and nobody knows the truth
# except where somebody has drawn it.

# %%
print(cut)
drawn = cut.training > 0
for number, name in mri.CLASSES.items():
    mean = cut.channels[cut.training == number].mean(axis=0)
    listed = ", ".join(f"{contrast} {value:.0f}" for contrast, value in zip(cut.contrasts, mean, strict=True))
    print(f"{number} {name}: {int((cut.training == number).sum())} pixels drawn; mean {listed}")
if cut.truth is None:
    flash = next(path for path in clinic.download("multispectral-mri") if path.name == "flash_060.dcm")
    print(
        f"The DICOM header says Modality {pydicom.dcmread(flash).Modality}, nuclear medicine. It is wrong; a converter wrote it."
    )

# %% alt="Five panels: the slice of a head in four contrasts in grey, and the drawn training pixels, small coloured patches of six classes." caption="The slice in its four contrasts, and the drawn training pixels (numbers as in the list above). The first output says whether the slice is simulated or real."
palette = ListedColormap(["white", *clinic.plot.COLOURS[:6]])
figure, panels = plt.subplots(1, 5, figsize=(12, 3.2))
for axes, name, image in zip(panels, cut.contrasts, np.moveaxis(cut.channels, -1, 0), strict=False):
    axes.imshow(image.T, cmap="gray", origin="lower", vmax=np.quantile(image, 0.995))
    axes.set_title(name, fontsize=9)
picture = panels[4].imshow(cut.training.T, cmap=palette, origin="lower", vmin=-0.5, vmax=6.5, interpolation="nearest")
panels[4].set_title("drawn", fontsize=9)
for axes in panels:
    axes.set(xticks=[], yticks=[])
bar = figure.colorbar(picture, ax=panels[4], ticks=range(1, 7))

# %% [markdown]
# **Learning from drawn pixels.** The *k nearest neighbours* (k-NN) of a pixel are the drawn pixels that resemble it
# most in the four numbers; they vote on its class. How good is that? The usual answer is cross-validation on the
# drawn pixels. But neighbours in the picture share their surroundings and their shading, so a random split tends to
# flatter. We also split *by place*: for each class, the pixels on one side of its middle learn and the others are
# tested, then the reverse.

# %%
pixels, classes = cut.channels[drawn], cut.training[drawn]
places = np.argwhere(drawn)[:, 1]
far_side = np.zeros(len(classes), dtype=bool)
for number in np.unique(classes):
    far_side[classes == number] = places[classes == number] > np.median(places[classes == number])
voter = make_pipeline(StandardScaler(), KNeighborsClassifier(5))
halves = [(np.flatnonzero(far_side), np.flatnonzero(~far_side)), (np.flatnonzero(~far_side), np.flatnonzero(far_side))]
for name, parts in {
    "random pixels": StratifiedKFold(5, shuffle=True, random_state=219),
    "by place": halves,
}.items():
    right = cross_val_predict(voter, pixels, classes, cv=parts) == classes
    wrong = ", ".join(f"{mri.CLASSES[n]} {1 - right[classes == n].mean():.1%}" for n in np.unique(classes))
    print(f"{name}: {right.mean():.1%} right; wrong in each class: {wrong}")
print("No interval is given: the pixels come from one slice of one head, and one head says nothing of the next.")

# %% [markdown]
# **Learning without drawings.** *k-means* looks for k groups of pixels that lie close together in the four numbers.
# It needs nobody's drawing, and it knows no names: its groups are numbered 0, 1, 2 in no particular order. Which group
# is the grey matter has to be told from outside, for example by the few drawn pixels that fall into it.
#
# **Exercise 4 (4 points).** Give each cluster the class that most of its drawn pixels have.


# %% exercise="naming"
def name_clusters(cluster, drawn) -> dict[int, int]:
    """Name clusters by the drawn pixels that fall into them.

    Parameters
    ----------
    cluster : array of int, length n
        Number of the cluster that each pixel is in, from 0.
    drawn : array of int, length n
        Class that was drawn at each pixel, from 1; 0 where nothing was drawn.

    Returns
    -------
    dict
        For each cluster that occurs, the class that most of its drawn pixels have; the lower class if two have the
        same number; 0 if none of its pixels was drawn. Several clusters may get the same class.
    """
    ### BEGIN SOLUTION
    names = {}
    for number in np.unique(cluster):
        votes = np.bincount(np.asarray(drawn)[np.asarray(cluster) == number], minlength=1)
        votes[0] = 0
        names[int(number)] = int(votes.argmax())
    return names
    ### END SOLUTION


# %% tests="naming" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "two clusters with three drawn pixels each"):
    result = name_clusters(np.array([0, 0, 0, 1, 1, 1]), np.array([3, 3, 2, 2, 2, 2]))
    checks.equal(dict(result), {0: 3, 1: 2}, hint="most of the drawn pixels in cluster 0 have class 3")
### BEGIN HIDDEN TESTS
with marks.part(1, "most pixels are not drawn"):
    result = name_clusters(np.repeat([0, 1], [50, 40]), np.repeat([0, 4, 5, 0, 2], [45, 3, 2, 39, 1]))
    checks.equal(dict(result), {0: 4, 1: 2}, hint="0 means that nothing was drawn; it has no vote")
with marks.part(1, "two clusters of one class, and a large class that is spread out"):
    group = np.repeat([0, 1, 2], [10, 10, 4])
    pixel_class = np.repeat([1, 1, 2, 1, 2], [10, 10, 3, 1, 0])
    checks.equal(dict(name_clusters(group, pixel_class)), {0: 1, 1: 1, 2: 2}, hint="ask each cluster, not each class")
with marks.part(1, "no drawn pixel, equal votes, and a missing number"):
    result = name_clusters(np.array([0, 0, 3, 3, 3, 3]), np.array([0, 0, 5, 2, 5, 2]))
    checks.equal(dict(result), {0: 0, 3: 2}, hint="cluster 0 has no drawn pixel; in cluster 3 the lower class wins")
### END HIDDEN TESTS
marks.total()

# %%
region = cut.region
count = 2 * len(np.unique(cut.training[region & drawn]))  # more clusters than classes, since a class may need several
scaled = StandardScaler().fit_transform(cut.channels[region])
found = KMeans(count, n_init=5, random_state=219).fit_predict(scaled)
named = {}
for number in range(count):
    votes = np.bincount(cut.training[region][found == number], minlength=7)[1:]
    named[number] = int(votes.argmax()) + 1 if votes.any() else 0
groups = ", ".join(f"{number} is {mri.CLASSES.get(name, 'nobody knows')}" for number, name in named.items())
print(f"k-means, {count} clusters in the region: {groups}")
maps = {"k-NN": np.zeros(drawn.shape, dtype=int), "k-means": np.zeros(drawn.shape, dtype=int)}
maps["k-NN"][region] = voter.fit(pixels, classes).predict(cut.channels[region])
maps["k-means"][region] = [named[number] for number in found]

# %% alt="Two or three maps of a head in colours of six classes. The maps by nearest neighbours and by k-means agree in the main and differ at the borders of tissues." caption="Classes found by k-NN (from drawn pixels) and by k-means (named by drawn pixels); the truth beside them if the slice is simulated. Numbers as in the list of classes."
shown = maps | ({"truth (simulated)": np.where(region, cut.truth, 0)} if cut.truth is not None else {})
figure, panels = plt.subplots(1, len(shown), figsize=(3.4 * len(shown), 3.6))
for axes, (name, image) in zip(panels, shown.items(), strict=True):
    picture = axes.imshow(image.T, cmap=palette, origin="lower", vmin=-0.5, vmax=6.5, interpolation="nearest")
    axes.set(title=name, xticks=[], yticks=[])
bar = figure.colorbar(picture, ax=panels, ticks=range(1, 7))
overlap = {mri.CLASSES[n]: mri.dice(maps["k-NN"] == n, maps["k-means"] == n) for n in (2, 3, 4)}
print("Dice of k-NN with k-means: " + ", ".join(f"{name} {value:.2f}" for name, value in overlap.items()))

# %% [markdown]
# Agreement of two methods is no proof that either is right. Where the truth is known we can look further: how many
# pixels are right inside a tissue, and how many at its border, where a pixel holds two tissues at once? This is called
# **partial volume**. The drawn pixels lie inside, so accuracy on them promises too much.

# %%
if cut.truth is None:
    print("The slice is real: beyond the drawn pixels there is no truth to compare with.")
else:
    largest, smallest = ndimage.maximum_filter(cut.truth, 3), ndimage.minimum_filter(cut.truth, 3)
    border = (largest != smallest)[region & ~drawn]
    for method, image in maps.items():
        right = (image == cut.truth)[region & ~drawn]
        print(f"{method}: right inside a tissue {right[~border].mean():.1%}, at its border {right[border].mean():.1%}")
    print(f"Share of the region that lies at a border: {border.mean():.1%}")

# %% [markdown]
# ## 7. A volume and its error
#
# From pixels to millilitres. **Simulated:** one and the same brain is scanned on two scanners. Scanner A uses the
# gradient echo, scanner B a spin echo with more noise and a stronger bias field. On each, the brain is scanned several
# times: noise and the pattern of the field differ each time, the brain does not. Grey matter is found by k-means on
# brightness, the same program for all.


# %%
def grey_matter_ml(scan: np.ndarray) -> float:
    """Measure grey matter: the middle one of three clusters of brightness within the brain."""
    values = scan[brain]
    start = np.quantile(values, [0.1, 0.5, 0.9])[:, None]
    model = KMeans(3, init=start, n_init=1).fit(values[:, None])
    grey = np.argsort(model.cluster_centers_[:, 0])[1]
    return float(np.sum(model.labels_ == grey) * step**3 / 1000)


machines = {"A": (gradient_echo, 0.03, 0.05), "B": (signals["T1-weighted"], 0.05, 0.20)}
visits = {"quick": 12, "full": 20}[profile]
measured = {name: [] for name in ("A", "B", "B after N4")}
for machine, (signal, noise_share, strength) in machines.items():
    clean = mri.simulate_scan(inside, signal)
    for visit in range(visits):
        uneven = clean * mri.bias_field(inside.shape, strength, seed=visit)
        scan = mri.rician(uneven, noise_share * signal["white matter"], np.random.default_rng(1000 + visit))
        measured[machine].append(grey_matter_ml(scan))
        if machine == "B":
            measured["B after N4"].append(grey_matter_ml(scan / mri.correct_bias(scan, brain, shrink=8 // step)))
true_grey = float(np.sum(inside == 2) * step**3 / 1000)
measured = pd.DataFrame(measured, index=pd.RangeIndex(1, visits + 1, name="visit"))

# %% alt="Three rows of points over grey matter in millilitres. The repeats on scanner A lie close together; those on scanner B lie far from A and further apart; after N4 they lie closer together, but not on those of A. A dotted line marks the truth." caption="Simulated: one brain, two scanners, several visits. Points: grey matter at each visit; dotted: the truth."
figure, axes = plt.subplots(figsize=(7, 2.8))
for height, name in enumerate(measured):
    axes.plot(measured[name], np.full(visits, height), "o^s"[height], color=clinic.plot.COLOURS[height], alpha=0.6)
axes.set_yticks(range(3), [f"scanner {name}" for name in measured])
axes.set(xlabel="grey matter (ml)", ylim=(2.5, -0.5))
line = axes.axvline(true_grey, color="0.3", linestyle=":")
print(f"Truth: {true_grey:.0f} ml")
for name, values in measured.items():
    print(f"scanner {name}: mean {values.mean():.0f} ml, standard deviation over visits {values.std():.1f} ml", end=" ")
    print(f"({values.mean() / true_grey - 1:+.0%} from the truth)")

# %% [markdown]
# Nothing in the brain has changed. A patient who moves from scanner A to scanner B would still seem to lose grey
# matter, and no statement about her illness could be made. Correcting the bias field makes the repeats more alike, not
# the scanners.
#
# How large must a change be, to be more than the error of measurement? Scan several people twice without any true
# change. From each pair's difference d follows the error of a single measurement, $s = \sqrt{\text{mean}(d^2)/2}$.
# The difference of two measurements has the error $\sqrt{2} \cdot s$, and 95 % of the differences without true change
# lie within
#
# $$\text{limit} = 1.96 \cdot \sqrt{2} \cdot s$$
#
# This is the **smallest detectable change** of one patient.
#
# **Exercise 5 (4 points).** Compute the limit and judge a patient's change.


# %% exercise="change"
def judge_change(before: float, after: float, repeats) -> tuple[float, bool]:
    """Judge whether a volume has changed by more than the error of measurement.

    Parameters
    ----------
    before, after : float
        The patient's two volumes in ml.
    repeats : array of float, shape (n, 2)
        Two volumes in ml of each of n people who did not change in between.

    Returns
    -------
    limit : float
        Smallest detectable change in ml.
    changed : bool
        True if the patient's change, in either direction, is larger than the limit.
    """
    ### BEGIN SOLUTION
    pairs = np.asarray(repeats, dtype=float)
    error = np.sqrt(np.mean((pairs[:, 0] - pairs[:, 1]) ** 2) / 2)
    limit = float(1.96 * np.sqrt(2) * error)
    return limit, bool(abs(after - before) > limit)
    ### END SOLUTION


# %% tests="change" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "four people with differences of 2, -2, 2 and -2 ml"):
    steady = np.array([[600, 602], [650, 648], [700, 702], [550, 548.0]])
    limit, changed = judge_change(600, 590, steady)
    checks.close(limit, 3.92, atol=0.001, hint="s is the square root of 4/2; the limit is 1.96 · √2 · s")
    checks.equal(bool(changed), True, hint="a loss of 10 ml is more than 3.92 ml")
### BEGIN HIDDEN TESTS
with marks.part(1, "differences of unequal size"):
    limit, _ = judge_change(600, 600, [[500, 503], [620, 619], [700, 705], [580, 580]])
    checks.close(limit, 1.96 * (35 / 4) ** 0.5, hint="mean of the squares, over all people")
with marks.part(1, "growth counts as well as loss, and a change within the limit does not"):
    checks.equal(bool(judge_change(600, 604.5, steady)[1]), True, hint="in either direction")
    checks.equal(bool(judge_change(600, 603.5, steady)[1]), False, hint="3.5 ml is less than 3.92 ml")
    checks.equal(bool(judge_change(600, 596.5, steady)[1]), False, hint="3.5 ml is less than 3.92 ml")
with marks.part(1, "the second scanner always reads 6 ml more"):
    offset = np.array([[600, 606], [650, 656], [700, 706.0]])
    limit, changed = judge_change(600, 608, offset)
    checks.close(limit, 11.76, atol=0.001, hint="a steady offset is an error, too: don't subtract the mean difference")
    checks.equal(bool(changed), False, hint="8 ml is less than 11.76 ml")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the limits of our simulated scanners: both visits on A, or one visit on A and one on B. For comparison, a
# **loss of 1 %** of the grey matter, assumed as the order of what one year might bring.

# %%
first_half, second_half = measured.iloc[::2].reset_index(drop=True), measured.iloc[1::2].reset_index(drop=True)
loss = 0.01 * true_grey
for name, (one, two) in {
    "A, then A": (first_half["A"], second_half["A"]),
    "B after N4, then the same": (first_half["B after N4"], second_half["B after N4"]),
    "A, then B after N4": (first_half["A"], second_half["B after N4"]),
}.items():
    squares = (one - two).to_numpy() ** 2
    limit = 1.96 * np.sqrt(squares.mean())
    again = np.random.default_rng(219).integers(0, len(squares), size=(1000, len(squares)))
    low, high = 1.96 * np.sqrt(np.quantile(squares[again].mean(axis=1), [0.025, 0.975]))
    verdict = "could be seen" if loss > limit else "could not be seen"
    print(
        f"{name}: limit {limit:.1f} ml, 95 % bootstrap interval {low:.1f} to {high:.1f} ml from {len(one)} pairs.",
        end=" ",
    )
    print(f"A loss of {loss:.1f} ml {verdict}.")
print("The pairs come from a single simulated brain in one position. Real repeats differ more.")

# %% [markdown]
# ## 8. A scan tells where it was made
#
# Now **real** data: 1,101 scans of the head from 17 sites. Of each we have no picture, only eleven measures of image
# quality, such as the SNR, the blur and the strength of the bias field. Before anything is fitted, a look at the unit
# of the split: is each row really another scan?

# %%
quality = scans.table[list(sites.QUALITY)]
twins = quality.duplicated(keep=False)
print(
    f"{len(quality)} rows. Rows with the same eleven measures: {twins.sum()}, at {', '.join(scans.site[twins].unique())}"
)
kept = ~quality.duplicated()
quality, site, maker = (part[kept] for part in (quality, scans.site, scans.maker))
print(
    f"Kept: {len(quality)} scans, one a participant, from {site.nunique()} sites with scanners of {maker.nunique()} makers"
)

# %% [markdown]
# Two participants with the very same measures are most likely one scan that was filed twice. Kept as two, it could
# stand in the training set and in the test set at once. We drop one of them.
#
# Can a model tell the *site* from the quality measures? A forest is not needed; logistic regression will do. Each
# participant is predicted by a model that learned from others (five parts).

# %%
guesser = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
parts = StratifiedKFold(5, shuffle=True, random_state=219)
told = cross_val_predict(guesser, quality, site, cv=parts)
right = told == site.to_numpy()
resamples = {"quick": 1000, "full": 10_000}[profile]
drawn_again = np.random.default_rng(219).integers(0, len(right), size=(resamples, len(right)))
low, high = np.quantile(right[drawn_again].mean(axis=1), [0.025, 0.975])
print(
    f"Site named rightly for {right.mean():.1%} of the participants (95 % bootstrap interval {low:.1%} to {high:.1%})"
)
print(f"Always naming the largest site, {site.mode()[0]}: {site.value_counts(normalize=True).iloc[0]:.1%}")
shuffled = np.random.default_rng(219).permutation(site.to_numpy())
chance = (cross_val_predict(guesser, quality, shuffled, cv=parts) == shuffled).mean()
print(f"The same model with the sites shuffled among the participants: {chance:.1%}")

# %% alt="A square table of 17 by 17 sites in blue. Nearly all weight lies on the diagonal." caption="Real scans: true site (rows) and the site told from eleven quality measures (columns), as share of the row."
names = sorted(site.unique())
table = pd.crosstab(site.to_numpy(), told, normalize="index").reindex(index=names, columns=names, fill_value=0)
figure, axes = plt.subplots(figsize=(6.2, 5.4))
picture = axes.imshow(table, cmap="Blues", vmin=0, vmax=1)
axes.set_xticks(range(len(names)), names, rotation=90, fontsize=8)
axes.set_yticks(range(len(names)), names, fontsize=8)
axes.set(xlabel="site told", ylabel="true site")
bar = figure.colorbar(picture, ax=axes, label="share of the row")

# %% [markdown]
# Eleven numbers about image quality, none about the brain, give the site away. The pictures themselves hold far more.
# (The interval covers the choice of participants, not the choice of sites.) So whenever the ill come mostly from one
# site and the healthy from another, a model has an easy way out: name the site. Deep networks have taken it. Networks
# that read chest radiographs for pneumonia could also tell which hospital these came from, and often did worse at a
# hospital that they had not seen {cite}`zech2018variable`. Such a way out is called a **shortcut**
# {cite}`geirhos2020shortcut`.
#
# ## 9. Find the mistake
#
# A colleague has several hundred scans from four of the sites and reports that the eleven measures find the ill. We
# **invented the diagnoses**: within each site it was drawn at random who is ill, so no measure can know. Only
# the *share* of the ill differs between the sites. The method looks sound: five stratified parts, the scaling inside
# the pipeline, one row a participant.

# %%
share = {"NYU": 0.9, "UM": 0.1, "UCLA": 0.2, "USM": 0.8}
chosen = site.isin(share).to_numpy()
values, place = quality[chosen].to_numpy(), site[chosen].to_numpy()
ill = sites.invent_diagnoses(site[chosen], share, seed=219)


def hasty_auc(values: np.ndarray, ill: np.ndarray) -> float:
    """Cross-validate a model of the disease, with one mistake."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    parts = StratifiedKFold(5, shuffle=True, random_state=219)
    return float(cross_val_score(model, values, ill, cv=parts, scoring="roc_auc").mean())


print(f"{len(ill)} scans; share of the ill: " + ", ".join(f"{name} {ill[place == name].mean():.0%}" for name in share))
print(f"AUC for diagnoses that were drawn at random within each site: {hasty_auc(values, ill):.2f}")

# %% [markdown]
# AUC is the chance that a random ill person scores above a random healthy one; 0.5 is guessing. The pairs that the
# colleague compared are mostly an ill person from one site and a healthy one from another. The question that a doctor
# at one hospital has is another: among *my* patients, on my scanner, does the model rank the ill above the healthy?
#
# **Exercise 6 (5 points).** Test it that way. Leave each site out in turn, learn from the others, and compute the AUC
# *among the people of the left-out site only*.


# %% exercise="site"
def auc_by_site(values: np.ndarray, ill: np.ndarray, site) -> dict[str, float]:
    """Test a model of the disease at each site, by a model that learned from the other sites.

    Parameters
    ----------
    values : array of float, shape (n, m)
        One row a participant.
    ill : array of int, length n
        1 or 0. After any one site is left out, both still occur.
    site : array of str, length n
        Where each participant was scanned.

    Returns
    -------
    dict
        For each site that has both ill and healthy people, the AUC among its own people, of standardised
        measures and logistic regression (`max_iter=1000`) that learned from all other sites. Other sites are left
        out of the dictionary, though their people do help to learn.
    """
    ### BEGIN SOLUTION
    by_site = {}
    for name in np.unique(site):
        here = np.asarray(site) == name
        if len(np.unique(ill[here])) == 2:
            model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000)).fit(values[~here], ill[~here])
            by_site[str(name)] = float(roc_auc_score(ill[here], model.decision_function(values[here])))
    return by_site
    ### END SOLUTION


# %% tests="site" points=5
import numpy as np

from autograder import checks

marks = checks.Marks()
draw = np.random.default_rng(17)
town = np.repeat(["a", "b", "c"], 60)
sick = np.concatenate([draw.permutation(np.repeat([1, 0], part)) for part in ([54, 6], [6, 54], [30, 30])])
brand = np.repeat([[3.0, 0, 0], [-3, 0, 0], [0, 0, 3]], 60, axis=0)
with marks.part(1, "one number a site, from 0 to 1"):
    result = auc_by_site(brand + draw.normal(size=(180, 3)), sick, town)
    checks.equal(sorted(result), ["a", "b", "c"], hint="a dictionary with the names of the sites")
    checks.that(all(0 <= number <= 1 for number in result.values()), "Each AUC should lie between 0 and 1.")
### BEGIN HIDDEN TESTS
with marks.part(2, "site alone finds nothing"):
    several = [auc_by_site(brand + draw.normal(size=(180, 3)), sick, town) for _ in range(5)]
    for name in "abc":
        found = np.mean([one[name] for one in several])
        checks.within(found, 0.33, 0.67, hint="compare people of one site with each other, not with those of another")
with marks.part(1, "a true signal is found, and learned from the other sites"):
    signal = brand + draw.normal(size=(180, 3)) + 4.0 * sick[:, None] * np.array([0, 1, 0])
    for name, number in auc_by_site(signal, sick, town).items():
        checks.that(number > 0.9, f"At site {name} the signal should be found.")
    own = np.where(town == "c", 4.0 * sick + draw.normal(size=180), 0.0)
    alone = auc_by_site(np.column_stack([draw.normal(size=180), own]), sick, town)["c"]
    checks.within(alone, 0.3, 0.7, hint="a sign that only site c shows can't be learned from a and b")
with marks.part(1, "a site where everybody is healthy"):
    more, healthy = np.concatenate([town, np.repeat("d", 20)]), np.concatenate([sick, np.zeros(20, dtype=int)])
    marked = np.concatenate([brand, np.repeat([[-3.0, 0, 0]], 20, axis=0)])
    several = [auc_by_site(marked + draw.normal(size=(200, 3)), healthy, more) for _ in range(3)]
    checks.equal(sorted(several[0]), ["a", "b", "c"], hint="without ill people there is no AUC")
    for name in "abc":
        found = np.mean([one[name] for one in several])
        checks.within(found, 0.3, 0.7, hint="the healthy of site d are no match for the ill of another site")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# The honest result of the same data. Because diagnoses can be invented as often as we like, we also see how far the two
# results spread over twenty draws.

# %% alt="Five rows with intervals over AUC. The split of all people at random lies near 0.9; the four left-out sites lie around 0.5 with wide intervals." caption="Real quality measures, invented diagnoses: AUC over repeated draws of the diagnoses (mean and middle 95 %). Dotted: guessing."
draws = {"quick": 20, "full": 200}[profile]
auc = {name: [] for name in ("all, split at random", *share)}
for draw in range(draws):
    invented = sites.invent_diagnoses(site[chosen], share, seed=draw)
    auc["all, split at random"].append(hasty_auc(values, invented))
    for name in share:
        here = place == name
        model = guesser.fit(values[~here], invented[~here])
        auc[name].append(roc_auc_score(invented[here], model.decision_function(values[here])))
rows = {
    name if name.startswith("all") else f"{name}, left out": dict(
        zip(("low", "high"), np.quantile(results, [0.025, 0.975]), strict=True), value=np.mean(results)
    )
    for name, results in auc.items()
}
summary = pd.DataFrame(rows).T[["low", "value", "high"]]
axes = clinic.plot.intervals(summary, xlabel="AUC")
line = axes.axvline(0.5, color="0.3", linestyle=":")
print(summary.round(2).to_string())

# %% [markdown]
# The colleague's parts kept every person apart, and still the answer leaked, through the site. A random split answers
# the question "how well would the model do on more people from the same mixture of sites?" That mixture exists in no
# hospital. Three remedies, in the order of their worth: collect ill and healthy people *at each site*; test at sites
# that the model has not seen; take the site's mark out of the data (*harmonise*). The last is the weakest: where a
# site is nearly all ill, taking away what marks the site takes away the disease, too, and no computation can tell the
# two apart.
#
# It happens outside the laboratory: a model that found hip fractures in radiographs drew on the scanner and other
# circumstances of the visit {cite}`badgeley2019deep`, and models for COVID-19 from chest radiographs leaned on marks
# of their source {cite}`degrave2021ai`.
#
# ## 10. Has the brain shrunk?

# %% [markdown] essay="shrunk" points=6
# **Essay (6 points, about 300 words).** *An invented case.* Mrs H., 68, has memory complaints. A year ago she was
# scanned on your old scanner, last week on the new one from another maker. A program reports that her grey matter
# volume has fallen by 3 %, and a second program, trained on 400 patients from a memory clinic and 400 healthy people
# from a research centre, says "Alzheimer's disease, 94 %". The doctor asks you, before she talks to the patient: *has
# the brain shrunk, and may I rely on the 94 %?* Answer both and say what you would do next. Argue from the results of
# this lab.
#
# Rubric, two points for each criterion:
#
# - **Measurement, the 3 %.** 0 points: taken as it is, or dismissed without a reason. 1 point: names the scanner or the
#   error of measurement without a figure. 2 points: compares the change with figures of this lab (limits, difference
#   between scanners), and says that these are simulated.
# - **Model, the 94 %.** 0 points: trusted or distrusted without a reason. 1 point: says that site and disease may be
#   mixed up. 2 points: explains how, with a figure from sections 8 or 9, and says which test would have shown it.
# - **Decision, what to do and to say.** 0 points: none. 1 point: one sensible step. 2 points: steps that would answer
#   each of the two questions, and what the patient should be told meanwhile, with the harm of either error.
#
# ### BEGIN MARK SCHEME
# **Measurement.** Figures that fit: the smallest detectable change for "A, then A" against "A, then B after N4", or
# the means of the scanners in section 7, from the student's own output. 3 % of grey matter must be compared in ml or
# per cent. The simulation (one brain, k-means, invented scanners) must be named as such for 2 points: its size does
# not carry over, its direction of warning does. Also good: slice thickness, definition of the brain (section 5),
# program version.
#
# **Model.** Ill and healthy come from different sites, so the model may name the site. Figures: share of participants
# whose site is told from quality measures, with its interval; AUC of the random split against the left-out sites.
# Test: leave a site out, AUC within a site, or ill and healthy people of one scanner. For 2 points also accept: her
# new scanner is a third site, on which nothing was tested; 94 % is no probability for her (other prevalence).
#
# **Decision.** Good steps: scan her again on the old scanner, or twice on the new one; let a neuroradiologist look at
# both scans side by side; clinical and neuropsychological tests; use other evidence; ask the maker for results at
# unseen sites. The patient is told that the comparison is not yet safe. Both errors are weighed: a false diagnosis of
# dementia, and a missed or delayed one, or a treatable cause.
#
# Sample answer: I can't say that the brain has shrunk. In our simulation the same brain, scanned on two scanners,
# differed by far more than 3 %, and correcting the bias field did not bring the scanners together; on one scanner a
# change of this size would have been seen. The sizes are those of an invented pair of scanners and of one simple
# program, but they show that a comparison across makers needs a study of repeats on both. The 94 % may be about the
# building: all the ill came from one place and all the healthy from another. From eleven quality measures alone a
# simple model named the site for nearly all of 1,100 participants, and with invented diagnoses a random split gave a
# high AUC, while within each left-out site it fell to guessing. I would ask for the AUC among patients and controls
# of one scanner, at a site left out. For Mrs H.: repeat the scan on the old scanner or twice on the new one, have
# both read side by side, test her memory, look for treatable causes. Until then I would tell her that the two scans
# can't be compared yet. A wrong diagnosis would burden her and her family for years; a missed one would delay help,
# so the follow-up gets a date.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Neither can be relied on yet. In the simulation one unchanged brain differed between two scanners by more than 3 %,
# even after N4, while repeats on one scanner stayed close together. The 94 % comes from a model whose ill and healthy
# people were scanned in different places; in the real data eleven quality measures named the site for nearly
# everybody, and with invented diagnoses a random split looked splendid while each left-out site was at guessing. I
# would rescan Mrs H. on the old scanner, have both scans read side by side, test her memory, look for treatable
# causes, and tell her that the comparison is not yet safe.
# ### END SOLUTION

# %% [markdown]
# ## 11. Summary
#
# - TR and TE decide which property of a tissue is seen. Brightness in an ordinary MR image has no unit.
# - Noise is Rician: air is not black. The noise of one scan is found from the difference of two, divided by √2.
# - A bias field is a factor. Its correction makes repeats alike, not scanners.
# - The Dice overlap compares masks. A good overlap does not make two definitions of "brain" the same.
# - Accuracy on drawn pixels flatters; the errors sit at the borders of tissues. One slice gives no interval.
# - A change counts if it exceeds the smallest detectable change, measured with the same scanners as the patient.
# - A scan tells where it was made. Test a model of a disease within sites that it has not seen.
#
# **Further reading.** On deep learning in magnetic resonance imaging: {cite}`lundervold2019overview`. On measures for
# segmentation: {cite}`maierhein2024metrics`. On hospitals that a model recognised: {cite}`zech2018variable`. On
# shortcuts: {cite}`geirhos2020shortcut`, {cite}`badgeley2019deep`, {cite}`degrave2021ai`.
