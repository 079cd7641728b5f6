# ---
# title: Benign or malignant?
# objectives: [hold-out, confusion-matrix, prevalence, ranking, threshold, uncertainty, imbalance, critical-appraisal]
# minutes: 90
# data: [breast-cancer]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": seconds on two CPU cores; "full": more bootstrap resamples and a bigger forest
device = "auto"  # every lab has this parameter; nothing in this one needs a GPU

# %% [markdown]
# ## 1. The question and the table
#
# A patient has a lump in the breast. A doctor draws a few cells from it with a thin needle (a *fine-needle
# aspirate*), and a computer measures the cell nuclei in a photograph of them. Can a model tell from these
# measurements whether the lump is malignant? A missed cancer delays treatment. A false alarm leads to fear and to an
# operation that nobody needed. The whole lab follows from these two errors and from how often each one happens.
#
# Run the cells from top to bottom. The first output says which data the lab runs on.

# %%
import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy import stats
from sklearn import datasets, metrics
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_selection import SelectKBest, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    GroupShuffleSplit,
    ShuffleSplit,
    StratifiedKFold,
    cross_val_predict,
    cross_val_score,
    train_test_split,
)
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

clinic.plot.use_style()
dataset = clinic.load_breast_cancer()
table, malignant = dataset.table, dataset.target
print(dataset)

# %% [markdown]
# Each row is one case and each column one measurement. Ten properties of the nuclei (size, texture, shape) were
# summed up in three ways: the *mean* over the nuclei of the image, the *standard error* of that mean, and the *worst*
# value, which here is the mean of the three largest. The units are not documented. Nor are age, sex, ancestry, or how
# the patients were chosen. scikit-learn's copy carries no patient number; we number the rows and **assume** that each
# row is another patient. The next cell looks for identical rows, which would speak against that; finding none does
# not prove it.

# %%
print(f"{table.shape[0]} rows, {table.shape[1]} measurements, {table.duplicated().sum()} identical rows")
print(f"Share of malignant cases: {malignant.mean():.1%}")
print(table[["mean radius", "standard error of radius", "worst radius"]].head(3).round(2).to_string())

# %% [markdown]
# One trap lies in the coding. In scikit-learn's own loader class 0 is malignant and class 1 is benign, while most
# functions that compute a performance measure take class 1 as the *positive* class, the one to be found. Whoever
# forgets this reports how well the *benign* cases are found and calls it sensitivity. Our loader turns the coding
# round: 1 is malignant.

# %%
raw = datasets.load_breast_cancer()
coding = {code: str(name) for code, name in enumerate(raw.target_names)}
print(f"scikit-learn: {coding} | ones: {raw.target.sum()}")
print(f"this lab:     {dict(enumerate(['benign', 'malignant']))} | ones: {malignant.sum()}")

# %% [markdown]
# Look at the data before you fit anything. If one measurement alone separated the two groups, no model would be
# needed; if none of them differed, no model could help.

# %% alt="Three histograms, each of benign and malignant cases. For worst radius the malignant cases lie to the right with some overlap; for worst concave points likewise; for mean fractal dimension the two groups cover each other." caption="Three of the thirty measurements. The first two separate the groups in part, the third hardly at all."
figure = clinic.plot.distributions(table, malignant, ["worst radius", "worst concave points", "mean fractal dimension"])

# %% [markdown]
# ## 2. A hold-out set of patients
#
# A model is judged on patients whom it has never met. So we put some of them aside, the **hold-out set**, and learn
# from the rest, the **training set**. The unit that we split is the *patient*, not the row of the table. Two samples
# of one patient resemble each other; if one of them is used for training and the other for testing, the model can
# recognise the patient instead of the disease. Such a path from the answer into the question is called a **leak**.
#
# In our table every patient has one row, so nothing can leak that way. To see what a leak would do we build an
# example. **Simulated repeat samples:** each patient's row is repeated five times with a little measurement noise.
# The model looks for the single most similar sample in the training set and copies its diagnosis (*nearest
# neighbour*). We also run it with diagnoses that were shuffled among the patients, so that there is nothing to learn.

# %%
rng = np.random.default_rng(219)
owner = np.repeat(table.index.to_numpy(), 5)
spread = 0.05 * table.std().to_numpy()
repeats = table.loc[owner].to_numpy() + rng.normal(size=(len(owner), table.shape[1])) * spread
neighbour = make_pipeline(StandardScaler(), KNeighborsClassifier(1, algorithm="kd_tree"))


def accuracies(splitter, shuffled: bool) -> list[float]:
    """Return the share of right answers in each random split of the simulated repeat samples."""
    scores = []
    for train, test in splitter.split(repeats, groups=owner if isinstance(splitter, GroupShuffleSplit) else None):
        order = rng.permutation(malignant.index) if shuffled else malignant.index
        truth = pd.Series(malignant.to_numpy(), index=order).loc[owner].to_numpy()
        scores.append(neighbour.fit(repeats[train], truth[train]).score(repeats[test], truth[test]))
    return scores


# %% alt="Four points with intervals. Real diagnoses: split by row close to 1, split by patient somewhat lower. Shuffled diagnoses: split by row still close to 1, split by patient close to one half." caption="Simulated repeat samples: accuracy of a nearest-neighbour model over 20 random splits (mean and middle 95 % of the splits)."
splitters = {
    "by row": ShuffleSplit(20, test_size=0.3, random_state=219),
    "by patient": GroupShuffleSplit(20, test_size=0.3, random_state=219),
}
rows = {}
for diagnoses in ("real", "shuffled"):
    for name, splitter in splitters.items():
        scores = accuracies(splitter, diagnoses == "shuffled")
        low, high = np.quantile(scores, [0.025, 0.975])
        rows[f"{diagnoses} diagnoses, split {name}"] = {"low": low, "value": np.mean(scores), "high": high}
leak = pd.DataFrame(rows).T
axes = clinic.plot.intervals(leak, xlabel="accuracy (share of right answers)")
print(leak.round(3).to_string())

# %% [markdown]
# Compare the pairs. With real diagnoses the split by row makes the model look nearly free of errors. With shuffled
# diagnoses an honest result must lie near that of guessing, and only the split by patient says so. Nothing in the
# number itself warns the reader: the mistake shows only when somebody asks how the data were split.
#
# **Exercise 1 (4 points).** Write the split. It must keep each patient's rows together, count patients (not rows),
# choose them at random, and choose the same ones again when it is given the same *seed*, the number that starts the
# random draw.


# %% exercise="split"
def split_by_patient(patient, fraction: float, seed: int) -> np.ndarray:
    """Choose patients at random for the hold-out set.

    Parameters
    ----------
    patient : list or array, length n
        Which patient each row belongs to, as a number or as text.
    fraction : float
        Share of the *patients* to hold out, from 0 to 1; round to the nearest whole number of patients.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    array of bool, length n
        True for the rows of the hold-out set, False for the rows of the training set.
    """
    ### BEGIN SOLUTION
    everyone = np.unique(patient)
    number = round(fraction * len(everyone))
    chosen = np.random.default_rng(seed).choice(everyone, size=number, replace=False)
    return np.isin(patient, chosen)
    ### END SOLUTION


# %% tests="split" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "four patients with eight samples, half of the patients held out"):
    samples = np.array(["p1", "p1", "p2", "p3", "p3", "p3", "p4", "p4"])
    held = np.asarray(split_by_patient(samples, 0.5, 1))
    checks.equal(held.dtype == bool and held.shape == (8,), True, hint="one True or False a row")
    checks.equal(len(set(samples[held])), 2, hint="half of four patients")
    checks.equal(len(set(samples[~held])), 2, hint="no patient on both sides")
### BEGIN HIDDEN TESTS
with marks.part(1, "no patient is on both sides"):
    numbers = np.repeat(np.arange(30), np.arange(30) % 4 + 1)
    for trial in range(5):
        held = np.asarray(split_by_patient(numbers, 0.3, trial))
        both = set(numbers[held]) & set(numbers[~held])
        checks.equal(both, set(), hint="split the patients, then look up their rows")
with marks.part(1, "the fraction counts patients, not rows"):
    numbers = np.repeat(np.arange(10), [50, 1, 1, 1, 1, 1, 1, 1, 1, 1])
    for trial in range(5):
        held = np.asarray(split_by_patient(numbers, 0.3, trial))
        checks.equal(len(set(numbers[held])), 3, hint="0.3 of ten patients, however many rows they have")
with marks.part(1, "random, and the same again with the same seed"):
    numbers = np.arange(20)
    several = [tuple(np.asarray(split_by_patient(numbers, 0.5, trial)).tolist()) for trial in range(6)]
    checks.equal(tuple(np.asarray(split_by_patient(numbers, 0.5, 0)).tolist()), several[0], hint="use the seed")
    checks.that(len(set(several)) > 3, "Another seed should choose other patients.")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the real table. One row is one patient here, so a split of rows is a split of patients; we only see to it that
# both sets hold the same share of malignant cases (*stratified*). From now on the hold-out set stays closed until
# section 8.

# %%
X_train, X_holdout, y_train, y_holdout = train_test_split(
    table, malignant, test_size=0.3, stratify=malignant, random_state=219
)
for name, y in (("training set", y_train), ("hold-out set", y_holdout)):
    print(f"{name}: {len(y)} patients, {y.sum()} malignant ({y.mean():.1%})")

# %% [markdown]
# ## 3. Two models
#
# Both models are functions y ≈ f(x; θ): measurements x in, probability of cancer out. **Logistic regression** adds up
# the measurements with weights θ and turns the sum into a probability; a doctor can read its weights. It needs
# measurements on one scale, so the scaling is part of the model (a *pipeline*) and is learned from the training
# patients only. A **random forest** lets many decision trees vote; it finds bends and combinations by itself and is
# harder to read.
#
# Each has a setting that we must choose: how strongly the weights are held back (C), and how many patients a leaf of
# a tree must hold. We choose by **cross-validation**: the training set is cut into five parts, and each part is
# predicted by a model that learned from the other four. The setting with the lowest *log loss* wins, a penalty that
# grows when the model is sure and wrong. The hold-out set has no say in it.

# %%
trees = {"quick": 100, "full": 500}[profile]
folds = StratifiedKFold(5, shuffle=True, random_state=219)
candidates = {
    "logistic regression": (
        make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)),
        {"logisticregression__C": [0.01, 0.1, 1, 10]},
    ),
    "random forest": (RandomForestClassifier(trees, random_state=219), {"min_samples_leaf": [1, 5]}),
}
models, train_score = {}, {}
for name, (model, settings) in candidates.items():
    search = GridSearchCV(model, settings, scoring="neg_log_loss", cv=folds).fit(X_train, y_train)
    models[name] = search.best_estimator_
    chances = cross_val_predict(models[name], X_train, y_train, cv=folds, method="predict_proba")
    train_score[name] = chances[:, 1]
    print(f"{name}: chosen {search.best_params_}, log loss {-search.best_score_:.3f}")

# %% [markdown]
# `train_score` holds, for every training patient, the probability of cancer from a model that did not learn from that
# patient. Sections 4 to 7 work with these. They are slightly flattered, because the setting was chosen on the same
# five parts; the hold-out set is there to tell us the truth in the end.
#
# ## 4. The confusion matrix
#
# A probability becomes a decision by a **threshold**: from 0.5 upwards we say "malignant", for now. Then there are
# four kinds of patients. **True positives** (TP) have cancer and are found; **false negatives** (FN) have cancer and
# are missed. **True negatives** (TN) have a benign lump and are left in peace; **false positives** (FP) have one too
# and are alarmed. The table of the four counts is the **confusion matrix**. Always look at which side is the truth:
# textbooks and libraries differ in it.

# %% alt="Confusion matrices of both models on the training patients. In each, most patients lie on the diagonal; a few malignant cases are predicted benign and a few benign cases malignant." caption="Cross-validated predictions of the training patients at threshold 0.5. Percentages are of the row, that is, of the patients with that true diagnosis."
figure, panels = plt.subplots(1, 2, figsize=(9, 4))
for axes, (name, score) in zip(panels, train_score.items(), strict=True):
    clinic.plot.confusion(y_train, score >= 0.5, name, axes)

# %% [markdown]
# **Exercise 2 (3 points).** Count the four kinds of patients.


# %% exercise="counts"
def confusion_counts(truth, prediction) -> tuple[int, int, int, int]:
    """Count true positives, false positives, false negatives and true negatives.

    Parameters
    ----------
    truth, prediction : list or array of int, length n
        1 for malignant, 0 for benign. A list may hold patients of one kind only.

    Returns
    -------
    tp, fp, fn, tn : int
        In this order.
    """
    ### BEGIN SOLUTION
    ill, called_ill = np.asarray(truth) == 1, np.asarray(prediction) == 1
    tp, fp = np.sum(ill & called_ill), np.sum(~ill & called_ill)
    fn, tn = np.sum(ill & ~called_ill), np.sum(~ill & ~called_ill)
    return int(tp), int(fp), int(fn), int(tn)
    ### END SOLUTION


# %% tests="counts" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "ten patients, counted by hand"):
    result = confusion_counts([1, 1, 1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0])
    checks.equal(tuple(result), (3, 1, 2, 4), hint="the order is TP, FP, FN, TN")
### BEGIN HIDDEN TESTS
with marks.part(1, "a larger table"):
    result = confusion_counts(np.repeat([1, 0, 1, 0], [11, 5, 2, 31]), np.repeat([1, 1, 0, 0], [11, 5, 2, 31]))
    checks.equal(tuple(result), (11, 5, 2, 31), hint="which of the two lists is the truth?")
with marks.part(1, "nobody has cancer"):
    checks.equal(tuple(confusion_counts([0, 0, 0, 0, 0], [1, 0, 1, 0, 0])), (0, 2, 0, 3), hint="two false alarms")
    checks.equal(tuple(confusion_counts([0, 0], [0, 0])), (0, 0, 0, 2), hint="all four counts, even if three are 0")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 5. Four rates, two questions
#
# The same four counts answer two different questions. The *laboratory's* question starts from the truth. Of the
# patients with cancer, how many are found (**sensitivity**)? Of those without, how many are left in peace
# (**specificity**)? The *patient's* question starts from the answer: I was told "malignant", how likely is it true
# (**positive predictive value**, PPV)? I was told "benign", how likely is that true (**negative predictive value**,
# NPV)? Mixing up the two questions is one of the most common mistakes in the reading of tests. Sensitivity is also
# called *recall*, and PPV *precision*.

# %%
for name, score in train_score.items():
    decision = score >= 0.5
    sensitivity, specificity = (metrics.recall_score(y_train, decision, pos_label=label) for label in (1, 0))
    ppv, npv = (metrics.precision_score(y_train, decision, pos_label=label) for label in (1, 0))
    print(f"{name}: sensitivity {sensitivity:.3f}, specificity {specificity:.3f}, PPV {ppv:.3f}, NPV {npv:.3f}")

# %% [markdown]
# **Exercise 3 (4 points).** Compute the four rates from the counts, as fractions from 0 to 1. A rate of nobody is
# undefined: if there is no patient to divide by, the answer is `math.nan` ("not a number"), not 0.


# %% exercise="rates"
def rates(tp: int, fp: int, fn: int, tn: int) -> dict[str, float]:
    """Compute sensitivity, specificity and predictive values.

    Parameters
    ----------
    tp, fp, fn, tn : int
        The four counts, each 0 or more.

    Returns
    -------
    dict
        Keys "sensitivity", "specificity", "PPV" and "NPV"; fractions from 0 to 1, or nan where undefined.
    """

    ### BEGIN SOLUTION
    def share(part: int, other: int) -> float:
        return part / (part + other) if part + other else float("nan")

    of_the_ill, of_the_healthy = share(tp, fn), share(tn, fp)
    return {"sensitivity": of_the_ill, "specificity": of_the_healthy, "PPV": share(tp, fp), "NPV": share(tn, fn)}
    ### END SOLUTION


# %% tests="rates" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "a hundred patients, ten of them with cancer"):
    result = rates(8, 9, 2, 81)
    checks.close(result["sensitivity"], 0.8, hint="of the ten patients with cancer, eight are found")
    checks.close(result["specificity"], 0.9, hint="of the ninety without, nine are alarmed")
### BEGIN HIDDEN TESTS
with marks.part(1, "predictive values"):
    checks.close(rates(8, 9, 2, 81)["PPV"], 8 / 17, hint="of those told 'malignant', how many have cancer?")
    checks.close(rates(8, 9, 2, 81)["NPV"], 81 / 83, hint="of those told 'benign', how many are healthy?")
with marks.part(1, "another table"):
    for name, value in {"sensitivity": 0.25, "specificity": 0.6, "PPV": 1 / 3, "NPV": 0.5}.items():
        checks.close(rates(1, 2, 3, 3)[name], value, hint=f"look at the {name}")
with marks.part(1, "a rate of nobody"):
    checks.close(rates(0, 0, 5, 95)["PPV"], float("nan"), hint="nobody was told 'malignant'")
    checks.close(rates(0, 4, 0, 96)["sensitivity"], float("nan"), hint="nobody has cancer")
    checks.close(rates(0, 4, 0, 96)["PPV"], 0.0, hint="four were told 'malignant', and none has cancer")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 6. The same test at another hospital
#
# Sensitivity and specificity describe the test as long as the patients resemble each other. Predictive values also
# depend on how common the disease is where the test is used, its **prevalence**. Bayes' theorem says how. Think of it
# in people: take 10,000 women, split them into ill and healthy by the prevalence, and let the test call some of each
# group malignant.
#
# **Before you run anything, guess:** a test works as well as the models above. At a referral clinic 46 % of the women
# tested have cancer, in a screening programme 1 % (both numbers are invented for the purpose). Of the women told
# "malignant", how many have it, there and here?
#
# **Exercise 4 (4 points).** Compute both predictive values from sensitivity, specificity and prevalence.


# %% exercise="prevalence"
def predictive_values(sensitivity: float, specificity: float, prevalence: float) -> tuple[float, float]:
    """Compute the predictive values of a test at a given prevalence (Bayes' theorem).

    Parameters
    ----------
    sensitivity, specificity : float
        Above 0 and below 1.
    prevalence : float
        Share of the tested who have the disease, from 0 to 1.

    Returns
    -------
    ppv, npv : float
        Fractions from 0 to 1.
    """
    ### BEGIN SOLUTION
    ill_positive, ill_negative = prevalence * sensitivity, prevalence * (1 - sensitivity)
    well_positive, well_negative = (1 - prevalence) * (1 - specificity), (1 - prevalence) * specificity
    return ill_positive / (ill_positive + well_positive), well_negative / (well_negative + ill_negative)
    ### END SOLUTION


# %% tests="prevalence" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "half of the women have cancer"):
    checks.close(predictive_values(0.9, 0.9, 0.5)[0], 0.9, hint="of 100 women, 45 rightly and 5 wrongly alarmed")
    checks.close(predictive_values(0.9, 0.9, 0.5)[1], 0.9, hint="of 100 women, 45 rightly and 5 wrongly reassured")
### BEGIN HIDDEN TESTS
with marks.part(1, "PPV where the disease is rare and where it is common"):
    checks.close(predictive_values(0.8, 0.95, 0.01)[0], 80 / 575, hint="of 10,000 women: 80 found, 495 false alarms")
    checks.close(predictive_values(0.8, 0.95, 0.46)[0], 3680 / 3950, hint="of 10,000 women: 3,680 found, 270 alarmed")
with marks.part(1, "NPV where the disease is rare and where it is common"):
    checks.close(predictive_values(0.8, 0.95, 0.01)[1], 9405 / 9425, hint="of 10,000 women: 20 are missed")
    checks.close(predictive_values(0.8, 0.95, 0.46)[1], 5130 / 6050, hint="of 10,000 women: 920 are missed")
with marks.part(1, "nobody or everybody has the disease, and a very rare disease"):
    checks.array(predictive_values(0.8, 0.95, 0.0), [0.0, 1.0], hint="if nobody is ill, every alarm is false")
    checks.array(predictive_values(0.8, 0.95, 1.0), [1.0, 0.0], hint="if everybody is ill, every reassurance is false")
    checks.close(predictive_values(0.8, 0.95, 1e-6)[0], 8e-7 / (8e-7 + 0.05 * (1 - 1e-6)), hint="don't round to people")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the numbers of our logistic regression, counted in people. The table and the figure below do not use your
# function, so you can check one against the other.

# %%
decision = train_score["logistic regression"] >= 0.5
sensitivity, specificity = (float(metrics.recall_score(y_train, decision, pos_label=label)) for label in (1, 0))
places = {"referral clinic (invented)": 0.46, "our data": y_train.mean(), "screening (invented)": 0.01}
for place, prevalence in places.items():
    ill = round(10_000 * prevalence)
    found, alarmed = round(ill * sensitivity), round((10_000 - ill) * (1 - specificity))
    told = found + alarmed
    print(f"{place}: of 10,000 women {ill:,} have cancer.", end=" ")
    print(f"{told:,} are told 'malignant', and {found:,} of them have it: {found / told:.0%}.")

# %% alt="Two curves over prevalence on a logarithmic axis. The positive predictive value falls steeply towards 0 as the disease becomes rare; the negative predictive value stays close to 1 and falls only where the disease is very common." caption="Predictive values of the same test (logistic regression at threshold 0.5) where the disease is rare or common. The dotted lines mark the prevalences of the table above."
share = np.geomspace(0.001, 0.9, 200)
found, alarmed = share * sensitivity, (1 - share) * (1 - specificity)
reassured, missed = (1 - share) * specificity, share * (1 - sensitivity)
lines = {"PPV": found / (found + alarmed), "NPV": reassured / (reassured + missed)}
axes = clinic.plot.curves(share, lines, xlabel="prevalence (logarithmic scale)", ylabel="predictive value")
axes.set(xscale="log", ylim=(0, 1.03))
ticks = axes.set_xticks([0.001, 0.01, 0.1, 0.5], ["0.1 %", "1 %", "10 %", "50 %"])
for prevalence in places.values():
    axes.axvline(prevalence, color="0.6", linestyle=":", linewidth=1)

# %% [markdown]
# The model did not get worse between the two clinics; the people changed. A PPV from a study says little about a
# hospital with another prevalence. Even sensitivity and specificity may shift, for instance if smaller tumours are
# examined.
#
# ## 7. Ranking patients: ROC and precision-recall curves
#
# So far the threshold stood at 0.5, for no good reason. A curve shows all thresholds at once. The **ROC curve**
# (receiver operating characteristic) plots sensitivity against 1 minus specificity; a model that guesses follows the
# diagonal. The **precision-recall curve** plots PPV against sensitivity; a model that guesses stays at the
# prevalence. The area under the ROC curve, **AUC**, has a plain meaning: take one patient with cancer and one
# without, both at random; how likely is it that the first has the higher score? If the two scores are equal, a coin
# decides, so the pair counts one half.
#
# **Exercise 5 (3 points).** Compute the AUC from this meaning, by comparing all pairs.


# %% exercise="auc"
def ranked_above(with_cancer, without_cancer) -> float:
    """Compute the chance that a random patient with cancer scores above a random one without.

    Parameters
    ----------
    with_cancer, without_cancer : list or array of float
        The scores of both groups; neither is empty, and they may differ in length. Any scale, not only 0 to 1.

    Returns
    -------
    float
        From 0 to 1; a tie counts one half.
    """
    ### BEGIN SOLUTION
    difference = np.subtract.outer(np.asarray(with_cancer, dtype=float), np.asarray(without_cancer, dtype=float))
    return float(np.mean((difference > 0) + 0.5 * (difference == 0)))
    ### END SOLUTION


# %% tests="auc" points=3
from autograder import checks

marks = checks.Marks()
with marks.part(1, "two patients with cancer, two without"):
    checks.close(ranked_above([0.9, 0.7], [0.8, 0.1]), 0.75, hint="three of the four pairs are in the right order")
### BEGIN HIDDEN TESTS
with marks.part(1, "groups of unequal size, on another scale"):
    checks.close(ranked_above([-3, 1, 2.5, 7, 4], [-5, 2, 3]), 10 / 15, hint="five times three pairs")
    checks.close(ranked_above([1], [2, 3, 4, 5]), 0.0, hint="no pair is in the right order")
with marks.part(1, "ties"):
    checks.close(ranked_above([0.5, 0.5, 0.9], [0.5, 0.2]), 5 / 6, hint="a tie counts one half")
    checks.close(ranked_above([0.3, 0.3], [0.3]), 0.5, hint="a model that says the same of everybody is a guess")
### END HIDDEN TESTS
marks.total()

# %% alt="Left, the ROC curves of both models run close to the upper left corner, far above the diagonal of chance. Right, the precision-recall curves run close to the upper right corner, far above the horizontal line of chance." caption="Cross-validated predictions of the training patients: ROC curves and precision-recall curves of both models, with the lines of chance."
figure = clinic.plot.ranking(y_train, train_score)
for name, score in train_score.items():
    auc, precision = metrics.roc_auc_score(y_train, score), metrics.average_precision_score(y_train, score)
    print(f"{name}: AUC {auc:.3f}, average precision {precision:.3f} (chance: 0.500 and {y_train.mean():.3f})")

# %% [markdown]
# Which curve to choose? The ROC curve does not change when healthy people are added, so it tells how well a model
# ranks whatever the prevalence. That is its weakness, too: where disease is rare, a small false positive rate can
# mean more false alarms than cancers, and only the precision-recall curve shows it {cite}`saito2015precision`. Its
# line of chance is the prevalence, so that curves from two populations must not be compared by eye. Neither curve
# says which threshold to use.
#
# ## 8. Choosing a threshold
#
# The two errors do not weigh the same. Suppose the clinic says: at least 98 % of the cancers must be found. We then
# take the **highest** threshold that reaches this sensitivity, since a higher one spares more healthy people. We
# choose it on the training set. If we chose it on the hold-out set, those patients would have helped to build the
# test, and its result on them would be flattered. The hold-out set is opened once, with a threshold that can no
# longer move. The sensitivity there may then fall short of the demand, and that is the honest result.

# %% alt="Two curves over the threshold. Sensitivity starts at 1 and falls slowly, specificity starts at 0 and rises fast; a vertical dotted line marks the chosen threshold, well below one half." caption="Logistic regression, cross-validated on the training patients: what each threshold costs. The dotted line is the highest threshold with a sensitivity of at least 98 %."
required = 0.98
chosen = {}
for name, score in train_score.items():
    false_alarms, detected, steps = metrics.roc_curve(y_train, score, drop_intermediate=False)
    chosen[name] = float(steps[np.argmax(detected >= required)])
    print(f"{name}: chosen threshold {chosen[name]:.3f}")
grid = np.linspace(0, 1, 501)
ill, well = (np.sort(train_score["logistic regression"][y_train == label]) for label in (1, 0))
lines = {
    "sensitivity": 1 - np.searchsorted(ill, grid) / len(ill),
    "specificity": np.searchsorted(well, grid) / len(well),
}
axes = clinic.plot.curves(grid, lines, xlabel="threshold", ylabel="share of patients")
line = axes.axvline(chosen["logistic regression"], color="0.3", linestyle=":")

# %% [markdown]
# **Exercise 6 (4 points).** Write the whole step as one function: choose, then apply. It is given both sets. Take
# care which one may choose.


# %% exercise="threshold"
def choose_threshold(train_truth, train_scores, holdout_truth, holdout_scores, required: float):
    """Choose a threshold for a required sensitivity, then apply it once to the hold-out set.

    A patient is called malignant if the score is *at least* the threshold.

    Parameters
    ----------
    train_truth, holdout_truth : list or array of int
        1 for malignant, 0 for benign; both occur.
    train_scores, holdout_scores : list or array of float
        Score of each patient; higher means more suspect.
    required : float
        Sensitivity to be reached, above 0 and at most 1.

    Returns
    -------
    threshold : float
        The highest of the training scores that reaches the required sensitivity.
    sensitivity, specificity : float
        Of this threshold on the hold-out set, fractions from 0 to 1.
    """
    ### BEGIN SOLUTION
    truth, score = np.asarray(train_truth), np.asarray(train_scores)
    good = [value for value in score if np.mean(score[truth == 1] >= value) >= required - 1e-12]
    threshold = float(max(good))
    truth, called = np.asarray(holdout_truth), np.asarray(holdout_scores) >= threshold
    return threshold, float(np.mean(called[truth == 1])), float(np.mean(~called[truth == 0]))
    ### END SOLUTION


# %% tests="threshold" points=4
from autograder import checks

marks = checks.Marks()
training = ([0, 0, 0, 0, 1, 1, 1, 1], [0.1, 0.2, 0.3, 0.6, 0.4, 0.45, 0.7, 0.9])
with marks.part(1, "three of four cancers must be found in the training set"):
    threshold, _, _ = choose_threshold(*training, [0, 0, 1, 1], [0.2, 0.46, 0.42, 0.8], 0.75)
    checks.close(threshold, 0.45, hint="0.45, 0.7 and 0.9 are found with the threshold at 0.45")
### BEGIN HIDDEN TESTS
with marks.part(1, "the result is that of the hold-out set"):
    checks.array(choose_threshold(*training, [0, 0, 1, 1], [0.2, 0.46, 0.42, 0.8], 0.75)[1:], [0.5, 0.5])
    checks.array(choose_threshold(*training, [1, 1, 0, 0, 0], [0.45, 0.4, 0.45, 0.1, 0.2], 0.75)[1:], [0.5, 2 / 3])
with marks.part(1, "the hold-out set does not choose"):
    for scores in ([0.01, 0.02, 0.03, 0.04], [0.96, 0.97, 0.98, 0.99]):
        checks.close(choose_threshold(*training, [0, 1, 0, 1], scores, 0.75)[0], 0.45, hint="which set may choose?")
with marks.part(1, "other demands, and equal scores"):
    checks.close(choose_threshold(*training, [0, 1], [0.3, 0.5], 1.0)[0], 0.4, hint="all four must be found")
    checks.close(choose_threshold(*training, [0, 1], [0.3, 0.5], 0.3)[0], 0.7, hint="two of four are needed")
    equal = ([1, 0, 1, 1, 0, 0], [0.8, 0.8, 0.3, 0.3, 0.3, 0.1])
    checks.close(choose_threshold(*equal, [0, 1], [0.3, 0.5], 0.5)[0], 0.3, hint="at least the threshold")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now we open the hold-out set. The models learn from all training patients, the thresholds are those chosen above,
# and neither will be changed after we have seen the result.

# %% alt="Confusion matrices of both models on the hold-out patients. In each, nearly all malignant cases are found, and some benign cases are called malignant." caption="Hold-out patients, each model at the threshold chosen on the training set. Percentages are of the row."
holdout_score = {name: model.predict_proba(X_holdout)[:, 1] for name, model in models.items()}
figure, panels = plt.subplots(1, 2, figsize=(9, 4))
for axes, (name, score) in zip(panels, holdout_score.items(), strict=True):
    clinic.plot.confusion(y_holdout, score >= chosen[name], name, axes)
    reached = metrics.recall_score(y_holdout, score >= chosen[name])
    print(f"{name}: sensitivity {reached:.3f} on the hold-out set, {required:.2f} was demanded in training")

# %% [markdown]
# ## 9. How sure are we?
#
# The hold-out set holds few malignant cases, and with other patients the figures would differ. A **confidence
# interval** says by how much. The **bootstrap** gets one by pretending that our patients are the population: draw as
# many patients as there are, at random and *with replacement*, so that some come twice and some not at all; compute
# the measure; do it a thousand times; the middle 95 % of the results is the *percentile interval*. What is drawn is
# the patient, with all of the patient's rows. Five rows of one patient are not five independent facts, and an
# interval that counts them so is too narrow.
#
# **Exercise 7 (4 points).** Write the interval for a mean over rows, for example of "the model was right: 1, or
# wrong: 0".


# %% exercise="bootstrap"
def bootstrap_interval(patient, value, resamples: int, seed: int) -> tuple[float, float]:
    """Compute the 95 % percentile bootstrap interval of a mean, resampled by patient.

    Parameters
    ----------
    patient : list or array, length n
        Which patient each row belongs to.
    value : list or array of float, length n
        One number a row; the measure is the mean over all drawn rows.
    resamples : int
        How many times to draw.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    low, high : float
        The 2.5 % and the 97.5 % quantile of the resampled means.
    """
    ### BEGIN SOLUTION
    generator = np.random.default_rng(seed)
    value = np.asarray(value, dtype=float)
    _, code = np.unique(patient, return_inverse=True)
    sums, sizes = np.bincount(code, weights=value), np.bincount(code)
    drawn = generator.integers(0, len(sizes), size=(resamples, len(sizes)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))
    ### END SOLUTION


# %% tests="bootstrap" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "one row a patient"):
    low, high = bootstrap_interval(np.arange(100), np.arange(100) / 100, 4000, 1)
    checks.close(low, 0.4384, atol=0.0045, hint="2.5 % of the resampled means lie below")
    checks.close(high, 0.5516, atol=0.0045, hint="2.5 % of the resampled means lie above")
### BEGIN HIDDEN TESTS
with marks.part(1, "five equal rows a patient make nothing surer"):
    low, high = bootstrap_interval(np.repeat(np.arange(50), 5), np.repeat(np.arange(50) / 50, 5), 2000, 2)
    checks.close(high - low, 0.16, atol=0.015, hint="draw patients, not rows")
with marks.part(1, "a patient is drawn with all rows, twice if drawn twice"):
    owner_of_row = ["a"] * 20 + [f"b{number}" for number in range(19)]
    low, high = bootstrap_interval(owner_of_row, [0] * 20 + [1] * 19, 3000, 3)
    checks.close(low, 17 / 77, atol=0.06, hint="one patient owns twenty rows; what if she is drawn three times?")
    checks.close(high, 1.0, hint="what if she is not drawn?")
with marks.part(1, "the same seed gives the same interval, another seed another"):
    once, again, other = (bootstrap_interval(np.arange(40), np.arange(40) / 7, 200, number) for number in (4, 4, 5))
    checks.equal(tuple(once), tuple(again), hint="use the seed")
    checks.that(tuple(once) != tuple(other), "Another seed should draw other patients.")
    checks.array(bootstrap_interval([1, 1, 2, 3], [1, 1, 1, 1], 100, 6), [1.0, 1.0], hint="all values are 1")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now both models on the hold-out set. Both are computed on the *same* drawn patients each time, so that their
# difference can be given an interval, too. That matters: two overlapping intervals do not by themselves show that two
# models are equal.

# %%
resamples = {"quick": 1000, "full": 10_000}[profile]
truth = y_holdout.to_numpy()
patients_drawn = np.random.default_rng(219).integers(0, len(truth), size=(resamples, len(truth)))


def measures(name: str, sample: np.ndarray) -> list[float]:
    """Return sensitivity, specificity and AUC of a model on a sample of the hold-out patients."""
    ill, score = truth[sample] == 1, holdout_score[name][sample]
    positive = score >= chosen[name]
    # AUC from the ranks of the scores, the same value as from the curve (Mann-Whitney statistic) and quicker.
    auc = (stats.rankdata(score)[ill].mean() - (ill.sum() + 1) / 2) / (~ill).sum()
    return [positive[ill].mean(), (~positive[~ill]).mean(), auc]


everybody = np.arange(len(truth))
observed = {name: np.array(measures(name, everybody)) for name in models}
resampled = {name: np.array([measures(name, sample) for sample in patients_drawn]) for name in models}
label = "logistic minus forest"
observed[label] = observed["logistic regression"] - observed["random forest"]
resampled[label] = resampled["logistic regression"] - resampled["random forest"]

# %% alt="Sensitivity, specificity and AUC of both models with 95 percent intervals. The interval of one sensitivity has shrunk to the single point 1; the intervals of specificity are wide, those of AUC narrow." caption="Hold-out patients: estimates with 95 % percentile bootstrap intervals, resampled by patient."
kinds = ["sensitivity", "specificity", "AUC"]
estimates = {}
for column, kind in enumerate(kinds):
    for name in observed:
        low, high = np.quantile(resampled[name][:, column], [0.025, 0.975])
        estimates[f"{kind}, {name}"] = {"low": low, "value": observed[name][column], "high": high}
estimates = pd.DataFrame(estimates).T
difference = estimates.index.str.contains("minus")
axes = clinic.plot.intervals(estimates[~difference], xlabel="estimate and 95 % interval")
print(estimates.round(3).to_string())

# %%
for name, row in estimates[difference].iterrows():
    apart = row["low"] > 0 or row["high"] < 0
    verdict = "the models can be told apart" if apart else "zero lies within, so the models can't be told apart"
    print(f"{name}: {row['value']:+.3f} [{row['low']:+.3f}, {row['high']:+.3f}]: {verdict}")

# %% [markdown]
# Three comparisons were made, and with many comparisons one will stand out by luck. "Can't be told apart" does not
# mean "equally good": with so few patients a difference that matters may go unseen.
#
# The percentile interval has a blind spot. If a model missed nobody, every resample misses nobody, and the interval
# shrinks to the single point 1.00. That is not certainty. Suppose the true sensitivity is s; then n patients in a row
# are found with probability $s^n$. The lowest s for which this is still 5 % is close to $1 - 3/n$, the **rule of
# three**. The **Wilson interval** is another remedy: it is computed from the counts by a formula and stays sensible
# at 0 % and 100 %.

# %%
n = int(y_holdout.sum())
bootstrap = np.quantile(np.random.default_rng(219).choice(np.ones(n), size=(resamples, n)).mean(axis=1), [0.025, 0.975])
wilson = stats.binomtest(n, n).proportion_ci(0.95, method="wilson")
print(f"If all {n} malignant cases of the hold-out set were found:")
print(f"  bootstrap [{bootstrap[0]:.3f}, {bootstrap[1]:.3f}], Wilson [{wilson.low:.3f}, {wilson.high:.3f}]")
print(f"  lower bound by the rule of three {1 - 3 / n:.3f}, exactly {0.05 ** (1 / n):.3f}")

# %% [markdown]
# Nor does any interval cover what was not sampled. Ours speaks of patients chosen like these, with these
# measurements. It knows nothing about another hospital.
#
# ## 10. What accuracy hides
#
# **Accuracy** is the share of right answers. Where one class is rare, it mostly tells how common the other class is.
# We thin the training patients, with a seed, until 2 % are malignant, and compare our model with a "model" that
# always answers benign. *Balanced accuracy* is the mean of sensitivity and specificity, so guessing gets one half.

# %%
benign_rows = np.flatnonzero(y_train == 0)
few = round(0.02 / 0.98 * len(benign_rows))
kept = np.random.default_rng(219).choice(np.flatnonzero(y_train == 1), size=few, replace=False)
thin = np.concatenate([benign_rows, kept])
rare_truth = y_train.to_numpy()[thin]
said = {
    "always benign": np.zeros(len(thin), dtype=int),
    "logistic regression": (train_score["logistic regression"][thin] >= chosen["logistic regression"]).astype(int),
}
print(f"{len(thin)} patients, {few} of them malignant ({few / len(thin):.1%})")
for name, decision in said.items():
    right, balanced = (rare_truth == decision).mean(), metrics.balanced_accuracy_score(rare_truth, decision)
    sensitivity = metrics.recall_score(rare_truth, decision)
    precision = f"{metrics.precision_score(rare_truth, decision):.3f}" if decision.any() else "undefined"
    print(
        f"{name}: accuracy {right:.3f}, sensitivity {sensitivity:.3f}, precision {precision}, balanced {balanced:.3f}"
    )
wilson = stats.binomtest(int((decision * rare_truth).sum()), few).proportion_ci(0.95, method="wilson")
print(f"Sensitivity of {name} from {few} malignant cases: 95 % Wilson interval [{wilson.low:.2f}, {wilson.high:.2f}]")

# %% [markdown]
# By accuracy the useless answer looks good. Measures that use all four counts are harder to fool; besides balanced
# accuracy, the Matthews correlation coefficient has been proposed for this reason {cite}`chicco2020advantages`.
#
# **Exercise 8 (4 points).** With pencil and paper, before any code: of 1,000 women 20 have cancer. A model has
# sensitivity 0.90 and specificity 0.95. Draw its confusion matrix and fill in `answer` with fractions from 0 to 1.
# Then set `statements` to the letters of all true statements, for example `{"A", "D"}`:
#
# - **A** Accuracy is well suited to a data set in which 98 % belong to one class.
# - **B** Accuracy is ill suited to such a data set.
# - **C** Precision and recall are well suited to such a data set, if the rare class is the positive one.
# - **D** An accuracy above 98 % proves that the model finds patients with cancer.

# %% exercise="imbalance"
# Set two variables: the dictionary `answer` with the keys "always benign: accuracy", "always benign: sensitivity",
# "model: accuracy", "model: precision" and "model: balanced accuracy", and the set `statements`.
### BEGIN SOLUTION
answer = {"always benign: accuracy": 980 / 1000, "always benign: sensitivity": 0 / 20}
answer |= {"model: accuracy": (18 + 931) / 1000, "model: precision": 18 / (18 + 49)}
answer |= {"model: balanced accuracy": (0.90 + 0.95) / 2}
statements = {"B", "C"}
### END SOLUTION

# %% tests="imbalance" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "fractions, and the sensitivity of 'always benign'"):
    checks.that(all(0 <= number <= 1 for number in answer.values()), "Every answer should be a fraction from 0 to 1.")
    checks.close(answer["always benign: sensitivity"], 0.0, hint="how many of the 20 does it find?")
### BEGIN HIDDEN TESTS
with marks.part(1, "accuracy of both"):
    checks.close(answer["always benign: accuracy"], 0.98, atol=0.0006, hint="it is right about all healthy women")
    checks.close(answer["model: accuracy"], 0.949, atol=0.0006, hint="18 found and 931 left in peace")
with marks.part(1, "precision and balanced accuracy of the model"):
    checks.close(answer["model: precision"], 18 / 67, atol=0.006, hint="18 true and 49 false alarms")
    checks.close(answer["model: balanced accuracy"], 0.925, atol=0.006, hint="the mean of two rates")
with marks.part(1, "the true statements"):
    checks.equal(sorted(statements), ["B", "C"], hint="what does 'always benign' reach in each measure?")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 11. Find the mistake
#
# A colleague has 60 patients and 1,000 laboratory values each, and reports a splendid AUC. **The data are simulated,
# pure noise:** the values have nothing to do with the diagnosis, so the true AUC is 0.5. The method looks familiar:
# keep the 20 values that differ most between the groups, scale them, cross-validate a logistic regression. Find out
# where the answer leaks into the question.


# %%
def hasty_auc(values: np.ndarray, target: np.ndarray, keep: int, seed: int) -> float:
    """Select features, scale them and cross-validate, with one mistake."""
    selected = SelectKBest(f_classif, k=keep).fit_transform(values, target)
    scaled = StandardScaler().fit_transform(selected)
    parts = StratifiedKFold(5, shuffle=True, random_state=seed)
    return float(cross_val_score(LogisticRegression(), scaled, target, cv=parts, scoring="roc_auc").mean())


noise = np.random.default_rng(219).normal(size=(60, 1000))
coin = np.repeat([0, 1], 30)
print(f"AUC on pure noise: {hasty_auc(noise, coin, keep=20, seed=219):.2f}")

# %% [markdown]
# **Exercise 9 (4 points).** Write the same analysis without the mistake. It must still select `keep` features, still
# scale them, and still use stratified parts, `parts` of them; and it must still find a signal where there is one.


# %% exercise="honest"
def honest_auc(values: np.ndarray, target: np.ndarray, keep: int, seed: int, parts: int = 5) -> float:
    """Cross-validate feature selection, scaling and logistic regression without a leak.

    Parameters
    ----------
    values : array of float, shape (n, m)
        One row a patient.
    target : array of int, shape (n,)
        1 or 0.
    keep : int
        How many of the m features to select.
    seed : int
        Seed of the split into stratified parts.
    parts : int
        How many parts there are.

    Returns
    -------
    float
        Mean AUC over the parts.
    """
    ### BEGIN SOLUTION
    whole_model = make_pipeline(SelectKBest(f_classif, k=keep), StandardScaler(), LogisticRegression())
    split = StratifiedKFold(parts, shuffle=True, random_state=seed)
    return float(cross_val_score(whole_model, values, target, cv=split, scoring="roc_auc").mean())
    ### END SOLUTION


# %% tests="honest" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "pure noise"):
    half = np.repeat([0, 1], 30)
    result = honest_auc(np.random.default_rng(7).normal(size=(60, 300)), half, 20, 8, parts=2)
    checks.close(result, 0.5, atol=0.2, hint="which step sees the patients that it is tested on?")
### BEGIN HIDDEN TESTS
pair = np.repeat([1, 0], 40)
mixed = np.random.default_rng(4).normal(size=(80, 300))
nothing = strong = np.nan
with marks.part(1, "one strong value of 300, and none without it"):
    nothing = honest_auc(mixed, pair, 20, 7, parts=2)
    mixed[:, 7] -= 3.0 * pair
    strong = honest_auc(mixed, pair, 1, 5, parts=2)
    checks.close(nothing, 0.5, atol=0.2, hint="select within each part")
    checks.that(strong > 0.75, "A strong signal should be found.", hint="select, then fit")
with marks.part(2, "no more values than wanted, and none without a signal"):
    checks.that(strong > 0.93, "One strong value should be found.", hint="is `keep` used?")
    checks.close(nothing, 0.5, atol=0.2, hint="the selection is part of the model")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Everything that learns from the data belongs inside the cross-validation: selection, scaling, filling of gaps, and
# the choice of settings. Such mistakes reach print: a review of models for COVID-19 from chest images found none fit
# for clinical use, because of flaws in method or bias {cite}`roberts2021common`.
#
# ## 12. May this model be trusted?

# %% [markdown] essay="trust" points=6
# **Essay (6 points, about 300 words).** A hospital wants to use one of the two models as follows: if it calls a lump
# benign, the woman is sent home without a biopsy. *May this model be trusted with the decision to send a woman home?*
# Take a position and argue it from the results of this lab.
#
# Rubric, two points for each criterion:
#
# - **Evidence, figures from the lab.** 0 points: no figure, or a wrong one. 1 point: a right figure without its
#   uncertainty or without the set it comes from. 2 points: the measure that fits this decision, with its interval and
#   its set.
# - **Setting, from these data to the hospital.** 0 points: not mentioned. 1 point: prevalence or another limit of the
#   data is named. 2 points: says how a limit would change the answer for this hospital, with a number or a mechanism.
# - **Judgement, the decision.** 0 points: no position, or one that does not follow. 1 point: a position with one
#   reason. 2 points: weighs both errors, and says what would have to be shown before use or who decides until then.
#
# ### BEGIN MARK SCHEME
# **Evidence.** The decision rests on those called benign, so the fitting measures are the sensitivity (missed
# cancers) and the NPV, at the threshold chosen in training, on the hold-out set. Accuracy or AUC alone earns at most
# 1 point. The interval of the sensitivity must be given for 2 points; take the values from the student's own output.
# An interval from 1.00 to 1.00 that is quoted without comment earns at most 1 point: the Wilson interval or the rule
# of three is the honest one.
#
# **Setting.** Prevalence: the NPV rises where cancer is rarer, while the number of false alarms for each cancer
# grows. Other limits that count: one research group, old images, selected patients, no age, sex or ancestry, unknown
# way of confirming the diagnosis, one patient a row being an assumption. For 2 points the consequence must be spelled
# out.
#
# **Judgement.** "No", "not yet" and "yes, under these conditions" can all earn 2 points. A missed cancer and an
# unneeded biopsy must both be weighed. Good conditions: validation on the hospital's own patients, a prospective
# study with a doctor's assessment beside the model, a threshold agreed with clinicians, follow-up of those who are
# sent home.
#
# Sample answer: Not on this evidence. Those who are sent home are those called benign, so I look at the sensitivity
# on the hold-out set at the threshold fixed in training. The logistic regression missed nobody there, but its
# bootstrap interval is a single point, which is an artefact; the Wilson interval reaches down to values that would
# mean several missed cancers in every hundred. The patients were selected, more than a third had cancer, and nobody
# knows how they were chosen; where cancer is rarer the NPV would be higher, but the sensitivity itself may fall if
# the tumours are smaller. A missed cancer costs more than a biopsy that turns out to be needless, so I would let the
# model flag patients and not dismiss them, until a prospective study at our own hospital has shown the sensitivity
# with a lower bound that we agreed on beforehand.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Not on this evidence. Those sent home are those called benign, so the sensitivity on the hold-out set is what
# counts, and the lower end of its Wilson interval would mean several missed cancers in a hundred. The patients were
# selected in a way that nobody has described. Until a prospective study at our own hospital has shown a sensitivity
# agreed on beforehand, the model may flag a patient but not dismiss one.
# ### END SOLUTION

# %% [markdown]
# ## 13. Summary
#
# - The patient is the unit: of the split, of the hold-out set and of the bootstrap.
# - Whatever learns from data (scaling, selection, settings, threshold) learns from the training set only.
# - Sensitivity and specificity start from the truth, predictive values from the answer; the latter move with the
#   prevalence.
# - The ROC curve shows how well patients are ranked; the precision-recall curve shows what an alarm is worth.
# - A threshold is a clinical choice. The hold-out set is opened once, afterwards.
# - An estimate without an interval is half a result, and an interval knows only the kind of patients it was made
#   from.
# - Where disease is rare, accuracy rewards the answer "healthy".
#
# **Further reading.** On the two curves: {cite}`saito2015precision`. On measures under imbalance:
# {cite}`chicco2020advantages`. On the choice of measures in general: {cite}`maierhein2024metrics`. On whether a
# probability means what it says: {cite}`vancalster2019calibration`. On weighing the two errors:
# {cite}`vickers2006decision`. On reporting a prediction model: {cite}`collins2024tripod`.
