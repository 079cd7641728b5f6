# ---
# title: Who is tested, and what is the answer worth?
# objectives: [moment-of-decision, time-split, calibration, recalibration, net-benefit, nested-validation, selection, imbalance, uncertainty]
# minutes: 75
# data: [covid-testing, indian-liver-patient]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": under a minute on two CPU cores; "full": more resamples, and liver patients in section 9
device = "auto"  # every lab has this parameter; nothing in this one needs a GPU

# %% [markdown]
# ## 1. The question and the table
#
# Spring 2020, a children's hospital. A swab is taken from a child, and the laboratory will say in some hours whether
# the new virus is in it. Until then the child waits: among the others, or alone in one of the few single rooms. Whom
# should the hospital isolate *before* the result is known? An infected child in the shared room may infect others. A
# single room given to a healthy child is missing for somebody who needs it.
#
# A model could help if it told, when the swab is taken, how likely a positive result is. The first notebook of this
# lab, {doc}`diagnosis`, had a balanced table and clean measurements. This one has what hospitals have: a rare outcome,
# forms with gaps, persons who come again, and columns that are not what they seem.

# %%
from collections.abc import Callable

import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from clinic import screening
from scipy import stats
from sklearn import metrics
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, GroupShuffleSplit, ShuffleSplit, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from sklearn.tree import DecisionTreeClassifier

clinic.plot.use_style()
dataset = clinic.load_covid_testing()
tests, positive = dataset.table, dataset.target.to_numpy()
person = tests["subject_id"].to_numpy()
print(dataset)

# %% [markdown]
# A row is one test, not one person, and only about one test in eighteen is positive. "Positive" here means what the
# PCR machine said; a person may be infected and still test negative.
#
# Before any model comes the question in this lab's title: **who is tested?** The table does not say why a test was
# done. The wards suggest that some children came ill to the emergency department, and that others are in treatment
# for cancer and are tested again and again. There are adults, too, in groups that the source does not explain. Such
# **selection** decides what can be learned: the share of positive tests is that of the *tested*, not that of the
# city's children.

# %%
several = pd.Series(person).value_counts()
print(f"{len(several)} persons; {np.sum(several > 1)} have several tests, one has {several.max()}")
print(
    f"Tests of persons aged 18 or more: {np.mean(tests['age'] >= 18):.0%}; ages above 100: {np.sum(tests['age'] > 100)}"
)
for column in ("demo_group", "patient_class"):
    share = pd.DataFrame({"tests": positive, "positive": positive}).groupby(
        tests[column].fillna("(missing)").to_numpy()
    )
    print(
        share.agg({"tests": "size", "positive": "mean"}).query("tests >= 100").round({"positive": 3}).to_string(), "\n"
    )

# %% [markdown]
# Ages above 100 in a children's hospital should make you wonder. The documentation says that the table was
# "anonymized", with times shifted and values permuted, to protect the persons in it. Remember that; we shall meet it
# again.
#
# Look at `(missing)`, too. Payor (who pays for the test) and class of patient are missing in nearly half of the rows.
# Is that carelessness? The next cell asks where the gaps are.

# %%
gap = tests["payor_group"].isna().to_numpy()
for name, rows in (("payor missing", gap), ("payor recorded", ~gap)):
    drive = tests.loc[rows, "drive_thru_ind"].mean()
    print(f"{name}: {rows.sum()} tests, {drive:.0%} of them at the drive-through, {positive[rows].mean():.1%} positive")

# %% [markdown]
# The gap has a meaning: most of these persons stayed in their cars, and nobody filled in the form. To throw away the
# rows with gaps would mean to throw away the drive-through. We keep the gap as a category of its own, "not recorded".
#
# ## 2. What is known when the swab is taken?
#
# A model may use only what is known at the **moment of the decision**. Our decision falls when the swab is taken. Ask
# of every column: *could the nurse have read this value then?* Three columns fail:
#
# - `ct_result` is the cycle at which the PCR found the virus. It is the test itself: the answer in another unit.
# - `col_rec_tat` counts the hours until the sample reached the laboratory, `rec_ver_tat` those from there to the
#   checked result. Both are known only when they have passed.
#
# How well does each of the three tell positive from negative tests all by itself? AUC (area under the ROC curve) is
# the chance that of two tests, one positive and one negative, the positive one is ranked higher; 0.5 is a guess. With
# persons who come several times, an interval must draw *persons*, not tests.

# %%
resamples = {"quick": 300, "full": 2000}[profile]


def interval(rows: np.ndarray, measure: Callable[[np.ndarray], float]) -> dict[str, float]:
    """Return a measure on some tests with its 95 % percentile interval, drawn by person."""
    drawn = [measure(rows[sample]) for sample in screening.resample(person[rows], resamples, 219)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return {"low": low, "value": measure(rows), "high": high}


every = np.arange(len(tests))
alone = {}
for column in ("ct_result", "col_rec_tat", "rec_ver_tat"):
    value = -tests[column].fillna(45).to_numpy()  # 45 cycles: the virus was not found
    alone[column] = interval(every, lambda rows, value=value: screening.score_auc(positive[rows], value[rows]))
print("AUC of a single column (low values suspect):")
print(pd.DataFrame(alone).T.round(3).to_string())

# %% [markdown]
# A model with `ct_result` would be nearly perfect and quite useless: whoever can read that column needs no model. The
# times are weaker, and that makes them more dangerous. They would raise no suspicion, and they will be missing on the
# day when the model is used. A leak is not recognised by a high AUC. It is recognised by asking **when** and **how** a
# value comes into the table.
#
# ## 3. The same person on both sides
#
# Suppose somebody splits the tests at random into training and evaluation. A child in radiotherapy with twenty tests
# lies on both sides, with the same age, sex, ward and payor. A flexible model then need not learn what makes a test
# positive; it recognises the child and repeats the child's last result.
#
# We take the persons with several tests and split in two ways, ten times each: by test and by person. The model is a
# random forest (many decision trees that vote), grown so deep that it can remember single rows. For this
# demonstration it is given the age, which helps it to recognise people. These are real repeated tests; nothing is
# simulated.

# %%
known = screening.predictors(tests)
again = np.flatnonzero(pd.Series(person).map(several).to_numpy() > 1)
codes = known.apply(lambda column: column.cat.codes if column.dtype == "category" else column)
traits = codes.assign(age=tests["age"]).to_numpy()[again]
splitters = {
    "by test": ShuffleSplit(10, test_size=0.3, random_state=219),
    "by person": GroupShuffleSplit(10, test_size=0.3, random_state=219),
}
reached = {}
for name, splitter in splitters.items():
    scores = []
    for learn, judge in splitter.split(traits, groups=person[again] if name == "by person" else None):
        forest = RandomForestClassifier({"quick": 40, "full": 300}[profile], random_state=219)
        chance = forest.fit(traits[learn], positive[again[learn]]).predict_proba(traits[judge])[:, 1]
        scores.append(screening.score_auc(positive[again[judge]], chance))
    reached[name] = np.array(scores)
print(
    f"{len(again)} tests of {len(np.unique(person[again]))} persons with several tests, {positive[again].sum()} positive"
)

# %% alt="Two points with intervals for the AUC. Split by test the AUC is clearly higher than split by person." caption="Persons with several tests: AUC of a random forest over ten random splits of each kind (mean, lowest and highest)."
leak = pd.DataFrame(
    {f"split {name}": {"low": s.min(), "value": s.mean(), "high": s.max()} for name, s in reached.items()}
).T
axes = clinic.plot.intervals(leak, xlabel="AUC")
print(leak.round(3).to_string())
print(f"Difference of the means: {reached['by test'].mean() - reached['by person'].mean():.3f}")

# %% [markdown]
# The part of the AUC that disappears was never knowledge about the virus. It was memory of persons. From here on, no
# person is on two sides.
#
# ## 4. Other days, and a table that was altered
#
# A model is built on yesterday's patients and used on tomorrow's. So we also split in **time**: the first 70 days for
# learning, the later days for evaluation, and of the later tests only those of persons who are new. A split by person
# among the same days is easier, because whatever was special about those days is special on both sides.
#
# The model here is *boosted trees*: small decision trees, each of which corrects those before it. One version is
# given age and day beside the rest; the other knows only whether somebody is 18 or older, and no day.

# %%
last_day = 70
early = np.flatnonzero(tests["pan_day"] <= last_day)
later = np.flatnonzero((tests["pan_day"] > last_day) & ~np.isin(person, person[early]))
for name, rows in (("first days", early), ("later days, new persons", later)):
    share = stats.binomtest(int(positive[rows].sum()), len(rows)).proportion_ci(method="wilson")
    print(
        f"{name}: {len(rows)} tests of {len(np.unique(person[rows]))} persons, {positive[rows].sum()} positive", end=" "
    )
    print(f"({positive[rows].mean():.1%}, 95 % Wilson interval {share.low:.1%} to {share.high:.1%})")

# %% alt="Four points with intervals for the AUC. With age and day: high among the same days, close to one half on later days. With adult or child only: about the same, moderate value in both." caption="Boosted trees: AUC on other persons of the same days (five-fold cross-validation by person) and on new persons of later days, with 95 % intervals drawn by person."
boosted = HistGradientBoostingClassifier(
    max_iter=100, max_leaf_nodes=8, learning_rate=0.06, early_stopping=False, random_state=219
)
versions = {"age and day": known.assign(age=tests["age"], day=tests["pan_day"]), "adult or child": known}
places = {}
for name, table in versions.items():
    table = table.apply(lambda column: column.cat.codes if column.dtype == "category" else column).to_numpy()
    score = np.full(len(tests), np.nan)
    for learn, judge in GroupKFold(5, shuffle=True, random_state=219).split(early, groups=person[early]):
        model = clone(boosted).fit(table[early[learn]], positive[early[learn]])
        score[early[judge]] = model.predict_proba(table[early[judge]])[:, 1]
    score[later] = clone(boosted).fit(table[early], positive[early]).predict_proba(table[later])[:, 1]
    for place, rows in (("same days", early), ("later days", later)):
        auc = interval(rows, lambda rows, score=score: screening.score_auc(positive[rows], score[rows]))
        places[f"{name}: {place}"] = auc
axes = clinic.plot.intervals(pd.DataFrame(places).T, xlabel="AUC")
print(pd.DataFrame(places).T.round(3).to_string())

# %% [markdown]
# With age and day the model shines among the same days and is nearly blind on later ones. What did it learn? Never
# explain a surprising result by a theory before you have **looked at the data**.

# %% alt="Two scatter plots of age over day, one of the group misc adult and one of the group patient. The ages do not scatter: they run along rising lines, and the positive tests follow lines of their own beside those of the negative tests." caption="Age over day of each test in two groups. In a real ward, ages would scatter on every day."
figure, panels = plt.subplots(1, 2, figsize=(9.5, 4.2))
for axes, (group, top) in zip(panels, (("misc adult", 65), ("patient", 22)), strict=True):
    for name, result, colour, mark in (("negative", 0, "0.6", "."), ("positive", 1, clinic.plot.COLOURS[1], "x")):
        rows = (tests["demo_group"] == group).to_numpy() & (positive == result)
        axes.plot(tests["pan_day"][rows], tests["age"][rows], mark, color=colour, markersize=4, label=name)
    axes.set(xlabel="day", ylabel="age in years", title=group, ylim=(-1, top))
legend = panels[0].legend(loc="upper left")

# %% [markdown]
# No epidemic makes people grow old like this in a hundred days. When the table was made anonymous, the ages were
# evidently put in order within groups, and positive and negative tests were ordered *separately*. So age and day
# together betray the result. Flexible models find such a trace without being asked. The trace breaks off where the
# days end, and with it the model.
#
# The lesson reaches beyond this table. Whoever protects persons changes data, rightly; and whoever learns from such
# data must ask what was changed. We do what an honest user of this table can do: keep age only as "18 or older",
# and leave the day out. (Strictly, we have now looked at the later days once. The decision rests on how the ages came
# about, not on which version scored better.) The next cell looks for other traces of the treatment.

# %%
counts = pd.crosstab(tests["pan_day"], positive)
counts = counts[counts.sum(axis=1) >= 20]
chi = stats.chi2_contingency(counts)
print(f"Does the share of positive tests differ between {len(counts)} days? chi-squared {chi.statistic:.0f}", end=" ")
print(f"with {chi.dof} degrees of freedom, p = {chi.pvalue:.2f}")

# %% [markdown]
# The number of degrees of freedom is about what chi-squared would be if the share were the same on every day. An
# epidemic that comes and goes looks different. So nothing about the *course* of the epidemic can be learned here
# either.
#
# ## 5. Three models and three sets of persons
#
# Eight predictors remain, all known when the swab is taken. The persons of the first days are divided: 70 % are the
# **training** persons, 30 % the **calibration** persons, who have a task in section 7. The new persons of the later
# days are for **evaluation**.
#
# Besides logistic regression and boosted trees we fit a third model, since many recipes recommend it where an outcome
# is rare: logistic regression with **rebalanced** classes. It counts each positive test as many times as needed to
# weigh as much as all the negative ones.

# %%
((learn, calibrate),) = GroupShuffleSplit(1, test_size=0.3, random_state=219).split(early, groups=person[early])
train, calibration_rows = early[learn], early[calibrate]
for name, rows in (("training", train), ("calibration", calibration_rows), ("evaluation", later)):
    print(f"{name}: {len(rows)} tests of {len(np.unique(person[rows]))} persons, {positive[rows].sum()} positive")

to_columns = make_column_transformer(
    (OneHotEncoder(handle_unknown="ignore", sparse_output=False), make_column_selector(dtype_include="category")),
    remainder="passthrough",
)
models = {
    "logistic regression": make_pipeline(to_columns, LogisticRegression(max_iter=2000)),
    "boosted trees": make_pipeline(to_columns, boosted),
    "rebalanced": make_pipeline(to_columns, LogisticRegression(max_iter=2000, class_weight="balanced")),
}
probability = {}
for name, model in models.items():
    model = clone(model).fit(known.iloc[train], positive[train])
    probability[name] = model.predict_proba(known)[:, 1]

# %% [markdown]
# ## 6. A rare outcome
#
# Where few tests are positive, measures disagree about what is good. **Precision** is the share of positive tests
# among those whom the model suspects; **recall** is the share of the positive tests that it finds. **F1** is their
# harmonic mean, $F_1 = 2TP/(2TP + FP + FN)$; the true negatives are not in it. The **Matthews correlation
# coefficient** (MCC) is the correlation of prediction and truth, from -1 to 1; it uses all four counts:
#
# $$\mathrm{MCC} = \frac{TP \cdot TN - FP \cdot FN}{\sqrt{(TP+FP)(TP+FN)(TN+FP)(TN+FN)}}$$
#
# **Before you run the cell, guess:** which of the five rules below has the highest accuracy? Which measure will put
# "isolate everybody" in its place?

# %%
truth = positive[later]
rules = {
    "isolate nobody": np.zeros(len(later), dtype=bool),
    "isolate everybody": np.ones(len(later), dtype=bool),
    "logistic regression from 0.5": probability["logistic regression"][later] >= 0.5,
    "logistic regression from 0.1": probability["logistic regression"][later] >= 0.1,
    "rebalanced from 0.5": probability["rebalanced"][later] >= 0.5,
}
rows = {}
for name, isolated in rules.items():
    rows[name] = {
        "isolated": isolated.sum(),
        "accuracy": metrics.accuracy_score(truth, isolated),
        "precision": metrics.precision_score(truth, isolated, zero_division=np.nan),
        "recall": metrics.recall_score(truth, isolated),
        "F1": metrics.f1_score(truth, isolated),
        "MCC": metrics.matthews_corrcoef(truth, isolated) if 0 < isolated.mean() < 1 else np.nan,
    }
print(f"{len(later)} later tests, {truth.sum()} positive (nan: not defined)")
print(pd.DataFrame(rows).T.round(3).to_string())
for name in ("logistic regression from 0.1", "rebalanced from 0.5"):
    said = np.zeros(len(tests), dtype=bool)
    said[later] = rules[name]
    mcc = interval(later, lambda rows, said=said: metrics.matthews_corrcoef(positive[rows], said[rows]))
    print(f"MCC of {name}: {mcc['value']:.3f}, 95 % interval {mcc['low']:.3f} to {mcc['high']:.3f}")

# %% [markdown]
# Accuracy prefers the rule that finds nobody. It does so in any population with few positive tests, and it tells
# nothing about the model. F1 gives "isolate everybody" a value not far below that of a model, because F1 does not see
# the healthy who were left in peace. MCC is not defined for a rule that says the same of everybody, and it shows how
# weak the others are {cite}`chicco2020advantages`. The last two rules differ above all in how many persons they
# isolate, so neither is the better *model*. No single number is enough: look at precision *and* recall, and ask which
# error costs what.
#
# The curves show all thresholds at once.

# %% alt="Left, the ROC curves of the three models bend moderately above the diagonal and lie close together. Right, the precision-recall curves stay low, mostly little above the horizontal line of the prevalence." caption="New persons of later days: ROC curves and precision-recall curves, with the lines of chance. The peak on the far left of the precision-recall curve rests on a handful of tests."
figure = clinic.plot.ranking(truth, {name: score[later] for name, score in probability.items()})
legend = figure.axes[1].legend(loc="upper right")
ranked = {}
for name, score in probability.items():
    ranked[f"AUC, {name}"] = interval(later, lambda rows, s=score: screening.score_auc(positive[rows], s[rows]))
    ranked[f"average precision, {name}"] = interval(
        later, lambda rows, s=score: metrics.average_precision_score(positive[rows], s[rows])
    )
print(pd.DataFrame(ranked).T.sort_index().round(3).to_string())
print(f"By chance: AUC 0.500, average precision {truth.mean():.3f}")

# %% [markdown]
# The two pictures show the same predictions. The ROC curve looks acceptable; the precision-recall curve says that
# most isolated persons would be healthy at every threshold that finds many of the others {cite}`saito2015precision`.
# For the hospital the second picture is the one that counts rooms. And see how little the models differ: rebalancing
# hardly changed the *order* of the tests. What it changed comes next.
#
# ## 7. Does 10 % mean 10 %?
#
# A clinician who reads "10 %" will act on the number, so it should be true: of the tests with a probability near
# 10 %, about one in ten should be positive. This is **calibration**, and a model that ranks well may have it badly
# wrong {cite}`vancalster2019calibration`. It is looked at from coarse to fine:
#
# - **In the large:** as many positive tests as the model expects altogether?
# - **Calibration intercept and slope:** the predictions are put on the scale of log odds, $\ln(p/(1-p))$. The
#   intercept says what must be added to all; 0 is perfect, below 0 means predicted too high. The slope is 1 if the
#   spread is right, and below 1 if high predictions are too high and low ones too low.
# - **Calibration curve:** groups of tests by their prediction, with the observed share in each.
#
# The **Brier score** is the mean squared distance between probability and result (1 or 0). Smaller is better, but how
# small is small? Somebody who gives *every* test the overall share $\bar y$ reaches $\bar y(1-\bar y)$. Only what lies
# below that is the model's own merit. Its **skill** is 1 minus the Brier score divided by $\bar y(1-\bar y)$.
#
# **Exercise 10 (4 points).** Compute calibration in the large, Brier score and skill.


# %% exercise="calibration"
def calibration_summary(truth, probability) -> dict[str, float]:
    """Compute expected and observed positives, Brier score and skill.

    Parameters
    ----------
    truth : list or array of int, length n
        1 for positive, 0 for negative; n is at least 1, and all may be alike.
    probability : list or array of float, length n
        Predicted probability of a positive result, from 0 to 1.

    Returns
    -------
    dict
        "expected", the number of positive tests that the model expects; "observed", the number that there were;
        "Brier", the Brier score; and "skill", compared with giving every test the observed share of these tests, or
        nan if that reference is already perfect.
    """
    ### BEGIN SOLUTION
    truth, probability = np.asarray(truth, dtype=float), np.asarray(probability, dtype=float)
    brier, share = np.mean((probability - truth) ** 2), truth.mean()
    reference = share * (1 - share)
    skill = 1 - brier / reference if reference > 0 else np.nan
    return {
        "expected": float(probability.sum()),
        "observed": float(truth.sum()),
        "Brier": float(brier),
        "skill": float(skill),
    }
    ### END SOLUTION


# %% tests="calibration" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "five tests, counted by hand"):
    result = calibration_summary([1, 0, 0, 0, 0], [0.6, 0.4, 0.2, 0.2, 0.1])
    checks.close(result["expected"], 1.5, hint="each test adds its probability to what is expected")
    checks.close(result["observed"], 1, hint="a number of tests, not a share")
### BEGIN HIDDEN TESTS
with marks.part(1, "Brier score"):
    checks.close(calibration_summary([1, 0, 0, 0], [0.6, 0.4, 0.2, 0.2])["Brier"], 0.1, hint="mean squared distance")
    checks.close(calibration_summary([1, 1, 0], [0.2, 0.7, 0.9])["Brier"], 1.54 / 3, hint="mean squared distance")
with marks.part(1, "skill against the observed share"):
    checks.close(calibration_summary([1, 0, 0, 0], [0.6, 0.4, 0.2, 0.2])["skill"], 1 - 0.1 / 0.1875, hint="0.25 x 0.75")
    checks.close(calibration_summary([1, *[0] * 9], [0.1] * 10)["skill"], 0.0, hint="the share itself has no skill")
    checks.close(calibration_summary([1, *[0] * 9], [0.5] * 10)["skill"], 1 - 0.25 / 0.09, hint="it may be negative")
with marks.part(1, "nobody or everybody is positive"):
    result = calibration_summary(np.zeros(4, dtype=int), np.array([0.1, 0.0, 0.3, 0.2]))
    checks.close(result["observed"], 0, hint="none")
    checks.close(result["Brier"], 0.035, hint="defined, even if all are negative")
    checks.close(result["skill"], float("nan"), hint="who always says 0 makes no error here")
    checks.close(calibration_summary([1, 1], [0.5, 1.0])["skill"], float("nan"), hint="who always says 1 is perfect")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now our models on the later persons. The table does not use your function.

# %%
measured = {
    "expected / observed": lambda y, p: p.sum() / y.sum(),
    "intercept": lambda y, p: screening.calibration_line(y, p).intercept,
    "slope": lambda y, p: screening.calibration_line(y, p).slope,
    "Brier score": lambda y, p: np.mean((p - y) ** 2),
    "skill": lambda y, p: 1 - np.mean((p - y) ** 2) / (y.mean() * (1 - y.mean())),
}


def report(names: list[str]) -> None:
    """Print calibration of some models on the later persons, with intervals drawn by person."""
    for name in names:
        print(name)
        for what, measure in measured.items():
            p = probability[name]
            got = interval(later, lambda rows, m=measure, p=p: m(positive[rows], p[rows]))
            print(f"  {what:20} {got['value']:7.3f}   95 % interval {got['low']:.3f} to {got['high']:.3f}")


report(["logistic regression", "boosted trees", "rebalanced"])
print(f"Brier score of the share alone: {truth.mean() * (1 - truth.mean()):.3f}")

# %% [markdown]
# Compare "rebalanced" with the others. It ranks as well as they do and expects many times too many positive tests:
# it learned from a world in which half of the tests are positive, and its probabilities belong to that world. Its
# Brier score is *worse* than that of giving everybody the same share. A small Brier score, on the other hand, proves
# little here. Where the outcome is rare, the share alone has a small one, too.
#
# **Recalibration** repairs such a model without learning it anew. On persons whom the model has not seen, find what
# must be added to all log odds (a shift), or fit a whole line (shift and slope), and move every prediction along it.
# The persons must be *others* than those in training, because on the training persons a model looks better calibrated
# than it is; and they must be others than those of the evaluation, whose result the line would otherwise know. That is
# what the calibration persons are for.
#
# Rebalancing multiplies all odds by about the same factor, so a shift is what undoes it. We therefore decide now,
# before we look at the later persons again, to use the shift alone, and compute the line beside it for comparison.

# %%
raw = probability["rebalanced"]
line = screening.calibration_line(positive[calibration_rows], raw[calibration_rows])
shift_only = screening.Line(line.intercept, slope=1.0, shift=line.intercept)
slope = interval(calibration_rows, lambda rows: screening.calibration_line(positive[rows], raw[rows]).slope)
print(f"Learned on the calibration persons, {positive[calibration_rows].sum()} positive tests:")
print(f"  shift alone {shift_only.shift:.2f}; shift {line.shift:.2f} and slope {line.slope:.2f}", end=" ")
print(f"(95 % interval of the slope {slope['low']:.2f} to {slope['high']:.2f})")
probability["recalibrated"] = screening.recalibrated(raw, shift_only)
probability["recalibrated with slope"] = screening.recalibrated(raw, line)
report(["recalibrated", "recalibrated with slope"])
same = screening.score_auc(truth, probability["recalibrated"][later])
print(f"AUC before {screening.score_auc(truth, raw[later]):.3f}, after {same:.3f}")

# %% alt="Calibration curves with vertical intervals in two panels, the right one enlarging low probabilities. Logistic regression and the recalibrated model lie near the diagonal, most of their intervals touch it; the rebalanced model lies far below and to the right of the diagonal." caption="New persons of later days in groups of about equal size by predicted probability: observed share of positive tests, with 95 % intervals drawn by person. Right, the lower left corner enlarged."
shown = ["logistic regression", "rebalanced", "recalibrated"]
tables = {
    name: screening.calibration_table(
        truth, probability[name][later], person[later], groups=8, resamples=resamples, seed=219
    )
    for name in shown
}
figure = screening.calibration_plot(tables, [0.8, 0.2])

# %% [markdown]
# The ranking does not change, because a shift keeps the order; only the meaning of the numbers does. Compare the two
# ways of recalibrating by their slopes on the later persons. The slope of the line was learned from few positive
# tests, and its interval is wide; whatever chance put into it is carried into every prediction. Where positive cases
# are few, a repair with fewer parameters is often the safer one.
#
# Note, too, where the last point of the right panel lies: above the diagonal a model promises too little, below it too
# much. And note how wide the intervals of the higher groups are. Calibration is known least where it would matter
# most.
#
# ## 8. From which probability on should one act?
#
# Let the hospital say: "I would isolate up to nine healthy persons to isolate one infected." Then it should act from a
# probability of 1 in 10. This is the **threshold probability** $p_t$, and its odds $p_t/(1-p_t)$, here 1/9, are the
# price of one needless isolation in units of one useful one. The **net benefit** of a rule adds up both
# {cite}`vickers2006decision`:
#
# $$\text{net benefit} = \frac{TP}{n} - \frac{FP}{n} \cdot \frac{p_t}{1-p_t}$$
#
# Two rules need no model: *isolate nobody* has net benefit 0, and *isolate everybody* has TP = all positive and FP =
# all negative tests. A model is worth something only where it beats **both**. Nobody can say from data what $p_t$
# should be. It depends on rooms, on the harm to those who would be infected, and on who bears it; so the net benefit
# is drawn for a range of thresholds, the **decision curve**.
#
# **Exercise 11 (5 points).** Compute the net benefit of the three rules at one threshold, and say which is best.


# %% exercise="benefit"
def net_benefits(truth, probability, threshold: float) -> dict[str, float | str]:
    """Compute the net benefit of acting by the model, on all and on none.

    Parameters
    ----------
    truth : list or array of int, length n
        1 for positive, 0 for negative.
    probability : list or array of float, length n
        Predicted probabilities; the model's rule isolates whoever has *at least* the threshold.
    threshold : float
        Threshold probability, above 0 and below 1.

    Returns
    -------
    dict
        "model", "all" and "none", the net benefit of each rule; and "best", the name of the rule with the highest
        ("model", "all" or "none"). The tests avoid ties.
    """
    ### BEGIN SOLUTION
    truth, probability = np.asarray(truth), np.asarray(probability, dtype=float)
    odds = threshold / (1 - threshold)

    def benefit(isolated: np.ndarray) -> float:
        return float(np.mean(isolated & (truth == 1)) - np.mean(isolated & (truth == 0)) * odds)

    found = {"model": benefit(probability >= threshold), "all": benefit(np.ones(len(truth), dtype=bool)), "none": 0.0}
    return found | {"best": max(found, key=found.__getitem__)}
    ### END SOLUTION


# %% tests="benefit" points=5
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "ten tests at a threshold of 0.2, by hand"):
    ten = ([1, 1, 0, 0, 0, 0, 0, 0, 0, 0], [0.5, 0.3, 0.4, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])
    result = net_benefits(*ten, 0.2)
    checks.close(result["model"], 0.2 - 0.1 * 0.25, hint="two found, one isolated needlessly, at odds of 1 to 4")
    checks.close(result["none"], 0, hint="nothing gained, nothing lost")
### BEGIN HIDDEN TESTS
with marks.part(1, "the model at other thresholds"):
    twenty = ([1, 1, 1, *[0] * 17], [0.9, 0.6, 0.3, 0.8, 0.7, 0.55, *[0.05] * 14])
    checks.close(net_benefits(*twenty, 0.5)["model"], (2 - 3) / 20, hint="at 0.5 both errors weigh the same")
    checks.close(net_benefits(*twenty, 0.75)["model"], (1 - 1 * 3) / 20, hint="the odds of 0.75 are 3")
with marks.part(1, "a probability that equals the threshold"):
    checks.close(net_benefits([1, 0, 0, 1], [0.25, 0.2, 0.1, 0.9], 0.25)["model"], 0.5, hint="at least the threshold")
    checks.close(net_benefits([1, 0], [0.125, 0.0], 0.125)["model"], 0.5, hint="at least the threshold")
with marks.part(1, "isolate everybody"):
    checks.close(net_benefits(*ten, 0.2)["all"], 0.2 - 0.8 * 0.25, hint="all eight healthy persons are paid for")
    checks.close(net_benefits(*ten, 0.05)["all"], 0.2 - 0.8 / 19, hint="it depends on the threshold")
    checks.close(net_benefits(*ten, 0.5)["all"], -0.6, hint="it may be negative")
with marks.part(1, "which rule is best"):
    poor = ([1, 1, 0, 0, 0, 0], [0.1, 0.2, 0.9, 0.8, 0.3, 0.15])
    checks.equal(net_benefits(*ten, 0.25)["best"], "model", hint="compare the three net benefits")
    checks.equal(net_benefits(*poor, 0.12)["best"], "all", hint="isolation costs little here, and the model misses one")
    checks.equal(net_benefits(*poor, 0.5)["best"], "none", hint="a negative net benefit is worse than doing nothing")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# The decision curve of our models on the later persons. **Before you look, predict:** where will "isolate everybody"
# cross zero? And what will happen to the model whose probabilities are many times too high?

# %% alt="Decision curves over threshold probabilities from 0.5 to 20 percent. Isolate everybody starts near the prevalence, falls and crosses zero at a threshold equal to the prevalence. Logistic regression and the recalibrated model lie above both default rules in a middle range and stay near zero, in part below it, on the right. The rebalanced model follows isolate everybody and becomes strongly negative." caption="New persons of later days: net benefit of the rules. A net benefit of 0.01 is worth as much as one infected person in a hundred tests isolated with no needless isolation."
grid = np.linspace(0.005, 0.2, 100)
lines = {name: screening.net_benefit(truth, probability[name][later], grid) for name in shown}
lines["isolate everybody"] = screening.net_benefit(truth, np.ones(len(truth)), grid)
lines["isolate nobody"] = np.zeros(len(grid))
axes = clinic.plot.curves(grid, lines, xlabel="threshold probability", ylabel="net benefit")
limits = axes.set(ylim=(-0.03, 0.065))

# %% [markdown]
# "Isolate everybody" crosses zero where the threshold equals the share of positive tests. The rebalanced model calls
# nearly everybody likely, so it follows "isolate everybody" down and does harm where a doctor trusts its numbers. The
# same model, recalibrated, stays near or above zero. **A model that ranks well and lies about its probabilities can be worse than no
# model.**
#
# Now the numbers, with intervals. The comparison is with the *better* of the two rules that need no model, on the same
# drawn persons.

# %% alt="Intervals of the difference in net benefit between logistic regression and the better default rule at four thresholds, all close to zero; the largest is at a threshold near the share of positive tests, at others the intervals touch zero or lie below it." caption="New persons of later days: net benefit of logistic regression minus that of the better default rule, with 95 % intervals drawn by person."
chosen_model = probability["logistic regression"]
gain = {}
for threshold in (0.03, 0.05, 0.1, 0.15):

    def difference(rows: np.ndarray, threshold: float = threshold) -> float:
        """Return the net benefit of the model minus that of the better default rule."""
        y = positive[rows]
        everybody = screening.net_benefit(y, np.ones(len(y)), [threshold])[0]
        return float(screening.net_benefit(y, chosen_model[rows], [threshold])[0] - max(everybody, 0.0))

    gain[f"threshold {threshold:.0%}"] = interval(later, lambda rows, of=difference: 1000 * of(rows))
    isolated = chosen_model[later] >= threshold
    print(f"From {threshold:.0%}: of 1,000 tests {1000 * isolated.mean():.0f} isolated,", end=" ")
    print(f"{1000 * np.mean(isolated & (truth == 1)):.0f} of {1000 * truth.mean():.0f} positive ones among them")
axes = clinic.plot.intervals(pd.DataFrame(gain).T, xlabel="gain in net benefit per 1,000 tests")
axes.axvline(0, color="0.4", linestyle=":")
print("Gain in net benefit per 1,000 tests:")
print(pd.DataFrame(gain).T.round(1).to_string())

# %% [markdown]
# Read a gain so: as many more infected persons isolated in 1,000 tests, with not one needless isolation more. If an
# interval reaches below 0, the model has not shown that it is worth having at that threshold; if it lies below 0
# altogether, the hospital is better off without the model there. Look at the threshold of 10 %, from which this
# hospital started, and at those beside it: the same model may be useful at one price and useless at another. The
# intervals know only which persons happened to be in the evaluation. That the model itself was learned from
# a sample, and that another hospital differs, is not in them.
#
# ## 9. Choosing a model flatters the choice
#
# So far we took the settings as given. Suppose we try many and keep the one with the best cross-validated AUC. That
# AUC is then the *highest of many* estimates, each with its share of luck, and the highest is the lucky one. To
# report it would flatter the model. **Nested cross-validation** puts the whole choice inside: an outer loop sets a
# fifth of the persons aside, an inner cross-validation chooses the setting on the rest, and only then is the chosen
# one judged on that fifth.
#
# We make the effect visible with small samples. Each time we draw 600 persons (one test each), try 18 settings of a
# decision tree, and compare three numbers: the best cross-validated AUC (**not nested**), the **nested** one, and
# the AUC of the chosen tree on all the persons who were *not* drawn. The last is close to the truth, and a luxury
# that a real study does not have. In the profile "full" the same is also done with real liver patients.

# %%
settings = [
    {"max_depth": depth, "min_samples_leaf": leaf, "criterion": criterion}
    for depth in (1, 3, 8)
    for leaf in (1, 5, 20)
    for criterion in ("gini", "entropy")
]


def fold_aucs(table: np.ndarray, outcome: np.ndarray, setting: dict, folds: StratifiedKFold) -> list[float]:
    """Return the AUC of a decision tree in each fold."""
    scores = []
    for learn, judge in folds.split(table, outcome):
        tree = DecisionTreeClassifier(**setting, random_state=219).fit(table[learn], outcome[learn])
        scores.append(screening.score_auc(outcome[judge], tree.predict_proba(table[judge])[:, 1]))
    return scores


def choose(table: np.ndarray, outcome: np.ndarray, seed: int) -> tuple[dict, float]:
    """Return the setting with the best cross-validated AUC, and that AUC."""
    folds = StratifiedKFold(5, shuffle=True, random_state=seed)
    means = [np.mean(fold_aucs(table, outcome, setting, folds)) for setting in settings]
    return settings[int(np.argmax(means))], float(max(means))


def nested(table: np.ndarray, outcome: np.ndarray, seed: int) -> float:
    """Return the AUC of the whole procedure, choice included."""
    scores = []
    for learn, judge in StratifiedKFold(5, shuffle=True, random_state=seed).split(table, outcome):
        setting, _ = choose(table[learn], outcome[learn], seed)
        tree = DecisionTreeClassifier(**setting, random_state=219).fit(table[learn], outcome[learn])
        scores.append(screening.score_auc(outcome[judge], tree.predict_proba(table[judge])[:, 1]))
    return float(np.mean(scores))


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of each column over the repeats, with a 95 % t interval."""
    half = stats.t.ppf(0.975, len(frame) - 1) * frame.std() / np.sqrt(len(frame))
    return pd.DataFrame({"low": frame.mean() - half, "value": frame.mean(), "high": frame.mean() + half})


# %% alt="Three points with intervals for the AUC. Not nested is the highest; nested is lower and close to the AUC on the other persons." caption="Choice among 18 decision trees: mean AUC over repeated samples of 600 persons, with 95 % intervals of the mean."
repeats = {"quick": 10, "full": 100}[profile]
first_tests = np.flatnonzero(~pd.Series(person).duplicated())
dummies = pd.get_dummies(known).to_numpy(dtype=float)[first_tests]
outcome = positive[first_tests]
drawing = np.random.default_rng(219)
compared = []
for repeat in range(repeats):
    drawn = drawing.choice(len(outcome), size=600, replace=False)
    others = np.setdiff1d(np.arange(len(outcome)), drawn)
    setting, best = choose(dummies[drawn], outcome[drawn], repeat)
    tree = DecisionTreeClassifier(**setting, random_state=219).fit(dummies[drawn], outcome[drawn])
    elsewhere = screening.score_auc(outcome[others], tree.predict_proba(dummies[others])[:, 1])
    honest_estimate = nested(dummies[drawn], outcome[drawn], repeat)
    compared.append({"not nested": best, "nested": honest_estimate, "other persons": elsewhere})
compared = pd.DataFrame(compared)
axes = clinic.plot.intervals(summary(compared), xlabel="AUC")
flattery = summary(pd.DataFrame({"flattery": compared["not nested"] - compared["nested"]})).loc["flattery"]
print(
    f"Simple choice minus nested: {flattery['value']:.3f}, 95 % interval {flattery['low']:.3f} to {flattery['high']:.3f}"
)
print(f"Spread of the nested estimate from sample to sample (standard deviation): {compared['nested'].std():.3f}")

# %%
if profile == "full":
    liver = clinic.fetch_liver()  # raises DataError with what to do if the file can't be had
    print(liver)
    unique = ~liver.table.assign(ill=liver.target).duplicated().to_numpy()
    blood = liver.table[unique].assign(Gender=liver.table["Gender"] == "Male").astype(float)
    blood, ill = blood.fillna(blood.median()).to_numpy(), liver.target[unique].to_numpy()
    print(f"{(~unique).sum()} rows that repeat another one were left out")
    rounds = [{"not nested": choose(blood, ill, seed)[1], "nested": nested(blood, ill, seed)} for seed in range(30)]
    rounds = pd.DataFrame(rounds)
    print(summary(rounds.assign(flattery=rounds["not nested"] - rounds["nested"])).round(3).to_string())
else:
    print("Liver patients: only in the profile 'full', which downloads them.")

# %% [markdown]
# The simple choice is flattered although nobody cheated. The more settings are tried and the fewer patients there
# are, the larger the flattery. The nested estimate judges trees that learned from four fifths of the sample, so it
# may lie a little *below* what a tree from the whole sample would reach. And from one small sample to the next even
# the honest estimate jumps: nesting removes the flattery, not the uncertainty.
#
# ## 10. Find the mistake
#
# A colleague has read this far and removes the answer, the altered age and the day. She splits in time, as one
# should. Her boosted trees reach an AUC that no other model came near, on later days. She wants to install them
# tomorrow.


# %%
def hasty_sets(tests: pd.DataFrame, last_day: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Choose the columns and split the tests in time, with several mistakes."""
    columns = tests.drop(columns=["ct_result", "age", "pan_day"])
    first = tests["pan_day"] <= last_day
    return columns[first], columns[~first]


first, second = hasty_sets(tests, last_day)
both = pd.concat([first, second]).apply(lambda column: pd.factorize(column)[0] if column.dtype == object else column)
deep = HistGradientBoostingClassifier(max_iter=200, early_stopping=False, random_state=219)
deep.fit(both.loc[first.index], dataset.target[first.index])
chance = deep.predict_proba(both.loc[second.index])[:, 1]
print(f"Columns: {', '.join(first)}")
print(f"AUC on later days: {screening.score_auc(dataset.target[second.index], chance):.2f}")

# %% [markdown]
# Too good to be true, so look. One of her columns is a mere name: a number that was given to a person and can know
# nothing about a virus. In this table it does, perhaps because of the order in which the numbers were given out.

# %% alt="Share of positive tests over the number of the subject. It is close to zero nearly everywhere, with narrow high peaks at regular distances." caption="Share of positive tests among neighbouring subject numbers (groups of 50 numbers). Positive tests lie in narrow ranges of the numbers."
axes = plt.subplots(figsize=(7, 3))[1]
peaks = pd.Series(positive).groupby(person // 50).mean()
axes.plot(50 * peaks.index, peaks, color=clinic.plot.COLOURS[0], linewidth=1)
labels = axes.set(xlabel="subject_id", ylabel="share of positive tests")

# %% [markdown]
# That was one mistake; the others are in sections 2 and 3. A number like this is for telling persons apart and for
# nothing else.
#
# **Exercise 12 (5 points).** Write her function without the mistakes. Give back the predictors of the training tests
# and of the evaluation tests, with the columns unchanged (a gap stays a gap). Take care who may be in which set, and
# use only columns that are known when the swab is taken and that the treatment of the table has not spoiled. (Here
# the age is left out altogether.)


# %% exercise="leaks"
def careful_sets(tests: pd.DataFrame, last_day: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Choose the columns and split the tests in time and by person.

    Parameters
    ----------
    tests : pandas.DataFrame
        One row a test, with the columns subject_id, gender, pan_day, clinic_name, demo_group, age, drive_thru_ind,
        ct_result, orderset, payor_group, patient_class, col_rec_tat and rec_ver_tat, in any order and with any index.
    last_day : int
        The last day of training.

    Returns
    -------
    training : pandas.DataFrame
        All tests up to and including the last day of training; predictors only, rows in the order of `tests`, with
        their index.
    evaluation : pandas.DataFrame
        The tests of later days, of persons who have no test in training; the same columns.
    """
    ### BEGIN SOLUTION
    first = tests["pan_day"] <= last_day
    known_before = tests["subject_id"].isin(tests.loc[first, "subject_id"])
    names = ["subject_id", "ct_result", "col_rec_tat", "rec_ver_tat", "pan_day", "age"]
    columns = tests.drop(columns=names)
    return columns[first], columns[~first & ~known_before]
    ### END SOLUTION


# %% tests="leaks" points=5
import pandas as pd

from autograder import checks

marks = checks.Marks()
seven = ["gender", "clinic_name", "demo_group", "drive_thru_ind", "orderset", "payor_group", "patient_class"]
ward = pd.DataFrame(
    {
        "rec_ver_tat": [5.0, 4.0, 6.0, 3.0, 5.5, 7.0, 4.5],
        "subject_id": [31, 7, 31, 50, 7, 64, 50],
        "gender": ["female", "male", "female", "male", "male", "female", "male"],
        "pan_day": [3, 5, 6, 5, 9, 8, 4],
        "clinic_name": ["picu", "nicu", "picu", "gol", "nicu", "nicu", "gol"],
        "demo_group": ["patient"] * 6 + ["client"],
        "age": [4.0, 0.1, 4.0, 33.0, 0.1, 12.0, 33.0],
        "drive_thru_ind": [0, 0, 0, 1, 0, 1, 1],
        "ct_result": [45.0, 30.0, 45.0, 45.0, 22.0, 45.0, 45.0],
        "orderset": [1, 0, 1, 1, 0, 1, 0],
        "payor_group": ["commercial", "government", None, None, "government", None, "self pay"],
        "patient_class": ["inpatient", "inpatient", None, None, "emergency", None, "outpatient"],
        "col_rec_tat": [1.0, 2.0, 1.5, 0.5, 3.0, 2.5, 1.0],
    },
    index=["t3", "t1", "t7", "t2", "t9", "t8", "t4"],
)
with marks.part(1, "the hours until the result are not known in time, and later tests are in the second set"):
    training, evaluation = careful_sets(ward, 5)
    for table in (training, evaluation):
        gone = {"ct_result", "col_rec_tat", "rec_ver_tat"} & set(table.columns)
        checks.equal(gone, set(), hint="could the nurse read this value when the swab is taken?")
    checks.that("t8" in evaluation.index, "The test t8 is a later test of a new person, so it is for evaluation.")
### BEGIN HIDDEN TESTS
with marks.part(1, "no mere name and nothing that was altered"):
    for table in careful_sets(ward, 5):
        gone = {"subject_id", "pan_day", "age"} & set(table.columns)
        checks.equal(gone, set(), hint="which columns did the making of the table spoil, and which one is a name?")
with marks.part(1, "what is known in time stays, unchanged"):
    training, _ = careful_sets(ward, 6)
    checks.equal(set(seven) - set(training.columns), set(), hint="these were known when the swab was taken")
    checks.frame(training[seven].loc[["t2"]], ward[seven].loc[["t2"]], hint="a gap stays a gap")
    _, evaluation = careful_sets(ward, 4)
    checks.frame(evaluation[seven].loc[["t8"]], ward[seven].loc[["t8"]], hint="the same columns in both")
with marks.part(1, "training: all tests up to and including the last day"):
    checks.equal(list(careful_sets(ward, 5)[0].index), ["t3", "t1", "t2", "t4"], hint="day 5 is the last one included")
    checks.equal(list(careful_sets(ward, 4)[0].index), ["t3", "t4"], hint="later tests are not for training")
    checks.equal(list(careful_sets(ward, 8)[0].index), ["t3", "t1", "t7", "t2", "t8", "t4"], hint="use `last_day`")
with marks.part(1, "evaluation: later tests, and nobody who was in training"):
    checks.equal(list(careful_sets(ward, 5)[1].index), ["t8"], hint="persons 31 and 7 are in training")
    checks.equal(list(careful_sets(ward, 4)[1].index), ["t1", "t9", "t8"], hint="who has a test up to day 4?")
    checks.equal(list(careful_sets(ward, 3)[1].index), ["t1", "t2", "t9", "t8", "t4"], hint="all tests of new persons")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Which of her mistakes mattered most? The next cell takes them away one by one, on the same later days, with the
# same kind of model.

# %%
steps = {
    "as she had it": [],
    "without the hours": ["col_rec_tat", "rec_ver_tat"],
    "without the number, too": ["col_rec_tat", "rec_ver_tat", "subject_id"],
}
train_tests = tests["pan_day"].to_numpy() <= last_day
repaired = {}
for name, without in steps.items():
    table = both.loc[tests.index].drop(columns=without).to_numpy()
    score = clone(deep).fit(table[train_tests], positive[train_tests]).predict_proba(table)[:, 1]
    for who, rows in (("all later tests", np.flatnonzero(~train_tests)), ("new persons only", later)):
        auc = interval(rows, lambda rows, score=score: screening.score_auc(positive[rows], score[rows]))
        repaired[f"{name}: {who}"] = auc
print("AUC on later days:")
print(pd.DataFrame(repaired).T.round(3).to_string())

# %% [markdown]
# A split in time did not protect her, since the numbers betray later tests as well as earlier ones; nor would a split by person
# have done so. There is no procedure that finds every leak. Somebody must know how each column came about, distrust
# what is too good, and look.
#
# ## 11. What this table can't say
#
# - **Who was not tested.** A child with the virus whom nobody tested is not in the table. A model learned from the
#   tested knows nothing of the others, and if testing follows the model, the next table will contain even fewer of
#   them.
# - **Why somebody was tested.** Fever and contacts would be the strongest predictors, and they are missing. What
#   stands in for them (ward, payor, drive-through) says more about *how people came to the hospital* than about the
#   virus.
# - **What the payor stands for.** In the United States the payor is tied to income. A rule that isolates by payor
#   would isolate the poor more often. That it improves the AUC does not make it fair.
# - **Another time and place.** One children's hospital in 2020, before vaccines and later variants. No figure of this
#   notebook holds for a clinic today.
# - **What isolation would have prevented.** Net benefit counts isolated persons, not infections.
#
# ## 12. Summary
#
# - Ask of each column when it becomes known, and how it came into the table. The answer in another unit, times that
#   end with the result, and a mere number can all be leaks.
# - Split by person *and* in time, and distrust what shines only among the same days.
# - A gap may mean something. Anonymous data have been changed, and you need to know how.
# - Where the outcome is rare, accuracy and the Brier score look good for nothing; compare with the rule that knows
#   only the share.
# - Rebalancing the classes spoils the probabilities. Recalibrate on other persons, or leave the classes as they are.
# - A model is worth something at a threshold only if its net benefit beats both "all" and "none".
# - The best of many cross-validated results is flattered; nested cross-validation judges the choice, too.
#
# **Further reading.** On calibration: {cite}`vancalster2019calibration`. On decision curves:
# {cite}`vickers2006decision`. On the two curves: {cite}`saito2015precision`. On MCC: {cite}`chicco2020advantages`. On
# judging a prediction model's risk of bias: {cite}`moons2025probast`. On reporting one: {cite}`collins2024tripod`.
