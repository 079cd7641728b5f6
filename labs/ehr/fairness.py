# ---
# title: Who bears the errors?
# objectives: [missing-values, attribution, group-rates, fairness-trade-off, threshold, critical-appraisal]
# minutes: 120
# data: [nhefs, rhc]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": seconds on two CPU cores; "full": more resamples, and a hospital table from a download
device = "auto"  # every lab has this parameter; nothing in this one needs a GPU

# %% [markdown]
# ## 1. A risk and a decision
#
# A health authority has money for a prevention programme: a long talk, lung function, blood pressure, help with
# quitting. It can't invite everybody, so a model shall pick the smokers with the highest risk of dying within ten
# years. Two errors follow. Somebody is **missed**: not invited, and dies. Somebody gets a **false alarm**: is invited,
# and would have lived anyway. This notebook asks who bears these errors: are they spread evenly over men and women,
# over the races that the survey wrote down? If not, can it be mended, and who pays?
#
# The people are those of the first notebook: adults who smoked in 1971 to 1975 and were alive at the beginning of
# 1983. The outcome is death by the end of 1992. The forecast uses the columns of the first visit only.

# %%
import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import shap
from clinic import fairness, hospital, survival
from fairlearn.metrics import MetricFrame, false_positive_rate
from scipy import stats
from scipy.special import logit
from sklearn.base import clone
from sklearn.compose import make_column_selector, make_column_transformer
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold, cross_val_predict, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

clinic.plot.use_style()
dataset = clinic.load_nhefs()
print(dataset)
if profile == "full":
    print("Profile full: section 12 also reads a hospital table, RHC (download or mirror).")
else:
    print("Profile quick: the hospital table of section 12, RHC, is not used.")

# %% [markdown]
# *Sex* has two codes here, *race* two more: "white" and "black or other". The second code throws together people who
# have little in common but that they were not called white. Race is a social label. It can go with health because of
# how people so labelled are housed, paid and treated; it is not a measurement of the body. We use the labels to see
# whether the *model* treats people differently. For that one must have them.
#
# The people are split into two halves, with equal shares of deaths, sexes and races. On the **development half** we
# build the model and choose everything that is to be chosen. The **test half** stays closed until section 6. Half is a
# lot to put aside; rates by group need many people.

# %%
adults = dataset.table
died = dataset.target
sex = adults["sex"].map({0: "men", 1: "women"})
race = adults["race"].map({0: "white", 1: "black or other"})
strata = sex + race + died.astype(str)
develop, test = train_test_split(adults.index, test_size=0.5, random_state=219, stratify=strata)
for name, part in (("development", develop), ("test", test)):
    counts = pd.DataFrame({"adults": race[part].value_counts(), "deaths": died[part].groupby(race[part]).sum()})
    print(f"{name} half: {len(part)} adults, {died[part].sum()} deaths;", counts.to_dict("index"))

# %% [markdown]
# ## 2. Gaps
#
# No health record is complete, and *why* a value is missing matters more than how many are. First find the gaps, also
# those that don't look like gaps.

# %%
known = survival.codebook()["known"]
first_visit = list(known.index[known == survival.FIRST_VISIT])
print("Codes of high blood pressure (0 no, 1 yes, 2 not known):", adults["hbp"].value_counts().sort_index().to_dict())
print(
    "Codes of diabetes            (0 no, 1 yes, 2 not known):", adults["diabetes"].value_counts().sort_index().to_dict()
)
same = (adults["hbp"] == 2) == (adults["diabetes"] == 2)
print(f"The same people have code 2 in both columns: {same.all()}")
adults = survival.open_gaps(adults)

# %% [markdown]
# For a large part of the people two diseases are "not known", and it is the same people each time: it seems that they
# were never asked. As a number the code 2 is more than "yes", and a model would have taken it so. `survival.open_gaps`
# turns it into a gap. The next cell compares deaths among those with and without a gap, in columns of both visits.

# %%
rows = {}
for column in ("income", "cholesterol", "hbp", "sbp", "wt82"):
    for label, missing in (("missing", True), ("measured", False)):
        these = died[adults[column].isna() == missing]
        low, high = fairness.wilson(int(these.sum()), len(these))
        rows[f"{column}, {label} ({len(these)})"] = {"low": low, "value": these.mean(), "high": high}
gaps = pd.DataFrame(rows).T

# %% alt="Share of deaths with intervals for people with and without a gap in five columns. Without blood pressure or weight of the second visit the share is more than twice that of the measured; without income it is about the same." caption="Share that died by 1992, for people with and without a gap, with 95 % Wilson intervals. sbp (blood pressure) and wt82 (weight) belong to the second visit, the others to the first."
axes = clinic.plot.intervals(gaps, xlabel="share that died by the end of 1992")
print(gaps.round(3).to_string())

# %% [markdown]
# Those who were not weighed or measured at the second visit died far more often. Perhaps they were too ill to be
# examined. Those who were never asked about blood pressure died *less* often. And where few are missing, as with
# cholesterol, even a share of zero tells little: look at its interval. A gap can be the strongest sign in the record,
# and it can be a leak as well: some gaps may be there *because* the person was dying.
#
# Three mechanisms have names, which sound more alike than they are:
#
# - **Missing completely at random** (MCAR): the gap has nothing to do with the patient. A tube broke.
# - **Missing at random** (MAR): the gap depends on things that we *have* recorded, on age say, and within those it is
#   chance. Older people were measured less often.
# - **Missing not at random** (MNAR): the gap depends on the missing value itself, even when all that is recorded is
#   held fixed. The sickest could not stand on the scales.
#
# From the data alone one can often rule out the first, but never tell the second from the third: the values that would
# decide it are the ones that are missing.
#
# **Exercise 1 (4 points). Predict before you run.** In the simulation that follows, systolic pressure rises with age. A
# third of the values goes missing in three ways: **MCAR**, by a coin; **MAR**, older people are measured less often;
# **MNAR**, at each age the higher the pressure, the less often it is measured. Do *not* run the next cells yet. For
# each mechanism say whether the mean of the *measured* values is `"too low"`, `"right"` or `"too high"` (apart from
# chance), and whether filling each gap with the value that a regression on age foretells makes the mean right (`True`
# or `False`; `True` for a mean that was right all along, too). Then: if every gap is filled with the mean of the
# measured, is the standard deviation of the column afterwards `"smaller"`, `"the same"` or `"larger"`?

# %% exercise="missing"
# Set the dictionaries `measured_mean` and `regression_helps`, each with the keys "MCAR", "MAR" and "MNAR", and the
# text `deviation`.
### BEGIN SOLUTION
measured_mean = {"MCAR": "right", "MAR": "too low", "MNAR": "too low"}
regression_helps = {"MCAR": True, "MAR": True, "MNAR": False}
deviation = "smaller"
### END SOLUTION

# %% tests="missing" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "the coin, and the form of the answers"):
    checks.that(set(measured_mean.values()) <= {"too low", "right", "too high"}, "'too low', 'right' or 'too high'?")
    checks.that(set(regression_helps.values()) <= {True, False}, "True or False for each mechanism.")
    checks.equal(
        (measured_mean["MCAR"], regression_helps["MCAR"]), ("right", True), hint="a coin knows nothing of pressure"
    )
### BEGIN HIDDEN TESTS
with marks.part(1, "missing at random"):
    checks.equal(measured_mean["MAR"], "too low", hint="who is missing, and what is their pressure like?")
    checks.equal(regression_helps["MAR"], True, hint="what does the gap depend on, and do we have it?")
with marks.part(1, "missing not at random"):
    checks.equal(measured_mean["MNAR"], "too low", hint="the high values are the ones that are missing")
    checks.equal(regression_helps["MNAR"], False, hint="of two people of one age, which one is missing?")
with marks.part(1, "filled with the mean"):
    checks.equal(deviation, "smaller", hint="all filled values are the same")
### END HIDDEN TESTS
marks.total()

# %%
generator = np.random.default_rng(219)
people = 4000
years = generator.uniform(25, 75, people)
pressure = 95 + 0.7 * years + generator.normal(0, 15, people)


def chance(score: np.ndarray) -> np.ndarray:
    """Turn a score into a chance to be missing that is a third on average."""
    ranks = stats.rankdata(score) / len(score)
    return 2 / 3 * ranks


absent = {
    "MCAR": generator.random(people) < 1 / 3,
    "MAR": generator.random(people) < chance(years),
    "MNAR": generator.random(people) < chance(pressure - 0.7 * years),
}
print(f"Simulated: mean {pressure.mean():.1f} mmHg, standard deviation {pressure.std():.1f}")


def fill_by_age(sample: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """Return the pressures of a sample, gaps filled by a straight line over age."""
    slope, constant = np.polyfit(years[sample][~gone[sample]], pressure[sample][~gone[sample]], 1)
    return np.where(gone[sample], constant + slope * years[sample], pressure[sample])


picks = generator.integers(0, people, size=(200, people))
everyone = np.arange(people)
rows = {}
for name, gone in absent.items():
    ways = {
        "measured": lambda sample, gone=gone: pressure[sample][~gone[sample]],
        "filled by age": lambda sample, gone=gone: fill_by_age(sample, gone),
    }
    for way, values in ways.items():
        low, high = np.quantile([values(sample).mean() for sample in picks], [0.025, 0.975])
        rows[f"{name}: {way}"] = {"low": low, "value": values(everyone).mean(), "high": high}
    by_mean = np.where(gone, pressure[~gone].mean(), pressure)
    print(
        f"{name}: {gone.mean():.0%} missing, standard deviation after filling with the mean {by_mean.std():.1f}", end=""
    )
    print(f", by age {fill_by_age(everyone, gone).std():.1f}")

# %% alt="Mean simulated pressure with intervals: right under MCAR; too low under MAR among the measured, right after filling by age; too low under MNAR, and still too low after filling by age." caption="Simulated: mean of the measured values and of the column after the gaps were filled by a straight line over age, with 95 % bootstrap intervals. The dotted line is the mean of all values."
simulated = pd.DataFrame(rows).T
axes = clinic.plot.intervals(simulated, xlabel="mean systolic pressure, mmHg (simulated)")
line = axes.axvline(pressure.mean(), color="0.3", linestyle=":")
print(simulated.round(1).to_string())

# %% [markdown]
# Filling gaps by one value, however clever, makes the column look surer than it is: the spread shrinks. *Multiple
# imputation* fills in several times with random draws and carries the doubt along; for estimates such as hazard ratios
# that is the standard. For a forecast a simpler way is usual and honest:
#
# - fill with the median **of the training people**, inside the pipeline, so that nothing is learned from those who are
#   tested;
# - add a column that says *there was a gap* (an **indicator**), as long as the gap is known at the moment of the
#   forecast and will mean the same where the model is used.
#
# ## 3. The model
#
# A logistic regression adds up the columns with weights. It is used here with and without race as a column, and beside
# a gradient boosting, many small trees, each of which mends the errors of those before. All scores on the development
# half come from cross-validation.

# %%
folds = StratifiedKFold(5, shuffle=True, random_state=219)
without_race = [column for column in first_visit if column != "race"]
logistic = make_pipeline(
    SimpleImputer(strategy="median", add_indicator=True), StandardScaler(), LogisticRegression(C=0.1, max_iter=2000)
)
trees = {"quick": 60, "full": 120}[profile]
boosting = make_pipeline(
    SimpleImputer(strategy="median", add_indicator=True),
    GradientBoostingClassifier(n_estimators=trees, max_depth=2, learning_rate=0.08, random_state=219),
)
candidates = {
    "logistic regression": (logistic, without_race),
    "logistic regression, race as input": (logistic, first_visit),
    "gradient boosting": (boosting, without_race),
}
resamples = {"quick": 500, "full": 2000}[profile]
truth = died[develop].to_numpy()
drawn = np.random.default_rng(219).integers(0, len(truth), size=(resamples, len(truth)))
scores, rows = {}, {}
for name, (model, chosen) in candidates.items():
    scores[name] = cross_val_predict(model, adults.loc[develop, chosen], truth, cv=folds, method="predict_proba")[:, 1]
    low, high = np.quantile([roc_auc_score(truth[one], scores[name][one]) for one in drawn], [0.025, 0.975])
    rows[name] = {"low": low, "value": roc_auc_score(truth, scores[name]), "high": high}
quality = pd.DataFrame(rows).T
print("AUC on the development half, cross-validated, with 95 % bootstrap intervals:")
print(quality.round(3).to_string())

# %% [markdown]
# The three intervals overlap widely. We take the plain model without race: a logistic regression can be read, and
# whether race belongs in is a question that section 11 takes up by itself. Sex stays in.
#
# ## 4. What does the model look at?
#
# **Permutation importance** asks: how much AUC is lost if one column is shuffled among the people, so that it tells
# nothing any more? We compute it on people whom the model did not learn from.

# %%
fitting, checking = train_test_split(develop, test_size=0.4, random_state=219, stratify=died[develop])
fitted = clone(logistic).fit(adults.loc[fitting, without_race], died[fitting])
reference = adults.loc[checking, without_race]
full_auc = roc_auc_score(died[checking], fitted.predict_proba(reference)[:, 1])
repeats = {"quick": 30, "full": 200}[profile]
generator = np.random.default_rng(219)


def loss(columns: list[str]) -> dict[str, float]:
    """Return the loss of AUC when some columns are shuffled together, with the middle 95 % of the shuffles."""
    losses = []
    for _ in range(repeats):
        order = generator.permutation(len(reference))
        shuffled = reference.assign(**{column: reference[column].to_numpy()[order] for column in columns})
        losses.append(full_auc - roc_auc_score(died[checking], fitted.predict_proba(shuffled)[:, 1]))
    low, high = np.quantile(losses, [0.025, 0.975])
    return {"low": low, "value": float(np.mean(losses)), "high": high}


importance = pd.DataFrame({column: loss([column]) for column in without_race}).T.sort_values("value", ascending=False)
together = pd.DataFrame({"age and smokeyrs together": loss(["age", "smokeyrs"])}).T

# %% alt="Loss of AUC when a column is shuffled. Age loses most; most columns lose next to nothing. Shuffling age and years of smoking together loses more than age alone." caption="Permutation importance on development people whom the model did not learn from: mean and middle 95 % over the shuffles. The last line shuffles two columns together."
axes = clinic.plot.intervals(pd.concat([importance.head(8), together]), xlabel="loss of AUC")
correlation = adults.loc[develop, ["age", "smokeyrs"]].corr().iloc[0, 1]
print(f"Correlation of age and years of smoking: {correlation:.2f}")
print(pd.concat([importance.head(4), together]).round(3).to_string())

# %% [markdown]
# Age and years of smoking tell much the same. If only one of them is shuffled, the other still carries most of it, and
# each looks less important than the two are together. Importance is a property of a column *in this model, beside these
# other columns*; it does not say what would happen to a person who stopped smoking.
#
# **SHAP** goes down to the single person {cite}`lundberg2017unified`. It divides the forecast among the columns, by an
# idea from game theory (*Shapley values*): what does each column add, averaged over all orders in which the columns
# might have come in? The parts add up, **additivity**: the average forecast plus all parts is exactly this person's
# forecast. In a logistic regression the sum is that of the *log-odds*, the scale on which the model adds.
#
# For a model that only adds up, and with the columns treated as independent of each other, the order does not matter.
# The part of a column is
#
# $$\text{weight} \times (\text{this person's value} - \text{mean value of the people compared with})$$
#
# and the base value is the forecast for a person who is average in everything. So a value is always *relative to
# somebody*: with other people to compare with, the same forecast gets another explanation.
#
# **Exercise 2 (4 points).** Compute them.


# %% exercise="shapley"
def shapley_values(weights, intercept: float, person, others) -> tuple[float, list[float]]:
    """Divide the forecast of a linear model among its columns.

    The forecast is intercept + the sum of weight times value over the columns.

    Parameters
    ----------
    weights : list or array of float, length m
        The weight of each column.
    intercept : float
        The constant of the model.
    person : list or array of float, length m
        The values of the person to be explained.
    others : list or array of float, shape (n, m)
        The people whom the person is compared with, one a row.

    Returns
    -------
    base : float
        The mean forecast of the others.
    parts : list of float, length m
        What each column adds; base plus the parts is the person's forecast.
    """
    ### BEGIN SOLUTION
    weights, person, mean = np.asarray(weights, float), np.asarray(person, float), np.mean(others, axis=0)
    return float(intercept + weights @ mean), [float(part) for part in weights * (person - mean)]
    ### END SOLUTION


# %% tests="shapley" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "two columns, two others"):
    base, parts = shapley_values([2.0, -1.0], 0.5, [3.0, 4.0], [[1.0, 0.0], [3.0, 2.0]])
    checks.close(base, 0.5 + 2 * 2 - 1 * 1, hint="the forecast of somebody with the mean values 2 and 1")
    checks.array(parts, [2.0, -3.0], hint="how far is the person from the mean?")
### BEGIN HIDDEN TESTS
with marks.part(1, "additivity, with many columns"):
    generator = np.random.default_rng(4)
    w, one, many = generator.normal(size=6), generator.normal(size=6), generator.normal(1, 3, size=(50, 6))
    base, parts = shapley_values(w, -2.0, one, many)
    checks.close(base + sum(parts), -2.0 + float(w @ one), hint="base plus parts is the person's forecast")
    checks.close(base, float(np.mean(many @ w - 2.0)), hint="the mean forecast of the others")
with marks.part(1, "each part"):
    checks.array(parts, w * (one - many.mean(axis=0)), hint="the mean of each column, not of all values together")
with marks.part(1, "an average person, and other people to compare with"):
    checks.array(
        shapley_values([5.0, 1.0], 1.0, [2.0, 3.0], [[1.0, 3.0], [3.0, 3.0], [2.0, 3.0]])[1],
        [0.0, 0.0],
        hint="nothing to explain",
    )
    checks.array(
        shapley_values([5.0, 1.0], 1.0, [2.0, 3.0], [[0.0, 9.0], [0.0, 1.0], [0.0, 2.0]])[1],
        [10.0, -1.0],
        hint="the mean, not the median",
    )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the library `shap` on both models, with a check of the additivity. A sum that does not come out would be the first
# sign that an explanation belongs to another model or another scale.

# %%
steps = {
    "logistic regression": fitted,
    "gradient boosting": clone(boosting).fit(adults.loc[fitting, without_race], died[fitting]),
}
parts = {}
for name, pipeline in steps.items():
    before, core = pipeline[:-1], pipeline[-1]
    background, explained = before.transform(adults.loc[fitting, without_race]), before.transform(reference)
    linear = name.startswith("logistic")
    everyone_known = shap.maskers.Independent(background, max_samples=len(background))  # by default only 100 people
    explainer = shap.LinearExplainer(core, everyone_known) if linear else shap.TreeExplainer(core)
    values = explainer.shap_values(explained)
    base = float(np.ravel(explainer.expected_value)[0])
    gap = np.abs(base + values.sum(axis=1) - logit(core.predict_proba(explained)[:, 1])).max()
    labels = [column.replace("missingindicator_", "gap in ") for column in before[0].get_feature_names_out()]
    parts[name] = pd.DataFrame(values, index=reference.index, columns=labels)
    print(f"{name}: base value {base:.2f} (log-odds); largest error of base + parts against the forecast: {gap:.1e}")
    if linear:
        formula = core.coef_[0] * (explained - background.mean(axis=0))
        print(f"  largest difference from weight x (value - mean): {np.abs(values - formula).max():.1e}")

# %% alt="Bars of the SHAP values of two people. In the one with the highest risk age and years of smoking push it up most; in the one in the middle a few columns push up and others down, and they cancel in part." caption="SHAP values of two people of the development half, logistic regression: the eight columns that matter most to each. Bars to the right raise the log-odds of death, bars to the left lower them."
risk = pd.Series(fitted.predict_proba(reference)[:, 1], index=reference.index)
pair = {"the highest risk": risk.idxmax(), "a risk in the middle": (risk - risk.median()).abs().idxmin()}
figure, panels = plt.subplots(1, 2, figsize=(10, 3.6))
for axes, (label, who) in zip(panels, pair.items(), strict=True):
    row = parts["logistic regression"].loc[who]
    row = row[row.abs().sort_values().index[-8:]]
    colours = [clinic.plot.COLOURS[1] if value > 0 else clinic.plot.COLOURS[0] for value in row]
    axes.barh(row.index, row, color=colours)
    axes.axvline(0, color="0.3", linewidth=1)
    axes.set(title=f"{label}: {risk[who]:.0%}", xlabel="SHAP value (log-odds)")

# %%
ranks = pd.DataFrame({name: table.abs().mean().groupby(level=0).sum() for name, table in parts.items()})
print("Mean absolute SHAP value, the largest six:")
print(ranks.sort_values("logistic regression", ascending=False).head(6).round(2).to_string())
tumour = parts["logistic regression"].loc[reference["tumor"] == 1, "tumor"]
print(f"SHAP value of a known tumour for those who had one ({len(tumour)} people): {tumour.mean():+.2f}")

# %% [markdown]
# An exact sum is not yet a true explanation. SHAP explains *the model*, not the body: it shows what the model uses,
# also where the model is wrong. Take the last line. A known tumour at the first visit *lowers* the forecast. Nobody
# should conclude that cancer is harmless. Few people had one, and those who died of it before 1983 are not in the file.
# Explanations can make a bad forecast look reasonable, and have been called a false hope {cite}`ghassemi2021false`.
#
# ## 5. The decision, fixed before the test
#
# The programme invites everybody whose risk is at least **25 %**. We fix this now. A rule that is chosen after looking
# at the test half would be a rule made to please.

# %%
limit = 0.25
final = clone(logistic).fit(adults.loc[develop, without_race], died[develop])
oof = pd.Series(scores["logistic regression"], index=develop)
test_risk = pd.Series(final.predict_proba(adults.loc[test, without_race])[:, 1], index=test)
print(f"Development half: {(oof >= limit).mean():.0%} would be invited.")

# %% [markdown]
# ## 6. Error rates by group
#
# Three rates, three points of view, each a fraction:
#
# - **FNR**, false negative rate: of those who *died*, how many were *missed*? It is 1 minus the sensitivity.
# - **FPR**, false positive rate: of those who *lived*, how many were *invited*?
# - **PPV**: of those *invited*, how many died? It says what an invitation means.
#
# Each rate rests on a part of a part of the people: of the test half, of one group, those who died. The number at the
# bottom can be small, and the Wilson interval says what is left of the certainty.
#
# **Exercise 3 (4 points).** Compute them by group, with intervals.


# %% exercise="group-rates"
def rates_by_group(truth, invited, group) -> dict:
    """Compute FNR, FPR and PPV in each group, with 95 % Wilson intervals.

    Parameters
    ----------
    truth : list or array of int, length n
        1 died, 0 lived.
    invited : list or array of int, length n
        1 invited, 0 not.
    group : list or array of str, length n
        The group of each person.

    Returns
    -------
    dict
        By the name of the group a dictionary with the keys "FNR", "FPR" and "PPV"; each value is a tuple (low, value,
        high) of fractions. A rate of nobody is (nan, nan, nan).
    """
    # For the interval use stats.binomtest(k, n).proportion_ci(0.95, method="wilson"), which has .low and .high; k and n
    # must be whole numbers (int).
    ### BEGIN SOLUTION
    truth, invited, group = np.asarray(truth), np.asarray(invited), np.asarray(group)

    def share(counted, among) -> tuple[float, float, float]:
        k, n = int(np.sum(counted & among)), int(np.sum(among))
        if n == 0:
            return float("nan"), float("nan"), float("nan")
        interval = stats.binomtest(k, n).proportion_ci(0.95, method="wilson")
        return float(interval.low), k / n, float(interval.high)

    table = {}
    for name in np.unique(group):
        here = group == name
        table[str(name)] = {
            "FNR": share(invited == 0, here & (truth == 1)),
            "FPR": share(invited == 1, here & (truth == 0)),
            "PPV": share(truth == 1, here & (invited == 1)),
        }
    return table
    ### END SOLUTION


# %% tests="group-rates" points=4
import numpy as np
from clinic.fairness import wilson

from autograder import checks

marks = checks.Marks()
outcome = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0] * 2
asked = [1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0]
place = ["north"] * 10 + ["south"] * 10
with marks.part(1, "twenty people in two regions"):
    result = rates_by_group(outcome, asked, place)
    checks.close(result["north"]["FNR"][1], 0.25, hint="of the four who died in the north, one was missed")
    checks.close(result["south"]["FPR"][1], 0.5, hint="of the six who lived in the south, three were invited")
    checks.close(result["south"]["PPV"][1], 0.25, hint="of the four invited in the south, one died")
### BEGIN HIDDEN TESTS
with marks.part(1, "all rates, other groups, uneven sizes"):
    truth_many = np.repeat([1, 1, 0, 0, 1, 1, 0, 0, 1], [7, 3, 20, 10, 2, 8, 5, 45, 4])
    asked_many = np.repeat([1, 0, 1, 0, 1, 0, 1, 0, 1], [7, 3, 20, 10, 2, 8, 5, 45, 4])
    part = np.repeat(["b", "b", "b", "b", "a", "a", "a", "a", "c"], [7, 3, 20, 10, 2, 8, 5, 45, 4])
    result = rates_by_group(truth_many, asked_many, part)
    wanted = {"b": (3 / 10, 20 / 30, 7 / 27), "a": (8 / 10, 5 / 50, 2 / 7)}
    for name, numbers in wanted.items():
        checks.array(
            [result[name][rate][1] for rate in ("FNR", "FPR", "PPV")], numbers, hint="whom does each rate count?"
        )
with marks.part(1, "Wilson intervals"):
    for rate, name, k, n in (("FNR", "b", 3, 10), ("FPR", "a", 5, 50), ("PPV", "a", 2, 7), ("FNR", "c", 0, 4)):
        checks.array([result[name][rate][0], result[name][rate][2]], wilson(k, n), hint="of how many?")
with marks.part(1, "a rate of nobody"):
    checks.array(result["c"]["FPR"], [np.nan, np.nan, np.nan], hint="in group c nobody lived")
    nobody = rates_by_group([1, 0, 1], [0, 0, 1], ["x", "x", "y"])
    checks.array(nobody["x"]["PPV"], [np.nan, np.nan, np.nan], hint="in group x nobody was invited")
    checks.close(nobody["x"]["FNR"][1], 1.0, hint="the one who died was missed")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now we open the test half.

# %% alt="Five panels of rates with intervals for men and women. More men die and more are invited; more women who died were missed, more men who lived were invited." caption="Test half, invited from a risk of 25 %: rates of men and women with 95 % Wilson intervals."
outcome = died[test].to_numpy()
decision = (test_risk >= limit).to_numpy()
low, high = np.quantile(
    [
        roc_auc_score(outcome[one], test_risk.to_numpy()[one])
        for one in np.random.default_rng(219).integers(0, len(test), (resamples, len(test)))
    ],
    [0.025, 0.975],
)
print(f"AUC on the test half: {roc_auc_score(outcome, test_risk):.3f} [{low:.3f}, {high:.3f}]")
by_sex = fairness.rates(outcome, decision, sex[test])
figure = fairness.plot_rates({"": by_sex})
print(by_sex.round(3).to_string())

# %% alt="Five panels of rates with intervals for the two codes of race. The intervals of the smaller group are wide and overlap those of the larger one in every panel." caption="Test half, invited from a risk of 25 %: rates by the survey's two codes of race with 95 % Wilson intervals."
by_race = fairness.rates(outcome, decision, race[test])
figure = fairness.plot_rates({"": by_race})
print(by_race.round(3).to_string())
print(
    "fairlearn counts the same false positive rates:",
    MetricFrame(metrics=false_positive_rate, y_true=outcome, y_pred=decision, sensitive_features=race[test])
    .by_group.round(3)
    .to_dict(),
)

# %% [markdown]
# By race the intervals are so wide that they hide both equality and a difference that would be a scandal. "No
# significant difference" on so few deaths is **not** a finding of fairness. It is a finding that the question needs
# more people. A difference is best given an interval of its own:


# %%
def difference(rate: str, label: pd.Series, one: str, other: str, decided: np.ndarray) -> tuple[float, float, float]:
    """Return the difference of a rate between two groups with its bootstrap interval, people resampled."""
    member = label[test].to_numpy()

    def value(sample: np.ndarray) -> float:
        y, d, g = outcome[sample], decided[sample], member[sample]
        among = (y == 1) if rate == "FNR" else (y == 0)
        counted = ~d if rate == "FNR" else d
        return float(counted[among & (g == one)].mean() - counted[among & (g == other)].mean())

    samples = np.random.default_rng(219).integers(0, len(test), size=(resamples, len(test)))
    low, high = np.quantile([value(sample) for sample in samples], [0.025, 0.975])
    return low, value(np.arange(len(test))), high


for rate in ("FNR", "FPR"):
    for label, one, other in ((sex, "women", "men"), (race, "black or other", "white")):
        low, value, high = difference(rate, label, one, other, decision)
        verdict = "apart" if low > 0 or high < 0 else "can't be told apart"
        print(f"{rate}, {one} minus {other}: {value:+.2f} [{low:+.2f}, {high:+.2f}]: {verdict}")

# %% [markdown]
# In this half, women who died were missed more often than men who died, and men who lived were invited more often than
# women who lived. Nobody wanted this, and nobody told the model to treat women worse. Is the model unfair to women?
#
# ## 7. Calibration by group
#
# Perhaps the model is simply wrong about women, and gives them too low a risk? A forecast is **calibrated** within a
# group if, of those who are told 20 %, about 20 % die, in that group {cite}`vancalster2019calibration`.

# %% alt="Observed share of deaths over predicted risk for men and women in five classes each. Both lines rise along the diagonal within their intervals." caption="Test half: calibration of men and women, five classes of equal size each, with 95 % Wilson intervals."
figure = fairness.plot_calibration(
    {
        name: fairness.calibration(outcome[(sex[test] == name).to_numpy()], test_risk[sex[test] == name], 5)
        for name in ("men", "women")
    }
)

# %%
for label in (sex, race):
    for name in sorted(label.unique()):
        these = label[test] == name
        low, high = fairness.wilson(int(died[test][these].sum()), int(these.sum()))
        print(
            f"{name}: mean predicted risk {test_risk[these].mean():.3f}, observed {died[test][these].mean():.3f} [{low:.3f}, {high:.3f}]"
        )

# %% [markdown]
# For men and women the forecasts mean about what they say. The model is right on average in both groups, *and* the
# errors fall unequally. That is no contradiction; the next section shows that it could hardly be otherwise.
#
# ## 8. Not everything at once
#
# Write $p$ for the share of a group that dies. Count who is found, in two ways: of those who die, $p \, (1 - FNR)$ are
# found; and for each found there are $(1 - PPV)/PPV$ false alarms. The false alarms are $FPR \, (1 - p)$ of the group.
# So for every decision, every model and every group:
#
# $$FPR = \frac{p}{1 - p} \cdot \frac{1 - PPV}{PPV} \cdot (1 - FNR)$$
#
# Now let two groups differ in $p$. If they have the same PPV and the same FNR, the right side differs by the factor
# $p/(1-p)$, so their FPR *must* differ. The three can be equal only if the groups have the same $p$, or if there are no
# false alarms at all, or if nobody is found {cite}`chouldechova2017fair`. For risk scores in general: a score that is
# calibrated in each group can't also give the same mean score to those who die in both groups, and to those who live,
# unless $p$ is the same or the forecast is perfect {cite}`kleinberg2017inherent`. No algorithm mends this. It is
# arithmetic.

# %%
for table in (by_sex, by_race):
    for name in table.index.get_level_values("group").unique():
        p, fnr, fpr, ppv = (
            table.loc[(rate, name), "value"] for rate in ("prevalence", "missed (FNR)", "false alarms (FPR)", "PPV")
        )
        right_side = p / (1 - p) * (1 - ppv) / ppv * (1 - fnr)
        print(
            f"{name}: p {p:.3f}, PPV {ppv:.3f}, FNR {fnr:.3f} -> FPR by the identity {right_side:.4f}, counted {fpr:.4f}"
        )

# %% alt="A rising curve of the false positive rate over the prevalence, for a fixed PPV and FNR. Two dots mark the prevalences of women and men; that of men lies clearly higher." caption="What the identity demands: if women and men had the same PPV and FNR (here those of all people in the test half together), their false positive rates would have to lie at the dots."
everybody = fairness.rates(outcome, decision, np.full(len(test), "all"))
ppv, fnr = (everybody.loc[(rate, "all"), "value"] for rate in ("PPV", "missed (FNR)"))
grid = np.linspace(0.02, 0.4, 100)
curve = grid / (1 - grid) * (1 - ppv) / ppv * (1 - fnr)
figure, axes = plt.subplots(figsize=(6, 3.8))
axes.plot(grid, curve, color="0.3")
for number, name in enumerate(("men", "women")):
    p = by_sex.loc[("prevalence", name), "value"]
    demanded = p / (1 - p) * (1 - ppv) / ppv * (1 - fnr)
    axes.plot(
        p, demanded, "os"[number], color=clinic.plot.COLOURS[number], markersize=9, label=f"{name}: FPR {demanded:.2f}"
    )
axes.set(xlabel="share of the group that dies (p)", ylabel="FPR that the identity demands", ylim=(0, None))
legend = axes.legend()

# %% [markdown]
# **Exercise 4 (4 points).** Write the identity as a function. Then set `true_claims` to the letters of all true claims:
#
# - **A** A better model, with more data, could make PPV, FNR and FPR equal in two groups with unequal $p$, though it
#   still raises some false alarms and finds some people.
# - **B** If two groups have the same $p$, all three rates may be equal.
# - **C** A model may be calibrated in both groups and still miss more of those who die in one of them.
# - **D** If race and sex are left out of the model's input, the identity no longer applies.
# - **E** If two groups have the same PPV and the same FNR (both below 1), the group in which *more* people die has the
#   *higher* FPR.


# %% exercise="identity"
# Write the function `false_positive_rate_from(p, ppv, fnr)`, which takes three fractions (0 < p < 1, 0 < ppv <= 1) and
# returns one, and set `true_claims`, for example {"A", "D"}.
### BEGIN SOLUTION
def false_positive_rate_from(p: float, ppv: float, fnr: float) -> float:
    """Return the FPR that follows from the share p, the PPV and the FNR."""
    return p / (1 - p) * (1 - ppv) / ppv * (1 - fnr)


true_claims = {"B", "C", "E"}
### END SOLUTION

# %% tests="identity" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "a hundred people, of whom twenty die"):
    checks.close(
        false_positive_rate_from(0.2, 0.5, 0.25), 15 / 80, hint="15 are found, so 15 are false alarms, among 80"
    )
### BEGIN HIDDEN TESTS
with marks.part(1, "other groups"):
    checks.close(false_positive_rate_from(0.1, 0.25, 0.4), 18 / 90, hint="of 100: 6 found, 18 false alarms among 90")
    checks.close(false_positive_rate_from(0.4, 0.8, 0.5), 5 / 60, hint="of 100: 20 found, 5 false alarms among 60")
    checks.close(false_positive_rate_from(0.3, 1.0, 0.9), 0.0, hint="if every invitation is right, nobody is alarmed")
    checks.close(false_positive_rate_from(0.3, 0.6, 1.0), 0.0, hint="if nobody is found")
with marks.part(2, "the true claims"):
    checks.equal(
        sorted(true_claims), ["B", "C", "E"], hint="try each claim in the formula; does it ask how the model was made?"
    )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 9. Which criterion?
#
# If not all can be had, one must choose, and the choice depends on **what the decision does to people**:
#
# - **calibration** in each group: the number means the same for everybody. Needed where somebody reads the *number*;
# - **equal FNR** (equal sensitivity, *equal opportunity*): those in need have the same chance of being found. Needed
#   where being missed is the harm;
# - **equal FPR**: those not in need have the same chance to be left alone. Needed where a false alarm is the harm;
# - **equal share invited** (*demographic parity*): each group gets the same share of what is given. It ignores the
#   recorded outcome, which is its weakness, and its strength where that record itself is unjust. A well-known model
#   took the *cost* of care for the need of care; less had been spent on Black patients, so the model found them
#   healthier than they were {cite}`obermeyer2019dissecting`. If the outcome is recorded wrongly for one group, equal
#   error rates only copy the mistake.
#
# **Exercise 5 (4 points).** Which criterion speaks most directly to the harm that is described? Choose one for each
# situation; each is used once.
#
# - **1** A surgeon reads "risk of death 8 %" to a patient, who then decides for or against the operation.
# - **2** A flag leads to a phone call by a nurse, harmless and cheap. Who is not called may die of sepsis at home.
# - **3** A flag leads to involuntary admission to a psychiatric ward. Complaints come from people who were well and
#   were admitted.
# - **4** Rehabilitation places are given by a model of "used rehabilitation before". Clinics in one district had always
#   turned people away, so that their record says little about their need.

# %% exercise="criterion"
# Set the dictionary `criterion` with the keys 1, 2, 3 and 4 and the values "calibration", "equal FNR", "equal FPR" and
# "equal share".
### BEGIN SOLUTION
criterion = {1: "calibration", 2: "equal FNR", 3: "equal FPR", 4: "equal share"}
### END SOLUTION

# %% tests="criterion" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "each criterion once, and situation 1"):
    checks.equal(sorted(criterion.values()), ["calibration", "equal FNR", "equal FPR", "equal share"])
    checks.equal(criterion[1], "calibration", hint="the patient reads a number; what must it mean?")
### BEGIN HIDDEN TESTS
with marks.part(1, "being missed"):
    checks.equal(criterion[2], "equal FNR", hint="which error does the harm, and among whom is it counted?")
with marks.part(1, "being called wrongly"):
    checks.equal(criterion[3], "equal FPR", hint="among whom is this error counted?")
with marks.part(1, "a record that is itself unjust"):
    checks.equal(criterion[4], "equal share", hint="which criterion does not trust the recorded outcome?")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 10. Mending it, and the bill
#
# The programme is harmless, and being missed is the harm: let us demand an **equal FNR** for men and women. The
# programme may not invite more people than before, since its money does not grow. Three ways, all chosen on the
# development half:
#
# - **thresholds by sex**: each group gets its own limit, such that the same share of those who died is found;
# - **reweighting**: people count in the training by weights that make outcome and sex independent; the limit is then
#   set so that as many are invited as before;
# - **sex left out** of the model's input, the limit set likewise.
#
# **Exercise 6 (4 points).** Write the first way: the *highest* limit in each group that finds at least the required
# share.


# %% exercise="limits"
def limits_by_group(truth, score, group, required: float) -> dict[str, float]:
    """Choose a limit for each group for a required sensitivity.

    A person is invited if the score is *at least* the limit of the person's group.

    Parameters
    ----------
    truth : list or array of int, length n
        1 died, 0 lived; in each group somebody died.
    score : list or array of float, length n
        Predicted risk.
    group : list or array of str, length n
        The group of each person.
    required : float
        Share of those who died that must be invited, above 0 and at most 1.

    Returns
    -------
    dict of str to float
        By the name of the group the highest of the scores of its dead that reaches the required share.
    """
    ### BEGIN SOLUTION
    truth, score, group = np.asarray(truth), np.asarray(score, dtype=float), np.asarray(group)
    limits = {}
    for name in np.unique(group):
        dead = score[(truth == 1) & (group == name)]
        limits[str(name)] = float(max(value for value in dead if np.mean(dead >= value) >= required - 1e-12))
    return limits
    ### END SOLUTION


# %% tests="limits" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
dead_or_not = [1, 1, 1, 1, 0, 0, 1, 1, 0, 0]
predicted = [0.9, 0.6, 0.4, 0.2, 0.95, 0.7, 0.3, 0.1, 0.5, 0.05]
who = ["men"] * 6 + ["women"] * 4
with marks.part(1, "half of the dead must be found in each group"):
    result = limits_by_group(dead_or_not, predicted, who, 0.5)
    checks.close(result["men"], 0.6, hint="two of the four men who died have at least 0.6")
    checks.close(result["women"], 0.3, hint="one of the two women who died has at least 0.3")
### BEGIN HIDDEN TESTS
with marks.part(1, "other demands"):
    result = limits_by_group(dead_or_not, predicted, who, 0.75)
    checks.array([result["men"], result["women"]], [0.4, 0.1], hint="one of two is not 75 %")
    result = limits_by_group(dead_or_not, predicted, who, 1.0)
    checks.array([result["men"], result["women"]], [0.2, 0.1], hint="everybody who died must be found")
with marks.part(1, "three groups, equal scores, any order"):
    several = ([1, 0, 1, 1, 1, 0, 1, 1], [0.5, 0.7, 0.5, 0.2, 0.9, 0.95, 0.3, 0.1], list("cbccaabc"))
    result = limits_by_group(*several, 0.5)
    checks.array([result[one] for one in "abc"], [0.9, 0.3, 0.5], hint="only those who died are to be found")
with marks.part(1, "many people: reached, and not by more than needed"):
    generator = np.random.default_rng(8)
    y, s, g = (
        generator.integers(0, 2, 400),
        generator.random(400).round(3),
        np.where(generator.random(400) < 0.3, "few", "many"),
    )
    for share in (0.33, 0.6, 0.9):
        result = limits_by_group(y, s, g, share)
        for name in ("few", "many"):
            dead = s[(y == 1) & (g == name)]
            checks.that(
                np.mean(dead >= result[name]) >= share - 1e-9, "The required share is not reached.", hint="at least"
            )
            checks.that(
                np.mean(dead > result[name]) < share - 1e-9, "A higher limit would do as well.", hint="the highest"
            )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# The cell below builds all policies without your function. For "reweighting" and "sex left out" the scores on the
# development half are cross-validated like before.

# %%
places = int((oof >= limit).sum())
sex_develop, sex_test = sex[develop].to_numpy(), sex[test].to_numpy()
limits, reached = fairness.thresholds_for_invited(died[develop], oof, sex_develop, places)
print(f"Development half, {places} places: limit {limits['men']:.3f} for men, {limits['women']:.3f} for women ", end="")
print(f"finds {reached:.0%} of the dead of each")


def lowest_invited(score: np.ndarray) -> float:
    """Return the limit at which as many people of the development half are invited as before."""
    return float(np.sort(score)[-places])


weights = fairness.balancing_weights(died[develop], sex_develop)
weighted_oof = np.empty(len(develop))
table_develop = adults.loc[develop, without_race]
for train_rows, check_rows in folds.split(table_develop, died[develop]):
    part = clone(logistic).fit(
        table_develop.iloc[train_rows], truth[train_rows], logisticregression__sample_weight=weights[train_rows]
    )
    weighted_oof[check_rows] = part.predict_proba(table_develop.iloc[check_rows])[:, 1]
weighted = clone(logistic).fit(table_develop, truth, logisticregression__sample_weight=weights)
weighted_test = weighted.predict_proba(adults.loc[test, without_race])[:, 1]

blind = [column for column in without_race if column != "sex"]
blind_oof = cross_val_predict(logistic, adults.loc[develop, blind], truth, cv=folds, method="predict_proba")[:, 1]
blind_test = clone(logistic).fit(adults.loc[develop, blind], truth).predict_proba(adults.loc[test, blind])[:, 1]
policies = {
    "one limit": decision,
    "limits by sex": test_risk.to_numpy() >= np.array([limits[name] for name in sex_test]),
    "reweighted": weighted_test >= lowest_invited(weighted_oof),
    "sex left out": blind_test >= lowest_invited(blind_oof),
}
tables = {name: fairness.rates(outcome, invited, sex_test) for name, invited in policies.items()}

# %% alt="Rates of men and women under four policies. With one limit more women than men who died are missed; with limits by sex, reweighting or without sex the two rates of missing come closer. The PPV of women lies below that of men under every policy." caption="Test half: rates of men and women under four policies with about the same number of invitations, with 95 % Wilson intervals."
figure = fairness.plot_rates(tables, ("invited", "missed (FNR)", "false alarms (FPR)", "PPV"))

# %%
bill = []
for name, invited in policies.items():
    row = {"policy": name, "invited": int(invited.sum()), "deaths found": int((invited & (outcome == 1)).sum())}
    for who in ("men", "women"):
        here = sex_test == who
        row |= {
            f"missed, {who}": int((~invited & here & (outcome == 1)).sum()),
            f"false alarms, {who}": int((invited & here & (outcome == 0)).sum()),
        }
    low, value, high = difference("FNR", sex, "women", "men", invited)
    row["FNR women minus men"] = f"{value:+.2f} [{low:+.2f}, {high:+.2f}]"
    bill.append(row)
print(pd.DataFrame(bill).set_index("policy").T.to_string())
for name, risks in {
    "one limit, limits by sex": test_risk,
    "reweighted": weighted_test,
    "sex left out": blind_test,
}.items():
    means = {
        who: f"{risks[sex_test == who].mean():.3f}, observed {outcome[sex_test == who].mean():.3f}"
        for who in ("men", "women")
    }
    print(f"Mean predicted risk, {name}: {means}")
moved = policies["limits by sex"]
for who in ("men", "women"):
    here = sex_test == who
    out, new = (decision & ~moved & here), (~decision & moved & here)
    print(
        f"From one limit to limits by sex: {new.sum()} {who} are invited anew ({outcome[new].sum()} of them died), {out.sum()} no longer ({outcome[out].sum()} died)"
    )

# %% [markdown]
# Read the bill line by line. Places that go to women are taken from men. Under limits by sex some men with a *higher*
# risk stay out while women with a lower one come in, so the same number of invitations tends to meet fewer deaths:
# equality between groups is bought with inequality between persons of equal risk. A man who was left out and his doctor
# will ask by what right. The other two ways do much the same, only less visibly: they shift risks instead of limits,
# and the numbers may then no longer mean what they say. Compare predicted and observed under "reweighted": such a
# number must not be read to a patient.
#
# There is a second kind of bill. The cheapest way to equality is to do worse for the better-off group, which helps
# nobody (*levelling down*). And there is a third way, out of the formula altogether: more places, so that both sexes
# are missed less; or a better forecast for those who are missed. The differences between the policies are also
# uncertain: look at the intervals before you praise one.
#
# ## 11. Race as an input
#
# Should the model know a person's race? Look first at what it would do.

# %%
with_race = clone(logistic).fit(adults.loc[develop, first_visit], truth)
as_is = adults.loc[test, first_visit]
turned = as_is.assign(race=1 - as_is["race"])
p_as_is, p_turned = (with_race.predict_proba(one)[:, 1] for one in (as_is, turned))
shift = np.where(as_is["race"] == 1, p_as_is - p_turned, p_turned - p_as_is)
coefficient = with_race[-1].coef_[0][list(first_visit).index("race")]
print(
    f"The same person, code 'black or other' instead of 'white': risk changes by {shift.mean():+.3f} on average (from {shift.min():+.3f} to {shift.max():+.3f})"
)
print(f"Decisions that change if race is an input: {int(((p_as_is >= limit) != decision).sum())} of {len(test)}")
others = [column for column in first_visit if column != "race"]
guess = cross_val_predict(
    logistic, adults.loc[develop, others], adults.loc[develop, "race"], cv=folds, method="predict_proba"
)[:, 1]
answer_race = adults.loc[develop, "race"].to_numpy()
low, high = np.quantile([roc_auc_score(answer_race[one], guess[one]) for one in drawn], [0.025, 0.975])
print(f"How well the other columns give race away: AUC {roc_auc_score(answer_race, guess):.2f} [{low:.2f}, {high:.2f}]")

# %% [markdown]
# Two lessons. In *this* model race as an input moves a single risk by some percentage points and changes few decisions.
# And leaving it out does not make the model blind: the other columns together tell a good part of it, as images do for
# networks {cite}`gichoya2022ai`. "We don't use race" is not an answer to the question whether a model treats people
# alike; the rates by group are, and for them one needs to *record* race.
#
# Arguments that a committee would have to weigh:
#
# - **For.** If a group's risk is underestimated without the label, those people are missed. A forecast that is wrong
#   for a group is not made just by not looking.
# - **Against.** The label stands for how people are treated, and it moves: a coefficient learned from 1971 carries the
#   segregation of its day into today's clinic, and into people for whom the label means something else. It treats a
#   person by the average of a group. It ends the search for the cause (income, housing, access) that could be measured
#   and changed.
# - **The direction matters.** The same coefficient may bring somebody an offer or deny it. Ask what the number is used
#   for before you ask whether it is accurate.
#
# **The law.** In the European Union data on racial or ethnic origin and on health are special categories: their use is
# forbidden unless an exception applies {cite}`eu2016gdpr`. The AI Act demands that data of high-risk systems be
# examined for bias, and allows such special categories to be used for finding and correcting bias under strict
# conditions {cite}`eu2024aiact` (since amended {cite}`eu2026omnibus`). Equality law forbids treating people worse
# because of sex or origin, with narrow exceptions; whoever claims one must show a legitimate aim and a proportionate
# means. Limits by sex, as in section 10, *are* a different treatment by sex. Whether a court would accept them is a
# question for a lawyer, to be put before the system is built. The guidance of the World Health Organization adds what
# the law leaves open: inclusion, and an account of whom the system serves less well {cite}`who2021ethics`.
#
# And **ethics** is not what is left over when the law has spoken. Somebody decides which error counts, on whose behalf
# and with whose consent. Those who bear the errors should have a say, and the choice should be written down with its
# price.
#
# ## 12. A hospital table
#
# With so few deaths in the smaller group one can hardly speak of race. In the profile "full" this section repeats the
# analysis on RHC, some 5,700 very ill adults, with death within 30 days as the outcome.

# %%
if profile == "full":
    stay = hospital.fetch_rhc()
    dead = hospital.within(stay, 30)
    unknown = int(dead.isna().sum())
    dead = dead.dropna().astype(int)
    label = stay.table.loc[dead.index, "race"]
    print(stay)
    print(f"{unknown} patients were lost within 30 days and are left out; catheter, race and time are no inputs.")
    inputs = stay.table.loc[dead.index].drop(columns=["time", "race", "swang1"])
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    words = make_pipeline(
        SimpleImputer(strategy="constant", fill_value="missing"), OneHotEncoder(handle_unknown="ignore")
    )
    columns = make_column_transformer(
        (numbers, make_column_selector(dtype_include="number")), (words, make_column_selector(dtype_exclude="number"))
    )
    model = make_pipeline(columns, LogisticRegression(C=0.1, max_iter=5000))
    one_half, other_half = train_test_split(
        dead.index, test_size=0.5, random_state=219, stratify=label + dead.astype(str)
    )
    stay_risk = model.fit(inputs.loc[one_half], dead[one_half]).predict_proba(inputs.loc[other_half])[:, 1]
    at = 0.5
    print(f"AUC {roc_auc_score(dead[other_half], stay_risk):.3f}; alarm from a risk of {at:.0%}:")
    print(fairness.rates(dead[other_half], stay_risk >= at, label[other_half]).round(3).to_string())
    print(fairness.rates(dead[other_half], stay_risk >= at, stay.table.loc[other_half, "sex"]).round(3).to_string())
else:
    print("Profile quick: RHC is not used.")

# %% [markdown]
# ## 13. May this model send the invitations?

# %% [markdown] essay="invitations" points=8
# **Essay (8 points, about 400 words).** The authority asks you whether the model of this notebook may send the
# invitations, with one limit for all, with limits by sex, or not at all; and whether race should be one of its inputs.
# *Advise it.*
#
# Rubric, two points for each criterion:
#
# - **Evidence.** 0 points: no figure, or a wrong one. 1 point: right rates without their intervals or without the set.
#   2 points: the rates that fit the argument, by group, from the test half, with intervals, and a word on what can't be
#   told for race.
# - **Trade-off.** 0 points: asks for "fairness" without a criterion. 1 point: names a criterion, or says that not all
#   can be met. 2 points: chooses a criterion from the harm of the decision, and says with numbers who pays for it.
# - **Law and ethics, race as an input.** 0 points: not discussed, or only "race is not used, so it is fair". 1 point:
#   one argument. 2 points: weighs arguments for and against, separates *using* race from *recording* it to check, and
#   names a legal condition.
# - **Judgement.** 0 points: no position. 1 point: a position with one reason. 2 points: a position with conditions,
#   which faces the limits of the cohort (whom it leaves out, when it lived) and says who decides and what is to be
#   watched.
#
# ### BEGIN MARK SCHEME
# **Evidence.** FNR by sex on the test half with Wilson intervals, or the difference with its bootstrap interval; take
# the values from the student's own output. Race: the second group has some two dozen deaths in the test half, so the
# intervals admit both equality and a large difference; "no difference was found, so it is fair by race" earns at most 1
# point.
#
# **Trade-off.** The programme is harmless and being missed is the harm, so equal FNR fits; calibration can be defended
# as well (the number is read to people), and then one limit. For 2 points the price must be named: men of higher risk
# who lose their place, the lower PPV of women, the number of deaths found with the same places, from the student's own
# table. The identity or the special cases (equal p, perfect model) may be used.
#
# **Law and ethics.** Special category of personal data; an exception is needed; bias detection under conditions; a
# proportionate means to a legitimate aim. Good points: other columns give race away; the label is social and of 1971;
# direction of use; Obermeyer on a biased outcome.
#
# **Judgement.** "No", "not yet" and "yes, if" can all earn 2 points. Limits that count: only smokers of half a century
# ago who lived until 1983; an outcome that is death, not benefit from the programme; no cause of death; gaps by
# illness. Conditions: a new model on people of today, rates by group each year, more places, those concerned have a
# say.
#
# Sample answer: Not this model. It learned from smokers of the early 1970s who lived until 1983, and I would not send
# one letter on its word today. As a pattern for a new model I advise the following. On the test half, with one limit of
# 25 %, a larger share of the women who died was missed than of the men; the bootstrap interval of the difference is in
# my output, and the FPR runs the other way. The forecasts were calibrated for both sexes, so this is not bias in the
# numbers but the arithmetic of unequal death rates: with equal PPV and FNR the FPR would have to differ. An invitation
# does no harm and being missed may, so I choose equal FNR. The price is in the table: with the same places some men of
# higher risk lose theirs to women of lower risk, and fewer of the invited women die than of the invited men. I would
# therefore ask for more places first, and for limits by sex only if the authority, with its lawyers, holds them for a
# proportionate means. Race should not be an input: it changed few decisions here, it is a label of 1971, and it treats
# people as an average. It must be recorded, under the conditions that the law sets for special categories, since the
# other columns give part of it away and only rates by group can show harm. With so few deaths in the smaller group I
# can't say whether the model is fair by race; that needs more people, not a bolder sentence. Those who bear the errors
# should sit in the committee that reviews the rates each year.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Not this model, which knows only smokers of the early 1970s who lived until 1983. With one limit it missed a larger
# share of the women who died than of the men, while calibrated for both; with unequal death rates not all rates can be
# equal. Since being missed is the harm, I would demand equal FNR, say openly that men of higher risk pay for it, and
# ask for more places first. Race belongs in the record, to check the rates, and not in the input. For race the
# intervals are too wide to call the model fair.
# ### END SOLUTION

# %% [markdown]
# ## 14. Summary
#
# - Ask why a value is missing. A code such as 2 may be a gap, and a gap may be the strongest sign or a leak.
# - Fill gaps inside the pipeline, from the training people, and don't believe that a filled column knows more than it
#   does.
# - Permutation importance and SHAP explain the model beside its other columns. An exact sum is not a cause.
# - Error rates by group need intervals; "not significant" in a small group is no proof of fairness.
# - A model can be calibrated in every group and still spread its errors unequally. With unequal $p$, short of a perfect
#   forecast, it must.
# - Choose the criterion by the harm of the decision; then say who pays, in persons.
# - Leaving out a label does not blind a model, and recording it is not the same as using it.
#
# **Further reading.** The arithmetic: {cite}`chouldechova2017fair` and {cite}`kleinberg2017inherent`. A model that took
# cost for need: {cite}`obermeyer2019dissecting`. Error rates by skin type and sex in face analysis:
# {cite}`buolamwini2018gender`. Explanations and their limits: {cite}`lundberg2017unified`, {cite}`ghassemi2021false`,
# {cite}`rudin2019stop`. Consensus on trustworthy systems: {cite}`lekadir2025future`. The first notebook of this lab:
# {doc}`survival`.
