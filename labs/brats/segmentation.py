# ---
# title: A tumour in three dimensions
# objectives: [mri-sequences, tumour-regions, overlap-distance-volume, empty-region, unet, per-patient, scan-shift, refusal]
# minutes: 110
# data: [simulated-glioma, msd-brain-tumour, pyradiomics]
# limits: {cell_seconds: 300}
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": simulated patients, a minute or two on a CPU; "full": real scans, hours on a GPU
device = "auto"

# %% [markdown]
# ## 1. The question and the scans
#
# A patient has a **glioma**, a tumour that grows from the supporting cells of the brain. Three people need to know
# where it is and how large. The surgeon asks where to cut. The radiotherapist outlines what to irradiate. The
# oncologist asks whether it has grown since the last scan. A person draws the outline slice by slice; a network draws
# it in seconds. An outline that is too small leaves tumour untreated; one that is too large irradiates healthy
# brain. This lab trains such a network, and then asks when its outline may be believed.
#
# Run the cells from top to bottom. The first output says which data the lab runs on. With `profile = "quick"` nobody
# in this lab is a real patient: each tumour **is simulated**. It grows by an equation for cells that spread and divide
# (*reaction and diffusion*) in an average brain that was bent anew for each patient. With `profile = "full"` the same
# cells run on real scans, Task01 of the Medical Segmentation Decathlon {cite}`antonelli2022medical`.

# %%
import math
import warnings

import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from clinic import decathlon, regions, segment, tumour
from clinic.viewer import TISSUES, Viewer, plane
from matplotlib.colors import ListedColormap

warnings.filterwarnings("ignore", category=FutureWarning, module="monai")
clinic.plot.use_style()
if profile == "quick":
    training, validation, test = (tumour.cohort(range(*ends)) for ends in ((0, 40), (40, 48), (48, 68)))
    card = clinic.load_card("simulated-glioma")
else:
    scans = decathlon.fetch_brain_tumours()
    order = np.random.default_rng(219).permutation(len(scans))
    training, validation, test = (scans.choose(part) for part in np.split(order, [340, 390]))
    card = clinic.load_card("msd-brain-tumour")
counts = f"{len(training)} patients to learn from, {len(validation)} for validation and {len(test)} to test on"
print(card.sentence(counts))
print(f"Each scan: {len(tumour.SEQUENCES)} sequences of {' × '.join(str(size) for size in test[0].label.shape)} voxels")

# %% [markdown]
# A **voxel** is a small box in space, the three-dimensional pixel. The patients are split into three sets and no
# patient is in two of them: the network learns from the **training** set, we choose settings on the **validation**
# set, and the **test** set is opened once, in section 7.
#
# ## 2. Four pictures of one head
#
# MRI can show one head in different ways, called **sequences**:
#
# - **T1**: white matter bright, fluid dark. It shows the anatomy.
# - **T1 with contrast agent** (T1c): as T1, but the agent leaks out where the barrier between blood and brain is
#   broken, and makes that tissue bright. It *enhances*.
# - **T2**: fluid bright. Oedema (water in the tissue) is bright as well, and hard to tell from the fluid around the
#   brain.
# - **FLAIR**: like T2, with the signal of free fluid put out. Oedema stands out.
#
# No sequence shows everything, so the network gets all four. In the truth each voxel of the tumour has one of three labels:
# **oedema** (in which single tumour cells can lie, too), **non-enhancing core** (dead tissue or tumour that doesn't
# enhance) and **enhancing tumour**.

# %% alt="A horizontal slice of one head in T1, T1 with contrast agent, T2 and FLAIR, and the truth in colour. A tumour in one half of the brain is dark in T1, has a bright part in T1 with contrast agent, and is bright in FLAIR, where the area around it is bright as well." caption="One patient of the training set (simulated in the quick profile) in four sequences, and the true labels. As radiologists look at it: from the feet, so that the patient's right is on the left of the picture."
example = next(case for case in training if all(np.any(case.label == code) for code in (1, 2, 3)))
shares = [np.count_nonzero(example.label == code, axis=(0, 1)) for code in (1, 2, 3)]
height = int(np.argmax(np.min(shares, axis=0)))  # a slice with some of each
colours = ListedColormap(["black", *(colour for _, colour in TISSUES.values())])
figure, panels = plt.subplots(1, 5, figsize=(11, 2.9))
for axes, sequence, volume in zip(panels, tumour.SEQUENCES, example.image, strict=False):
    axes.imshow(plane(volume, height), cmap="gray")
    axes.set(title=sequence)
panels[4].imshow(plane(example.label, height), cmap=colours, vmin=0, vmax=3, interpolation="nearest")
panels[4].set(title="truth")
for code, (name, colour) in TISSUES.items():
    panels[4].plot([], [], "s", color=colour, label=f"{code} {name}")
figure.legend(loc="outside lower right", ncols=3, fontsize=9)
for axes in panels:
    axes.set_axis_off()

# %% [markdown]
# ## 3. From labels to regions
#
# Doctors don't think in labels that exclude each other. They ask for three **regions**, which contain each other:
#
# - **WT**, whole tumour: all three labels together,
# - **TC**, tumour core: non-enhancing core and enhancing tumour,
# - **ET**, enhancing tumour alone.
#
# Now comes a trap that has caught many. The numbers of the labels differ between data sets. The Decathlon writes 1
# for oedema, 2 for non-enhancing core and 3 for enhancing tumour. The BraTS challenge, from which its scans come, wrote
# in its later years, up to 2021, 1 for the necrotic or non-enhancing core, **2** for oedema and **4** for enhancing
# tumour {cite}`baid2021rsna`. There is no 3. The numbers 1 and 2 exist in both, with their meanings swapped, so a mix-up
# raises no error by itself.
#
# **Exercise 1 (4 points).** Turn labels into regions for both data sets. If the mask holds a number that the data
# set doesn't have, refuse it with `raise ValueError(...)`: better no answer than the wrong tissue.


# %% exercise="mapping"
def regions_of(label, data_set: str) -> dict:
    """Turn a mask of labels into the three regions.

    Parameters
    ----------
    label : array of int, any shape
        0 for no tumour, else the number of the tissue.
    data_set : str
        "MSD" or "BraTS".

    Returns
    -------
    dict
        Keys "WT", "TC" and "ET"; each an array of bool of the mask's shape.

    Raises
    ------
    ValueError
        If the mask holds a number that the data set does not have.
    """
    ### BEGIN SOLUTION
    label = np.asarray(label)
    oedema, core, enhancing = {"MSD": (1, 2, 3), "BraTS": (2, 1, 4)}[data_set]
    if not np.isin(label, [0, oedema, core, enhancing]).all():
        raise ValueError(f"This mask is not one of {data_set}: it holds {np.unique(label)}.")
    return {
        "WT": label > 0,
        "TC": (label == core) | (label == enhancing),
        "ET": label == enhancing,
    }
    ### END SOLUTION


# %% tests="mapping" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "four voxels of the Decathlon"):
    result = regions_of(np.array([0, 1, 2, 3]), "MSD")
    checks.array(result["WT"], [False, True, True, True], hint="oedema belongs to the whole tumour")
    checks.array(result["TC"], [False, False, True, True], hint="core and enhancing tumour")
    checks.array(result["ET"], [False, False, False, True], hint="3 is enhancing")
### BEGIN HIDDEN TESTS
with marks.part(1, "BraTS has other numbers"):
    mask = np.array([[[0, 4], [2, 1]], [[2, 2], [4, 0]]], dtype=np.uint8)
    result = regions_of(mask, "BraTS")
    checks.array(result["WT"], mask > 0, hint="all three labels")
    checks.array(result["TC"], (mask == 1) | (mask == 4), hint="2 is oedema here, and no core")
    checks.array(result["ET"], mask == 4, hint="4 is enhancing")
with marks.part(1, "a mask of the other data set is refused"):
    checks.raises(ValueError, regions_of, np.array([0, 1, 2, 4]), "MSD", hint="MSD has no 4")
    checks.raises(ValueError, regions_of, np.array([0, 1, 2, 3]), "BraTS", hint="BraTS has no 3")
    checks.raises(ValueError, regions_of, np.array([0, 7, 3, 1]), "MSD", hint="nobody has a 7")
with marks.part(1, "masks that lack a tissue"):
    for data_set in ("MSD", "BraTS"):
        result = regions_of(np.zeros((2, 3, 4), dtype=np.uint8), data_set)
        checks.equal([int(np.sum(result[name])) for name in ("WT", "TC", "ET")], [0, 0, 0], hint="no tumour at all")
        checks.equal(np.asarray(result["ET"]).shape, (2, 3, 4), hint="the shape of the mask")
        checks.equal(np.asarray(result["ET"]).dtype == bool, True, hint="True or False at each voxel")
    result = regions_of(np.array([2, 2, 0]), "BraTS")
    checks.equal([int(np.sum(result[name])) for name in ("WT", "TC", "ET")], [2, 0, 0], hint="oedema only")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# From here on the lab uses its own `regions.to_regions`, which is tested in the same way. How large are the regions,
# and does everybody have all three?

# %%
rows = [[regions.volume_ml(one, case.affine) for one in regions.to_regions(case.label)] for case in training]
sizes = pd.DataFrame(rows, columns=list(regions.REGIONS))
print("Volume in ml over the training patients:")
print(sizes.describe().loc[["min", "50%", "max"]].rename(index={"50%": "median"}).round(1).to_string())
print(f"Patients without enhancing tumour: {(sizes['ET'] == 0).sum()} of {len(sizes)}")

# %% [markdown]
# Some tumours don't enhance at all. Remember them: their ET is empty, and an empty region will make trouble in the next
# section. Nor does a mask name the disease: in the WHO classification of 2021 the type of a glioma rests on its
# molecular make-up as well as on the look of its cells {cite}`louis2021who`.
#
# The network of this lab gives, for each voxel, three probabilities: of WT, of TC, and of ET. Nothing forces them to
# contain each other. A voxel might be called enhancing and yet lie outside the tumour.
#
# **Exercise 2 (3 points).** Turn probabilities into labels of the Decathlon (0, 1, 2, 3) that can't contradict
# themselves. The rule: a voxel is in a region if its probability is *at least* the threshold; it counts as core only
# if it is in the whole tumour, too; and as enhancing only if it is in the core and in the whole tumour, too.


# %% exercise="nested"
def labels_from(probability, threshold: float) -> np.ndarray:
    """Turn probabilities of nested regions into labels.

    Parameters
    ----------
    probability : array of float, shape (3, ...)
        Probability of WT, TC and ET at each voxel, in this order.
    threshold : float
        From 0 to 1.

    Returns
    -------
    array of int, shape (...)
        0 no tumour, 1 oedema, 2 non-enhancing core, 3 enhancing tumour.
    """
    ### BEGIN SOLUTION
    whole, core, enhancing = np.asarray(probability) >= threshold
    core = core & whole
    enhancing = enhancing & core
    return whole.astype(int) + core + enhancing
    ### END SOLUTION


# %% tests="nested" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "four voxels whose regions contain each other"):
    chance = np.array([[0.1, 0.9, 0.9, 0.8], [0.0, 0.2, 0.7, 0.9], [0.0, 0.1, 0.3, 0.6]])
    checks.array(labels_from(chance, 0.5), [0, 1, 2, 3], hint="each region adds one to the label")
### BEGIN HIDDEN TESTS
with marks.part(1, "regions that contradict each other"):
    chance = np.array([[0.9, 0.2, 0.2, 0.9], [0.2, 0.9, 0.9, 0.9], [0.9, 0.2, 0.9, 0.9]])
    checks.array(labels_from(chance, 0.5), [1, 0, 0, 3], hint="outside the whole tumour there is no core")
with marks.part(1, "another threshold, and a volume"):
    chance = np.array([[0.5, 0.3, 0.29], [0.3, 0.3, 0.9], [0.1, 0.3, 0.9]]).reshape(3, 1, 3, 1)
    checks.array(labels_from(chance, 0.3), [[[2], [3], [0]]], hint="at least the threshold, whatever it is")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 4. How well do two outlines agree?
#
# Three numbers answer three questions. **Dice**: how much do they overlap? It is twice the common voxels over the sum
# of both, 1 for equal and 0 for apart. **Volume error**: how wrong is the size, in millilitres? **Hausdorff distance**:
# how far is the outline off, in millimetres? Each is blind to something: two masks of the same volume can lie in
# different places, and a Dice of 0.9 can hide a finger of tumour that was cut off. So we give all three, for each
# region {cite}`maierhein2024metrics`.
#
# Then there are the empty regions. If the truth has no enhancing tumour and the prediction has none, either, Dice is
# 0 / 0. Some programs say 1 (all right), some say 0, some stop; MONAI, the library of this lab, says nan ("not a
# number"). Each choice changes the mean over patients. **Our decision:** both empty gives nan, is left out of the
# mean, and is *counted beside it*; one empty and the other not gives 0, since a region was missed or invented.
#
# **Exercise 3 (4 points).** Compute Dice with this decision.


# %% exercise="dice"
def dice_score(truth, prediction) -> float:
    """Compute the Dice coefficient of two masks.

    Parameters
    ----------
    truth, prediction : array of bool or of 0 and 1, of one shape

    Returns
    -------
    float
        From 0 to 1; nan if both are empty.
    """
    ### BEGIN SOLUTION
    first, second = np.asarray(truth).astype(bool), np.asarray(prediction).astype(bool)
    voxels = int(first.sum()) + int(second.sum())
    if voxels == 0:
        return float("nan")
    return 2 * int((first & second).sum()) / voxels
    ### END SOLUTION


# %% tests="dice" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "three voxels against two, one in common"):
    checks.close(dice_score(np.array([1, 1, 1, 0, 0]), np.array([0, 0, 1, 1, 0])), 0.4, hint="2 × 1 / (3 + 2)")
### BEGIN HIDDEN TESTS
with marks.part(1, "volumes"):
    first, second = np.zeros((2, 9, 9, 9), dtype=bool)
    first[:4, :4, :4], second[2:6, :4, :4] = True, True
    checks.close(dice_score(first, second), 0.5, hint="64 and 64 voxels, 32 in common")
    checks.close(dice_score(first, first), 1.0, hint="a mask agrees with itself")
    many = np.ones((8, 8, 8), dtype=np.uint8)
    checks.close(dice_score(many, many), 1.0, hint="does your sum of small integers overflow?")
with marks.part(1, "both are empty"):
    checks.close(dice_score(np.zeros((3, 3)), np.zeros((3, 3))), float("nan"), hint="nothing to agree on: nan")
with marks.part(1, "one is empty"):
    checks.close(dice_score(np.zeros((3, 3)), np.eye(3)), 0.0, hint="a region was invented")
    checks.close(dice_score(np.eye(3), np.zeros((3, 3))), 0.0, hint="a region was missed")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Volume needs the size of a voxel, and that stands in the **affine** of the scan: a table of $4 \times 4$ numbers that takes
# voxel numbers to millimetres. Its upper left $3 \times 3$ part holds the three edges of a voxel as arrows. The volume of
# the box that they span is the absolute value of the *determinant* (`np.linalg.det`); the sign only says whether an
# axis is mirrored, and if the head was turned in the scanner the edges don't stand on the diagonal. One millilitre
# is 1,000 mm³.
#
# **Exercise 4 (3 points).** By how many millilitres is the predicted volume too large? First on paper: how many
# millilitres are 1,000 voxels of 1 mm³, and how many are 1,000 of 27 mm³ (boxes of 3 mm)?


# %% exercise="volume"
def volume_error(truth, prediction, affine) -> float:
    """Compute the error of the predicted volume.

    Parameters
    ----------
    truth, prediction : array of bool or of 0 and 1
        Two masks.
    affine : array of float, shape (4, 4)
        From voxel numbers to millimetres.

    Returns
    -------
    float
        Predicted minus true volume in ml; negative if the prediction is too small.
    """
    ### BEGIN SOLUTION
    cubic_mm = abs(np.linalg.det(np.asarray(affine, dtype=float)[:3, :3]))
    difference = int(np.asarray(prediction).astype(bool).sum()) - int(np.asarray(truth).astype(bool).sum())
    return float(difference * cubic_mm / 1000)
    ### END SOLUTION


# %% tests="volume" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
half, full = np.zeros((10, 10, 10), dtype=bool), np.ones((10, 10, 10), dtype=bool)
half[:5] = True
with marks.part(1, "500 voxels too many"):
    checks.close(volume_error(half, full, np.diag([1.0, 1.0, 1.0, 1.0])), 0.5, hint="500 mm³ are half a millilitre")
    checks.close(volume_error(half, full, np.diag([3.0, 3.0, 3.0, 1.0])), 13.5, hint="a voxel has 27 mm³")
### BEGIN HIDDEN TESTS
with marks.part(1, "mirrored axes, and a prediction that is too small"):
    mirrored = np.array([[-1.0, 0, 0, 90], [0, -2.0, 0, 126], [0, 0, -2.5, -72], [0, 0, 0, 1]])
    checks.close(volume_error(half, full, mirrored), 2.5, hint="a volume has no sign")
    checks.close(volume_error(full, half, mirrored), -2.5, hint="predicted minus truth")
with marks.part(1, "a head that was turned in the scanner"):
    turned = np.array([[0, 2.0, 0, 5], [-3.0, 0, 0, 8], [0, 0, 4.0, 9], [0, 0, 0, 1]])
    checks.close(volume_error(half, full, turned), 12.0, hint="the diagonal doesn't hold the edges here")
    angle = np.pi / 6
    oblique = np.eye(4)
    oblique[:2, :2] = 2 * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    checks.close(volume_error(half, full, oblique), 2.0, hint="2 × 2 × 1 mm, turned by 30 degrees")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the distance. Take the surface voxels of both masks. For each one of the first, how far is the nearest one of the
# second, in mm? The **Hausdorff distance** is the largest of these, taken in both directions. One stray voxel decides
# it, so one usually takes the 95th **percentile** (the value that 95 % of the distances don't exceed) in each
# direction, and then the larger of the two: **HD95**.
#
# Work this out on paper: the truth is a row of 20 voxels of 3 mm, and the prediction is the same row plus one stray
# voxel, ten voxels behind its end. What are Dice, the Hausdorff distance, and HD95? Then let your function check it.
#
# **Exercise 5 (4 points).** Compute the distance for surfaces given as lists of voxel numbers. Look out for two
# things: a voxel need not be a cube, and the two directions differ. If a surface is empty, there is no distance: nan.


# %% exercise="hausdorff"
def surface_distance(first, second, spacing, percent: float) -> float:
    """Compute a percentile of the distances between two surfaces.

    Parameters
    ----------
    first, second : list or array of int, shapes (n, 3) and (m, 3)
        Voxel numbers (x, y, z) of the two surfaces; n or m may be 0.
    spacing : list of float
        Edges of a voxel along x, y and z in mm.
    percent : float
        100 for the Hausdorff distance, 95 for HD95; `np.percentile(values, percent)` does the rest.

    Returns
    -------
    float
        The larger one of the two directions, in mm; nan if a surface is empty.
    """
    ### BEGIN SOLUTION
    if len(first) == 0 or len(second) == 0:
        return float("nan")
    a, b = (np.asarray(surface, dtype=float) * np.asarray(spacing, dtype=float) for surface in (first, second))
    apart = np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=2))
    there, back = apart.min(axis=1), apart.min(axis=0)
    return float(max(np.percentile(there, percent), np.percentile(back, percent)))
    ### END SOLUTION


# %% tests="hausdorff" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
row = [[x, 0, 0] for x in range(20)]
with marks.part(1, "the row and its stray voxel"):
    checks.close(surface_distance(row, [*row, [29, 0, 0]], [3, 3, 3], 100), 30.0, hint="ten voxels of 3 mm")
    checks.close(surface_distance(row, [*row, [29, 0, 0]], [3, 3, 3], 95), 0.0, hint="one of 21 is less than 5 %")
### BEGIN HIDDEN TESTS
with marks.part(1, "voxels that are no cubes"):
    checks.close(surface_distance([[0, 0, 0]], [[0, 0, 2]], [1, 1, 6.5], 95), 13.0, hint="two thick slices")
    checks.close(surface_distance([[1, 1, 0]], [[4, 3, 0]], [1, 2, 5], 100), 5.0, hint="3 mm and 4 mm at a right angle")
    checks.close(surface_distance([[0, 0, 0]], [[3, 0, 0], [0, 0, 1]], [1, 1, 5], 0), 3.0, hint="nearest in mm")
with marks.part(1, "both directions, whichever mask comes first"):
    near, far = [[0, 0, 0], [1, 0, 0]], [[0, 0, 0], [1, 0, 0], [9, 0, 0]]
    checks.close(surface_distance(near, far, [1, 1, 1], 100), 8.0, hint="from the second to the first as well")
    checks.close(surface_distance(far, near, [1, 1, 1], 100), 8.0, hint="from the first to the second as well")
    halves = [[x, 0, 0] for x in range(30)]
    checks.close(
        surface_distance(row, halves, [1, 1, 1], 95), 8.55, hint="a percentile in each direction, then the larger"
    )
with marks.part(1, "an empty surface"):
    checks.close(surface_distance([], row, [3, 3, 3], 95), float("nan"), hint="nothing is nowhere")
    checks.close(surface_distance(row, np.zeros((0, 3)), [3, 3, 3], 95), float("nan"), hint="nothing is nowhere")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# The stray voxel changed Dice a little and HD95 not at all; only the full Hausdorff distance saw it. Had it been a
# second tumour, that would have mattered.
#
# ## 5. Which patients may judge?
#
# A hospital has 300 scans of 100 patients, three scans each, taken over a year. Another hospital has scans of 40
# patients more. Six people plan a study.
#
# - **A** cuts all scans into slices, shuffles the slices, and trains on 80 % of them; the rest is the test set.
# - **B** trains on the first two scans of every patient and tests on the third.
# - **C** trains on 70 patients, chooses the length of training on 10 others, and tests once on the last 20.
# - **D** trains on 80 patients, computes Dice on the other 20 after each round, and reports the best round.
# - **E** trains on 80 patients, chooses everything on the other 20, and tests once on the 40 of the other hospital.
# - **F** does as C, but leaves out of the report those test patients in whom the network found no tumour, since
#   "these scans must be of bad quality".
#
# **Exercise 6 (4 points).** Set `plans` to a dictionary from the letter to one of four words: `"sound"`, `"leak"` (the
# network knows test patients), `"chosen"` (something was chosen on the test set) or `"removed"` (failures were taken
# out after the fact).

# %% exercise="plans"
# Set the variable `plans`, for example {"A": "sound", ...}, with all six letters.
### BEGIN SOLUTION
plans = {"A": "leak", "B": "leak", "C": "sound", "D": "chosen", "E": "sound", "F": "removed"}
### END SOLUTION

# %% tests="plans" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "one word for each of six letters, and plan A"):
    checks.equal(sorted(plans), list("ABCDEF"), hint="six letters")
    checks.that(set(plans.values()) <= {"sound", "leak", "chosen", "removed"}, "Use the four words only.")
    checks.equal(plans["A"], "leak", hint="neighbouring slices of one patient lie on both sides")
### BEGIN HIDDEN TESTS
with marks.part(1, "the plan by date"):
    checks.equal(plans["B"], "leak", hint="has the network met the patient whose third scan it is tested on?")
with marks.part(1, "the two sound plans"):
    sound = sorted(letter for letter in plans if plans[letter] == "sound")
    checks.equal(sound, ["C", "E"], hint="no patient twice, one look at the test set, nobody left out")
with marks.part(1, "the plans that flatter themselves"):
    checks.equal(plans["D"], "chosen", hint="who chose the best round?")
    checks.equal(plans["F"], "removed", hint="the tumours that weren't found are the point of the test")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Our own study is plan C. One caution: in the quick profile all patients come from one simulator, and in the full
# profile hospitals can't be told apart, so neither answers the question of plan E. Section 9 comes back to that.
#
# ## 6. The network
#
# A **convolution** computes each voxel's new value from its neighbours, here from a box of $3 \times 3 \times 3$, with the same
# weights everywhere. A single one sees 3 voxels far. Two things let a network see further: more layers, and
# *strides*. A layer of stride 2 keeps every second voxel in each direction, so that a step on its grid is two steps
# on the grid before. How much of the input a voxel of the output can see is its **receptive field**.
#
# A **U-Net** {cite}`ronneberger2015unet` goes down such a staircase, on which it sees ever more and ever more
# coarsely, and climbs up again; bridges from each level on the way down to its partner on the way up bring the fine
# detail back. So it knows both *what* it sees and *where exactly* that is. With convolutions in three dimensions it
# reads whole volumes instead of slices. Its main choices can be set by rules {cite}`isensee2021nnunet`. The full
# profile takes a network of the same shape with more layers, SegResNet {cite}`myronenko2018mri`, from the library
# MONAI {cite}`cardoso2022monai`.
#
# **Exercise 7 (3 points).** How far does a chain of layers see? Start with a field of 1 voxel and a step of 1. Each
# layer of width k widens the field by $(k - 1)$ times the step; *after that* its stride multiplies the step. By hand first:
# three layers of width 3, all of stride 1; then the same with stride 2 in the first layer.


# %% exercise="receptive"
def receptive_field(layers, voxel_mm: float) -> tuple[int, float]:
    """Compute how far one output voxel of a chain of convolutions sees.

    Parameters
    ----------
    layers : list of (int, int)
        Width and stride of each layer, in their order; the list may be empty.
    voxel_mm : float
        Edge of a voxel of the input in mm.

    Returns
    -------
    voxels : int
        The receptive field along one direction.
    mm : float
        The same in mm.
    """
    ### BEGIN SOLUTION
    voxels, step = 1, 1
    for width, stride in layers:
        voxels += (width - 1) * step
        step *= stride
    return voxels, voxels * voxel_mm
    ### END SOLUTION


# %% tests="receptive" points=3
from autograder import checks

marks = checks.Marks()
with marks.part(1, "three layers of stride 1, at 3 mm"):
    checks.equal(tuple(receptive_field([(3, 1), (3, 1), (3, 1)], 3.0)), (7, 21.0), hint="each layer adds two voxels")
### BEGIN HIDDEN TESTS
with marks.part(1, "strides"):
    checks.equal(receptive_field([(3, 2), (3, 1), (3, 1)], 1.0)[0], 11, hint="3, then 2 × 2 more, then 2 × 2 more")
    checks.equal(receptive_field([(3, 1), (3, 1), (3, 2)], 1.0)[0], 7, hint="a stride counts for the layers after it")
    checks.equal(receptive_field([(3, 2), (3, 2), (3, 2), (3, 1)], 1.0)[0], 31, hint="the step doubles each time")
with marks.part(1, "other widths, and no layer"):
    checks.equal(tuple(receptive_field([(5, 1), (1, 2), (7, 1)], 0.5)), (17, 8.5), hint="a width of 1 sees no further")
    checks.equal(tuple(receptive_field([], 2.0)), (1, 2.0), hint="a voxel sees itself")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Before the network sees a scan, each sequence is brought to mean 0 and standard deviation 1 *within the brain*, since
# the numbers of an MRI have no unit and differ from scanner to scanner. Each scan is scaled by itself, so no test
# patient leaks. It learns from small random boxes (*patches*), because whole scans would not fit into the memory
# of most machines, and these are mirrored at random. The loss adds two parts: one minus a soft version of Dice, and
# the *cross-entropy*, which punishes confidence in the wrong answer voxel by voxel.

# %%
plan = {"quick": segment.QUICK, "full": segment.FULL}[profile]
computer = clinic.device(device)
trained = segment.train(training, plan, seed=219, device=computer)
weights = sum(weight.numel() for weight in trained.model.parameters())
side = plan.patch[0]
print(f"{type(trained.model).__name__}, {weights:,} weights, trained on the {computer.type.upper()}")
print(f"{plan.steps} steps of {plan.batch} patches of {side} × {side} × {side} voxels;", end=" ")
print(f"the coarsest grid within a patch has {side // 2**plan.halvings} voxels a side")

# %% alt="A curve of the training loss that falls steeply in the first part and slowly later, with scatter all along." caption="Training loss, mean over 20 steps each. It says how the training went, not how good the network is."
smoothed = trained.loss.reshape(-1, 20).mean(axis=1)
steps = 20 * np.arange(1, len(smoothed) + 1)
axes = clinic.plot.curves(steps, {"training": smoothed}, xlabel="step", ylabel="loss (soft Dice + cross-entropy)")
bounds = axes.set_ylim(0, None)

# %% [markdown]
# One choice is left, and it belongs to the validation set. Where a tumour doesn't enhance, the network may still call
# a few voxels enhancing, a false alarm; so a tiny predicted ET is wiped out, that is, called non-enhancing core. How
# tiny? We take the smallest limit with the best mean over the validation patients, where for this purpose a
# patient without ET counts 1 if none is predicted and 0 otherwise.


# %%
def outlined(case: tumour.Case, smallest_et: float) -> tuple[np.ndarray, float]:
    """Return the predicted regions of a scan, and how sure the network is of the whole tumour (section 9)."""
    probability = segment.predict(trained, case.image)
    said = regions.to_regions(regions.to_labels(probability >= 0.5))
    if regions.volume_ml(said[2], case.affine) < smallest_et:
        said[2] = False
    return said, segment.sureness(probability[0])


limits = [0, 0.5, 1, 2, 4]
scores = np.zeros((len(validation), len(limits)))
for row, case in enumerate(validation):
    enhancing = outlined(case, 0)[0][2]
    for column, limit in enumerate(limits):
        kept = enhancing & (regions.volume_ml(enhancing, case.affine) >= limit)
        score = regions.dice(regions.to_regions(case.label)[2], kept)
        scores[row, column] = 1.0 if math.isnan(score) else score
gain = scores.mean(axis=0)
for limit, reached in zip(limits, gain, strict=True):
    print(f"ET below {limit:3} ml wiped out: mean on validation {reached:.3f}")
smallest = limits[int(np.argmax(gain))]
print(f"Chosen: {smallest} ml")

# %% [markdown]
# ## 7. The test set, patient by patient
#
# Now the test set is opened, once. A fair comparison needs a rival: the simplest idea that might work. Ours calls
# everything bright on FLAIR whole tumour; how bright is chosen on the training patients.

# %%
outcome, tables = [], []  # of each test patient: the predicted labels, and the table of the regions
for case in test:
    said, _ = outlined(case, smallest)
    outcome.append(regions.to_labels(said))
    tables.append(regions.agreement(case.patient, regions.to_regions(case.label), said, case.affine))
table = pd.concat(tables, ignore_index=True)


def bright(case: tumour.Case, level: float) -> np.ndarray:
    """Return the voxels that are brighter than a level on FLAIR."""
    return segment.normalise(case.image[3:])[0] > level


levels = [1.0, 1.5, 2.0, 2.5, 3.0]
tried = [[regions.dice(case.label > 0, bright(case, level)) for level in levels] for case in training[:40]]
level = levels[int(np.argmax(np.mean(tried, axis=0)))]
rival = np.array([regions.dice(case.label > 0, bright(case, level)) for case in test])

# %% alt="Dice with 95 percent intervals for whole tumour, tumour core and enhancing tumour by the network, and for whole tumour by a threshold on FLAIR. The threshold lies below the network's whole tumour." caption="Test patients: mean Dice per patient with 95 % bootstrap interval, resampled by patient. Patients without the region in truth and prediction are left out of its mean and counted in the output above."
resamples = {"quick": 1000, "full": 10_000}[profile]
lines = {}
for name in regions.REGIONS:
    part = table[table["region"] == name]
    lines[f"{name}, network"] = regions.interval(part["Dice"], resamples, 219)
    print(f"{name}: {part['case'].value_counts().to_dict()}")
lines["WT, threshold on FLAIR"] = regions.interval(rival, resamples, 219)
estimates = pd.DataFrame(lines, index=["low", "value", "high"]).T
axes = clinic.plot.intervals(estimates, xlabel="Dice, mean over patients")
print(estimates.round(3).to_string())
wt = table.loc[table["region"] == "WT", "Dice"].to_numpy()
low, mean, high = regions.interval(wt - rival, resamples, 219)
print(f"WT, network minus threshold, on the same patients: {mean:+.3f} [{low:+.3f}, {high:+.3f}]")

# %% [markdown]
# Distance and volume, likewise by patient. Read the volume error twice: its *mean* says whether the network draws too
# large or too small on the whole, and the mean of its *size* (without the sign) says how far off it is for a single
# patient. Errors of opposite sign cancel in the first and not in the second.

# %%
for name in regions.REGIONS:
    part = table[table["region"] == name]
    shown = {"HD95 (mm)": part["HD95"], "volume error (ml)": part["error"], "its size (ml)": part["error"].abs()}
    for what, values in shown.items():
        low, mean, high = regions.interval(values, resamples, 219)
        print(f"{name}, {what}: {mean:.1f} [{low:.1f}, {high:.1f}], worst {values.loc[values.abs().idxmax()]:.1f}")

# %% [markdown]
# A mean is a promise to nobody. Look at the patients one by one.

# %% alt="Three columns of points, one point a test patient: Dice of whole tumour, tumour core and enhancing tumour over the patient's true volume of that region. Most points lie high, and some patients fall below the rest." caption="Each test patient once a region: Dice over the true volume. A cross marks a region that is missed altogether or invented where there is none (Dice 0)."
figure, panels = plt.subplots(1, 3, figsize=(9.5, 3.2), sharey=True)
for axes, name, colour in zip(panels, regions.REGIONS, clinic.plot.COLOURS, strict=False):
    part = table[table["region"] == name]
    both = part[part["case"] == "both present"]
    wrong = part[part["case"].isin(["missed", "false alarm"])]
    axes.plot(both["truth"], both["Dice"], "o", color=colour)
    axes.plot(wrong["truth"], wrong["Dice"], "x", color="black", markersize=9)
    axes.set(title=name, xlabel="true volume (ml)", ylim=(-0.05, 1.02))
panels[0].set(ylabel="Dice")
worst = table[table["region"] == "WT"].nsmallest(3, "Dice")
print("The three worst for the whole tumour:")
print(worst[["patient", "Dice", "HD95", "truth", "predicted"]].round(2).to_string(index=False))

# %% [markdown]
# There is a second way to hide the small ones: to pool. Put all voxels of all patients into one pot and compute *one*
# Dice from it. A patient with 100 ml of tumour then weighs a hundred times as much as one with 1 ml, though each of
# them is one patient.
#
# **Exercise 8 (3 points).** First guess: which of the two looks better if the network fails on small tumours only? Then
# compute both. For each patient you are given three counts of voxels: in truth *and* prediction, in the truth, and in
# the prediction. Give the pooled Dice, the mean over patients (those with both masks empty left out), and the number of
# patients whose Dice is *below* 0.5.


# %% exercise="pooling"
def summarise(common, truth, prediction) -> tuple[float, float, int]:
    """Summarise the segmentation of several patients.

    Parameters
    ----------
    common, truth, prediction : list or array of int, length n
        Voxels in both masks, in the truth and in the prediction, for each patient.

    Returns
    -------
    pooled : float
        Dice of all voxels of all patients together.
    mean : float
        Mean of the patients' Dice; those with both masks empty are left out.
    failed : int
        Patients whose Dice is below 0.5; both masks empty is no failure.
    """
    ### BEGIN SOLUTION
    common, total = np.asarray(common, dtype=float), np.asarray(truth, dtype=float) + np.asarray(prediction)
    each = 2 * common[total > 0] / total[total > 0]
    return float(2 * common.sum() / total.sum()), float(each.mean()), int((each < 0.5).sum())
    ### END SOLUTION


# %% tests="pooling" points=3
from autograder import checks

marks = checks.Marks()
with marks.part(1, "one large tumour found, one small one missed"):
    checks.close(summarise([900, 0], [1000, 20], [1000, 0])[0], 1800 / 2020, hint="all voxels in one pot")
    checks.close(summarise([900, 0], [1000, 20], [1000, 0])[1], 0.45, hint="0.9 and 0")
### BEGIN HIDDEN TESTS
with marks.part(1, "a patient without the region"):
    pooled, mean, failed = summarise([50, 0, 10], [50, 0, 40], [50, 0, 40])
    checks.close(pooled, 120 / 180, hint="an empty patient adds nothing")
    checks.close(mean, 0.625, hint="two patients count, 1 and 0.25")
with marks.part(1, "how many failed"):
    checks.equal(summarise([50, 0, 10, 5], [50, 0, 40, 10], [50, 0, 40, 10])[2], 1, hint="0.5 itself is not below 0.5")
    checks.equal(summarise([0, 0, 9], [30, 0, 10], [0, 8, 10])[2], 2, hint="missed and invented regions are failures")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 8. Look at it
#
# No table replaces looking. The viewer shows the test patient with the **lowest** Dice of the whole tumour: move
# through the head with the slider (or with the arrow keys when it is in focus), choose a sequence, and lay the truth,
# the prediction or their difference over it. Ask of each difference: would it change what happens to the patient?

# %%
number = next(place for place, case in enumerate(test) if case.patient == worst["patient"].iloc[0])
kind = "simulated" if profile == "quick" else "real"
Viewer(test[number], outcome[number], f"Test patient {test[number].patient} ({kind})")

# %% [markdown]
# What would follow from an error depends on the use. In **radiotherapy** a missed part gets too little dose and may
# grow on; an invented part costs healthy brain. In **response assessment** a change in size decides whether a drug is
# continued. Where a tumour enhances, the criteria RANO and RANO 2.0 rest chiefly on the *enhancing* part, measured by two
# diameters at right angles; RANO 2.0 admits volumes as well, and measures tumours that don't enhance on T2 or FLAIR
# {cite}`wen2010updated,wen2023rano`. A network that draws too much at one visit and too little at the next invents a
# response. And what enhances is not always tumour: after radiotherapy, treated tissue can enhance as well.
#
# ## 9. Another scanner, a missing sequence
#
# The test patients came from the same source as those for training. Elsewhere the contrast differs, slices are
# thicker, there is more noise; and in an emergency a sequence is left out, or the patient could not have contrast
# agent. We take the *same* test patients and **simulate** such scans. The tumours are unchanged, so every loss is the
# scan's doing.
#
# Before you run it, guess: which region suffers most without T1c, and which without FLAIR?

# %% alt="For each of four kinds of scans, mean Dice of the three regions with intervals. Without T1 with contrast agent the enhancing tumour collapses; without FLAIR the whole tumour falls; on another scanner the loss is smaller." caption="The same test patients with their scans changed by simulation: mean Dice per patient with 95 % bootstrap interval. ET of patients without enhancing tumour counts 0 where some was invented."
changes = {
    "as trained": lambda case, place: case,
    "another scanner": lambda case, place: tumour.elsewhere(case, seed=219 + place),
    "without FLAIR": lambda case, place: tumour.without(case, "FLAIR"),
    "without T1c": lambda case, place: tumour.without(case, "T1c"),
}
everything = []
for name, change in changes.items():
    for place, original in enumerate(test):
        case = change(original, place)
        said, sure = outlined(case, smallest)
        part = regions.agreement(case.patient, regions.to_regions(case.label), said, case.affine)
        everything.append(part.assign(scan=name, sureness=sure, missing=int((~case.image.any(axis=(1, 2, 3))).sum())))
shifted = pd.concat(everything, ignore_index=True)
lines = {}
for name in changes:
    for region in regions.REGIONS:
        values = shifted.query("scan == @name and region == @region")["Dice"]
        lines[f"{name}, {region}"] = regions.interval(values, resamples, 219)
estimates = pd.DataFrame(lines, index=["low", "value", "high"]).T
axes = clinic.plot.intervals(estimates, xlabel="Dice, mean over patients")
print(estimates.round(3).to_string())

# %% [markdown]
# No alarm rings. The network gives an outline for any four arrays of numbers, even if one of them is empty. Does it at
# least notice? From its probabilities we can compute the Dice that it *expects* of itself: if a voxel is
# called tumour with probability 0.8, it counts 0.8 of a common voxel. We call this its **sureness**.

# %% alt="Scatter plot of the Dice of the whole tumour over the sureness. The points rise together. Those of three kinds of scans lie about the diagonal; those without FLAIR lie far below it." caption="Whole tumour of the same test patients under four kinds of scans (three of them simulated changes): the Dice that the network expects of itself and the Dice that it reaches. On the diagonal the two agree."
whole = shifted[shifted["region"] == "WT"]
figure, axes = plt.subplots(figsize=(5.6, 4.4))
for (name, part), marker, colour in zip(whole.groupby("scan", sort=False), "os^x", clinic.plot.COLOURS, strict=False):
    axes.plot(part["sureness"], part["Dice"], marker, color=colour, label=name)
    gap = regions.interval(part["sureness"] - part["Dice"], resamples, 219)
    print(f"{name}: sureness minus Dice {gap[1]:+.3f} [{gap[0]:+.3f}, {gap[2]:+.3f}]")
axes.plot([0, 1], [0, 1], ":", color="0.45")
axes.set(xlabel="sureness (expected Dice)", ylabel="Dice reached", xlim=(0.4, 1), ylim=(0, 1))
legend = axes.legend()

# %% [markdown]
# On scans of the known kind sureness and Dice agree, and on the other scanner sureness falls along with Dice. Without
# FLAIR it falls as well, but not nearly far enough: the network is sure and wrong. Its probabilities were learned from
# complete scans, and nothing taught it what a missing one means.
#
# ## 10. The right to refuse
#
# A program that says "I don't know, look yourself" is worth more than one that always answers. We build two gates.
# The **first** asks whether the scan is of the kind that was learned from: is every sequence there? It needs no
# network. The **second** refuses a scan whose sureness is too low. Its limit is chosen on *validation* patients, so
# that 90 % of scans of the known kind pass. The price of refusing is **coverage**, the share of scans that are
# still answered.
#
# **Exercise 9 (4 points).** Write the second gate. The limit is the *highest* validation sureness that lets at least
# the share `keep` of the validation patients pass; a patient passes with a sureness of *at least* the limit. Then
# apply it to the test patients.


# %% exercise="refuse"
def refuse(validation_sureness, test_sureness, test_dice, keep: float) -> tuple[float, float, float]:
    """Choose a limit of sureness, and apply it.

    Parameters
    ----------
    validation_sureness : list or array of float
        Sureness of the validation patients.
    test_sureness, test_dice : list or array of float
        Sureness of the test patients, and the Dice that was reached.
    keep : float
        Share of the validation patients that must pass, above 0 and at most 1.

    Returns
    -------
    limit : float
        One of the validation patients' values.
    coverage : float
        Share of the test patients that pass.
    dice : float
        Mean Dice of those; nan if nobody passes.
    """
    ### BEGIN SOLUTION
    known, new = np.asarray(validation_sureness, dtype=float), np.asarray(test_sureness, dtype=float)
    limit = max(value for value in known if np.mean(known >= value) >= keep - 1e-12)
    passed = new >= limit
    dice = float(np.mean(np.asarray(test_dice, dtype=float)[passed])) if passed.any() else float("nan")
    return float(limit), float(passed.mean()), dice
    ### END SOLUTION


# %% tests="refuse" points=4
from autograder import checks

marks = checks.Marks()
calm = [0.95, 0.9, 0.85, 0.8, 0.6]
with marks.part(1, "four of five must pass"):
    checks.close(refuse(calm, [0.9, 0.7], [0.8, 0.3], 0.8)[0], 0.8, hint="0.8 is the fourth highest")
### BEGIN HIDDEN TESTS
with marks.part(1, "coverage and Dice of those who pass"):
    checks.array(refuse(calm, [0.9, 0.7, 0.8, 0.1], [0.8, 0.3, 0.6, 0.9], 0.8)[1:], [0.5, 0.7], hint="who passes?")
    checks.array(refuse(calm, [0.99, 0.7, 0.8], [0.8, 0.3, 0.7], 0.2)[1:], [1 / 3, 0.8], hint="with a limit of 0.95")
with marks.part(1, "the test patients have no say in the limit"):
    for several in ([0.1, 0.2, 0.3], [0.97, 0.98, 0.99], [0.5]):
        checks.close(refuse(calm, several, [0.5] * len(several), 0.6)[0], 0.85, hint="which patients may choose?")
    checks.close(refuse([0.3, 0.9, 0.7, 0.7], [0.8], [0.5], 0.5)[0], 0.7, hint="equal values, in any order")
with marks.part(1, "nobody passes, and everybody must"):
    result = refuse(calm, [0.1, 0.2], [0.4, 0.9], 0.8)
    checks.close(result[1], 0.0, hint="both are refused")
    checks.close(result[2], float("nan"), hint="the mean of nobody")
    checks.close(refuse(calm, [0.7], [0.5], 1.0)[0], 0.6, hint="the lowest, so that all pass")
### END HIDDEN TESTS
marks.total()

# %%
known = np.sort([outlined(case, smallest)[1] for case in validation])
limit = known[math.floor(0.1 * len(known) + 1e-9)]  # so that at least 90 % of the validation patients pass
print(f"Limit of sureness, chosen on {len(known)} validation patients: {limit:.3f}")
gates = {"none": np.ones(len(whole), dtype=bool), "first": (whole["missing"] == 0).to_numpy()}
gates["second"] = (whole["sureness"] >= limit).to_numpy()
gates["both"] = gates["first"] & gates["second"]
for name, passed in gates.items():
    mean = whole["Dice"][passed].mean()
    bad = int((whole["Dice"] < 0.7).to_numpy()[passed].sum())
    print(f"gate {name}: coverage {passed.mean():.2f}, mean WT Dice {mean:.3f}, answered with a Dice below 0.7: {bad}")
print("Share of scans that the second gate lets pass:")
print(whole.assign(passed=gates["second"]).groupby("scan", sort=False)["passed"].mean().round(2).to_string())

# %% alt="Two curves of mean Dice over coverage. The one ordered by sureness starts high where few scans are answered and falls as more are; the one ordered by true Dice lies above it throughout." caption="Coverage against quality: all scans of the test patients under the four conditions, the surest answered first. The upper curve orders by the true Dice, which nobody knows in practice; no rule can beat it."
curves = {}
for name, by in (("ordered by sureness", whole["sureness"]), ("ordered by the truth", whole["Dice"])):
    ranked = whole["Dice"].to_numpy()[np.argsort(-by.to_numpy(), kind="stable")]
    curves[name] = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
share = np.arange(1, len(whole) + 1) / len(whole)
axes = clinic.plot.curves(share, curves, xlabel="coverage (share of scans answered)", ylabel="mean Dice, WT")

# %% [markdown]
# The four conditions were mixed in equal parts, so these coverages say nothing about a real clinic; only the order of
# the gates carries over. The same patients appear four times, which is why no interval is drawn on the curve. With so few
# validation patients the limit itself is uncertain. Notice also what the second gate can't do: sureness of the *whole*
# tumour knows nothing about ET, so it lets scans without T1c pass though their ET is worthless. A gate protects only
# what it looks at.
#
# ## 11. Find the mistake
#
# A colleague tests the network on masks in the numbers of BraTS and reports a perfect result for the enhancing tumour.
# We replay it **on our test patients**, truth and prediction rewritten into BraTS's numbers.


# %%
def hasty_scores(truths: list, predictions: list) -> dict[str, float]:
    """Score masks region by region, with a mistake."""
    scores: dict[str, list[float]] = {"WT": [], "TC": [], "ET": []}
    for truth, prediction in zip(truths, predictions, strict=True):
        for name, numbers in {"WT": [1, 2, 3], "TC": [2, 3], "ET": [3]}.items():
            a, b = np.isin(truth, numbers), np.isin(prediction, numbers)
            voxels = a.sum() + b.sum()
            scores[name].append(2 * (a & b).sum() / voxels if voxels else 1.0)
    return {name: float(np.mean(values)) for name, values in scores.items()}


in_brats = [
    [regions.to_labels(regions.to_regions(one), regions.BRATS) for one in (case.label, said)]
    for case, said in zip(test[:20], outcome[:20], strict=True)
]
for name, score in hasty_scores(*zip(*in_brats, strict=True)).items():
    print(f"{name}: Dice {score:.3f}")
print(f"Numbers in the masks: {sorted({int(code) for pair in in_brats for one in pair for code in np.unique(one)})}")

# %% [markdown]
# Two decisions that look harmless work together here: whose numbers are used, and what an empty region scores. Neither
# raised an error.
#
# **Exercise 10 (4 points).** Write the scoring without the mistakes. What the numbers mean is an argument now. A number
# that is not among them must raise a `ValueError`, in the truth or in the prediction. Both empty is left out of the
# mean, as we decided in section 4; and how many patients the mean rests on is reported beside it.


# %% exercise="honest"
def honest_scores(truths, predictions, coding: dict) -> dict:
    """Score masks region by region.

    Parameters
    ----------
    truths, predictions : list of arrays of int
        One mask a patient.
    coding : dict
        The number of each tissue: {"oedema": ..., "core": ..., "enhancing": ...}; 0 is no tumour.

    Returns
    -------
    dict
        For "WT", "TC" and "ET" a pair: the mean Dice over patients (nan if it is defined for nobody), and the
        number of patients that it rests on.

    Raises
    ------
    ValueError
        If a mask holds a number that is not in the coding.
    """
    ### BEGIN SOLUTION
    oedema, core, enhancing = (coding[name] for name in ("oedema", "core", "enhancing"))
    wanted = {"WT": [oedema, core, enhancing], "TC": [core, enhancing], "ET": [enhancing]}
    for mask in [*truths, *predictions]:
        if not np.isin(mask, [0, *wanted["WT"]]).all():
            raise ValueError("a mask holds a number that the coding does not know")
    by_region = {}
    for name, numbers in wanted.items():
        scores = []
        for truth, prediction in zip(truths, predictions, strict=True):
            a, b = np.isin(truth, numbers), np.isin(prediction, numbers)
            if a.any() or b.any():
                scores.append(2 * np.sum(a & b) / (np.sum(a) + np.sum(b)))
        by_region[name] = (float(np.mean(scores)) if scores else float("nan"), len(scores))
    return by_region
    ### END SOLUTION


# %% tests="honest" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
brats = {"oedema": 2, "core": 1, "enhancing": 4}
msd = {"oedema": 1, "core": 2, "enhancing": 3}
with marks.part(1, "one patient in the numbers of BraTS"):
    result = honest_scores([np.array([0, 2, 1, 4, 4])], [np.array([0, 2, 1, 1, 4])], brats)
    checks.close(result["ET"][0], 2 / 3, hint="4 is enhancing: two voxels in the truth, one found")
    checks.close(result["TC"][0], 1.0, hint="core and enhancing tumour together")
### BEGIN HIDDEN TESTS
with marks.part(1, "a number that nobody knows"):
    good, strange = np.array([0, 1, 2]), np.array([0, 2, 4])
    checks.raises(ValueError, honest_scores, [strange], [good], msd, hint="a 4 in the truth")
    checks.raises(ValueError, honest_scores, [good], [strange], msd, hint="a 4 in the prediction")
    checks.raises(ValueError, honest_scores, [good, good], [good, np.array([3, 0, 0])], brats, hint="BraTS has no 3")
with marks.part(1, "empty regions"):
    truths = [np.array([1, 1, 0, 0]), np.array([1, 3, 3, 0]), np.array([1, 2, 0, 0])]
    predictions = [np.array([1, 1, 0, 0]), np.array([1, 3, 0, 0]), np.array([1, 3, 0, 0])]
    result = honest_scores(truths, predictions, msd)
    checks.close(result["ET"][0], (2 / 3 + 0) / 2, hint="left out: both empty; 0: one empty")
    checks.equal(int(result["ET"][1]), 2, hint="how many patients does the mean rest on?")
    checks.close(result["TC"][0], (2 / 3 + 1) / 2, hint="the first patient has no core")
    nobody = honest_scores([np.array([1, 0])], [np.array([1, 1])], msd)
    checks.close(nobody["ET"][0], float("nan"), hint="no patient is left")
    checks.equal(int(nobody["ET"][1]), 0, hint="no patient is left")
with marks.part(1, "the mean is over patients, not over voxels"):
    large, small = np.full(1000, 1), np.array([1] + [0] * 999)
    result = honest_scores([large, small], [large, np.zeros(1000, dtype=int)], msd)
    checks.close(result["WT"][0], 0.5, hint="one patient found, one missed")
    checks.equal(int(result["WT"][1]), 2, hint="a missed tumour counts")
    result = honest_scores([large * 2, small * 4], [large * 2, small * 2], brats)
    checks.close(result["WT"][0], 1.0, hint="whole tumour is any of the three tissues")
    checks.close(result["ET"][0], 0.0, hint="the first patient has no enhancing tumour, and none was predicted")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Where a result is too good, look at what was counted. A mean over masks that are empty on both sides says nothing
# about tumours.

# %% [markdown]
# ## 12. Two real heads
#
# Simulated changes are guesses about the world. With `profile = "full"` this cell shows the network two scans that
# came from somewhere else altogether: two real heads of whom only one sequence exists, by its look a T1 with
# contrast agent, in slices of 6.5 mm, with the skull. That the bright spot in each of them is a tumour is an
# assumption. Who these people are and what they agreed to is not documented, and their faces are not removed, so the
# scans stay on your computer. In the quick profile the network has learned from simulated brains of 3 mm, and the
# cell does nothing but say so.

# %%
if profile == "full":
    for case in decathlon.fetch_heads(1.0):
        said, sure = outlined(case, smallest)
        absent = int((~case.image.any(axis=(1, 2, 3))).sum())
        reached = regions.dice(case.label > 0, said[0])
        print(
            f"{case.patient} (real): {absent} sequences missing, sureness {sure:.2f}, limit {limit:.2f}, Dice {reached:.2f}"
        )
        print(f"  refused by the first gate: {absent > 0}; by the second: {sure < limit}")
else:
    print("Not shown in the quick profile, which runs on simulated patients only.")

# %% [markdown]
# ## 13. May this outline be used?

# %% [markdown] essay="outline" points=6
# **Essay (6 points, about 300 words).** An oncologist wants to use the network for response assessment: it measures the
# enhancing tumour at each visit, and if the volume has grown by a quarter, the treatment is changed. *Would you allow
# it?* Take a position and argue it from the results of this lab.
#
# Rubric, two points for each criterion:
#
# - **Evidence, figures from the lab.** 0 points: no figure, or a wrong one. 1 point: a right figure of another region
#   or measure, or without its uncertainty. 2 points: the measure and region that fit this use, with interval, number of
#   patients, and how empty regions were counted.
# - **Setting, from these scans to the clinic.** 0 points: not mentioned. 1 point: a limit of the data or the effect of a
#   changed scan is named. 2 points: says by what way it would change the measured volume between two visits, with a
#   number or a mechanism.
# - **Judgement, the decision.** 0 points: no position, or one that does not follow. 1 point: a position with one
#   reason. 2 points: weighs both errors (changing a treatment that works, keeping one that doesn't), and says who or
#   what catches the failures.
#
# ### BEGIN MARK SCHEME
# **Evidence.** The use rests on the *volume of ET*, so the fitting figures are its volume error in ml (the mean of its
# size and the worst patient, with interval), beside the ET Dice and the patients with missed or invented ET. WT Dice
# alone earns at most 1 point. Values come from the student's own output. That the test patients are simulated must be
# clear somewhere in the essay for the full 6 points.
#
# **Setting.** Without T1c the ET collapses; another scanner between two visits shifts the outline; treated tissue
# enhances without being tumour; the lab has no patient with two visits, so the repeatability was never measured. For
# 2 points the way to the wrong decision must be spelled out: an error in ml of the size found in the lab against a
# quarter of a small ET.
#
# **Judgement.** "No", "not yet" and "yes, with a radiologist who looks at each outline" can all earn 2 points. Both
# errors must be weighed. Good conditions: gates for missing sequences, the same scanner, a look by a radiologist,
# confirmation at the next visit, a study with repeated scans on real patients of the own hospital.
#
# Sample answer: Not as an automatic rule. What is measured is the volume of ET, so Dice of the whole tumour is beside
# the point. On the test patients the size of the ET volume error, and more so the worst patient's, is large against
# a quarter of a small ET, with an interval from few patients, all of them simulated; patients without ET were left out
# of the mean and are listed apart. If the second visit is on another scanner, or T1c is missing, the volume changes
# though the tumour doesn't: without T1c the ET Dice collapsed, and the sureness of the whole tumour did not see it. A
# growth that is only error would stop a drug that works; a missed growth keeps the patient on one that doesn't. The
# network may draw a first outline that a radiologist corrects, with the gate for missing sequences in front, and the
# rule may come after a study with repeated scans of real patients.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Not as an automatic rule. The use rests on the volume of ET, and the worst error of that volume on the simulated test
# patients is large against a quarter of a small tumour. A scan from another scanner or without T1c changes the volume
# though the tumour doesn't change, and sureness of the whole tumour doesn't notice. Stopping a drug that works and
# keeping one that fails both harm the patient, so a radiologist has to see each outline, with a gate for missing
# sequences before it, until a study with repeated scans of real patients says how large the error is.
# ### END SOLUTION

# %% [markdown]
# ## 14. Summary
#
# - Four sequences show different tissues; the regions WT, TC and ET contain each other.
# - The same number means different tissues in different data sets. A mask with an unknown number is refused.
# - Dice, distance in mm and volume in ml answer different questions. Give all three, by region and by patient, with
#   an interval over patients.
# - Decide what an empty region counts *before* you look, write it down, and report how many there were.
# - A mean hides the patient in whom it failed, and pooling voxels hides the small tumours.
# - On another scanner or without a sequence the outline gets worse, and confidence need not fall as far. Check the scan
#   first, refuse what is unsure, and report coverage beside quality.
# - A gate protects only what it looks at. A person looks at the rest.
#
# **Further reading.** On the data: {cite}`antonelli2022medical,menze2015multimodal,bakas2017advancing`. On measures and
# their traps: {cite}`maierhein2024metrics`. On networks: {cite}`isensee2021nnunet,isensee2024nnunet`. On the measuring
# of response: {cite}`wen2023rano`. On the classification of brain tumours: {cite}`louis2021who`.
