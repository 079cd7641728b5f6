# ---
# title: Reading clinical notes
# objectives: [text-to-numbers, negation, deidentification, text-shift, hold-out, uncertainty]
# minutes: 110
# data: [simulated-notes, minilm]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": seconds on two CPU cores; "full": ten times as many patients and bootstrap resamples
device = "auto"  # every lab has this parameter; nothing in this notebook needs a GPU

# %% [markdown]
# ## 1. A note, and what is in it
#
# Much of what a hospital knows about a patient stands in no table. It stands in sentences: what hurt, what was looked
# for and not found, what a doctor thought. Whoever wants to count, search or predict from notes must first turn
# sentences into numbers, and whoever wants to share them must first take out whatever says who the patient is. This
# notebook does both, and measures how well.
#
# **The notes are simulated.** Real notes may not be handed to a class, for the reason that section 7 explains. Ours
# are written by a program from templates: two invented hospitals, A and B, invented patients with one to four notes
# each, and four diseases that make people short of breath. In return we know the right answers: where each name
# stands, and whether each finding is present. Run the cells from top to bottom.

# %%
import re

import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from clinic import language, notes
from scipy import stats
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import KFold, cross_val_predict
from sklearn.pipeline import make_pipeline

clinic.plot.use_style()
language.reproducible(219)
patients, resamples = {"quick": (300, 1000), "full": (3000, 10_000)}[profile]
hospital_a, hospital_b = notes.write("A", patients, 219), notes.write("B", patients, 219)
print(notes.describe(hospital_a + hospital_b))

# %%
example = hospital_a[0]
print(example.text)
print("\nKnown to us, and not to the models:", example.diagnosis)

# %% [markdown]
# The text never names the disease. The task of section 4 is to tell from the rest which of the four it was:
# pneumonia, heart failure, pulmonary embolism (a clot in the vessels of the lung) or an exacerbation of COPD
# (chronic obstructive pulmonary disease). Hospitals do this for billing and for research, usually by hand.
#
# The other hospital writes about the same diseases in its own way:

# %%
print(next(note.text for note in hospital_b if note.diagnosis == example.diagnosis))

# %% [markdown]
# ## 2. Tokens
#
# A computer reads pieces of text, **tokens**. The simplest tokens are words: cut at spaces and punctuation. Then
# every word form that the computer has not met before is unknown to it, and clinical text is full of rare words,
# drug names and misspellings.
#
# Language models therefore use **subword tokens**. A fixed list, the *vocabulary*, holds common words whole, and
# pieces out of which rare words can be built. The list of our model (MiniLM, more of it in the next notebook) was
# made from general English. A piece that continues a word is written with ## in front.

# %%
encoder = language.load()
print(encoder)
for word in ("fever", "heart", "dyspnea", "dyspnoea", "hepatomegaly", "paracetamol", "thrombophlebitis"):
    print(f"{word}: {' '.join(encoder.pieces(word))}")

# %% [markdown]
# Everyday words stay whole and medical ones fall into pieces that mean nothing by themselves. British and American
# spellings of the same symptom get different pieces. No word is unknown any more, but the model must learn from
# context what *he ##pa ##tom* stands for. Anything that is counted or priced by the token, for instance how much of
# a note a model can read at once, is used up faster by medical text.
#
# How is a word cut? From the left, always take the **longest** piece that stands in the vocabulary; then go on
# behind it, now among the pieces with ##. Try it on paper before you run the next cell: the vocabulary holds, among
# others, *card*, *##iom*, *##io*, *##yo*, *##pathy* and *##path*. How is *cardiomyopathy* cut?

# %%
print(" ".join(encoder.pieces("cardiomyopathy")))

# %% [markdown]
# ## 3. Bag of words, and TF-IDF
#
# Now count. A **bag of words** has one column for each word of the collection and one row for each note; the cell
# says how often the word occurs in the note. The order of the words is lost. Look at what that means for these two
# sentences:

# %%
pair = ["She had fever and no cough.", "She had cough and no fever."]
counter = CountVectorizer()
print(pd.DataFrame(counter.fit_transform(pair).toarray(), columns=counter.get_feature_names_out(), index=pair).T)

# %% [markdown]
# The two columns are the same, and the two patients are not. We come back to this in section 5.
#
# Counts have another weakness: "the" is frequent in every note and says nothing. A word that occurs in few notes
# says more about the notes it occurs in. **TF-IDF** (*term frequency times inverse document frequency*) therefore
# multiplies each count by a weight. With n notes, of which $d$ hold the word, the weight in scikit-learn is
#
# $$\text{idf} = \ln\frac{1 + n}{1 + d} + 1 .$$
#
# A word in every note gets the weight 1, a rare one more. The ones in the fraction act as if one more note held every
# word once, so that nothing is divided by zero. At last each row is divided by its length (the root of the sum of its
# squares), so that a long note does not count more than a short one.
#
# **Exercise 1 (4 points).** Three notes, two words: *cough* occurs 2, 1 and 1 times, *embolism* 0, 0 and 1 times. Work
# out the last row by hand. Then write TF-IDF.


# %% exercise="tfidf"
def tf_idf(counts: np.ndarray) -> np.ndarray:
    """Weight a bag of words by TF-IDF and scale each row to length 1.

    Parameters
    ----------
    counts : array of int, shape (n, m)
        How often each of m words occurs in each of n notes. A note may hold none of the words.

    Returns
    -------
    array of float, shape (n, m)
        A row without any word stays all zeros.
    """
    ### BEGIN SOLUTION
    counts = np.asarray(counts, dtype=float)
    holding = (counts > 0).sum(axis=0)
    weighted = counts * (np.log((1 + len(counts)) / (1 + holding)) + 1)
    length = np.linalg.norm(weighted, axis=1, keepdims=True)
    return np.divide(weighted, length, out=np.zeros_like(weighted), where=length > 0)
    ### END SOLUTION


# %% tests="tfidf" points=4
import math

import numpy as np
from sklearn.feature_extraction.text import TfidfTransformer

from autograder import checks

marks = checks.Marks()
with marks.part(1, "cough in three notes, embolism in one"):
    rare = math.log(4 / 2) + 1
    last = np.array([1.0, rare]) / math.sqrt(1 + rare**2)
    checks.array(tf_idf(np.array([[2, 0], [1, 0], [1, 1]]))[2], last, hint="idf of cough 1, of embolism ln(4/2) + 1")
### BEGIN HIDDEN TESTS
with marks.part(1, "every row has length 1"):
    rows = np.random.default_rng(3).integers(0, 4, size=(7, 5)) + np.eye(7, 5, dtype=int)
    rows[5:, 0] += 1
    checks.array(np.linalg.norm(tf_idf(rows), axis=1), np.ones(7), hint="divide each row by its own length")
with marks.part(1, "the same as scikit-learn"):
    for seed in range(3):
        rows = np.random.default_rng(seed).poisson(0.8, size=(9, 6)) + (np.arange(6) == 2)
        expected = TfidfTransformer().fit_transform(rows).toarray()
        checks.array(tf_idf(rows), expected, hint="count the notes that hold a word, not how often they hold it")
with marks.part(1, "a note without any of the words"):
    rows = np.array([[0, 0, 0], [1, 0, 3], [0, 2, 1]])
    checks.array(tf_idf(rows), TfidfTransformer().fit_transform(rows).toarray(), hint="a row of zeros has no length")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Which words of the example stand out by TF-IDF among all notes of hospital A?

# %% alt="Bar chart of the ten words with the largest TF-IDF weight in the example note. Most of them are parts of identifiers or of the patient's life: hospital number, phone number, date, names and occupation." caption="Simulated note: its ten words with the largest TF-IDF weight. Many of them say who the patient is, not what the patient has."
texts = [note.text for note in hospital_a]
weigher = TfidfVectorizer().fit(texts)
weights = pd.Series(weigher.transform([example.text]).toarray()[0], index=weigher.get_feature_names_out())
top = weights.sort_values(ascending=False, kind="stable").head(10)
axes = plt.subplots(figsize=(6, 3.6))[1]
bars = axes.barh(top.index[::-1], top[::-1], color=clinic.plot.COLOURS[0])
label = axes.set(xlabel="TF-IDF weight in the example note")

# %% [markdown]
# This is the first warning of the notebook. What makes a note *special* is often what makes the patient
# *recognisable*.
#
# ## 4. Telling diseases apart
#
# We give the TF-IDF rows to a logistic regression, as in Lab 1. The split is by patient: two thirds of the patients of
# hospital A for training, one third as the test set, and all of hospital B as a second test. The model gets one of
# two texts: the whole note, or only its paragraph on symptoms and findings.

# %%
order = np.random.default_rng(219).permutation(patients) + 1
held_out = set(order[: patients // 3])
train = [note for note in hospital_a if note.patient not in held_out]
test = [note for note in hospital_a if note.patient in held_out]
print(f"Training: {notes.describe(train)}")
print(f"Test:     {notes.describe(test)}")
common = max(sum(note.diagnosis == name for note in test) / len(test) for name in notes.DIAGNOSES)
print(f"Always naming the most common disease of the test set would be right in {common:.0%} of its notes.")


def classifier():
    """Return an untrained model: TF-IDF, then logistic regression."""
    return make_pipeline(TfidfVectorizer(), LogisticRegression(C=10, max_iter=2000))


def whole(note: notes.Note) -> str:
    """Return the whole text of a note."""
    return note.text


def findings(note: notes.Note) -> str:
    """Return its paragraph on symptoms and findings."""
    return note.findings


def learn(read, learned_from):
    """Train on what `read` takes from each note."""
    return classifier().fit([read(note) for note in learned_from], [note.diagnosis for note in learned_from])


def right(model, read, tested_on) -> np.ndarray:
    """Return for each note whether the model names its disease."""
    return model.predict([read(note) for note in tested_on]) == [note.diagnosis for note in tested_on]


def row(correct, tested_on) -> dict[str, float]:
    """Return the share of right answers with its bootstrap interval, resampled by patient."""
    owners = [note.patient for note in tested_on]
    return dict(zip(("low", "value", "high"), notes.bootstrap(owners, correct, resamples), strict=True))


# %% alt="Accuracy with 95 percent intervals of four combinations. At hospital A both models are far better than guessing; at hospital B both are much worse." caption="Simulated notes: share of right answers, with 95 % percentile bootstrap intervals resampled by patient. The models learned at hospital A."
accuracy = {}
for name, read in {"whole note": whole, "findings only": findings}.items():
    model = learn(read, train)
    for place, tested_on in {"A": test, "B": hospital_b}.items():
        accuracy[f"{name}, tested at {place}"] = row(right(model, read, tested_on), tested_on)
accuracy = pd.DataFrame(accuracy).T
axes = clinic.plot.intervals(accuracy, xlabel="accuracy (share of right answers)")
axes.axvline(0.25, color="0.45", linestyle=":")
print(accuracy.round(3).to_string())

# %% [markdown]
# At its own hospital the model does far better than guessing, for which the dotted line stands. At the other hospital,
# where the same diseases have other words, most of that is gone. TF-IDF knows words, not meanings: *pyrexia* and
# *fever* are as foreign to each other as *pyrexia* and *Tuesday*. Nobody at hospital B would get a warning; the model
# answers there with the same confidence. Compare also how much the rest of the note, all that the patient's life
# contributes, helps or hurts at A.

# %% alt="Confusion matrix of the four diseases on the test patients of hospital A. The largest count of each row lies on the diagonal; mistakes are spread over the other diseases." caption="Simulated notes, test patients of hospital A, model on findings only: number of notes. Rows are the true diagnosis."
model = learn(findings, train)
table = confusion_matrix([note.diagnosis for note in test], model.predict([note.findings for note in test]),
                         labels=notes.DIAGNOSES)  # fmt: skip
axes = plt.subplots(figsize=(7, 4.6))[1]
axes.imshow(table / table.sum(axis=1, keepdims=True), cmap="Blues", vmin=0, vmax=1)
for (line, column), count in np.ndenumerate(table):
    dark = count > table[line].sum() / 2
    axes.text(column, line, str(count), ha="center", va="center", color="white" if dark else "black")
axes.set_xticks(range(4), [name.replace(" ", "\n") for name in notes.DIAGNOSES])
axes.set_yticks(range(4), notes.DIAGNOSES)
label = axes.set(xlabel="prediction", ylabel="true diagnosis")

# %% [markdown]
# Each row holds patients with one disease. A pulmonary embolism that is filed as pneumonia is missing from every
# count of embolisms, and from the study that was to find out who gets one.
#
# ## 5. "No fever"
#
# A good note says what was looked for and not found. To a bag of words "no fever" is a note about fever. Since
# findings are denied as often as they are reported, this hurts.
#
# A well-known remedy is a rule of the kind of the algorithm *NegEx*: look for a **trigger** ("no", "denied",
# "without") among the few words before the finding, the *window*; but a **stop word** such as "but" between the two
# ends its reach.
#
# **Exercise 2 (4 points).** Write the rule.


# %% exercise="negated"
def negated(words: list[str], place: int, triggers, stops, window: int) -> bool:
    """Say whether a finding is negated, by the words before it.

    Parameters
    ----------
    words : list of str
        The words of one sentence, in small letters, without punctuation.
    place : int
        Where the finding stands in `words`, from 0.
    triggers, stops : set or list of str
        Words that negate, and words that end the reach of a negation.
    window : int
        How many words before the finding are looked at.

    Returns
    -------
    bool
        True if there is a trigger among the `window` words before the finding, and no stop word between that trigger
        and the finding.
    """
    ### BEGIN SOLUTION
    for word in reversed(words[max(0, place - window) : place]):
        if word in stops:
            return False
        if word in triggers:
            return True
    return False
    ### END SOLUTION


# %% tests="negated" points=4
from autograder import checks

marks = checks.Marks()
negative, ends = {"no", "denied", "without"}, {"but"}
with marks.part(1, "wheezing, fever and cough"):
    said = ["he", "had", "no", "wheezing", "or", "fever"]
    checks.equal(bool(negated(said, 5, negative, ends, 5)), True, hint="'no' stands three words before 'fever'")
    said = ["she", "denied", "fever", "but", "had", "a", "cough"]
    checks.equal(bool(negated(said, 6, negative, ends, 5)), False, hint="'but' stands between 'denied' and 'cough'")
### BEGIN HIDDEN TESTS
with marks.part(1, "the window ends exactly where it should"):
    said = ["no", "a", "b", "c", "fever", "no"]
    checks.equal([bool(negated(said, 4, negative, ends, size)) for size in (2, 3, 4, 9)], [False, False, True, True])
    checks.equal(
        bool(negated(["fever", "no", "cough"], 0, negative, ends, 5)), False, hint="only words before it count"
    )
    checks.equal(bool(negated(["a", "no", "b", "b"], 2, {"b"}, ends, 2)), False, hint="the finding is no trigger")
with marks.part(1, "a stop word counts only between trigger and finding"):
    said = ["a", "but", "no", "fever", "but", "no"]
    checks.equal(bool(negated(said, 3, negative, ends, 5)), True, hint="the stop word stands before the trigger")
    said = ["no", "a", "but", "no", "b", "but", "c"]
    checks.equal(bool(negated(said, 4, negative, ends, 5)), True, hint="no stop word behind the nearer trigger")
    checks.equal(bool(negated(said, 6, negative, ends, 6)), False, hint="a stop word stands behind both triggers")
with marks.part(1, "other triggers and stop words"):
    said = ["nil", "x", "yet", "y"]
    checks.equal(bool(negated(said, 3, ["nil"], ["yet"], 5)), False, hint="'yet' stops here")
    checks.equal(bool(negated(said, 1, ["nil"], ["yet"], 5)), True, hint="'nil' negates here")
    checks.equal(bool(negated(["no", "fever"], 1, ["nil"], ["yet"], 5)), False, hint="use the triggers that are given")
    checks.equal(bool(negated(["nothing", "else", "fever"], 2, ["no"], [], 5)), False, hint="compare whole words")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# **Exercise 3 (3 points).** Judge the rule before you see it at work. The triggers are *no, denied, without*, the stop
# word is *but*, the window five words. The rule says "absent" or else "present" of the finding in capitals; the truth
# is whether *this patient has it now*. For which sentences does the rule say the **wrong** thing?
#
# - **A** She denied fever but had a COUGH.
# - **B** As to FEVER, this was absent.
# - **C** There was no doubt about the CONSOLIDATION.
# - **D** He had no wheezing or FEVER.
# - **E** He was told to come back in case of FEVER.
# - **F** No fever, headache, vomiting, diarrhoea, rash or COUGH.
# - **G** He slept well without any PAIN.

# %% exercise="judged"
# Set the set `wrong` to the letters of all sentences that the rule gets wrong, for example {"A", "D"}.
### BEGIN SOLUTION
wrong = {"B", "C", "E", "F"}
### END SOLUTION

# %% tests="judged" points=3
from autograder import checks

marks = checks.Marks()
with marks.part(1, "a set of some of the letters, and sentence A"):
    checks.that(0 < len(set(wrong)) < 7, "Some sentences are judged rightly and some wrongly.")
    checks.equal(set(wrong) - set("ABCDEFG"), set(), hint="letters from A to G")
    checks.that("A" not in wrong, "The rule is right about sentence A.", hint="which word stops it?")
### BEGIN HIDDEN TESTS
with marks.part(1, "sentences B, D and F"):
    checks.equal({"B", "D", "F"} & set(wrong), {"B", "F"}, hint="where is the trigger, and how many words away?")
with marks.part(1, "sentences C, E and G"):
    checks.equal({"C", "E", "G"} & set(wrong), {"C", "E"}, hint="what is negated in C, and has the patient of E fever?")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the rule at work, in the lab's own version (its triggers also know "nil", "not" and "denies"). Sensitivity is
# here the share of *absent* findings that the rule calls absent; the second line is the share of *present* findings
# that it calls absent by mistake.

# %% alt="Four estimates with 95 percent intervals. At both hospitals the rule finds most of the absent findings, but far from all, and also calls some present findings absent." caption="Simulated notes: how often the rule calls a finding absent, with 95 % percentile bootstrap intervals resampled by patient."
ruled = {}
for place, written in {"A": hospital_a, "B": hospital_b}.items():
    said = [(note.patient, notes.says_absent(note, one), one.present) for note in written for one in note.mentions]
    owner, called, present = (np.array(column) for column in zip(*said, strict=True))
    for name, chosen in {"absent findings": ~present, "present findings": present}.items():
        numbers = notes.bootstrap(owner[chosen], called[chosen], resamples)
        ruled[f"{place}: {name} called absent"] = dict(zip(("low", "value", "high"), numbers, strict=True))
ruled = pd.DataFrame(ruled).T
axes = clinic.plot.intervals(ruled, xlabel="share that the rule calls absent")
axes.set_xlim(0, 1)
print(ruled.round(3).to_string())

# %%
for present in (False, True):
    seen = pd.Series(
        [
            note.sentence(one).replace(note.text[one.start : one.end], "...").replace("She", "He")
            for note in hospital_a + hospital_b
            for one in note.mentions
            if one.present == present and notes.says_absent(note, one) == present
        ]
    )
    print(f"{'Present, called absent' if present else 'Absent, called present'} ({len(seen)} times), most often:")
    print("".join(f"  {count:4d}  {said}\n" for said, count in seen.value_counts().head(4).items()))

# %% [markdown]
# The rule fails where the negation comes *after* the finding, where it negates something else ("no change", "no
# doubt"), and where the finding is only feared. The share of such sentences is that of our templates, and real notes
# have other traps: a disease of the mother, a disease long past, a question mark. Before a rule is used, somebody must
# read a sample of what it did, at each hospital anew.
#
# Even so it helps. We put *absent_* in front of the words that the rule calls absent, so that *fever* and
# *absent_fever* become two columns of the bag, and train again.

# %% alt="Accuracy on the test patients of hospital A and on hospital B, with and without marking of absent findings. The marked version is better at both hospitals." caption="Simulated notes, findings only: accuracy without and with the mark for absent findings, and the difference on the same patients. 95 % percentile bootstrap intervals resampled by patient."
compared = {}
for place, tested_on in {"A": test, "B": hospital_b}.items():
    plain = right(learn(findings, train), findings, tested_on).astype(float)
    marked = right(learn(notes.mark_negated, train), notes.mark_negated, tested_on).astype(float)
    for name, value in {"words only": plain, "absent marked": marked, "difference": marked - plain}.items():
        compared[f"{place}: {name}"] = row(value, tested_on)
compared = pd.DataFrame(compared).T
axes = clinic.plot.intervals(compared, xlabel="accuracy, and difference in accuracy")
line = axes.axvline(0, color="0.6", linewidth=1)
print(compared.round(3).to_string())

# %% [markdown]
# ## 6. Taking the names out
#
# Notes that leave the hospital must not say whose they are. **De-identification** masks names, dates, phone numbers
# and hospital numbers. Here is a set of rules of the kind that is often written: patterns for what has a form, and a
# small dictionary for names. Its author had seen notes of hospital A only.

# %%
months = "January|February|March|April|May|June|July|August|September|October|November|December"
rules = {
    "name": [r"\b(?:Mr|Mrs|Dr) [A-Z]\w+(?: [A-Z]\w+)?", rf"\b(?:{'|'.join(sorted(notes.KNOWN_NAMES))})\b"],
    "date": [rf"\b\d{{1,2}} (?:{months})(?: \d{{4}})?\b", r"\b\d{2}/\d{2}/\d{2}\b"],
    "phone": [r"\b555 \d{4}\b"],
    "number": [r"\bH-\d{6}\b"],
}


def masks(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of everything that one of the rules finds."""
    return [match.span() for patterns in rules.values() for one in patterns for match in re.finditer(one, text)]


def blacken(text: str) -> str:
    """Replace whatever the rules find by blocks."""
    letters = list(text)
    for start, end in masks(text):
        letters[start:end] = "\N{FULL BLOCK}" * (end - start)
    return "".join(letters)


print(blacken(example.text))
print()
print(blacken(next(note.text for note in hospital_b if not note.familiar)))

# %% [markdown]
# Read both as a stranger would. What got through? What was masked that should have stayed?
#
# **How to count.** The measure that matters is **recall**: of all identifiers, how many were masked? (It is the
# sensitivity of Lab 1.) But of all *what*? Three ways of counting flatter:
#
# - by letter or by word: if "Mrs Fadumo Warsame" becomes "Mrs ██████ Warsame", two words of three are masked or
#   harmless, and the patient is not safe;
# - with partial hits: a date of which the year was masked still has its day;
# - by identifier alone: a patient with thirty identifiers in four notes needs all thirty masked.
#
# So an identifier counts as masked only if **every** character of it is covered, and a patient as protected only if
# **all** identifiers in **all** of the patient's notes are.
#
# **Exercise 4 (4 points).** Compute both.


# %% exercise="recall"
def protected(patient, identifiers, masked) -> tuple[float, float]:
    """Compute the recall of a de-identification by identifier and by patient.

    Parameters
    ----------
    patient : list, length n
        Whose note each of n notes is; a patient may have several.
    identifiers : list of lists of (start, end), length n
        Where identifiers stand in each note: characters start to end - 1. A note may have none, but some note has one.
    masked : list of lists of (start, end), length n
        What was masked in each note, in the same way and in any order. Masks may overlap or touch, and may cover an
        identifier only together.

    Returns
    -------
    by_identifier : float
        Share of all identifiers with every character masked.
    by_patient : float
        Share of all patients with every identifier of every note masked. A patient without identifiers is protected.
    """
    ### BEGIN SOLUTION
    outcomes, safe = [], dict.fromkeys(patient, True)
    for owner, wanted, found in zip(patient, identifiers, masked, strict=True):
        covered = {place for start, end in found for place in range(start, end)}
        for start, end in wanted:
            outcomes.append(all(place in covered for place in range(start, end)))
            safe[owner] = safe[owner] and outcomes[-1]
    return sum(outcomes) / len(outcomes), sum(safe.values()) / len(safe)
    ### END SOLUTION


# %% tests="recall" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "two patients with one note each"):
    result = protected(["p", "q"], [[(0, 5), (10, 14)], [(3, 8)]], [[(0, 5), (9, 14)], [(0, 7)]])
    checks.close(result[0], 2 / 3, hint="of the last identifier one character is left")
    checks.close(result[1], 1 / 2, hint="patient p is protected, q is not")
### BEGIN HIDDEN TESTS
with marks.part(1, "a part of an identifier does not count, and a mask belongs to its note"):
    result = protected([1, 2, 3], [[(5, 9)], [(5, 9)], [(5, 9)]], [[(6, 9)], [(5, 8)], [(4, 10)]])
    checks.close(result[0], 1 / 3, hint="first and last character must be covered, too")
    result = protected([1, 2], [[(0, 3)], [(0, 3)]], [[(0, 3)], []])
    checks.close(result[0], 1 / 2, hint="the mask of one note does not cover the other note")
with marks.part(1, "masks that cover an identifier together"):
    result = protected([7], [[(2, 12), (20, 24)]], [[(8, 12), (2, 9), (20, 22), (23, 24)]])
    checks.close(result[0], 1 / 2, hint="2 to 11 is covered by two masks; of the other identifier character 22 is left")
    result = protected([7], [[(2, 12)]], [[(7, 12), (2, 7)]])
    checks.close(result[0], 1.0, hint="two masks that touch cover everything")
with marks.part(1, "patients, not notes"):
    owners, wanted = ["a", "b", "a", "a", "c"], [[(0, 2)], [(0, 2)], [(0, 2), (4, 6)], [], []]
    result = protected(owners, wanted, [[(0, 2)], [(0, 2)], [(0, 2)], [], []])
    checks.close(result[0], 3 / 4, hint="four identifiers, one of them left")
    checks.close(result[1], 2 / 3, hint="three patients: one of a's notes has something left; c has nothing to hide")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the rules at both hospitals. At hospital A they look respectable by identifier. Look then at the patients.

# %% alt="Recall with 95 percent intervals. At hospital A most identifiers are masked, but far fewer of the patients are protected. At hospital B far fewer identifiers are masked and hardly any patient is protected." caption="Simulated notes: share of identifiers masked (95 % bootstrap interval by patient) and share of patients with all identifiers masked (95 % Wilson interval)."
safe = {}
for place, written in {"A": hospital_a, "B": hospital_b}.items():
    records = []
    for note in written:
        hidden = blacken(note.text)
        records += [
            {
                "patient": note.patient,
                "kind": one.kind,
                "familiar": note.familiar,
                # spaces and commas between the parts of a name need not be masked
                "masked": not re.sub("[ ,\N{FULL BLOCK}]", "", hidden[one.start : one.end]),
            }
            for one in note.spans
        ]
    safe[place] = pd.DataFrame(records)
shares = {}
for place, found in safe.items():
    numbers = notes.bootstrap(found["patient"], found["masked"], resamples)
    shares[f"{place}: identifiers"] = dict(zip(("low", "value", "high"), numbers, strict=True))
    whole_patient = found.groupby("patient")["masked"].all()
    wilson = stats.binomtest(int(whole_patient.sum()), len(whole_patient)).proportion_ci(method="wilson")
    shares[f"{place}: patients"] = {"low": wilson.low, "value": whole_patient.mean(), "high": wilson.high}
shares = pd.DataFrame(shares).T
axes = clinic.plot.intervals(shares, xlabel="share masked completely")
axes.set_xlim(-0.02, 1.02)
print(shares.round(3).to_string())

# %%
print("Recall by kind of identifier:")
print(pd.DataFrame({place: found.groupby("kind")["masked"].mean() for place, found in safe.items()}).round(3))
lost = pd.Series(
    [
        note.text[start:end]
        for note in hospital_a
        for start, end in masks(note.text)
        if not any(one.start < end and start < one.end for one in note.spans)
    ]
)
print("\nMasked at hospital A, though no identifier:", ", ".join(f"{a} ({b})" for a, b in lost.value_counts().items()))

# %% [markdown]
# The rules know how hospital A writes its numbers, and hospital B writes them in another way; a rule that worked
# perfectly there finds none here. On the other side words are blackened that are no identifiers: *May* and *Will* at
# the beginning of a sentence, and *Parkinson* in "Parkinson's disease", where a diagnosis is lost from the record.
#
# **Whose names are missed?** The dictionary holds common Norwegian and English names. The next cell compares
# patients whose name is of the kind the dictionary was made from with all others.

# %%
for place, found in safe.items():
    for familiar, group in found[found["kind"] == "name"].groupby("familiar"):
        low, value, high = notes.bootstrap(group["patient"], group["masked"], resamples)
        kind = "of the dictionary's kind" if familiar else "others"
        print(f"{place}, names in notes of patients with names {kind}: {value:.2f} masked [{low:.2f}, {high:.2f}]")

# %% [markdown]
# (An interval from 1.00 to 1.00 is the blind spot of the bootstrap that you know from Lab 1.) In our simulation the
# size of this gap is built in, so it is no finding. The mechanism is general: a tool that was made
# from the names of the majority protects the minority less, and the average recall hides it. Report recall by group.
#
# ## 7. What one missed name means
#
# A test for a disease that misses 1 % may be an excellent test. For a de-identification it may be a disaster, because
# the misses add up over the notes, and because what is published can't be taken back.
#
# **Exercise 5 (4 points).** Pencil and paper first. A hospital wants to publish the notes of 1,000 patients. Each has
# 20 identifiers; each identifier is masked with probability 0.99, independently of the others. Fill in `answer`:
#
# - "missed": how many identifiers will be missed, on average?
# - "exposed": of how many patients will at least one identifier be missed, on average?
# - "needed": how large must the recall be so that a patient is fully masked with probability 0.99?
# - "not excluded": somebody checks 300 identifiers at random and finds that all of them were masked. Which share of
#   missed identifiers can 95 % confidence not exclude? (The rule of three of Lab 1: $3/n$.)
#
# Then set `statements` to the letters of all true statements:
#
# - **A** A recall of 99 % means that the notes are anonymous.
# - **B** Even with all identifiers masked, "retired lighthouse keeper, lives in a houseboat" may tell a neighbour who
#   it is.
# - **C** If a rare name is missed in one note, it is likely to be missed in the other notes of that patient, too;
#   misses are not independent.
# - **D** Counting by word instead of by identifier makes the recall of a de-identification look worse.

# %% exercise="missed"
# Set the dictionary `answer` with the keys "missed", "exposed", "needed" and "not excluded" (the last two as fractions
# from 0 to 1), and the set `statements`.
### BEGIN SOLUTION
answer = {"missed": 1000 * 20 * 0.01, "exposed": 1000 * (1 - 0.99**20)}
answer |= {"needed": 0.99 ** (1 / 20), "not excluded": 3 / 300}
statements = {"B", "C"}
### END SOLUTION

# %% tests="missed" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "identifiers missed"):
    checks.that(0 <= answer["needed"] <= 1, "A recall should be a fraction from 0 to 1.")
    checks.that(answer["exposed"] <= 1000, "There are 1,000 patients.")
    checks.close(answer["missed"], 200, hint="1 % of 20,000 identifiers")
### BEGIN HIDDEN TESTS
with marks.part(1, "patients exposed"):
    checks.close(
        answer["exposed"], 182.1, atol=0.6, hint="a patient is safe if all 20 are masked: 0.99 to the power 20"
    )
with marks.part(1, "recall needed, and what a clean sample does not exclude"):
    checks.close(answer["needed"], 0.99 ** (1 / 20), atol=0.00006, hint="which number to the power 20 gives 0.99?")
    checks.close(answer["not excluded"], 0.01, atol=0.0002, hint="the rule of three, and what exactly it bounds")
with marks.part(1, "the true statements"):
    checks.equal(sorted(statements), ["B", "C"], hint="think of the neighbour, and of a patient with a rare name")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Statement C is why a formula with independent misses can mislead: misses pile up on the same few people. Fewer
# patients are exposed than the formula says, and those are exposed again and again. The next cell compares the
# share of patients that were protected at hospital A with the share that the formula gives for the same recall.

# %%
found = safe["A"]
recall, counts = found["masked"].mean(), found.groupby("patient").size()
observed = found.groupby("patient")["masked"].all().mean()
print(f"Hospital A: recall by identifier {recall:.3f}, {counts.mean():.1f} identifiers a patient")
print(f"Patients protected: {observed:.3f}; if misses were independent: {(recall**counts).mean():.3f}")

# %% [markdown]
# De-identified is therefore not the same as **anonymous**. Age, occupation, a rare disease, the day of a fall that was
# in the newspaper: each is harmless, and together they are a name. By one estimate fifteen facts of the kind that a
# census asks for single out nearly every American {cite}`rocher2019estimating`. European data protection law counts as
# personal data whatever can be linked to a person by means that are reasonably likely to be used, with or without a
# name {cite}`eu2016gdpr`. And a model trained on notes can hand them out again: sentences of the training text have
# been drawn out of a large language model word by word, names and phone numbers among them
# {cite}`carlini2021extracting`.
#
# ## 8. Find the mistake
#
# A colleague wants to know whether notes reveal which of four *study groups* a patient was put in. **The groups are
# simulated: drawn by lot, patient by patient,** so notes can't tell, and the true accuracy is one in four. The method
# looks familiar: TF-IDF, logistic regression, cross-validation with five parts.


# %%
def hasty_accuracy(texts: list[str], group: np.ndarray, patient: np.ndarray, seed: int) -> float:
    """Cross-validate a classifier of notes, with one mistake."""
    parts = KFold(5, shuffle=True, random_state=seed)
    return float(np.mean(cross_val_predict(classifier(), texts, group, cv=parts) == group))


owners = np.array([note.patient for note in hospital_a])
lot = np.random.default_rng(219).integers(4, size=patients + 1)
print(f"Accuracy on groups drawn by lot: {hasty_accuracy(texts, lot[owners], owners, seed=219):.2f}")

# %% [markdown]
# **Exercise 6 (4 points).** Find where the answer leaks into the question, and write the analysis without the mistake.
# It must still use all notes, predict each of them once, and still find a signal where there is one.


# %% exercise="honest"
def honest_accuracy(texts: list[str], group: np.ndarray, patient: np.ndarray, seed: int) -> float:
    """Cross-validate TF-IDF and logistic regression on notes without a leak.

    Parameters
    ----------
    texts : list of str, length n
        The notes.
    group : array, length n
        What is to be predicted.
    patient : array, length n
        Whose note each one is; at least five patients.
    seed : int
        Seed of the random split into five parts.

    Returns
    -------
    float
        Share of the n notes that are predicted rightly by a model that knew no note of the same patient.
    """
    ### BEGIN SOLUTION
    _, code = np.unique(patient, return_inverse=True)
    part = np.random.default_rng(seed).permutation(np.arange(code.max() + 1) % 5)[code]
    texts, group = np.asarray(texts, dtype=object), np.asarray(group)
    correct = np.zeros(len(texts), dtype=bool)
    for number in range(5):
        away = part == number
        model = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10, max_iter=2000))
        correct[away] = model.fit(texts[~away], group[~away]).predict(texts[away]) == group[away]
    return float(correct.mean())
    ### END SOLUTION


# %% tests="honest" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()


def made_up(seed: int, each: int, signal: bool):
    """Make notes of 40 patients with a name of their own, and groups drawn by lot."""
    rng = np.random.default_rng(seed)
    owner = np.repeat(np.arange(40), each)
    drawn = rng.permutation(np.arange(40) % 2)[owner]
    common = np.array(["fever", "cough", "pain", "rest", "walks", "sleeps"])
    said = [f"name{who}x job{who}x {' '.join(rng.choice(common, 4))}" for who in owner]
    if signal:
        said = [f"{text} {'sign sign' if one else 'other'}" for text, one in zip(said, drawn, strict=True)]
    order = rng.permutation(len(said))
    return [said[place] for place in order], drawn[order], owner[order]


with marks.part(1, "groups drawn by lot, four notes a patient"):
    results = [honest_accuracy(*made_up(seed, 4, False), seed) for seed in range(4)]
    checks.close(np.mean(results), 0.5, atol=0.22, hint="what does a model know that has seen another of her notes?")
### BEGIN HIDDEN TESTS
with marks.part(1, "a real signal is found"):
    for seed in (11, 12):
        checks.that(
            honest_accuracy(*made_up(seed, 2, True), seed) > 0.9, "A word that tells the group should be found."
        )
with marks.part(2, "by lot again, with few and many notes a patient, and names as text"):
    results = []
    for seed, each in ((21, 3), (22, 8), (23, 8), (24, 3)):
        said, drawn, owner = made_up(seed, each, False)
        results.append(honest_accuracy(said, drawn, np.array([f"p{one}" for one in owner]), seed))
    checks.close(np.mean(results), 0.5, atol=0.22, hint="all notes of a patient belong into the same part")
    results = [honest_accuracy(*made_up(seed, 3, True), seed) for seed in (31, 32)]
    checks.close(np.mean(results), 1.0, atol=0.1, hint="the signal must still be found")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# The leak is an old acquaintance from Lab 1, in the form in which text has it: occupation, pet, name and copied
# sentences recur in every note of a patient. The colleague's model learned who the patient is, and who the patient
# is tells the group. Real notes are copied forward from visit to visit, which makes the leak wider still.
#
# ## 9. May these notes be handed over?

# %% [markdown] essay="hand-over" points=6
# **Essay (6 points, about 300 words).** A company offers hospital B money for ten years of discharge notes, to train a
# language model. The hospital's computer department has run the rules of section 6 and reports "de-identified, tested
# with good recall at hospital A". *Should hospital B hand over the notes?* Take a position and argue it from the
# results of this notebook.
#
# Rubric, two points for each criterion:
#
# - **Evidence, figures from the notebook.** 0 points: no figure, or a wrong one. 1 point: a right figure without its
#   interval, its hospital or what was counted. 2 points: recall by patient at hospital B, with its interval, and why
#   the figure of hospital A does not answer the question.
# - **Harm, to whom and how.** 0 points: not mentioned. 1 point: says that someone may be recognised. 2 points: says
#   what follows for a patient, who is exposed more than others, and why perfect masking would not be anonymity.
# - **Judgement, the decision.** 0 points: no position, or one that does not follow. 1 point: a position with one
#   reason. 2 points: weighs the use of the notes against the risk, and names a way of using them with less risk or
#   what would have to be shown first.
#
# ### BEGIN MARK SCHEME
# **Evidence.** The fitting figure is the share of *patients* of hospital B with all identifiers masked, with its
# Wilson interval. Recall by identifier alone, or the figure of hospital A alone, earns at most 1 point. The student
# should say that the rules were written from A's notes and that B writes names, dates and numbers otherwise. The
# simulated nature of the notes is a good point but does not replace the figure.
#
# **Harm.** Examples: an employer or insurer learns of a disease; a person in hiding is found; patients stop telling
# their doctor things. Patients with names outside the dictionary, and with rare occupations or diseases, are exposed
# more. Occupation, home and dates remain after perfect masking. Publishing, or training a model on the text, can't be
# undone.
#
# **Judgement.** "No", "not like this" and "yes, under these conditions" can all earn 2 points. Good conditions: a
# legal basis and the say of the patients; recall measured at B by patient and by group with an agreed lower bound;
# reading by people; use inside a secure environment instead of a copy; the model comes to the data; a contract that
# forbids re-identification is a help but no protection by itself. A student who sees no use at all in research on
# notes has not weighed.
#
# Sample answer: Not like this. The recall that was reported comes from hospital A, from whose notes the rules were
# written. At B, the share of patients with every identifier masked is close to none, with a Wilson interval whose
# upper end is still only a few per cent. Hospital numbers, which A's rule finds without fail, are not found at all.
# Those whose names are not in the dictionary fare worst, and they may be the ones with most to fear. Even with perfect
# masking, age, occupation, home and dates remain, which together may point to one person; and what a company has
# trained a model on can't be called back. Research on notes can help patients, so I would not shut the archive. I
# would have the rules rewritten and tested by patient and by group on B's own notes, with people reading what was
# masked, ask the patients through the proper body, and let the company compute inside the hospital, where nothing
# leaves but results.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Not like this. The good recall was measured at hospital A, from whose notes the rules were made. At hospital B hardly
# any patient has all identifiers masked, and the upper end of the Wilson interval is low. Patients whose names are not
# in the dictionary are exposed most. Even perfect masking leaves age, occupation and dates. I would test by patient
# and by group on B's notes, and let the company compute inside the hospital.
# ### END SOLUTION

# %% [markdown]
# ## 10. Summary
#
# - Models read tokens. Medical words fall into many subword tokens.
# - A bag of words forgets the order of words, and with it "no". TF-IDF favours words that occur in few notes.
# - A model of words learned at one hospital fails at another one that uses other words, without a warning.
# - A rule for negation helps, and misses what comes after the finding, what negates something else, and what is only
#   feared.
# - Recall of de-identification counts complete identifiers, then complete patients, with an interval, at the place of
#   use and for each group of patients.
# - De-identified is not anonymous.
# - All notes of a patient stand on the same side of a split.
#
# **Further reading.** On recognising people in data without names: {cite}`rocher2019estimating`. On what a language
# model remembers: {cite}`carlini2021extracting`. On faces recognised in de-identified images, the same problem in
# radiology: {cite}`schwarz2019identification`. On how privacy can be measured: {cite}`dwork2014algorithmic`. On
# reporting studies with language models: {cite}`gallifant2025tripod`.
#
# **Where to go on.** *MTSamples* is a public collection of transcribed sample reports from many medical specialties
# that is often used for teaching. Search for it, read its terms of use, and see how the rules of this notebook fare on
# text that no template wrote. The next notebook is {doc}`writing`.
