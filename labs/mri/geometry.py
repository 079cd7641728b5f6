# ---
# title: Left or right, and how large?
# objectives: [mri-file, mri-orientation, mri-window, mri-volume, mri-registration]
# minutes: 80
# data: [mni152, pydicom-samples, simulated-mri]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": voxels of 2 mm, under a minute on two CPU cores; "full": voxels of 1 mm
device = "auto"  # every lab has this parameter; nothing in this notebook needs a GPU

# %% [markdown]
# ## 1. The question and the image
#
# A surgeon is about to open a skull. The scan shows a lesion, and three questions come before any model: is it on the
# patient's **left or right**, **where** exactly, and **how large** is it in millilitres? The answers do not lie in the
# picture. They lie in a few numbers beside it, and whoever ignores these numbers may open the wrong side of the head.
#
# Run the cells from top to bottom. The first output says which data the notebook runs on.

# %%
import clinic
import matplotlib.pyplot as plt
import nibabel as nib
import numpy as np
import pandas as pd
import SimpleITK as sitk  # noqa: N813  # its customary short name
from clinic import mri
from scipy import ndimage

clinic.plot.use_style()
step = {"quick": 2, "full": 1}[profile]
template = mri.load_mni152(step)
cards = {name: clinic.load_card(name) for name in ("mni152", "pydicom-samples", "simulated-mri")}
print(cards["mni152"].sentence(f"an average of 152 people, one image, {step} mm voxels"))
print(cards["pydicom-samples"].sentence("two people, one image each"))
print(cards["simulated-mri"].sentence("one invented patient with one lesion, and shifted copies of the template"))

# %% [markdown]
# The brain is the **MNI152 template**, an average of 152 people to which brains are aligned all over the world. The
# **patient is simulated:** we put a dark ellipsoid into the template and call it a lesion. So the truth is known to
# the millimetre, and we can see what each mistake costs.

# %%
centre, radii = np.array([-36.0, -18.0, 30.0]), np.array([12.0, 9.0, 8.0])  # mm
grid = nib.affines.apply_affine(template.affine, np.moveaxis(np.indices(template.t1.shape), 0, -1))
lesion = (((grid - centre) / radii) ** 2).sum(axis=-1) <= 1
patient = nib.Nifti1Image(np.where(lesion, 0.3 * template.t1, template.t1).astype("float32"), template.affine)
patient.header.set_xyzt_units("mm")
halves_differ = np.abs(template.t1 - template.t1[::-1]).max()
print(f"Image: {patient.shape[0]} × {patient.shape[1]} × {patient.shape[2]} numbers")
print(f"Largest difference between the template and its mirror image: {halves_differ:g}")

# %% [markdown]
# The last line matters: this template was made symmetric, so its two halves are exactly alike. Nobody can tell left
# from right by looking at it. A real brain is not quite symmetric, but it is near enough that nobody should try there
# either.
#
# ## 2. Voxels and header
#
# A **voxel** is a small box of tissue, and the image stores one number for each. The array knows that a voxel is, say,
# the 40th in the first direction. It does not know how wide the box is, or where in the patient it lies. That stands
# in the **header**, the part of the file before the numbers. The usual file of research is **NIfTI** (`.nii.gz`): one
# file, one image, a short header.

# %%
header = patient.header
print("shape (voxels):        ", header.get_data_shape())
print("width of a voxel (mm): ", tuple(float(width) for width in header.get_zooms()))
print("unit:                  ", header.get_xyzt_units()[0])
print("stored as:             ", header.get_data_dtype())
print("affine:")
print(patient.affine)

# %% alt="Three grey slices through a brain from the front, the side and above. A dark ellipse lies in one half." caption="Simulated patient: the same array cut in its three directions, drawn as it is stored. Which half is the left one can't be seen."
figure, panels = plt.subplots(1, 3, figsize=(9, 3.3))
place = np.round(nib.affines.apply_affine(np.linalg.inv(patient.affine), centre)).astype(int)
names = ("first", "second", "third")
for axis, axes in enumerate(panels):
    cut = np.take(np.asarray(patient.dataobj), place[axis], axis=axis)
    axes.imshow(cut.T, cmap="gray", origin="lower")
    first, second = (name for number, name in enumerate(names) if number != axis)
    axes.set(title=f"slice {place[axis]} of the {names[axis]} axis", xlabel=f"{first} axis", ylabel=f"{second} axis")

# %% [markdown]
# ## 3. From voxel to millimetre
#
# The **affine** is the table of four rows and four columns above. It takes the voxel's indices (i, j, k), counted
# from 0, to a place in the patient in millimetres (x, y, z):
#
# $$\begin{pmatrix} x \\ y \\ z \end{pmatrix} = M \begin{pmatrix} i \\ j \\ k \end{pmatrix} + t$$
#
# M is the upper left block of three rows and columns: each of its *columns* says how far, and in which direction, one
# step along that axis of the array leads. t is the last column: where voxel (0, 0, 0) lies. In NIfTI, x grows to the
# patient's **r**ight, y to the front (**a**nterior), z to the top (**s**uperior): "RAS" for short. So a negative x is
# on the left, whatever the picture looks like.
#
# **Exercise 1 (3 points).** Compute the place of one voxel or of many.


# %% exercise="world"
def to_world(affine, voxels) -> np.ndarray:
    """Take voxel indices to millimetres.

    Parameters
    ----------
    affine : array of float, shape (4, 4)
        Of the image; its block M may turn and shear, not only stretch.
    voxels : list or array, shape (3,) or (n, 3)
        One voxel, or one a row.

    Returns
    -------
    array of float
        x, y, z in mm; of the same shape as `voxels`.
    """
    ### BEGIN SOLUTION
    affine = np.asarray(affine, dtype=float)
    return np.asarray(voxels, dtype=float) @ affine[:3, :3].T + affine[:3, 3]
    ### END SOLUTION


# %% tests="world" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "one voxel, with boxes of 2 × 2 × 3 mm"):
    boxes = np.array([[2, 0, 0, -90], [0, 2, 0, -126], [0, 0, 3, -72], [0, 0, 0, 1]])
    checks.array(to_world(boxes, [10, 60, 30]), [-70, -6, 18], hint="x = 2 · 10 - 90")
### BEGIN HIDDEN TESTS
with marks.part(1, "axes that are exchanged and turned"):
    turned = np.array([[0, 0, 3, 5], [-2, 0, 0, 7], [0.5, 1, 0, 11], [0, 0, 0, 1.0]])
    checks.array(
        to_world(turned, [1, 2, 4]), [17, 5, 13.5], hint="M times (i, j, k): each row of M gives one of x, y, z"
    )
    checks.array(to_world(turned, [0, 0, 0]), [5, 7, 11], hint="where does the first voxel lie?")
with marks.part(1, "many voxels at once"):
    turned = np.array([[0, 0, 3, 5], [-2, 0, 0, 7], [0.5, 1, 0, 11], [0, 0, 0, 1.0]])
    checks.array(to_world(turned, [[1, 2, 4], [0, 0, 0]]), [[17, 5, 13.5], [5, 7, 11]], hint="one voxel a row")
    three = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    checks.array(to_world(turned, three), [[5, 5, 11.5], [5, 7, 12], [8, 7, 11]], hint="rows are voxels, not axes")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 4. Left or right?
#
# The same patient may be stored in many ways. Below are three files of our one patient: as before; with the first
# axis running the other way, as many scanners store it; and cut into sagittal slices, with every third slice kept.
# All three are correct, since each has its own affine. **Axis codes** sum an affine up: "LAS" says that the first
# index grows to the left, the second to the front, the third upwards.


# %%
def reorient(image: nib.Nifti1Image, codes: str) -> nib.Nifti1Image:
    """Store an image in another order of axes, with the affine that belongs to it."""
    wanted = nib.orientations.axcodes2ornt(codes)
    now = nib.orientations.io_orientation(image.affine)
    return image.as_reoriented(nib.orientations.ornt_transform(now, wanted))


lesion_image = nib.Nifti1Image(lesion.astype("uint8"), template.affine)
scans = {
    "file A": (patient, lesion_image),
    "file B": (reorient(patient, "LAS"), reorient(lesion_image, "LAS")),
    "file C": (reorient(patient, "ASR").slicer[:, :, ::3], reorient(lesion_image, "ASR").slicer[:, :, ::3]),
}
for name, (image, mask) in scans.items():
    middle = np.argwhere(np.asarray(mask.dataobj)).mean(axis=0)
    where = nib.affines.apply_affine(image.affine, middle)
    widths = " × ".join(f"{width:g}" for width in image.header.get_zooms())
    print(f"{name}: axes {''.join(nib.aff2axcodes(image.affine))}, voxels {widths} mm.", end=" ")
    print(f"Middle of the lesion: voxel {np.round(middle, 1)}, {np.round(where, 1)} mm")

# %% alt="Two axial slices drawn from the arrays of file A and file B. The dark lesion lies in the left half of one picture and in the right half of the other." caption="Simulated patient: file A and file B, drawn as stored, without a look at the affine. The lesion seems to change sides, the patient did not."
figure, panels = plt.subplots(1, 2, figsize=(7, 3.8))
for axes, name in zip(panels, ("file A", "file B"), strict=True):
    array = np.asarray(scans[name][0].dataobj)
    axes.imshow(array[:, :, place[2]].T, cmap="gray", origin="lower")
    axes.set(title=f"{name}, as stored", xlabel="first axis", ylabel="second axis")

# %% [markdown]
# Read through their affines, all three files put the lesion at a negative x: on the patient's left. Drawn as stored,
# two of them contradict each other.
#
# A second convention concerns the screen. In **radiological** display the picture's left edge is the patient's right,
# as if you stood at the foot of the bed. In **neurological** display the picture's left edge is the patient's left.
# Both are in use, so a picture without the letters R and L has no side.

# %% alt="The same axial slice twice. Left, radiological display with R at the left edge and the lesion on the right side of the picture, next to L. Right, neurological display with L at the left edge and the lesion beside it." caption="Simulated patient, file A, in both conventions of display. The letters tell the side."
figure, panels = plt.subplots(1, 2, figsize=(7, 3.8))
cut = np.asarray(patient.dataobj)[:, :, place[2]].T
for axes, title, letters in ((panels[0], "radiological", "RL"), (panels[1], "neurological", "LR")):
    axes.imshow(cut[:, ::-1] if letters == "RL" else cut, cmap="gray", origin="lower")
    for across, letter in zip((0.04, 0.96), letters, strict=True):
        axes.text(across, 0.5, letter, color="white", fontsize=16, ha="center", transform=axes.transAxes)
    axes.set(title=title, xticks=[], yticks=[])

# %% [markdown]
# **Exercise 2 (4 points).** With pencil and paper. Four lesions, each with its voxel and the first row of the affine,
# the row that gives x:
#
# | lesion | voxel (i, j, k) | first row of the affine |
# | --- | --- | --- |
# | A | (30, 80, 70) | 1, 0, 0, -90 |
# | B | (30, 80, 70) | -1, 0, 0, 90 |
# | C | (60, 40, 35) | 2, 0, 0, -90 |
# | D | (100, 90, 30) | 0, 0, -3, 60 |
#
# Set `x` to a dictionary with x in millimetres for the keys "A" to "D", and `side` to a dictionary with the patient's
# side, "left" or "right", for the same keys. In `side` answer a fifth key, "E": a lesion is seen near the *left* edge
# of a picture in *radiological* display; on which side of the patient is it?

# %% exercise="side"
# Set `x` (four numbers, in mm) and `side` (five words, "left" or "right").
### BEGIN SOLUTION
x = {"A": 30 - 90, "B": -30 + 90, "C": 2 * 60 - 90, "D": -3 * 30 + 60}
side = {"A": "left", "B": "right", "C": "right", "D": "left", "E": "right"}
### END SOLUTION

# %% tests="side" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "all keys are there, and lesion A"):
    checks.equal(sorted(x), ["A", "B", "C", "D"])
    checks.equal(sorted(side), ["A", "B", "C", "D", "E"])
    checks.that(set(side.values()) <= {"left", "right"}, "Each side should be 'left' or 'right'.")
    checks.close(x["A"], -60, hint="1 · 30 + 0 · 80 + 0 · 70 - 90")
    checks.equal(side["A"], "left", hint="x grows to the patient's right")
### BEGIN HIDDEN TESTS
with marks.part(1, "lesions B and C"):
    checks.close(x["B"], 60, hint="one step along i leads to the left")
    checks.close(x["C"], 30, hint="voxels are 2 mm wide")
    checks.equal((side["B"], side["C"]), ("right", "right"), hint="the sign of x decides, not the index")
with marks.part(1, "lesion D"):
    checks.close(x["D"], -30, hint="which of the three indices is multiplied by -3?")
    checks.equal(side["D"], "left", hint="the sign of x decides")
with marks.part(1, "the picture in radiological display"):
    checks.equal(side["E"], "right", hint="you stand at the foot of the bed and look at the patient's face")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 5. DICOM: what the scanner writes
#
# A scanner writes **DICOM**: usually one file a slice, with a long header of numbered fields (*tags*). A NIfTI file
# is made from many of them by a converter. The fields below are from a real magnetic resonance image that comes with
# the library pydicom. Its name is made up; in a hospital the patient's would stand there.

# %%
scan = mri.load_dicom("MR_small")
shown = ["Modality", "PatientName", "PatientID", "PatientSex", "StudyDate", "InstitutionName", "MagneticFieldStrength"]
shown += ["ScanningSequence", "RepetitionTime", "EchoTime", "SliceThickness", "PixelSpacing"]
shown += ["ImagePositionPatient", "ImageOrientationPatient", "Rows", "Columns"]
for field in shown:
    print(f"{field:25s}", scan.get(field, "missing"))

# %% [markdown]
# Three things to take from this list:
#
# - A header names the patient, the hospital and the day. Deleting the name is not enough: from a scan of the head a
#   face can be rebuilt, and people have been recognised by it {cite}`schwarz2019identification`.
# - A header is written by a machine or a converter and may be wrong or incomplete. Missing fields are common.
# - The DICOM convention is **LPS**: x grows to the patient's *left* and y to the *back*. NIfTI's is RAS. A converter
#   must change the sign of x and y. One that forgets to mirrors the patient.
#
# In DICOM the place of a pixel in row r and column c, both counted from 0, is
#
# $$P = \text{position} + c \cdot s_1 \cdot X + r \cdot s_0 \cdot Y$$
#
# Here X is the first three numbers of `ImageOrientationPatient` (the direction in which the column number grows) and
# Y the last three (the direction in which the row number grows). `PixelSpacing` gives $s_0$, the distance between
# *rows*, and then $s_1$, the distance between *columns*.
#
# **Exercise 3 (4 points).** Write the step from a DICOM pixel to a place in NIfTI's convention.


# %% exercise="dicom"
def dicom_to_ras(position, orientation, spacing, row: float, column: float) -> np.ndarray:
    """Find the place of a pixel of a DICOM slice, in NIfTI's convention.

    Parameters
    ----------
    position : list of 3 floats
        ImagePositionPatient: place of pixel (0, 0) in mm, in DICOM's convention (LPS).
    orientation : list of 6 floats
        ImageOrientationPatient: the direction of growing column number, then that of growing row number.
    spacing : list of 2 floats
        PixelSpacing in mm: the distance between rows, then the distance between columns.
    row, column : float
        Of the pixel, counted from 0.

    Returns
    -------
    array of float, shape (3,)
        In mm; x grows to the right, y to the front, z to the top (RAS).
    """
    ### BEGIN SOLUTION
    across, down = np.asarray(orientation[:3], dtype=float), np.asarray(orientation[3:], dtype=float)
    lps = np.asarray(position, dtype=float) + column * spacing[1] * across + row * spacing[0] * down
    return lps * np.array([-1, -1, 1])
    ### END SOLUTION


# %% tests="dicom" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "an axial slice, its corner and a pixel inside"):
    axial = [1, 0, 0, 0, 1, 0]
    checks.array(dicom_to_ras([-100, -120, 40], axial, [1, 1], 0, 0), [100, 120, 40], hint="from LPS to RAS: two signs")
    checks.array(dicom_to_ras([-100, -120, 40], axial, [1, 1], 20, 30), [70, 100, 40], hint="x belongs to the column")
### BEGIN HIDDEN TESTS
with marks.part(1, "rows and columns at different distances"):
    checks.array(
        dicom_to_ras([0, 0, 5], [1, 0, 0, 0, 1, 0], [3, 2], 10, 4), [-8, -30, 5], hint="which spacing is first?"
    )
with marks.part(1, "a sagittal slice"):
    sagittal = [0, 1, 0, 0, 0, -1]
    checks.array(dicom_to_ras([12, -110, 90], sagittal, [1, 1], 7, 25), [-12, 85, 83], hint="columns lead to the back")
with marks.part(1, "a tilted slice"):
    tilted = [1, 0, 0, 0, 0.8, -0.6]
    checks.array(dicom_to_ras([-50, -60, 70], tilted, [2, 4], 5, 3), [38, 52, 64], hint="use all of the orientation")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# The same step for the real file, by our helper and by the library SimpleITK, which reads the header with another
# program. Two programs that agree are a better check than one that looks right. SimpleITK keeps DICOM's convention,
# LPS, whatever it reads; nibabel and NIfTI use RAS. Whoever passes an image from one to the other must know this.

# %%
reader = sitk.ReadImage(scan.filename)
for row, column in ((0, 0), (0, 63), (40, 10)):
    ours = mri.dicom_affine(scan) @ [row, column, 0, 1]
    theirs = reader.TransformIndexToPhysicalPoint((column, row, 0))
    print(f"row {row:2d}, column {column:2d}: ours, RAS {np.round(ours[:3], 2)}", end=" | ")
    print(f"SimpleITK, LPS {np.round(theirs, 2)}")

# %% [markdown]
# ## 6. Windowing
#
# A CT image holds thousands of grey levels, far more than an eye tells apart on a screen. So a radiologist chooses a
# **window**: a *centre* and a *width*. What lies below the window is black, what lies above is white, and the grey
# levels are spent in between. The window changes what you see, not the data. A lesion outside the window is invisible
# and still there.
#
# In CT the number has a meaning: **Hounsfield units** (HU), with air at -1000 and water at 0. The file stores whole
# numbers; HU = slope times stored number + intercept. In an ordinary magnetic resonance (MR) image there is no such
# scale. The same tissue may read 200 on one scanner and 900 on the next, and the number alone says nothing. Remember
# this for the second notebook.

# %% alt="Three grey pictures of the same CT slice through a vertebra. In the soft-tissue window muscle and bone are told apart, in the bone window the inner structure of the bone shows, in a narrow window most is black or white." caption="One real CT slice (pydicom's CT_small) in three windows. Nothing but the window differs."
ct = mri.load_dicom("CT_small")
hounsfield = float(ct.RescaleSlope) * ct.pixel_array + float(ct.RescaleIntercept)
figure, panels = plt.subplots(1, 3, figsize=(9, 3.4))
windows = {"soft tissue": (40, 400), "bone": (500, 1500), "narrow": (40, 80)}
for axes, (name, (middle, width)) in zip(panels, windows.items(), strict=True):
    axes.imshow(hounsfield, cmap="gray", vmin=middle - width / 2, vmax=middle + width / 2)
    axes.set_title(f"{name}\ncentre {middle}, width {width}")
    axes.set(xticks=[], yticks=[])
print(f"stored numbers: {ct.pixel_array.min()} to {ct.pixel_array.max()}, as {ct.pixel_array.dtype}")
print(f"Hounsfield units: {hounsfield.min():.0f} to {hounsfield.max():.0f}")

# %% [markdown]
# **Exercise 4 (4 points).** Write the window: from stored numbers to grey levels from 0 (black) to 1 (white), linear
# in between, with one half at the centre.


# %% exercise="window"
def window(stored, slope: float, intercept: float, centre: float, width: float) -> np.ndarray:
    """Turn stored numbers into grey levels.

    Parameters
    ----------
    stored : array of int
        As in the file.
    slope, intercept : float
        Hounsfield units are slope × stored + intercept.
    centre, width : float
        Of the window, in Hounsfield units; the window reaches half a width to each side.

    Returns
    -------
    array of float
        From 0 to 1, of the shape of `stored`.
    """
    ### BEGIN SOLUTION
    units = slope * np.asarray(stored, dtype=float) + intercept
    return np.clip((units - centre) / width + 0.5, 0, 1)
    ### END SOLUTION


# %% tests="window" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "within the window"):
    result = window(np.array([840, 1040, 1240]), 1.0, -1000.0, 40.0, 400.0)
    checks.array(result, [0, 0.5, 1], hint="the window reaches from -160 to 240 HU")
### BEGIN HIDDEN TESTS
with marks.part(1, "outside the window"):
    checks.array(window(np.array([[0, 839], [1241, 4000]]), 1.0, -1000.0, 40.0, 400.0), [[0, 0], [1, 1]])
with marks.part(1, "a slope other than 1"):
    checks.array(window(np.array([520, 560]), 2.0, -1000.0, 40.0, 200.0), [0.5, 0.9], hint="first Hounsfield units")
    checks.array(window(np.array([520, 560]), 2.0, -1000.0, 100.0, 800.0), [0.425, 0.525], hint="use the width")
with marks.part(1, "small whole numbers as they come from a file"):
    small = np.array([0, 20000, 60000], dtype=np.uint16)
    checks.array(
        window(small, 1.0, -30000.0, 0.0, 80000.0), [0.125, 0.375, 0.875], hint="do the stored numbers overflow?"
    )
    checks.array(
        window(np.array([100, 120], dtype=np.int8), 3.0, 0.0, 330.0, 120.0), [0.25, 0.75], hint="calculate in floats"
    )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 7. How large?
#
# A volume is the number of voxels times the volume of one. The volume of one is the absolute value of the
# **determinant** of the block M of the affine: for a plain box, the product of its three widths. One millilitre is
# 1,000 cubic millimetres.

# %%
true_volume = 4 / 3 * np.pi * radii.prod() / 1000
print(f"The ellipsoid that was put in: {true_volume:.2f} ml")
for name, (_, mask) in scans.items():
    count = int(np.asarray(mask.dataobj).sum())
    box = abs(np.linalg.det(mask.affine[:3, :3]))
    print(f"{name}: {count} voxels of {box:g} mm³ are {count * box / 1000:.2f} ml")

# %% [markdown]
# The numbers of voxels differ threefold between files of one patient, the millilitres hardly. They do not agree to
# the last digit: thick slices cut the border more coarsely. How uncertain is a volume, then? One honest answer is to
# measure the same lesion again and again in slightly shifted positions. **Simulated:** the ellipsoid is moved by
# random fractions of a voxel, and cut at different slice thicknesses.

# %% alt="Four points with intervals, for slices of 1, 3, 5 and 7 mm. All lie near the true volume of the ellipsoid; the intervals get wider with the thickness of the slices." caption="Simulated lesion: its volume, counted in voxels of 1 mm by 1 mm and different thickness, over random positions (mean and middle 95 %). The dotted line is the truth."
repeats = {"quick": 100, "full": 1000}[profile]
rng = np.random.default_rng(219)
rows = {}
for thickness in (1, 3, 5, 7):
    box = np.array([1.0, 1.0, thickness])
    cells = np.moveaxis(np.indices(np.ceil(2 * radii / box).astype(int) + 2), 0, -1) * box
    volumes = []
    for _ in range(repeats):
        middle = radii + box * (0.5 + rng.random(3))
        inside = (((cells - middle) / radii) ** 2).sum(axis=-1) <= 1
        volumes.append(inside.sum() * box.prod() / 1000)
    low, high = np.quantile(volumes, [0.025, 0.975])
    rows[f"{thickness} mm slices"] = {"low": low, "value": np.mean(volumes), "high": high}
measured = pd.DataFrame(rows).T
axes = clinic.plot.intervals(measured, xlabel="volume (ml)")
line = axes.axvline(true_volume, color="0.3", linestyle=":")
print(measured.round(2).to_string())

# %% [markdown]
# Whoever compares two scans of a small lesion should ask for the slice thickness first. The thicker the slices, the
# more a volume changes while the lesion does not.
#
# ## 8. Registration: bringing two scans together
#
# A patient is scanned in March and again in September, and never lies in quite the same place. **Registration** finds
# the movement that brings one scan onto the other. It needs three parts: which *movements* are allowed (a shift;
# shift and turn, called *rigid*; stretching and more), a *measure* of how well the images fit, and a *search* for the
# best fit. The simplest measure is the **sum of squared differences** (SSD): subtract, square, add up; small is good.
#
# **Exercise 5 (4 points).** Find a shift by trying them all. To shift an image by (a, b) pixels use
# `np.roll(moving, (a, b), axis=(0, 1))`, which moves it by a along the first axis and by b along the second; what
# leaves at one edge comes back at the other, which does not matter where the edges are empty.


# %% exercise="shift"
def find_shift(fixed: np.ndarray, moving: np.ndarray, largest: int) -> tuple[int, int]:
    """Find the shift that brings one image onto another, by the sum of squared differences.

    Parameters
    ----------
    fixed, moving : array, shape (n, m)
        Two images of one shape.
    largest : int
        Try all shifts from -largest to +largest pixels, ends included, along both axes.

    Returns
    -------
    a, b : int
        The shift to apply to `moving`, along the first and along the second axis.
    """
    ### BEGIN SOLUTION
    steps = range(-largest, largest + 1)
    target, image = np.asarray(fixed, dtype=float), np.asarray(moving, dtype=float)
    costs = {(a, b): np.sum((np.roll(image, (a, b), axis=(0, 1)) - target) ** 2) for a in steps for b in steps}
    return min(costs, key=costs.get)
    ### END SOLUTION


# %% tests="shift" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
spots = np.zeros((14, 17))
spots[6, 8], spots[7, 9], spots[5, 8] = 5.0, 3.0, 1.0
with marks.part(1, "one step along the first axis"):
    moved = np.roll(spots, 1, axis=0)
    checks.equal(
        tuple(find_shift(spots, moved, 2)), (-1, 0), hint="the shift to apply to `moving`, to undo the movement"
    )
### BEGIN HIDDEN TESTS
with marks.part(1, "both axes"):
    moved = np.roll(spots, (2, -3), axis=(0, 1))
    checks.equal(tuple(find_shift(spots, moved, 4)), (-2, 3), hint="first axis first")
    checks.equal(tuple(find_shift(spots, spots, 2)), (0, 0), hint="nothing moved")
with marks.part(1, "a shift as large as the largest"):
    for far in ((3, -3), (-3, 3)):
        moved = np.roll(spots, far, axis=(0, 1))
        checks.equal(tuple(find_shift(spots, moved, 3)), (-far[0], -far[1]), hint="the ends are included")
with marks.part(1, "with noise, and with small whole numbers"):
    noise = np.random.default_rng(3).normal(0, 0.3, spots.shape)
    checks.equal(
        tuple(find_shift(spots, np.roll(spots, (1, 2), axis=(0, 1)) + noise, 3)), (-1, -2), hint="square first"
    )
    whole = (48 * spots).astype(np.uint8)
    checks.equal(tuple(find_shift(whole, np.roll(whole, (-2, 1), axis=(0, 1)), 3)), (2, -1), hint="calculate in floats")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# SSD assumes that the same tissue has the same brightness in both scans. Between a T1-weighted scan, where fluid is
# dark, and a T2-weighted one, where it is bright, this is plainly false. **Mutual information** asks less: how well
# can the brightness in one scan be *predicted* from that in the other? It does not matter whether bright goes with
# bright or with dark. Large is good; its unit here is the *nat*, which goes with the natural logarithm. Below,
# **simulated** T1- and heavily T2-weighted slices of the brain lie exactly on each other, and we shift one of them
# along the second axis.

# %%
labels = mri.simulate_labels(template)
brain = ndimage.binary_fill_holes(template.t1 > 0)
signals = {
    name: {kind: mri.spin_echo(tissue, *times) for kind, tissue in mri.ASSUMED.items()}
    for name, times in {"T1": (600, 15), "T2": (5000, 200)}.items()
}
level = 90 // step
t1_slice, t2_slice = (mri.simulate_scan(np.where(brain, labels, 1), signal)[:, :, level] for signal in signals.values())
shifts = np.arange(-10, 11)
shifted = [np.roll(t1_slice, shift, axis=1) for shift in shifts]
fits = {
    "T1 on T1, SSD": [-np.sum((image - t1_slice) ** 2) for image in shifted],
    "T1 on T2, SSD": [-np.sum((image - t2_slice) ** 2) for image in shifted],
    "T1 on T2, mutual information": [mri.mutual_information(image, t2_slice) for image in shifted],
}
for name, fit in fits.items():
    print(f"{name}: best fit at a shift of {shifts[int(np.argmax(fit))]} pixels (the truth is 0)")

# %% alt="Three curves over the shift, scaled from 0 to 1. Squared differences within one contrast and mutual information between the contrasts have a peak at shift 0; squared differences between the contrasts have their best value elsewhere." caption="Simulated slices: fit over the shift, each scaled to 0 (worst) to 1 (best). The dotted line marks the true shift of 0."
scaled = {name: (np.array(fit) - min(fit)) / np.ptp(fit) for name, fit in fits.items()}
axes = clinic.plot.curves(shifts, scaled, xlabel="shift (pixels)", ylabel="fit (scaled)")
axes.set_ylim(-0.03, 1.5)
axes.legend(loc="upper center")
line = axes.axvline(0, color="0.3", linestyle=":")

# %% [markdown]
# Now a whole head, moved in three dimensions. **Simulated:** we turn the T2-weighted head by a known angle, shift it
# by a known distance, and let the library SimpleITK search a rigid movement by mutual information. Because we made
# the movement, we can print the error, which nobody can do with a real patient.

# %%
weighted = {name: mri.simulate_scan(labels, signal) for name, signal in signals.items()}
angle, distance = 8.0, np.array([6.0, -4.0, 2.0])  # degrees about the third axis; mm
turned = mri.move_rigid(weighted["T2"], angle, distance, step)
found_angles, found_shift, back = mri.register_rigid(weighted["T1"], turned, step)
before = mri.mutual_information(weighted["T1"], turned)
after = mri.mutual_information(weighted["T1"], back)
turning = abs(found_angles[2] + angle)
corners = mri.rigid_error(weighted["T1"].shape, step, angle, distance, found_angles, found_shift)
print(f"True turn {angle:.1f}°, found {-found_angles[2]:.1f}°; error of the angle {turning:.2f}°")
print(f"Error at the corners of the image: at most {corners:.2f} mm, with voxels of {step} mm")
print(f"Mutual information before {before:.3f}, after {after:.3f} nats")

# %% alt="Two pictures of an axial slice in a checkerboard of two contrasts. Before registration the outlines break at the borders of the fields, afterwards they run on." caption="Simulated head: T1- and T2-weighted scan in alternating fields, before and after rigid registration."
figure, panels = plt.subplots(1, 2, figsize=(7, 4))
field = 40 // step
board = (np.add.outer(*(np.arange(size) // field for size in labels.shape[:2])) % 2).astype(bool)
for axes, title, image in ((panels[0], "before", turned), (panels[1], "after", back)):
    pair = [scan[:, :, level] / np.quantile(scan, 0.99) for scan in (weighted["T1"], image)]
    axes.imshow(np.where(board, *pair).T, cmap="gray", origin="lower", vmin=0, vmax=1)
    axes.set(title=title, xticks=[], yticks=[])

# %% [markdown]
# A registration always returns an answer, also for two different patients. Look at the result, as above, before you
# compare anything. And remember that a moved image is computed anew from its neighbours (*interpolated*): it is
# slightly blurred, and a mask has to be moved with the nearest neighbour's value, lest it get halves and thirds.
#
# ## 9. Find the mistake
#
# A colleague's program reads a lesion mask and writes three lines for the surgeon. On file A the report is right.
# Run it on all three files of our **simulated** patient, whose lesion is on the left.


# %%
def hasty_report(mask: np.ndarray, affine: np.ndarray) -> dict:
    """Report volume, side and place of a lesion, with mistakes."""
    voxels = np.argwhere(mask)
    middle = voxels.mean(axis=0)
    side = "left" if middle[0] < (mask.shape[0] - 1) / 2 else "right"
    width = affine[0, 0]
    centre_mm = affine[:3, 3] + width * middle
    return {"volume_ml": len(voxels) * width**3 / 1000, "side": side, "centre_mm": centre_mm}


for name, (_, mask) in scans.items():
    told = hasty_report(np.asarray(mask.dataobj) > 0, mask.affine)
    place_text = ", ".join(f"{value:.0f}" for value in told["centre_mm"])
    print(f"{name}: {told['volume_ml']:.2f} ml, {told['side']}, centre ({place_text}) mm")
print(f"Truth:  {true_volume:.2f} ml, left, centre ({', '.join(f'{value:.0f}' for value in centre)}) mm")

# %% [markdown]
# **Exercise 6 (5 points).** Find the mistakes and write the report so that it is right for any file.


# %% exercise="report"
def lesion_report(mask: np.ndarray, affine: np.ndarray) -> dict:
    """Report volume, side and place of a lesion.

    Parameters
    ----------
    mask : array of bool, shape (n, m, k)
        True in the lesion; at least one voxel is.
    affine : array of float, shape (4, 4)
        Of any valid NIfTI file; x grows to the patient's right.

    Returns
    -------
    dict
        "volume_ml": float, in millilitres; "side": "left" or "right", by the centre; "centre_mm": array of three
        floats, the mean place of the lesion's voxels in mm.
    """
    ### BEGIN SOLUTION
    matrix, origin = np.asarray(affine, dtype=float)[:3, :3], np.asarray(affine, dtype=float)[:3, 3]
    centre_mm = matrix @ np.argwhere(mask).mean(axis=0) + origin
    volume_ml = np.count_nonzero(mask) * abs(np.linalg.det(matrix)) / 1000
    return {"volume_ml": float(volume_ml), "side": "left" if centre_mm[0] < 0 else "right", "centre_mm": centre_mm}
    ### END SOLUTION


# %% tests="report" points=5
import numpy as np

from autograder import checks

marks = checks.Marks()
block = np.zeros((40, 50, 30), dtype=bool)
block[8:12, 20:26, 10:15] = True  # 120 voxels around (9.5, 22.5, 12)
with marks.part(1, "boxes of 2 × 2 × 3 mm, volume"):
    boxes = np.array([[2.0, 0, 0, -40], [0, 2, 0, -50], [0, 0, 3, -45], [0, 0, 0, 1]])
    checks.close(lesion_report(block, boxes)["volume_ml"], 1.44, hint="120 voxels of 12 cubic millimetres each")
### BEGIN HIDDEN TESTS
with marks.part(1, "the centre, and the side in a file whose first index grows to the left"):
    boxes = np.array([[2.0, 0, 0, -40], [0, 2, 0, -50], [0, 0, 3, -45], [0, 0, 0, 1]])
    checks.array(lesion_report(block, boxes)["centre_mm"], [-21, -5, -9], hint="indices times widths, plus the origin")
    mirrored = np.array([[-2.0, 0, 0, 40], [0, 2, 0, -50], [0, 0, 3, -45], [0, 0, 0, 1]])
    answer = lesion_report(block, mirrored)
    checks.equal(answer["side"], "right", hint="x decides, not the index")
    checks.array(answer["centre_mm"], [21, -5, -9], hint="use the whole affine")
with marks.part(1, "a volume can't be negative, and boxes may be tilted"):
    mirrored = np.array([[-2.0, 0, 0, 40], [0, 2, 0, -50], [0, 0, 3, -45], [0, 0, 0, 1]])
    checks.close(lesion_report(block, mirrored)["volume_ml"], 1.44, hint="a mirrored file has a negative determinant")
    tilted = np.array([[0.8, -0.6, 0, 5], [0.6, 0.8, 0, -9], [0, 0, 4, 2], [0, 0, 0, 1.0]])
    checks.close(
        lesion_report(block, tilted)["volume_ml"], 0.48, hint="the diagonal is not enough: use the determinant"
    )
with marks.part(2, "sagittal slices, and an image whose middle is not at x = 0"):
    sagittal = np.array([[0, 0, -3.0, 60], [1, 0, 0, -20], [0, 1, 0, -30], [0, 0, 0, 1]])
    answer = lesion_report(block, sagittal)
    checks.array(answer["centre_mm"], [24, -10.5, -7.5], hint="which index gives x?")
    checks.equal(answer["side"], "right", hint="the sign of x decides")
    checks.close(answer["volume_ml"], 0.36, hint="120 voxels of 3 cubic millimetres")
    one_sided = np.array([[1.0, 0, 0, 30], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    checks.equal(lesion_report(block, one_sided)["side"], "right", hint="the middle of the array is not the midline")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# The program passed its first test, on file A, because that file happens to have cubic voxels in RAS order. A test on
# one kind of file proves nothing about the next scanner. Wrong-sided reports of this kind do not look wrong; only a
# second file with another orientation, or a marker on the patient's skin, brings them to light.
#
# ## 10. Summary
#
# - An image is an array and a header. Without the header it has no left, no millimetre and no millilitre.
# - The affine takes a voxel to a place: M times the indices, plus the origin. In NIfTI, negative x is left.
# - DICOM's x grows to the left, NIfTI's to the right. Somebody has to change the sign, once.
# - A picture needs the letters R and L. The convention of the screen is not the convention of the file.
# - A window changes what you see and not what is there. In CT the numbers have a unit, in an ordinary MR
#   image they have none.
# - A volume is a count times the determinant, divided by 1,000. Its error grows with the thickness of the slices.
# - Registration needs a measure that suits the contrasts, and an eye on the result.
#
# **Further reading.** On deep learning in magnetic resonance imaging, from the scanner to the diagnosis:
# {cite}`lundervold2019overview`. On faces in research scans: {cite}`schwarz2019identification`. On measures for
# segmentation and detection: {cite}`maierhein2024metrics`.
