# ---
# title: What a model gives away
# objectives: [re-identification, membership-inference, attribute-inference, sensitivity-of-a-query, privacy-budget,
#   private-training, federated-averaging, gradient-leak, privacy-trade-off]
# minutes: 120
# data: [nhefs, breast-cancer]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": under a minute on two CPU cores; "full": more repeats and more shadow models
device = "auto"  # every lab has this parameter; nothing in this one needs a GPU

# %% [markdown]
# ## 1. Three things that leave the building
#
# What a patient tells a doctor is told in confidence. Research needs it all the same, and so three things leave the
# hospital: a **table** without names, a **number** (how many patients, which mean), and, more and more, a **model**
# that was trained on patients. Each can give away somebody who never agreed to be known; if the study is about HIV, the
# fact of having taken part is a diagnosis. This lab measures how much each gives away, what protection does about it,
# and who pays for the protection.
#
# Run the cells from top to bottom. The first output says which data the lab runs on.

# %%
import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from clinic import federated, privacy
from scipy import stats
from scipy.special import expit
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss, roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

clinic.plot.use_style()
torch.set_num_threads(1)  # the networks are small; more threads would only wait for each other
nhefs, breast = clinic.load_nhefs(), clinic.load_breast_cancer()
people, dead = nhefs.table, nhefs.target.to_numpy()
print(nhefs)
print(breast)
print(f"Dead by 1992, the outcome of the first table: {np.mean(dead):.1%}")
print("The table of eight patients in section 2 is invented.")
print("The three hospitals of section 10 are simulated: the real adults of the first table, divided among them.")

# %% [markdown]
# The first table is a survey that the government of the United States published without names. We use columns of the
# first visit only, 1971 to 1975.
#
# **A rule for this lab.** We do not try to find out who anybody in a real table is, alone or with other sources. We
# only *count* how many rows are unique. Attacks on models are tried with people of whom we know beforehand whether
# they were in the training set, because we put them there.

# %% [markdown]
# ## 2. "We removed the names"
#
# A hospital deletes names and birth numbers from a table. What is left? Age, sex, home, job: none of them is a name,
# and many people know them of a neighbour. Columns that others can know, and that together single a person out, are
# **quasi-identifiers**. The column that nobody should learn, such as the diagnosis, is **sensitive**.
#
# Rows that agree in all quasi-identifiers form an **equivalence class**. A person who is known to be in the table can
# be any of its class. The size of the *smallest* class is **k**, and the table is then called k-anonymous. With k = 1
# at least one row is **unique**: whoever knows that person can read the whole row.
#
# Two tools raise k. **Generalisation** makes values coarser (an age in bands of ten years, no place of birth).
# **Suppression** leaves rows out. Yet k protects the *row*, not the *secret*. If all five people of a class have the
# same diagnosis, nobody needs to know which row is whose; this is the **homogeneity attack**. The number of different
# sensitive values in the class where it is smallest is **l**; the demand that it be large is called *l-diversity*.
#
# **An invented table of eight patients:**
#
# | row | age | sex | home | diagnosis |
# | --- | --- | --- | --- | --- |
# | 1 | 30-39 | woman | Voss | asthma |
# | 2 | 30-39 | woman | Voss | depression |
# | 3 | 30-39 | woman | Voss | asthma |
# | 4 | 40-49 | man | Bergen | HIV |
# | 5 | 40-49 | man | Bergen | HIV |
# | 6 | 40-49 | woman | Bergen | migraine |
# | 7 | 40-49 | woman | Bergen | asthma |
# | 8 | 70-79 | man | Voss | heart failure |
#
# **Exercise 1 (5 points).** With pencil and paper. The quasi-identifiers are age, sex and home. Fill the dictionary
# `hand`:
#
# - `"k"`: k of the table as it stands; `"unique share"`: the share of its *rows* that are unique, from 0 to 1.
# - Now row 8 is suppressed. `"k after suppression"`: k of the seven rows left. `"given away"`: the set of the numbers
#   of those rows whose diagnosis a neighbour can nevertheless be sure of, for example `{1, 2}`.
# - Then the column sex is dropped, too. `"k after generalisation"`: k of the seven rows. `"chance of HIV"`: a
#   neighbour knows only that a man of 43 from Bergen is in the table; how likely does she now think it that he has
#   HIV, from 0 to 1?
#
# Then set `after_names` to the letters of all true statements about a table from which the names were removed:
#
# - **A** The table is anonymous, so data protection law does not apply to it.
# - **B** If codes replaced the names and the hospital keeps the key, these are still personal data for the hospital.
# - **C** If k is 5, nobody can learn the diagnosis of anyone in the table.
# - **D** Whether a person can be found depends also on what others know, now and later.

# %% exercise="table"
# Set two variables: the dictionary `hand` with the six keys above, and the set `after_names`.
### BEGIN SOLUTION
hand = {"k": 1, "unique share": 1 / 8, "k after suppression": 2, "given away": {4, 5}}
hand |= {"k after generalisation": 3, "chance of HIV": 2 / 4}
after_names = {"B", "D"}
### END SOLUTION

# %% tests="table" points=5
from autograder import checks

marks = checks.Marks()
with marks.part(1, "six answers in the right form, and k of the whole table"):
    keys = ["k", "unique share", "k after suppression", "given away", "k after generalisation", "chance of HIV"]
    checks.equal(sorted(hand), sorted(keys), hint="these six keys")
    checks.that(0 <= hand["unique share"] <= 1 and 0 <= hand["chance of HIV"] <= 1, "Shares should be from 0 to 1.")
    checks.equal(hand["k"], 1, hint="which class is the smallest?")
### BEGIN HIDDEN TESTS
with marks.part(1, "unique rows, and k after suppression"):
    checks.close(hand["unique share"], 0.125, hint="one of eight rows, not one of four classes")
    checks.equal(hand["k after suppression"], 2, hint="classes of three, two and two rows are left")
with marks.part(1, "whose diagnosis is given away in spite of k = 2"):
    checks.equal(sorted(hand["given away"]), [4, 5], hint="in which class do all have the same diagnosis?")
with marks.part(1, "without the column sex"):
    checks.equal(hand["k after generalisation"], 3, hint="a class of three and a class of four")
    checks.close(hand["chance of HIV"], 0.5, hint="he may be any of rows 4 to 7")
with marks.part(1, "the true statements"):
    checks.equal(sorted(after_names), ["B", "D"], hint="think of rows 4 and 5, and of the key to the codes")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 3. How many are unique?
#
# Now the same by computer, for a table of any size.
#
# **Exercise 2 (4 points).** Count. The method `groupby` of a table makes the classes, and `.size()` gives their sizes.
# Take care with gaps: a missing place of birth counts as a value of its own, which takes the argument `dropna=False`.


# %% exercise="anonymity"
def anonymity(table: pd.DataFrame, columns: list[str]) -> tuple[int, float]:
    """Compute k and the share of rows that are unique in some columns.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a person; it may have other columns as well, and gaps. At least one row.
    columns : list of str
        The quasi-identifiers, at least one.

    Returns
    -------
    k : int
        Size of the smallest equivalence class.
    unique : float
        Number of rows that are alone in their class, divided by the number of all rows; from 0 to 1.
    """
    ### BEGIN SOLUTION
    sizes = table.groupby(columns, dropna=False).size()
    return int(sizes.min()), float((sizes == 1).sum() / len(table))
    ### END SOLUTION


# %% tests="anonymity" points=4
import numpy as np
import pandas as pd

from autograder import checks

marks = checks.Marks()
with marks.part(1, "five people, one of them unique"):
    small = pd.DataFrame(
        {"age": [30, 30, 40, 40, 40], "sex": ["f", "f", "m", "m", "f"], "weight": [61, 72, 80, 90, 55]}
    )
    k, unique = anonymity(small, ["age", "sex"])
    checks.equal(k, 1, hint="the woman of 40 is alone")
    checks.close(unique, 0.2, hint="one row of five")
### BEGIN HIDDEN TESTS
with marks.part(1, "only the columns that are asked for, alone and together"):
    checks.array(anonymity(small, ["sex"]), [2, 0.0], hint="two men and three women")
    checks.array(anonymity(small, ["age", "sex", "weight"]), [1, 1.0], hint="with the weight everybody is unique")
    square = pd.DataFrame({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1]})
    checks.array(anonymity(square, ["a", "b"]), [1, 1.0], hint="each column alone singles nobody out")
with marks.part(1, "k above 1, and a larger table"):
    big = pd.DataFrame({"x": np.repeat(np.arange(20), np.arange(3, 23))}, index=np.arange(250)[::-1])
    checks.array(anonymity(big, ["x"]), [3, 0.0], hint="the smallest class, not the mean or the largest")
    alone = pd.DataFrame({"x": [*range(30), *[99] * 70]})
    checks.array(anonymity(alone, ["x"]), [1, 0.3], hint="thirty of a hundred rows")
with marks.part(1, "gaps"):
    gaps = pd.DataFrame({"age": [50, 50, 50, 60, 60], "home": ["Voss", None, None, None, "Oslo"], "pulse": range(5)})
    checks.array(anonymity(gaps, ["age", "home"]), [1, 0.6], hint="is the person of 60 without a home counted?")
    none = pd.DataFrame({"age": [50, 50, 60], "income": [np.nan, np.nan, 3.0]})
    checks.array(anonymity(none, ["income"]), [1, 1 / 3], hint="two rows share the gap")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# We add quasi-identifiers to the real table one by one. **Before you look:** how many of the columns below does it
# take until more than half of the 1,629 people are unique?

# %% alt="Bars of the share of unique rows. With age and sex hardly anybody is unique; with each further column the bar grows, until with all seven columns nearly everybody is." caption="Share of the 1,629 real rows that are unique as columns are added from top to bottom. The whole table is counted, so there is no sampling error; nobody was identified."
steps = ["age", "sex", "race", "education", "marital", "income", "birthplace"]
unique = pd.Series(
    {" + ".join(["…"] * (n > 2) + steps[max(0, n - 1) if n > 2 else 0 : n]):
     (privacy.class_sizes(people, steps[:n]) == 1).mean() for n in range(2, len(steps) + 1)}
)  # fmt: skip
figure, axes = plt.subplots(figsize=(6.5, 3.2))
bars = axes.barh(unique.index, unique, color=clinic.plot.COLOURS[0])
labels = axes.bar_label(bars, [f"{share:.1%}" for share in unique], padding=4)
settings = axes.set(xlabel="share of rows that are unique", xlim=(0, 1.12), ylim=(len(unique) - 0.5, -0.5))

# %% [markdown]
# Each column alone is harmless; together they are a fingerprint. With fifteen demographic attributes, an often-cited
# model estimates, 99.98 % of Americans would be singled out in any data set {cite}`rocher2019estimating`.
#
# **What can go wrong?** *Unique in the table* is not *unique in the country*. A row may be alone because the person's
# doubles were not asked; the smaller the sample, the more rows look unique. The attacker who knows that a neighbour
# **is** in the table needs no more; the one who doesn't know it may pick the wrong person.

# %%
repeats = {"quick": 50, "full": 500}[profile]
rng = np.random.default_rng(219)
print("Share of rows that are unique by age, sex, race code and schooling (mean and middle 95 % of the samples):")
for n in (100, 400, 800):
    shares = [(privacy.class_sizes(people.sample(n, random_state=rng), steps[:4]) == 1).mean() for _ in range(repeats)]
    low, high = np.quantile(shares, [0.025, 0.975])
    print(f"  {n} people drawn at random from the table: {np.mean(shares):.1%} [{low:.1%}, {high:.1%}]")
print(f"  the whole table: {(privacy.class_sizes(people, steps[:4]) == 1).mean():.1%}")

# %% [markdown]
# Now we protect the table. Age goes into bands of ten years and place of birth and income are left out; what remains
# is age band, sex, race code, schooling and marital status. Then all rows in classes of fewer than five are suppressed,
# so that k is at least 5. Look at *who* disappears.

# %%
coarse = people.assign(age=people["age"] // 10 * 10)
quasi = ["age", "sex", "race", "education", "marital"]
size = privacy.class_sizes(coarse, quasi)
print(
    f"bands of ten years: k = {size.min()}, {(size == 1).mean():.1%} of the rows unique, {(size < 5).sum()} suppressed"
)
for code, name in ((0, "coded white"), (1, "coded black or other")):
    lost = (size < 5)[people["race"] == code]
    interval = stats.binomtest(int(lost.sum()), len(lost)).proportion_ci(0.95, method="wilson")
    print(
        f"  {name}: {lost.sum()} of {len(lost)} suppressed, {lost.mean():.1%} [{interval.low:.1%}, {interval.high:.1%}]"
    )
safe = coarse[size >= 5].assign(death=nhefs.target)
agree = privacy.variety(safe, quasi, "death") == 1
print(f"Of the {len(safe)} rows left (k = {privacy.class_sizes(safe, quasi).min()}), {agree.sum()} are in classes that agree "
      f"on being dead or alive in 1992: l = {privacy.variety(safe, quasi, 'death').min()}")  # fmt: skip

# %% [markdown]
# Two lessons. Those who are few are alone more often, so suppression removes minorities first, and a study on the
# protected table knows less about them. And k of five did not keep the secret: for everybody in a class that agrees,
# the outcome can be read from the quasi-identifiers alone.
#
# ## 4. Was she in the training set? Membership inference
#
# Now only a model leaves the hospital. An attacker holds the data of one person and asks: *was she among the patients
# that the model learned from?* That is **membership inference** {cite}`shokri2017membership`. The trail is overfitting:
# a model that has memorised its patients is surer about them than about strangers.
#
# For each person we compute the **loss**: minus the logarithm of the probability that the model gave to what really
# happened. A low loss means "sure, and right". The attack takes people with a low loss for members. How good is it?
#
# - **AUC of the attack:** of all pairs of a member and a stranger, the share in which the *member* has the lower loss
#   (a tie counts one half). 0.5 is guessing.
# - **Advantage:** call everybody with a loss of at most some bound a member. The share of members rightly found, minus
#   the share of strangers wrongly taken for members; the best bound counts. 0 is guessing.
#
# **Exercise 3 (4 points).** The pairs and the bounds are listed for you. Compute `auc` and `advantage`. Mind the
# direction: it is the *low* loss that betrays.


# %% exercise="attack"
def attack_strength(member_losses, stranger_losses) -> tuple[float, float]:
    """Measure a membership attack by the loss.

    Parameters
    ----------
    member_losses, stranger_losses : list or array of float
        Losses of people who were in the training set, and of people who were not. Neither is empty; they may differ
        in length.

    Returns
    -------
    auc, advantage : float
        As defined above; the advantage is never below 0, as the bound may be lower than all losses.
    """
    members, strangers = np.array(member_losses, dtype=float), np.array(stranger_losses, dtype=float)
    pairs = [(member, stranger) for member in members for stranger in strangers]
    bounds = [-np.inf, *members, *strangers]  # np.mean(members <= bound) is the share of members up to a bound
    ### BEGIN SOLUTION
    auc = np.mean([(member < stranger) + 0.5 * (member == stranger) for member, stranger in pairs])
    advantage = max(np.mean(members <= bound) - np.mean(strangers <= bound) for bound in bounds)
    ### END SOLUTION
    return float(auc), float(advantage)


# %% tests="attack" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "two members and two strangers"):
    auc, advantage = attack_strength([0.1, 0.2], [0.3, 0.15])
    checks.close(auc, 0.75, hint="in three of the four pairs the member has the lower loss")
    checks.close(advantage, 0.5, hint="up to 0.1: half of the members, no stranger")
### BEGIN HIDDEN TESTS
with marks.part(1, "AUC with groups of unequal size, and with ties"):
    checks.close(attack_strength([1, 2, 5], [3, 4, 6, 0.5, 7])[0], 10 / 15, hint="three times five pairs")
    checks.close(attack_strength([2, 2, 1], [2, 3])[0], 5 / 6, hint="a tie counts one half")
with marks.part(1, "advantage on another scale, and with ties"):
    checks.close(
        attack_strength([1, 2, 5], [3, 4, 6, 0.5, 7])[1], 2 / 3 - 1 / 5, hint="up to 2: two of three, one of five"
    )
    checks.close(attack_strength([2, 2, 1], [2, 3])[1], 1 / 2, hint="at most the bound: both groups count the tie")
with marks.part(1, "a model that leaks nothing, or is surer of strangers"):
    checks.array(attack_strength([0.4, 0.4], [0.4, 0.4, 0.4]), [0.5, 0.0], hint="all alike")
    checks.array(attack_strength([3, 4], [1, 2]), [0.0, 0.0], hint="a high loss is not what the attack looks for")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the real table. The model predicts who was dead by 1992 from eleven columns of the first visit. They are put on
# one scale by *fixed, round numbers* that a clinician might choose for adults; a mean of these patients would itself be
# a piece of information about them. Gaps are set to the centre.
#
# 400 people are **members**, 400 are **strangers** with the same share of deaths, and the other 829 are left to the
# attacker. The model is *boosting*: small decision trees, each built on what the others got wrong. With every tree it
# fits its members better, so the number of trees is a dial for overfitting.

# %%
centre_and_width = {
    "age": (50, 12), "sex": (0.5, 0.5), "race": (0.5, 0.5), "education": (3, 1), "ht": (170, 10), "wt71": (70, 15),
    "cholesterol": (220, 40), "smokeintensity": (20, 10), "smokeyrs": (25, 12), "exercise": (1, 1), "active": (1, 1),
}  # fmt: skip
scaled = pd.DataFrame({name: (people[name] - c) / w for name, (c, w) in centre_and_width.items()}).fillna(0).clip(-3, 3)
features = scaled.to_numpy()
print(f"{features.shape[1]} columns of the first visit: {', '.join(scaled)}")


def groups(seed: int, size: int = 400) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Divide the people at random into members, as many strangers, and the rest, with the same share of deaths."""
    members, others = train_test_split(np.arange(len(dead)), train_size=size, stratify=dead, random_state=seed)
    strangers, rest = train_test_split(others, train_size=size, stratify=dead[others], random_state=seed)
    return members, strangers, rest


def boosted(rows: np.ndarray, trees: int = 300) -> GradientBoostingClassifier:
    """Train the boosted trees on some of the people."""
    return GradientBoostingClassifier(n_estimators=trees, max_depth=4, random_state=219).fit(features[rows], dead[rows])


# %% alt="Two lines over the number of trees. The AUC of the prediction on new people rises at first and then no more; the AUC of the attack starts close to one half and keeps rising." caption="Boosted trees on 400 real members. More trees do not help the patient, but they help the attacker. Mean and whole range over random divisions of the people."
counts = [1, 3, 10, 30, 100, 300]
divisions = {"quick": 10, "full": 40}[profile]
growth = {"prediction of death, new people": [], "membership attack": []}
for seed in range(divisions):
    members, strangers, _ = groups(seed)
    model = boosted(members)
    inside = list(model.staged_predict_proba(features[members]))
    outside = list(model.staged_predict_proba(features[strangers]))
    pairs = [(inside[n - 1][:, 1], outside[n - 1][:, 1]) for n in counts]
    growth["prediction of death, new people"].append([roc_auc_score(dead[strangers], new) for _, new in pairs])
    attacks = [
        privacy.attack(privacy.losses(dead[members], own), privacy.losses(dead[strangers], new)) for own, new in pairs
    ]
    growth["membership attack"].append([one.auc for one in attacks])
figure, axes = plt.subplots(figsize=(6, 3.8))
for (name, values), dash, colour in zip(growth.items(), ("-", "--"), clinic.plot.COLOURS, strict=False):
    line = axes.plot(counts, np.mean(values, axis=0), dash, marker="o", color=colour, label=name)
    band = axes.fill_between(counts, np.min(values, axis=0), np.max(values, axis=0), color=colour, alpha=0.2)
chance = axes.axhline(0.5, color="0.45", linestyle=":", label="chance")
settings = axes.set(xscale="log", xlabel="number of trees (logarithmic scale)", ylabel="AUC", ylim=(0.4, 1))
ticks = axes.set_xticks(counts, [str(n) for n in counts])
legend = axes.legend(loc="upper left")

# %% [markdown]
# What harms most is being *surely* recognised. So one also reports the **share of members found at a low false positive
# rate**: the bound is set so strictly that at most 1 % of the strangers are taken for members. We compare the
# overfitted model with one that was stopped early and with a logistic regression whose weights are held back
# (*regularised*), on one division of the people.

# %% alt="Three panels with intervals for three models. The overfitted model stands out in AUC and advantage of the attack, the logistic regression lies at guessing; the share of members found at 1 percent false alarms is small for all three." caption="Membership attack on three models with the same 400 members and 400 strangers: estimates and 95 % bootstrap intervals, resampled by person."
resamples = {"quick": 500, "full": 5000}[profile]
members, strangers, pool = groups(219)
models = {
    "300 trees (overfitted)": boosted(members),
    "10 trees (stopped early)": boosted(members, 10),
    "logistic regression": LogisticRegression(C=0.1).fit(features[members], dead[members]),
}
kinds = ["AUC", "advantage", "share found at 1 % false alarms"]
strength = {kind: {} for kind in kinds}
for name, model in models.items():
    own, new = (privacy.losses(dead[who], model.predict_proba(features[who])[:, 1]) for who in (members, strangers))
    found = privacy.attack(own, new)
    lows, highs = privacy.attack_intervals(own, new, resamples, np.random.default_rng(219))
    for kind, value, low, high in zip(kinds, (found.auc, found.advantage, found.found), lows, highs, strict=True):
        strength[kind][name] = {"low": min(low, value), "value": value, "high": max(high, value)}
figure, panels = plt.subplots(1, 3, figsize=(10, 2.4), sharey=True)
for axes, (kind, rows) in zip(panels, strength.items(), strict=True):
    estimates = pd.DataFrame(rows).T
    axes = clinic.plot.intervals(estimates, xlabel=kind, axes=axes)
    print(kind, estimates.round(3).to_string(), sep="\n")

# %% [markdown]
# The advantage takes the best of many bounds, so pure chance gives it a value above 0, and its interval is shifted
# upwards; read it beside the AUC. And see how few members even the overfitted model gives away at 1 % false alarms:
# this simple attack learns a little about many and is sure of few.
#
# Is everybody betrayed alike? We attack those who died and those who lived apart.

# %%
model = models["300 trees (overfitted)"]
for outcome, name in ((1, "died by 1992"), (0, "alive")):
    who = [group[dead[group] == outcome] for group in (members, strangers)]
    own, new = (privacy.losses(dead[rows], model.predict_proba(features[rows])[:, 1]) for rows in who)
    low, high = privacy.attack_intervals(own, new, resamples, np.random.default_rng(219))
    print(f"{name}: {len(own)} members, {len(new)} strangers, AUC of the attack "
          f"{privacy.attack(own, new).auc:.3f} [{low[0]:.3f}, {high[0]:.3f}]")  # fmt: skip

# %% [markdown]
# The few are betrayed most: patients whose course is rare are hard to predict from the others, so a model that fits
# them must remember them one by one.
#
# **What can go wrong?** To choose the bound on the people on whom the attack is tested flatters the attack: the old
# mistake of testing on the training set. A real attacker, who does not know our members, trains **shadow models** on
# people of their own, some put in and some left out, sees which bound works there, and uses it on the target
# {cite}`shokri2017membership`.

# %%
shadows = {"quick": 2, "full": 32}[profile]
bounds = []
for seed in range(shadows):
    order = np.random.default_rng(seed).permutation(pool)
    into, left_out = order[:400], order[400:800]
    shadow = boosted(into)
    own, new = (privacy.losses(dead[who], shadow.predict_proba(features[who])[:, 1]) for who in (into, left_out))
    tried = np.unique(np.concatenate([own, new]))
    gain = [(own <= bound).mean() - (new <= bound).mean() for bound in tried]
    bounds.append(tried[np.argmax(gain)])
bound = float(np.mean(bounds))
print(f"Bound on the loss from {shadows} shadow models: {bound:.4f}. On the target model it calls members:")
for name, who in (("members", members), ("strangers", strangers)):
    called = int((privacy.losses(dead[who], model.predict_proba(features[who])[:, 1]) <= bound).sum())
    interval = stats.binomtest(called, len(who)).proportion_ci(0.95, method="wilson")
    print(f"  {called} of {len(who)} {name}: {called / len(who):.1%} [{interval.low:.1%}, {interval.high:.1%}]")

# %% [markdown]
# The attacker never saw the training set and still does better than a coin.
#
# ## 5. Working back from the model: inversion
#
# **Model inversion** asks the model backwards: which input would you call a typical malignant lump? One starts from the
# average patient and changes the measurements, step by step, so that the probability of "malignant" rises
# {cite}`fredrikson2015model`. With a face recogniser the "typical input of a class" is one person's face; with a tumour
# classifier it is a profile of the class. We invert small neural networks that were trained on 400 of the breast cancer
# cases, without and with knowledge of which measurements go together, learned from other lumps *without* their
# diagnoses.

# %% alt="Two scatter plots of thirty measurements, recovered value against true mean. Left, without knowledge, a loose cloud that rises; right, with knowledge of which measurements go together, the points lie close to a rising line." caption="Inversion of one network: what the attacker recovers against the true mean of the malignant training cases, in standard units. Left knowing only the model, right knowing also which measurements go together."
networks = {"quick": 5, "full": 50}[profile]
order = np.random.default_rng(219).permutation(len(breast.table))
trained_on, others = order[:400], order[400:]
scaler = StandardScaler().fit(breast.table.iloc[trained_on])
cells = torch.as_tensor(scaler.transform(breast.table), dtype=torch.float32)
malignant = torch.as_tensor(breast.target.to_numpy(), dtype=torch.float32)
truth = cells[trained_on][malignant[trained_on] == 1].mean(0).numpy()
together = torch.linalg.cholesky(torch.cov(cells[others].T) + 0.1 * torch.eye(30))
recovered = {"knowing only the model": [], "knowing what goes together": []}
for seed in range(networks):
    torch.manual_seed(seed)
    network = torch.nn.Sequential(torch.nn.Linear(30, 16), torch.nn.Tanh(), torch.nn.Linear(16, 1))
    optimiser = torch.optim.Adam(network.parameters(), lr=0.01, weight_decay=1e-3)
    for _ in range(100):
        answer = network(cells[trained_on])[:, 0]
        loss = torch.nn.functional.binary_cross_entropy_with_logits(answer, malignant[trained_on])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    for found, spread in zip(recovered.values(), (None, together), strict=True):
        found.append(privacy.invert(network, 30, penalty=0.03, steps=150, spread=spread))
figure, panels = plt.subplots(1, 2, figsize=(8, 3.6), sharex=True, sharey=True)
for axes, (name, found) in zip(panels, recovered.items(), strict=True):
    points = axes.scatter(truth, found[0], color=clinic.plot.COLOURS[0], s=25)
    settings = axes.set(title=name, xlabel="true mean of the malignant cases")
    correlations = [np.corrcoef(truth, one)[0, 1] for one in found]
    print(f"{name}: correlation {np.mean(correlations):.2f} (from {min(correlations):.2f} to {max(correlations):.2f} "
          f"over {networks} networks)")  # fmt: skip
settings = panels[0].set(ylabel="recovered value")

# %% [markdown]
# What came back is the *class*, not a patient. Inversion becomes a breach when a class is one person, or when a part of
# a known person's record is missing. The second case is **attribute inference**. The attacker knows most of a person's
# record and the outcome, lacks one column, and asks the model twice, once with each possible value. The value that
# makes the known outcome more likely is the better guess.
#
# Think of a life insurer who wants to know whether a client smoked a pack a day or more. `prior` is the share of such
# smokers. The model gives the probability of death with the column set to yes, and with it set to no; whether the
# client died is known.
#
# **Exercise 4 (2 points).** The first two lines give the model's probability of *what happened*, with and without the
# property. Join them with `prior` by Bayes' theorem: of all people to whom this happened, which share has the property?


# %% exercise="attribute"
def belief(prior: float, risk_if_yes: float, risk_if_no: float, died: bool) -> float:
    """Compute the probability that a person has the hidden property, given model and outcome.

    Parameters
    ----------
    prior : float
        Share of people who have the property, above 0 and below 1.
    risk_if_yes, risk_if_no : float
        The model's probability of death with the property set to yes and to no, above 0 and below 1.
    died : bool
        True if the person died, False if the person lived.

    Returns
    -------
    float
        From 0 to 1.
    """
    seen_if_yes = risk_if_yes if died else 1 - risk_if_yes
    seen_if_no = risk_if_no if died else 1 - risk_if_no
    ### BEGIN SOLUTION
    return prior * seen_if_yes / (prior * seen_if_yes + (1 - prior) * seen_if_no)
    ### END SOLUTION


# %% tests="attribute" points=2
from autograder import checks

marks = checks.Marks()
with marks.part(1, "half of the people smoke so much, and this one died"):
    checks.close(belief(0.5, 0.3, 0.1, True), 0.75, hint="0.3 against 0.1")
### BEGIN HIDDEN TESTS
with marks.part(1, "another share of smokers, and people who lived"):
    checks.close(belief(0.2, 0.3, 0.1, True), 0.06 / 0.14, hint="of 100 people 20 smoke; 6 of them and 8 others died")
    checks.close(belief(0.9, 0.4, 0.4, True), 0.9, hint="if the model gives the same risk, nothing is learned")
    checks.close(belief(0.5, 0.3, 0.1, False), 0.7 / 1.6, hint="how likely is it to live, with and without?")
    checks.close(
        belief(0.8, 0.9, 0.2, False), 0.08 / 0.24, hint="of 100 people 80 smoke; 8 of them and 16 others lived"
    )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Does it work? A correlation between smoking and death that holds for *everybody* is not a leak: it is medicine. A leak
# is what the model tells about **its own patients beyond** what it tells about strangers. So we attack both and
# compare, with a random forest whose trees are grown until every leaf holds one patient, and with one whose leaves must
# hold twenty.

# %% alt="Four estimates with intervals. Members of the overfitted forest: the hidden column is inferred far better than chance. Strangers, and both groups with the regularised forest: much closer to one half." caption="Attribute inference of 'a pack a day or more' by Bayes' theorem: AUC of the attacker's belief. Mean and whole range over random divisions of the real table."
trees = {"quick": 100, "full": 500}[profile]
pack = (people["smokeintensity"] >= 20).to_numpy().astype(int)
column = scaled.columns.get_loc("smokeintensity")
known = features.copy()
known[:, column] = pack
results = {}
for leaf, kind in ((1, "leaves of one"), (20, "leaves of twenty")):
    for seed in range(divisions):
        members, strangers, _ = groups(seed)
        forest = RandomForestClassifier(trees, min_samples_leaf=leaf, random_state=219).fit(
            known[members], dead[members]
        )
        for name, who in (("members", members), ("strangers", strangers)):
            risks = []
            for value in (1, 0):
                asked = known[who].copy()
                asked[:, column] = value
                risks.append(forest.predict_proba(asked)[:, 1])
            guess = privacy.posterior(pack[pool].mean(), risks[0], risks[1], dead[who])
            results.setdefault(f"{kind}, {name}", []).append(roc_auc_score(pack[who], guess))
inferred = pd.DataFrame({k: {"low": min(v), "value": np.mean(v), "high": max(v)} for k, v in results.items()}).T
axes = clinic.plot.intervals(inferred, xlabel="AUC of the guess at the hidden column")
chance = axes.axvline(0.5, color="0.45", linestyle=":")
print(inferred.round(3).to_string())

# %% [markdown]
# The gap between members and strangers is the leak. What protects here is what good modelling asks for anyway: no
# overfitting. But "we regularised" is a hope and no promise. The next sections are about a promise.
#
# ## 6. Differential privacy: a promise with a number
#
# Two tables are **neighbours** if they differ in one patient: one person's row was exchanged for another person's. (So
# the number of patients, n, is the same and may be known.) A procedure that answers with some noise is
# **ε-differentially private** if for any two neighbours and any answer,
#
# $$\Pr[\text{answer from table 1}] \le e^{\varepsilon} \cdot \Pr[\text{answer from table 2}].$$
#
# Whatever is published would have been published with nearly the same probability without you. The promise holds for
# every patient, whatever the attacker knows and however clever the attack
# {cite}`dwork2006calibrating,dwork2014algorithmic`. A small **ε** (epsilon) is a strong promise. In terms of belief: an
# attacker who thinks it a toss-up which of two neighbours is the real one can, after the answer, be at most
# $e^{\varepsilon} / (1 + e^{\varepsilon})$ sure.
#
# It does not promise that a study teaches nothing about you: if smoking is found to kill, that concerns all smokers, in
# the study or not.
#
# The **Laplace mechanism** keeps the promise for a number. First ask how far *one* patient could move the true answer,
# in the worst case: the **sensitivity**. Then add noise from the Laplace distribution, a peak with two exponential
# flanks, of scale $b = \text{sensitivity} / \varepsilon$. Its mean distance from 0 is $b$.

# %% alt="Two curves with a sharp peak each, at 40 and at 41, that overlap almost everywhere." caption="The Laplace mechanism: distribution of the published count if 40 patients have a disease, and if it is 41, at ε = 1. Whatever is published, both could have been the source."
grid = np.linspace(34, 47, 651)
lines = {f"true count {count}": stats.laplace.pdf(grid, count, 1.0) for count in (40, 41)}
axes = clinic.plot.curves(grid, lines, xlabel="published count", ylabel="probability density")
ratio = lines["true count 40"] / lines["true count 41"]
print(f"The ratio of the two curves lies between {ratio.min():.3f} and {ratio.max():.3f}; e = {np.e:.3f}")

# %% [markdown]
# **Exercise 5 (4 points).** With pencil and paper. A table holds the systolic blood pressure of 200 patients, clipped
# to the bounds 80 to 220 mmHg (lower values are set to 80, higher ones to 220). Neighbours as above: one patient is
# exchanged. Fill the dictionary `worst` with the sensitivity of each query:
#
# - `"count"`: how many patients have a pressure above 140;
# - `"mean"`: the mean pressure;
# - `"maximum"`: the highest pressure;
# - `"histogram"`: the numbers of patients in four ranges of pressure, published together. Here the sensitivity is the
#   *sum* of the changes of the four numbers.
#
# Then set `noise_scale` to the scale b of the Laplace noise for the *count* at ε = 0.5.

# %% exercise="sensitivity"
# Set two variables: the dictionary `worst` with the four keys above, and the number `noise_scale`.
### BEGIN SOLUTION
worst = {"count": 1, "mean": (220 - 80) / 200, "maximum": 220 - 80, "histogram": 2}
noise_scale = 1 / 0.5
### END SOLUTION

# %% tests="sensitivity" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "the right keys, and the count"):
    checks.equal(sorted(worst), ["count", "histogram", "maximum", "mean"], hint="these four keys")
    checks.close(worst["count"], 1, hint="one patient is exchanged: how far can the number go up or down?")
### BEGIN HIDDEN TESTS
with marks.part(1, "mean and maximum"):
    checks.close(worst["mean"], 0.7, hint="one of 200 patients jumps from one bound to the other")
    checks.close(worst["maximum"], 140, hint="one patient at 220, all others at 80")
with marks.part(1, "histogram"):
    checks.close(worst["histogram"], 2, hint="the patient leaves one range and enters another")
with marks.part(1, "noise"):
    checks.close(noise_scale, 2, hint="sensitivity divided by ε")
### END HIDDEN TESTS
marks.total()

# %%
for value in (0.1, 1, 10):
    print(f"ε = {value:>4}: a count is off by {1 / value:5.2f} on average; "
          f"belief of 1/2 rises to at most {expit(value):.4f}, belief of 1 in 100 to at most "
          f"{expit(value + np.log(0.01 / 0.99)):.3f}")  # fmt: skip

# %% [markdown]
# There is no right ε. Below 1 the promise is strong; at 10 it says little, though attacks may still fail.
#
# ## 7. A private mean, and what it costs
#
# A mean needs bounds, or one patient could move it without limit. The bounds are chosen **before** looking, from
# medical knowledge. **What can go wrong?** Bounds taken from the data (the smallest and the largest value seen) break
# the promise: then the size of the noise gives one patient away.
#
# **Exercise 6 (4 points).** Write the mechanism. The function `np.clip(values, low, high)` sets what lies beyond a
# bound to that bound. So that your answer can be checked, the randomness is handed to the function: `draw` is one
# number from the Laplace distribution of scale 1, and noise of scale b is b times `draw`.


# %% exercise="mean"
def private_mean(values, low: float, high: float, epsilon: float, draw: float) -> float:
    """Publish a mean by the Laplace mechanism.

    Parameters
    ----------
    values : list or array of float, length n
        One number a patient, at least one. n may be known to everybody.
    low, high : float
        Bounds to which each value is clipped, chosen without looking at the values; low < high.
    epsilon : float
        Privacy budget, more than 0.
    draw : float
        One draw from the Laplace distribution of scale 1; it may be negative.

    Returns
    -------
    float
        The mean of the clipped values, plus noise. It may lie outside the bounds.
    """
    ### BEGIN SOLUTION
    clipped = np.clip(np.asarray(values, dtype=float), low, high)
    sensitivity = (high - low) / len(clipped)
    return float(clipped.mean() + sensitivity / epsilon * draw)
    ### END SOLUTION


# %% tests="mean" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "four patients, all within the bounds"):
    checks.close(private_mean([1, 2, 3, 4], 0, 10, 1.0, 0.0), 2.5, hint="without noise it is the mean")
    checks.close(private_mean([1, 2, 3, 4], 0, 10, 1.0, 1.0), 5.0, hint="one of four patients can move it by 10 / 4")
### BEGIN HIDDEN TESTS
with marks.part(1, "values beyond the bounds"):
    checks.close(private_mean([1, 2, 3, 400], 0, 10, 1.0, 0.0), 4.0, hint="400 counts as 10")
    checks.close(private_mean([-50, 5, 5, 5], 2, 8, 1.0, 0.0), 4.25, hint="-50 counts as 2")
    checks.close(private_mean([1, 1], 0, 10, 1.0, -3.0), -14.0, hint="clip the values, not the answer")
with marks.part(1, "ε and the number of patients set the scale"):
    checks.close(
        private_mean([5.0] * 50, 0, 10, 0.5, -20.0), 5 - 20 * 10 / 50 / 0.5, hint="half the ε, twice the noise"
    )
    checks.close(private_mean([5.0] * 200, 0, 10, 4.0, 2.0), 5 + 2 * 10 / 200 / 4, hint="more patients, less noise")
with marks.part(1, "the bounds are those given, not those seen"):
    checks.close(private_mean([4.0, 6.0], 0, 100, 1.0, 1.0), 55.0, hint="nobody may be at 100, but somebody could be")
    checks.close(
        private_mean([70.0] * 10, 40, 120, 1.0, 1.0), 78.0, hint="all values equal: still noise, and not from 0"
    )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# The price can be drawn. We publish the mean body weight of 1971 to 1975, with bounds from 40 to 120 kg, for all 1,629
# people and for the smallest of four groups (men whose race was coded "black or other"). The dotted lines show what the
# mean is off anyway because other people might have been asked, the *standard error*. Where the noise lies below it,
# privacy is nearly free.

# %% alt="Two falling bands over epsilon on logarithmic axes. For everybody the error of the noise falls below the dotted standard error already at a small epsilon, for the small group only at a much larger one." caption="Error that the noise adds to a mean weight, against ε. Lines: mean over repeats; bands: middle 80 % of the repeats; dotted: standard error of the mean. Real weights, noise drawn anew."
repeats = {"quick": 2000, "full": 20_000}[profile]
rng = np.random.default_rng(219)
weights = people["wt71"].to_numpy()
few = ((people["sex"] == 0) & (people["race"] == 1)).to_numpy()
budgets = np.geomspace(0.01, 10, 13)
figure, axes = plt.subplots(figsize=(6.5, 4))
for (name, who), dash, colour in zip(
    {"all": np.ones(len(weights), bool), "smallest group": few}.items(), ("-", "--"), clinic.plot.COLOURS, strict=False
):
    number = int(who.sum())
    mean = np.clip(weights[who], 40, 120).mean()
    errors = np.abs([privacy.laplace(np.full(repeats, mean), 80 / number, one, rng) - mean for one in budgets])
    low, high = np.quantile(errors, [0.1, 0.9], axis=1)
    line = axes.plot(budgets, errors.mean(axis=1), dash, color=colour, label=f"{name} (n = {number:,})")
    band = axes.fill_between(budgets, low, high, color=colour, alpha=0.2)
    level = axes.axhline(weights[who].std(ddof=1) / np.sqrt(number), color=colour, linestyle=":", linewidth=1.2)
    print(f"{name}: true mean {weights[who].mean():.2f} kg, after clipping {mean:.2f} kg")
settings = axes.set(xscale="log", yscale="log", xlabel="ε (logarithmic scale)", ylabel="error of the noise in kg")
legend = axes.legend()

# %% [markdown]
# The noise shrinks with 1/n, the standard error only with $1/\sqrt{n}$: privacy is cheap for many and dear for few.
# (Clipping has a price as well, a *bias*.) Now each of four groups publishes its own risk of death by 1992, with the
# same ε = 0.1 and hence the same promise. The group sizes are taken as known.

# %% alt="For each of four groups the sampling interval and the interval of the noise. In the two large groups the noise is of the same size as the sampling error or smaller; in the two small groups it is far wider and reaches below zero." caption="Risk of death by 1992 in four groups of the real table: 95 % Wilson interval (sampling), and the interval in which 95 % of the private answers at ε = 0.1 fall (noise)."
rows = {}
for sex, race in ((0, 0), (1, 0), (1, 1), (0, 1)):
    who = ((people["sex"] == sex) & (people["race"] == race)).to_numpy()
    number, deaths = int(who.sum()), int(dead[who].sum())
    wilson = stats.binomtest(deaths, number).proportion_ci(0.95, method="wilson")
    reach = stats.laplace.ppf(0.975, scale=1 / (number * 0.1))
    name = f"{('men', 'women')[sex]}, {('white', 'black or other')[race]} ({number})"
    rows[f"{name}: sampling"] = {"low": wilson.low, "value": deaths / number, "high": wilson.high}
    rows[f"{name}: noise"] = {"low": deaths / number - reach, "value": deaths / number, "high": deaths / number + reach}
axes = clinic.plot.intervals(pd.DataFrame(rows).T, xlabel="risk of death by 1992")

# %% [markdown]
# Equal protection, unequal loss: those who are few learn least from the published figures. One can spend more of the
# budget on small groups; then they pay in privacy.
#
# **The budget is spent by every answer.** Ask the same count again, with fresh noise, and average: the noise cancels.
# So the ε of all answers about the same people add up, **composition** {cite}`dwork2014algorithmic`. Nothing is spent
# by looking again at an answer already given, or by calculating with it.

# %%
count = int(dead.sum())
answers = privacy.laplace(np.full(1000, count), 1.0, 0.1, np.random.default_rng(219))
for n in (1, 100, 1000):
    spread = np.sqrt(2) * 10 / np.sqrt(n)
    print(
        f"Answers at ε = 0.1 each: {n:>4}; total ε = {0.1 * n:5.1f}, average {answers[:n].mean():.1f} "
        f"(standard deviation {spread:.1f}), truth {count}"
    )

# %% [markdown]
# **Exercise 7 (3 points).** A registry keeps the account. Researchers ask one after another, each naming the ε that
# the query needs. A query is answered if the budget still suffices, and refused otherwise; a refusal spends nothing,
# so a smaller query later may still be answered. The loop over the queries is written: set `fits` to True or False, and
# bring `spent` up to date. Compare with `limit`, the budget plus a billionth, as computers add 0.1 inexactly.


# %% exercise="budget"
def answered(requests: list[float], budget: float) -> list[bool]:
    """Decide which queries a privacy budget still allows.

    Parameters
    ----------
    requests : list of float
        The ε of each query in the order of asking, each more than 0; may be empty.
    budget : float
        The total ε that may be spent. A query that uses up the budget to the last bit is answered.

    Returns
    -------
    list of bool
        True for an answered query, False for a refused one.
    """
    spent, limit, decisions = 0.0, budget + 1e-9, []
    for epsilon in requests:
        ### BEGIN SOLUTION
        fits = spent + epsilon <= limit
        if fits:
            spent += epsilon
        ### END SOLUTION
        decisions.append(fits)
    return decisions


# %% tests="budget" points=3
from autograder import checks

marks = checks.Marks()
with marks.part(1, "three queries and a budget of 1"):
    checks.equal(list(answered([0.5, 0.25, 0.5], 1.0)), [True, True, False], hint="after two, 0.75 is spent")
### BEGIN HIDDEN TESTS
with marks.part(1, "a refusal spends nothing"):
    checks.equal(list(answered([0.5, 0.75, 0.25, 0.5, 0.25], 1.0)), [True, False, True, False, True])
    checks.equal(list(answered([3.0, 1.5, 1.0], 2.0)), [False, True, False], hint="the first asks for too much")
with marks.part(1, "the budget to the last bit, other budgets, and nobody asking"):
    checks.equal(list(answered([0.1] * 11, 1.0)), [True] * 10 + [False], hint="ten times 0.1 is 1, for a human")
    checks.equal(
        list(answered([0.1, 0.2], 0.3)), [True, True], hint="for a computer 0.1 + 0.2 is a little more than 0.3"
    )
    checks.equal(list(answered([2.0, 2.5], 5.0)), [True, True], hint="is `budget` used?")
    checks.equal(list(answered([], 1.0)), [], hint="no query, no decision")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 8. Find the mistake
#
# Can a whole *model* keep the promise? Training goes in steps. In each, a batch of patients says in which direction
# the model's weights should move; each patient's say is a **gradient**, a list of numbers, one a weight. A patient who
# is unlike the others has a long gradient and pulls hard. **DP-SGD** {cite}`abadi2016deep` (stochastic gradient descent
# with differential privacy) does three things:
#
# 1. **Clip each patient's gradient:** if its length (the root of the sum of squares) exceeds C, shorten it to C. A
#    shorter one stays as it is.
# 2. Add the clipped gradients up, and **then add noise** to the sum: for each weight a draw from the normal
#    distribution with standard deviation $\sigma C$, where $\sigma$ is the *noise multiplier*.
# 3. Divide by the *expected* batch size. (Each patient joins a batch by the toss of a coin, and how many did is a
#    secret, too.)
#
# A colleague has written the step as follows, and claims that its promise is that of $\sigma = 1$.


# %%
def hasty_gradient(gradients: np.ndarray, clip: float, noise: float, draw: np.ndarray, expected: float) -> np.ndarray:
    """Return a private gradient, with one mistake."""
    mean = gradients.sum(axis=0) / expected
    mean = mean / max(1.0, np.linalg.norm(mean) / clip)
    return mean + noise * clip / expected * draw


# %% [markdown]
# We put the claim to the test as an auditor would. Take a batch of 40 real patients, and the same batch with one more,
# the patient with the longest gradient of all. An attacker who sees a published gradient tries to tell which batch it
# came from. If each patient is clipped to C and $\sigma = 1$, even the best attacker reaches an AUC of no more than
# $\Phi(1/\sqrt{2})$, where $\Phi$ is the normal distribution function.

# %%
design = np.column_stack([np.ones(len(features)), features])
pulls = (0.5 - dead)[:, None] * design  # each patient's gradient of a logistic regression whose weights are still 0
longest = int(np.argmax(np.linalg.norm(pulls, axis=1)))
batch = np.random.default_rng(219).choice(np.delete(np.arange(len(dead)), longest), 40, replace=False)
without, with_one = pulls[batch], pulls[[*batch, longest]]
draws = np.random.default_rng(219).normal(size=(2, 1000, design.shape[1]))
clip = 0.5
still = np.zeros(design.shape[1])
print(f"Length of the longest gradient {np.linalg.norm(pulls[longest]):.2f}, C = {clip}")
for name, step in (("the colleague's step", hasty_gradient), ("our module's step", privacy.private_gradient)):
    seen = [
        step(rows, clip, 1.0, one, 40) for rows, noise in zip((without, with_one), draws, strict=True) for one in noise
    ]
    direction = step(with_one, clip, 1.0, still, 40) - step(without, clip, 1.0, still, 40)
    auc = roc_auc_score(np.repeat([0, 1], 1000), np.array(seen) @ direction)
    print(f"AUC of the attacker against {name}: {auc:.3f}")
print(f"Promised: at most {stats.norm.cdf(1 / np.sqrt(2)):.3f}, up to about 0.02 for the chance of 1,000 draws each")

# %% [markdown]
# The colleague's promise is broken. Compare the code with the three points of the recipe.
#
# **Exercise 8 (4 points).** Write the step without the mistake. The first line gives the length of each row, that is,
# of each patient's gradient. The noise is handed in again, as draws from the standard normal distribution. A batch may
# be empty, and a gradient may be all zeros.


# %% exercise="clip"
def private_step(gradients: np.ndarray, clip: float, noise: float, draw: np.ndarray, expected: float) -> np.ndarray:
    """Compute the gradient of DP-SGD: clipped patient by patient, summed, noised, divided.

    Parameters
    ----------
    gradients : array of float, shape (n, m)
        One row a patient of this batch; n may be 0.
    clip : float
        C, the longest gradient that a patient may have.
    noise : float
        σ, the noise multiplier, at least 0.
    draw : array of float, shape (m,)
        Draws from the standard normal distribution.
    expected : float
        Expected number of patients in a batch.

    Returns
    -------
    array of float, shape (m,)
    """
    length = np.linalg.norm(gradients, axis=1, keepdims=True)  # shape (n, 1)
    ### BEGIN SOLUTION
    shortened = gradients / np.maximum(1.0, length / clip)
    return (shortened.sum(axis=0) + noise * clip * draw) / expected
    ### END SOLUTION


# %% tests="clip" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "two patients, one with a long gradient, no noise"):
    result = private_step(np.array([[3.0, 4.0], [0.0, 0.5]]), 1.0, 0.0, np.zeros(2), 2.0)
    checks.array(result, [0.3, 0.65], hint="(3, 4) has length 5 and becomes (0.6, 0.8); (0, 0.5) stays")
### BEGIN HIDDEN TESTS
with marks.part(1, "patients who pull in opposite directions, and other values of C"):
    opposite = np.array([[10.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
    checks.array(private_step(opposite, 2.0, 0.0, np.zeros(2), 1.0), [1.0, 0.0], hint="clip each patient, not the mean")
    checks.array(private_step(np.array([[6.0, 8.0, 0.0]]), 5.0, 0.0, np.zeros(3), 1.0), [3.0, 4.0, 0.0])
    checks.array(
        private_step(np.array([[0.9, 0.9]]), 1.0, 0.0, np.zeros(2), 1.0), [0.5**0.5] * 2, hint="the length counts"
    )
with marks.part(1, "noise is added after clipping, with standard deviation σ times C"):
    pair = np.array([[30.0, 40.0], [0.3, 0.4]])
    result = private_step(pair, 5.0, 2.0, np.array([1.0, -1.0]), 1.0)
    checks.array(result, [13.3, -5.6], hint="(3.3, 4.4) and 10 times draw")
    checks.array(private_step(pair, 0.5, 4.0, np.array([3.0, 0.0]), 2.0), [3.3, 0.4], hint="noise is never clipped")
with marks.part(1, "the expected batch size, and an empty batch"):
    two = np.diag([3.0, 1.0])
    checks.array(private_step(two, 1.0, 0.0, np.zeros(2), 8.0), [0.125, 0.125], hint="divide by `expected`")
    checks.array(private_step(np.zeros((0, 2)), 1.0, 1.0, np.array([1.0, 2.0]), 4.0), [0.25, 0.5], hint="noise alone")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 9. A private model, and who pays for it
#
# Training takes many steps, and each spends some of the budget. An **accountant** adds up; that of the library opacus
# does so more sparingly than by plain composition. Its promise differs from that of section 6 in two points. It may
# fail with a small probability δ, here 1 in 10,000, which should be well below one over the number of patients. And its
# neighbours differ in whether a patient is there *at all*. So don't compare this ε with that of section 6 to the digit.
#
# We train a logistic regression on the eleven columns, with more and more noise, once on 1,140 patients and once on
# 150, a small hospital. Clip and step length are fixed beforehand: trying out several on the patients would spend
# budget, too.

# %% alt="Two lines over epsilon. With 1,140 patients the AUC stays high down to a small epsilon and falls only then; with 150 patients it is lower and falls much earlier, with a wide spread." caption="Logistic regression by DP-SGD: AUC on new people against ε (δ = 1/10,000) for a large and a small training set. At the right end gradients are clipped only. Points: mean; bars: middle 80 % over random splits of the real table and draws of the noise."
noises = [0.0, 0.6, 1, 2, 4, 8, 16, 32]
rate, batches, delta = 0.1, 100, 1e-4
splits = {"quick": 30, "full": 200}[profile]
spent = [privacy.epsilon(noise, rate, batches, delta) for noise in noises]
scores = np.zeros((2, len(noises), splits, 3))
for split in range(splits):
    order = np.random.default_rng(split).permutation(len(dead))
    new = order[1140:]
    code = people["race"].to_numpy()[new]
    for size, training in enumerate((order[:1140], order[:150])):
        for level, noise in enumerate(noises):
            rng = np.random.default_rng([219, split, level])
            fitted = privacy.private_weights(
                design[training], dead[training], clip=1.0, noise=noise, rate=rate, steps=batches, pace=0.5, rng=rng
            )
            risk = design[new] @ fitted
            kinds = (code >= 0, code == 0, code == 1)
            scores[size, level, split] = [roc_auc_score(dead[new][kind], risk[kind]) for kind in kinds]
figure, axes = plt.subplots(figsize=(6.5, 4))
place = [4 * spent[1], *spent[1:]]  # no noise has no finite ε; it is drawn at the right end
for size, (name, shape, colour) in enumerate(
    (("1,140 patients", "o-", clinic.plot.COLOURS[0]), ("150 patients", "s--", clinic.plot.COLOURS[1]))
):
    low, high = np.quantile(scores[size, :, :, 0], [0.1, 0.9], axis=1)
    middle = scores[size, :, :, 0].mean(axis=1)
    line = axes.errorbar(
        place,
        middle,
        [np.maximum(middle - low, 0), np.maximum(high - middle, 0)],
        fmt=shape,
        color=colour,
        capsize=3,
        label=name,
    )
ticks = axes.set(xscale="log", xlabel="ε (logarithmic scale)", ylabel="AUC on new people")
ticks = axes.set_xticks([0.1, 1, 10, place[0]], ["0.1", "1", "10", "no noise"])
legend = axes.legend(loc="lower right")
for noise, one, large, small in zip(noises, spent, *scores[..., 0].mean(axis=2), strict=True):
    print(f"σ = {noise:>4}: ε = {one:7.2f}, mean AUC {large:.3f} with 1,140 patients, {small:.3f} with 150")

# %% [markdown]
# A large registry can give a strong promise almost for nothing; a small hospital, or the study of a rare disease,
# cannot. Does the noise also cost one group more than another *within* a model? Here is the fall in AUC from no noise
# to a strong promise in both groups of the race code; the brackets hold the middle 95 % of the splits.

# %%
level = int(np.argmin(np.abs(np.array(spent) - 0.3)))
print(f"Fall in AUC from no noise to ε = {spent[level]:.2f}:")
for size, name in ((0, "1,140 patients"), (1, "150 patients")):
    falls = scores[size, 0, :, 1:] - scores[size, level, :, 1:]
    white, other = falls.mean(axis=0)
    low, high = np.quantile(falls[:, 1] - falls[:, 0], [0.025, 0.975])
    verdict = "zero lies outside" if low > 0 or high < 0 else "zero lies within"
    print(f"  {name}: coded white {white:.3f}, coded black or other {other:.3f}; "
          f"difference {other - white:+.3f} [{low:+.3f}, {high:+.3f}], {verdict}")  # fmt: skip

# %% [markdown]
# An interval that holds zero does not show that the groups lose alike: one so wide could hide a loss that matters.
#
# And the attack of section 4? We overfit on purpose: 100 members, and the eleven columns with all their products. The
# attack is then tried on a plain, a regularised and two private logistic regressions.

# %%
pairs = [features[:, i] * features[:, j] for i in range(features.shape[1]) for j in range(i, features.shape[1])]
wide = np.column_stack([design, *pairs])
print(f"Logistic regressions with {wide.shape[1]} weights on 100 members; mean and middle 80 % over random splits:")
outcomes = {}
for split in range(splits):
    inside, outside, new = groups(split, 100)
    candidates = {
        name: np.concatenate([fit.intercept_, fit.coef_[0]])
        for name, strength in (("overfitted", 1e4), ("regularised", 0.003))
        for fit in [LogisticRegression(C=strength, max_iter=2000).fit(wide[inside][:, 1:], dead[inside])]
    }
    for noise in (1, 4):
        candidates[f"DP-SGD, ε = {spent[noises.index(noise)]:.1f}"] = privacy.private_weights(
            wide[inside], dead[inside], clip=1.0, noise=noise, rate=rate, steps=batches, pace=0.5,
            rng=np.random.default_rng([219, split])
        )  # fmt: skip
    for name, fitted in candidates.items():
        own, other = (privacy.losses(dead[who], expit(wide[who] @ fitted)) for who in (inside, outside))
        pair = (privacy.attack(own, other).auc, roc_auc_score(dead[new], wide[new] @ fitted))
        outcomes.setdefault(name, []).append(pair)
for name, values in outcomes.items():
    summary = zip(np.mean(values, axis=0), *np.quantile(values, [0.1, 0.9], axis=0), strict=True)
    attacked, predicted = (f"{mean:.3f} [{low:.3f}, {high:.3f}]" for mean, low, high in summary)
    print(f"  {name}: AUC of the membership attack {attacked}, AUC on new people {predicted}")

# %% [markdown]
# Against this simple attack plain regularisation protects about as well as noise and predicts better. What it lacks is
# the promise: only the private models come with a bound that holds for attacks nobody has thought of yet.
#
# ## 10. Patients stay, models travel: federated learning
#
# Three hospitals want one model, and no patient data may leave. In **federated averaging**
# {cite}`mcmahan2017communication` a server sends the model's weights to all hospitals; each trains a few steps on its
# own patients and sends the new weights back; the server takes their mean, in which **each hospital counts by its
# number of patients**, and starts the next round. Hospitals have built models of brain tumours in this way
# {cite}`sheller2020federated`, 71 sites on six continents in one study {cite}`pati2022federated`.
#
# **Exercise 9 (3 points).** Write the server's mean.


# %% exercise="fedavg"
def federated_mean(weights: list[np.ndarray], patients: list[int]) -> np.ndarray:
    """Average the weights of several hospitals, each counted by its number of patients.

    Parameters
    ----------
    weights : list of array of float
        One array a hospital, all of the same shape, whatever it is.
    patients : list of int
        Number of patients of each hospital; some may have none, but not all.

    Returns
    -------
    array of float
        Of the shape of one hospital's weights.
    """
    ### BEGIN SOLUTION
    total = sum(patients)
    return sum(number / total * np.asarray(one, dtype=float) for one, number in zip(weights, patients, strict=True))
    ### END SOLUTION


# %% tests="fedavg" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "two hospitals of the same size"):
    checks.array(federated_mean([np.array([1.0, 2.0]), np.array([3.0, 6.0])], [50, 50]), [2.0, 4.0])
### BEGIN HIDDEN TESTS
with marks.part(1, "hospitals of different size"):
    checks.array(federated_mean([np.array([0.0, 1.0]), np.array([4.0, 5.0])], [300, 100]), [1.0, 2.0], hint="3 to 1")
    three = [np.array([10.0]), np.array([20.0]), np.array([40.0])]
    checks.array(federated_mean(three, [10, 20, 70]), [33.0], hint="a tenth, two tenths, seven tenths")
with marks.part(1, "a table of weights, and a hospital without patients"):
    tables = [np.ones((2, 3)), np.full((2, 3), 9.0)]
    checks.array(federated_mean(tables, [3, 1]), np.full((2, 3), 3.0), hint="the shape of one hospital's weights")
    checks.array(
        federated_mean([np.array([7.0]), np.array([1.0])], [0, 5]), [1.0], hint="nobody there, nothing to count"
    )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# **Simulated hospitals.** We divide the real adults among three hospitals by age, with some chance: A has the youngest
# and most patients, C the oldest and fewest. Statisticians call such data *not identically distributed*. From each
# hospital some patients are kept as test patients. We compare models of one hospital alone (**local**), the
# **federated** one, and one from all data in one place (**pooled**), which data protection was to avoid. The measure is
# the *log loss*, the mean of the loss of section 4 over the test patients; lower is better.

# %% alt="Four estimates of extra log loss. The means of the models of single hospitals lie to the right of zero, that of hospital C furthest; the federated model lies at zero with a very short interval." caption="Simulated hospitals, real adults: log loss on the test patients of all three hospitals, minus that of the pooled model on the same patients. Mean and middle 95 % over random splits."
rounds, local_steps, pace = 60, 5, 0.1
splits = {"quick": 20, "full": 200}[profile]
age = people["age"].to_numpy()
extra, own_loss, census = {}, {}, []
for split in range(splits):
    rng = np.random.default_rng([219, split])
    hospital = np.digitize(age + rng.normal(0, 6, len(age)), [45, 58])
    tested = rng.random(len(age)) < 0.3
    sites = [(design[rows], dead[rows]) for rows in ((hospital == one) & ~tested for one in range(3))]
    census.append([(len(target), int(target.sum())) for _, target in sites])
    start, steps_in_all = np.zeros(design.shape[1]), rounds * local_steps
    fitted = {f"only {'ABC'[n]}": federated.descend(*site, start, pace, steps_in_all) for n, site in enumerate(sites)}
    fitted["federated"] = federated.train(sites, pace, rounds, local_steps)
    together = (np.concatenate([x for x, _ in sites]), np.concatenate([y for _, y in sites]))
    fitted["pooled"] = federated.descend(*together, start, pace, steps_in_all)
    base = log_loss(dead[tested], expit(design[tested] @ fitted["pooled"]))
    for name, weight in fitted.items():
        extra.setdefault(name, []).append(log_loss(dead[tested], expit(design[tested] @ weight)) - base)
        parts = [tested & (hospital == one) for one in range(3)]
        own_loss.setdefault(name, []).append([log_loss(dead[rows], expit(design[rows] @ weight)) for rows in parts])
for one, name in enumerate("ABC"):
    number, deaths = np.mean(census, axis=0)[one]
    print(
        f"hospital {name} (simulated): on average {number:.0f} patients to train on, {deaths:.0f} of them dead by 1992"
    )
rows = {k: {"low": np.quantile(v, 0.025), "value": np.mean(v), "high": np.quantile(v, 0.975)} for k, v in extra.items()}
gaps = pd.DataFrame(rows).T.drop(index="pooled")
axes = clinic.plot.intervals(gaps, xlabel="log loss beyond that of the pooled model")
zero = axes.axvline(0, color="0.45", linestyle=":")
print(gaps.round(4).to_string())
print("Mean log loss on the test patients of each hospital:")
print(pd.DataFrame({k: np.mean(v, axis=0) for k, v in own_loss.items()}, index=["A", "B", "C"]).T.round(3).to_string())

# %% [markdown]
# Federated and pooled training end at nearly the same model here, although no row was moved. **What can go wrong?**
# With many local steps between the rounds, or with hospitals that differ more, the hospitals' models drift apart and
# the mean gets worse. And a hospital that differs from all others may be served better by a model of its own: look at
# each hospital's column before you believe the average.
#
# ## 11. What the gradients still tell
#
# "The data never leave the hospital" is true, and it is not privacy. What is sent was computed from the patients. Take
# the first layer of a network: for each of its units, $z = w \cdot x + c$, where x is the patient's row. After a batch
# of **one** patient the gradient of the loss with respect to w is $\delta x$, and with respect to the *bias* c it is
# $\delta$, the same unknown number. So one need only divide. From the updates of deeper networks and small batches,
# images were rebuilt nearly pixel by pixel {cite}`zhu2019deep`.
#
# **Exercise 10 (2 points).** Recover the patient. A layer has several units, and those with δ = 0 tell nothing; the
# first line picks the one whose δ is largest in size.


# %% exercise="gradient"
def recover(weight_gradient: np.ndarray, bias_gradient: np.ndarray) -> np.ndarray:
    """Recover the input of a linear layer from the gradients of one patient.

    Parameters
    ----------
    weight_gradient : array of float, shape (units, m)
        Row u is δ of unit u times the patient's m numbers.
    bias_gradient : array of float, shape (units,)
        δ of each unit; some may be 0, and they may cancel, but not all are 0.

    Returns
    -------
    array of float, shape (m,)
        The patient's numbers.
    """
    unit = np.argmax(np.abs(bias_gradient))
    ### BEGIN SOLUTION
    return weight_gradient[unit] / bias_gradient[unit]
    ### END SOLUTION


# %% tests="gradient" points=2
import numpy as np

from autograder import checks

marks = checks.Marks()
with marks.part(1, "a layer of one unit"):
    checks.array(recover(np.array([[2.0, -4.0, 1.0]]), np.array([0.5])), [4.0, -8.0, 2.0], hint="δ x divided by δ")
### BEGIN HIDDEN TESTS
with marks.part(1, "several units, of which some tell nothing, and some cancel"):
    patient = np.array([63.0, 1.0, -120.5, 0.0])
    for delta in ([0.2, -0.01, 0.3], [-0.4, 0.1, -0.2]):
        checks.array(recover(np.outer(delta, patient), np.array(delta)), patient, hint="one unit is enough")
    for delta in ([0.0, 0.0, -0.3], [0.5, -0.5], [0.0, 0.25, -0.25]):
        checks.array(recover(np.outer(delta, patient), np.array(delta)), patient, hint="choose a unit with δ not 0")
### END HIDDEN TESTS
marks.total()

# %%
values = scaler.transform(breast.table)
patient = trained_on[0]
gradients = federated.layer_gradients(values[[patient]], breast.target.to_numpy()[[patient]], units=8, seed=219)
rebuilt = scaler.inverse_transform(federated.recovered(*gradients)[None])[0]
side = pd.DataFrame({"true value": breast.table.iloc[patient], "from the gradient": rebuilt}).head(6)
print("One real breast cancer case, and what an eavesdropper computes from the gradient of a batch of one:")
print(side.round(4).to_string())
print(
    f"largest difference over all 30 measurements below a millionth: {np.abs(rebuilt - breast.table.iloc[patient]).max() < 1e-6}"
)

# %% [markdown]
# With more patients in the batch the same division gives a mixture, in which those with a large δ weigh most. How far
# is it from the nearest patient of the batch?

# %%
batches = {"quick": 100, "full": 2000}[profile]
rng = np.random.default_rng(219)
print(
    "Distance to the nearest patient (root mean square, in standard units), mean and middle 80 % over random batches:"
)
for size in (1, 2, 8, 32):
    distances = []
    for trial in range(batches):
        rows = rng.choice(trained_on, size, replace=False)
        guess = federated.recovered(*federated.layer_gradients(values[rows], breast.target.to_numpy()[rows], 8, trial))
        distances.append(np.sqrt(((values[rows] - guess) ** 2).mean(axis=1)).min())
    low, high = np.quantile(distances, [0.1, 0.9])
    print(f"  batch of {size:>2}: {np.mean(distances):.2f} [{low:.2f}, {high:.2f}]")

# %% [markdown]
# **What can go wrong?** A larger batch blurs this attack but is no promise: cleverer attacks solve for all patients of
# a batch at once. So federated learning is combined with protection of the updates: with DP-SGD in each hospital, or
# with *secure aggregation*, by which the server sees only the sum. Federated learning decides *where* the data are;
# differential privacy limits *what the result tells*.
#
# ## 12. The law, and the price
#
# The General Data Protection Regulation {cite}`eu2016gdpr` distinguishes two words that are often mixed up.
# **Pseudonymised** data (article 4) can be linked to a person again with further information, such as a list of codes
# kept elsewhere; whoever holds that information still holds personal data. **Anonymous** data are outside the
# regulation, and the test (recital 26) is whether a person can be identified by any means *reasonably likely to be
# used*, by anybody. Data concerning health are a special category (article 9). Whether a *model* is personal data
# depends on what can be got out of it, which is what this lab measured.
#
# There are three goals, and each of them costs the others something:
#
# | what is done | privacy | accuracy | fairness |
# | --- | --- | --- | --- |
# | names removed | little | unchanged | unchanged |
# | coarser values, rare rows suppressed | better, not against homogeneity | some detail lost | the few are removed first |
# | regularised model | better, no promise | often better | to be measured by group |
# | differential privacy | a promise with a number | worse, most with few patients | small groups lose most |
# | federated learning | data stay; updates leak | close to pooled | large hospitals set the tone |
#
# No row is best in every column. Which price is right is not a question of technique alone: patients, doctors and
# those responsible for the register should decide it together, and write the answer down with its ε, its δ and the
# number of times the data were asked.

# %% [markdown] essay="advice" points=6
# **Essay (6 points, about 250 words).** Three hospitals treat a rare disease, 60, 150 and 900 patients, and want to
# build a model of its course together. One proposes to share a table without names, one federated learning, one
# differential privacy. *What do you advise the three to do?* Take a position and argue it from the results of this lab.
#
# Rubric, two points for each criterion:
#
# - **Evidence, figures from the lab.** 0 points: no figure, or a wrong one. 1 point: a right figure on one of the
#   three proposals, without its uncertainty or without what it was measured on. 2 points: figures on at least two
#   proposals, one of them with its interval or spread, and said whether the data were real or simulated.
# - **Trade-off, privacy against accuracy against fairness.** 0 points: not mentioned. 1 point: one price is named. 2
#   points: says who pays, with a mechanism: why the hospital of 60 patients, or a small group, loses more than the
#   others.
# - **Judgement, the advice.** 0 points: no position, or one that does not follow. 1 point: a position with one reason.
#   2 points: says what is done, what it does *not* protect against, and what law or responsibility demands besides
#   (for instance personal data in spite of codes, who keeps the budget).
#
# ### BEGIN MARK SCHEME
# **Evidence.** Good figures: share of unique rows with the columns named; AUC of the membership attack with its
# interval, overfitted against regularised; AUC at some ε with 1,140 and with 150 patients; federated minus pooled log
# loss; the exact recovery from a batch of one. Take the values from the student's own output. Figures without interval
# or without the data they come from earn at most 1 point.
#
# **Trade-off.** The noise falls with 1/n, so for the same promise the hospital of 60 gets the least useful model;
# suppression removes those who are few; in the federated mean the hospital of 900 sets the tone. One of these with its
# mechanism earns 2 points.
#
# **Judgement.** Several positions can earn 2 points, for instance federated learning with protected updates and a
# regularised model, tested for leaks before release; or pooling in a secure place with consent; or differential
# privacy only for published numbers. "Without names, so it is anonymous" earns at most 1 point, as does "federated, so
# nothing leaves". Personal data under the GDPR, special category, agreement among the hospitals, information of the
# patients and a keeper of the budget are good points.
#
# Sample answer: I advise federated learning of a small, regularised model with protected updates, and against the
# table. In the real survey nearly all rows were unique once seven ordinary columns were known, so removing names does
# not make the table anonymous, and with a rare disease even being in it is a diagnosis. In the simulated hospitals the
# federated model lost almost nothing against the pooled one, and the models of single hospitals lost more, most of all
# the smallest. But the updates leak: from a batch of one the real case came back exactly. So batches must be large, and
# the server should see only the sum. Differential privacy in training is the only proposal with a promise, but with
# 150 patients the AUC fell and scattered widely at an ε where 1,140 patients lost next to nothing. The noise falls with
# 1/n, so the hospital of 60 would pay most. I would use it for the figures that are published, with one keeper of the
# budget. The data remain personal data of a special category for each hospital; a contract, information of the patients
# and an attack on the finished model before it is released belong to the plan. What this does not protect against is a
# cleverer attack than ours.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Federated learning of a small, regularised model, with large batches and a server that sees only the sum. The table
# without names would still be personal data: with seven ordinary columns nearly every row was unique. In the simulated
# hospitals the federated model did about as well as the pooled one. Noise in training would cost the hospital of 60
# patients most, since noise falls with 1/n; I would keep it for the published figures, with one keeper of the budget.
# Before release the model is attacked by ourselves.
# ### END SOLUTION

# %% [markdown]
# ## 13. Summary
#
# - A table without names is not anonymous: quasi-identifiers single people out. k counts how well a row is hidden, l
#   whether the secret is.
# - A model that has memorised its patients betrays them: by its losses (membership), by its answers to two questions
#   (attribute), by its typical inputs (inversion). A leak is what it tells about members *beyond* strangers.
# - An attack is judged as a test is: on people whom it was not tuned on, with intervals, and also at few false alarms.
# - Differential privacy is a promise with a number. Noise = sensitivity divided by ε; bounds come first, from knowledge
#   and not from the data; every answer spends budget.
# - In DP-SGD each patient is clipped first, the noise comes after, and the accountant counts every step.
# - Federated learning moves models instead of patients. Its updates can still tell who they were.
# - The same promise costs small groups and small hospitals more.
#
# **Further reading.** The foundations: {cite}`dwork2014algorithmic`. Private training: {cite}`abadi2016deep`.
# Membership and inversion: {cite}`shokri2017membership,fredrikson2015model`. Uniqueness:
# {cite}`rocher2019estimating`. Federated learning in medicine: {cite}`sheller2020federated,pati2022federated`, and what
# its gradients tell: {cite}`zhu2019deep`.
