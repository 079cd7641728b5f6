# ---
# title: What language models carry, and what they make up
# objectives: [embeddings, embedding-bias, attention, fine-tuning, made-up-text, uncertainty]
# minutes: 110
# data: [word-vectors, minilm, icd-10-cm, simulated-notes]
# limits: {cell_seconds: 180}
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": a minute on two CPU cores; "full": real size, all layers trained; use a GPU
device = "auto"  # "auto" takes a GPU if there is one

# %% [markdown]
# ## 1. Words as vectors
#
# A language model turns words into numbers, and learns these numbers from text that people wrote. Whatever is in the
# text can get into the numbers: that a kidney is renal, and that a doctor is a man. This notebook looks for both kinds
# of knowledge. Then it lets a model write, and counts how much of it exists.
#
# We begin with **word vectors**, also called *embeddings*: each word gets 300 numbers, learned so that words
# which stand in like company get like numbers {cite}`mikolov2013efficient`. How alike two vectors are is measured by
# the **cosine similarity**, the cosine of the angle between them: 1 if they point the same way, 0 at a right angle, -1
# if they point opposite ways. Run the cells from top to bottom.

# %%
import clinic
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from clinic import diagnoses, language, notes, words
from scipy import stats
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

clinic.plot.use_style()
language.reproducible(219)
processor = clinic.device(device)
vectors = words.load_vectors()
encoder = language.load(processor)
names = diagnoses.load_names()
print(vectors)
print(encoder)
print(clinic.load_card("icd-10-cm").sentence(f"{len(names):,} codes with a name").replace("measurements", "text"))
print("Section 6 also uses simulated notes of invented patients.")

# %%
for word in ("kidney", "pneumonia", "migraine", "nurse", "discharge"):
    near = vectors.nearest(vectors.rows([word])[0], leave_out=[word]).head(4)
    print(f"{word}: " + ", ".join(f"{name} {value:.2f}" for name, value in near.items()))

# %% [markdown]
# Nobody told the computer that the liver is an organ like the kidney. It found words that stand in like sentences.
# (Nearest here means nearest among the few hundred words of our table.) Look at *discharge* as well: leaving the
# hospital, or pus from a wound? A word has one vector, whatever it means. Section 4 comes back to that.

# %% alt="Heat map of the cosine similarities of twelve words. Pairs from the same field, such as heart and cardiac, kidney and renal, or nurse and midwife, are darker than most pairs from different fields." caption="Cosine similarity of some word vectors. Real vectors, learned from news text."
shown = [
    "heart",
    "cardiac",
    "kidney",
    "renal",
    "lung",
    "asthma",
    "fever",
    "headache",
    "doctor",
    "surgeon",
    "nurse",
    "midwife",
]
alike = words.cosines(vectors.rows(shown), vectors.rows(shown))
figure, axes = plt.subplots(figsize=(6.2, 5.2))
drawn = axes.imshow(alike, cmap="Blues", vmin=0, vmax=1)
axes.set_xticks(range(len(shown)), shown, rotation=60, ha="right")
axes.set_yticks(range(len(shown)), shown)
bar = figure.colorbar(drawn, label="cosine similarity")

# %% [markdown]
# ## 2. Man is to doctor as woman is to ...?
#
# Directions between vectors seem to mean something, too. Take *king*, subtract *man*, add *woman*: the vector nearest
# to the result is *queen*, or nearly so. In 2016 such **analogies** became famous as evidence of bias: "man is to
# computer programmer as woman is to homemaker" {cite}`bolukbasi2016man`.
#
# There is a catch, pointed out later {cite}`nissim2020fair`. Programs that solve analogies usually leave out the
# three words of the question. The answer to "man is to doctor as woman is to ..." then *can't* be "doctor", even if
# "doctor" is nearest. **Guess before you run:** what is nearest if nothing is left out?
#
# **Exercise 1 (3 points).** Write the analogy, with and without leaving out.


# %% exercise="analogy"
def analogy(words: list[str], matrix: np.ndarray, first: str, second: str, third: str, leave_out: bool) -> str:
    """Solve "`first` is to `second` as `third` is to ...".

    Parameters
    ----------
    words : list of str
        All words.
    matrix : array of float, shape (number of words, dimensions)
        Their vectors, one a row, of any length.
    first, second, third : str
        The three words of the question.
    leave_out : bool
        Whether these three are left out of the possible answers.

    Returns
    -------
    str
        The word with the highest cosine similarity to: vector of `second` minus vector of `first` plus vector of `third`.
    """
    ### BEGIN SOLUTION
    words = list(words)
    place = {word: row for row, word in enumerate(words)}
    wanted = matrix[place[second]] - matrix[place[first]] + matrix[place[third]]
    similarity = matrix @ wanted / np.linalg.norm(matrix, axis=1)  # the length of `wanted` does not change the order
    if leave_out:
        similarity[[place[first], place[second], place[third]]] = -np.inf
    return words[int(np.argmax(similarity))]
    ### END SOLUTION


# %% tests="analogy" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
royal = ["man", "woman", "king", "queen", "apple"]
places = np.array([[1.0, 0, 0], [0, 1, 0], [1, 0, 1], [0, 1, 0.9], [0.1, 1, -1]])
with marks.part(1, "man is to king as woman is to queen"):
    checks.equal(analogy(royal, places, "man", "king", "woman", True), "queen", hint="king minus man plus woman")
### BEGIN HIDDEN TESTS
with marks.part(1, "with and without leaving out"):
    near = ["he", "she", "doctor", "nurse"]
    spots = np.array([[1.0, 0, 0], [0.8, 0.6, 0], [0.1, 0, 1], [-0.48, 0.8, 0.4]])
    checks.equal(analogy(near, spots, "he", "doctor", "she", False), "doctor", hint="nothing is left out here")
    checks.equal(
        analogy(near, spots, "he", "doctor", "she", True), "nurse", hint="the three words may not be the answer"
    )
    checks.equal(analogy(near, spots, "she", "nurse", "he", True), "doctor", hint="second minus first plus third")
with marks.part(1, "vectors of any length: the angle counts"):
    long = places * np.array([1, 1, 1, 0.1, 50])[:, None]
    checks.equal(analogy(royal, long, "man", "king", "woman", True), "queen", hint="cosine similarity, not the product")
    crowd = [*royal, "crown", "pear"]
    more = np.vstack([places, [30.0, 30, 40], [0.0, 1.05, 1.0]])
    checks.equal(analogy(crowd, more, "man", "king", "woman", False), "pear", hint="neither the product nor the length")
### END HIDDEN TESTS
marks.total()

# %%
for first, second, third in (("man", "king", "woman"), ("man", "doctor", "woman"), ("she", "nurse", "he")):
    asked = [first, second, third]
    one, two, three = vectors.rows(asked)
    free, restricted = vectors.nearest(two - one + three), vectors.nearest(two - one + three, leave_out=asked)
    print(f"{first} is to {second} as {third} is to ... {free.index[0]}", end="; ")
    print(f"if the three words may not be the answer: {', '.join(restricted.index[:3])}")

# %% [markdown]
# Without the rule the answer to each question is a word of the question. So an analogy proves less than it seems: the
# most quoted ones come from a rule that forbids the fair answer. That does not mean that there is no bias. It means
# that we need a measure with a control and a test of chance.
#
# ## 3. Measuring bias
#
# The **word embedding association test** (WEAT) is modelled on a test of psychology {cite}`caliskan2017semantics`. It
# has two sets of *target* words, for instance words for doctors and for other health workers, and two sets of
# *attribute* words, for instance male words (he, man, son) and female ones (she, woman, daughter).
#
# 1. The **association** of a target word is its mean cosine similarity to the male words minus its mean cosine
#    similarity to the female words.
# 2. The **effect size** is the mean association of the first set of targets minus that of the second, divided by the
#    standard deviation of the associations of all target words together (divide by their number, as NumPy does).
#
# The effect size is 0 if both sets are alike. For two sets of equal size it lies between -2 and 2.
#
# **Exercise 2 (4 points).** In the visible test each word has two numbers. Work its answer out by hand, then write
# the effect size.


# %% exercise="weat"
def effect_size(first: np.ndarray, second: np.ndarray, male: np.ndarray, female: np.ndarray) -> float:
    """Compute the effect size of a word embedding association test.

    Parameters
    ----------
    first, second : array of float, shapes (n, d) and (m, d)
        Vectors of the two sets of target words, one word a row, of any length.
    male, female : array of float, shapes (a, d) and (b, d)
        Vectors of the two sets of attribute words.

    Returns
    -------
    float
        Positive if the words of `first` are nearer to `male` than those of `second` are.
    """

    ### BEGIN SOLUTION
    def directions(rows: np.ndarray) -> np.ndarray:
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)

    targets = directions(np.vstack([first, second]))
    association = (targets @ directions(male).T).mean(axis=1) - (targets @ directions(female).T).mean(axis=1)
    ahead, behind = association[: len(first)], association[len(first) :]
    return float((ahead.mean() - behind.mean()) / association.std())
    ### END SOLUTION


# %% tests="weat" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
doctors, carers = np.array([[1.0, 0], [0.6, 0.8]]), np.array([[0.0, 1], [0.8, 0.6]])
he, she = np.array([[1.0, 0]]), np.array([[0.0, 1]])
with marks.part(1, "four words, worked out by hand"):
    checks.close(effect_size(doctors, carers, he, she), 0.8 / np.sqrt(0.52), hint="associations 1, -0.2, -1 and 0.2")
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(5)
one, two, left, right = (draw.normal(size=(size, 6)) + 0.3 for size in (5, 5, 4, 3))


def by_loops(one, two, left, right) -> float:
    """Compute the effect size word by word."""
    score = []
    for word in [*one, *two]:
        near, far = ([w @ a / np.sqrt((w @ w) * (a @ a)) for a in side for w in [word]] for side in (left, right))
        score.append(sum(near) / len(near) - sum(far) / len(far))
    return (np.mean(score[: len(one)]) - np.mean(score[len(one) :])) / np.std(score)


with marks.part(1, "vectors of any length, several attribute words"):
    checks.close(effect_size(one, two, left, right), by_loops(one, two, left, right), hint="cosine, then mean")
    scaled = effect_size(one * 7, two * np.arange(1, 6)[:, None], left * 0.1, right)
    checks.close(scaled, by_loops(one, two, left, right), hint="the length of a vector does not matter")
with marks.part(1, "swapped sets turn the sign"):
    forth = by_loops(one, two, left, right)
    checks.close(effect_size(two, one, left, right), -forth, hint="first minus second")
    checks.close(effect_size(one, two, right, left), -forth, hint="male minus female")
    checks.close(effect_size(two, one, right, left), forth, hint="both swapped")
with marks.part(1, "sets of unequal size, and the largest possible effect"):
    uneven = by_loops(one[:2], two, left, right)
    checks.close(effect_size(one[:2], two, left, right), uneven, hint="standard deviation of all target words together")
    apart = effect_size(np.tile(he, (3, 1)), np.tile(she, (3, 1)), he, she)
    checks.close(apart, 2.0, hint="divide by the number of words in the standard deviation, not one less")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Could such an effect come about by chance, from the few words that we chose? A **permutation test** answers: if the
# two sets of targets did not differ, it would not matter which word is in which. So put all target words together,
# split them in **every** possible way into two sets of the same sizes, and see how often the sum of the associations
# in the first set is *at least* as large as the real one. This share is the **p-value**. The real split is one of the
# splits, so it is never 0.
#
# **Exercise 3 (4 points).** Predict first: with two sets of four words each, what is the smallest p-value that is
# possible? Then write the test. `itertools.combinations(range(8), 4)` goes through all choices of four out of eight.


# %% exercise="permutation"
def permutation_p(first, second) -> float:
    """Compute the p-value of a one-sided permutation test over all splits.

    Parameters
    ----------
    first, second : list or array of float
        The associations of the two sets of target words; the sets may differ in size.

    Returns
    -------
    float
        Share of all splits (the real one included) with a sum in the first set of at least the real one. Allow for
        rounding: a sum that is smaller by less than 1e-9 counts as equal.
    """
    ### BEGIN SOLUTION
    from itertools import combinations

    everything, size = [*first, *second], len(first)
    sums = [sum(everything[place] for place in chosen) for chosen in combinations(range(len(everything)), size)]
    return sum(one > sum(first) - 1e-9 for one in sums) / len(sums)
    ### END SOLUTION


# %% tests="permutation" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "two words against two"):
    checks.close(permutation_p([4, 3], [1, 2]), 1 / 6, hint="of six splits only the real one reaches the sum 7")
### BEGIN HIDDEN TESTS
with marks.part(1, "other values, and the smallest p-value of four against four"):
    checks.close(permutation_p([5, 6, 7, 8], [1, 2, 3, 4]), 1 / 70, hint="there are 70 splits")
    checks.close(permutation_p([0.5, 0.9, 0.2], [0.4, 0.1, 0.7]), 7 / 20, hint="list the 20 splits")
with marks.part(1, "one-sided: the wrong direction gives a large p-value"):
    checks.close(permutation_p([1, 2], [4, 3]), 1.0, hint="every split reaches the smallest sum")
    checks.close(permutation_p([-4, -3], [-1, -2]), 1.0, hint="signs count")
with marks.part(1, "equal values, rounding and unequal sizes"):
    checks.close(permutation_p([2, 2], [2, 2]), 1.0, hint="at least as large, so equal sums count")
    checks.close(permutation_p([0.1, 0.2, 0.3], [0.3, 0.2, 0.1]), 14 / 20, hint="0.1 + 0.2 + 0.3 depends on the order")
    checks.close(permutation_p([9], [1, 5, 3]), 1 / 4, hint="one word against three: four splits")
    checks.close(permutation_p([7, 1, 5], [3]), 1 / 2, hint="three words against one: four splits")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now six questions to the vectors from news text, and the same questions to MiniLM, the language model of the first
# notebook. Most word lists are those of the original study. Our table lacks some of their words, so the results are
# near to the published ones but not the same. Each question has a direction that was laid down beforehand; a positive
# effect means what is written on the left.

# %%
meaning = {
    "science and arts": "science nearer to male, arts to female words",
    "doctors and other health workers": "doctors nearer to male, other health workers to female",
    "names and career": "men's names nearer to career, women's to family",
    "names and pleasantness, long lists": "European American names nearer to pleasant (25 words)",
    "names and pleasantness, short lists": "the same names, shorter lists (8 words)",
    "mental and physical illness": "mental illness nearer to passing, physical to lasting",
}
sources = {
    "word vectors": lambda listed: vectors.rows(listed),
    "MiniLM": lambda listed: encoder.encode(list(listed)).embeddings,
}
found = []
for name, asked in words.QUESTIONS.items():
    for source, lookup in sources.items():
        result = words.weat([lookup(one) for one in asked.targets], [lookup(one) for one in asked.attributes])
        found.append({"question": meaning[name], "source": source, "effect": result.effect, "p": result.p})
found = pd.DataFrame(found)
for question, both in found.groupby("question", sort=False):
    print(question)
    for line in both.itertuples():
        print(f"    {line.source}: effect size {line.effect:+.2f}, p = {line.p:.5f}")

# %% alt="Effect sizes of six association tests for word vectors and for MiniLM. For the word vectors all six effects are positive and most are large; for MiniLM some are as large and some are near zero." caption="Effect sizes of the association tests, for two models. Filled: p below 0.05 in the permutation test; open: not. Lists: Caliskan et al., except doctors and other health workers, which we chose."
figure, axes = plt.subplots(figsize=(8, 3.8))
for shift, (source, marker, colour) in enumerate(zip(sources, "os", clinic.plot.COLOURS, strict=False)):
    part = found[found["source"] == source].reset_index(drop=True)
    face = np.where(part["p"] < 0.05, colour, "white")
    axes.scatter(part["effect"], part.index + 0.2 * shift, s=55, marker=marker, c=face, edgecolors=colour)
    axes.scatter([], [], s=55, marker=marker, color=colour, label=source)
axes.set_yticks(np.arange(len(meaning)) + 0.1, list(meaning.values()))
axes.invert_yaxis()
axes.axvline(0, color="0.5", linewidth=1)
axes.set(xlabel="effect size (from -2 to 2)", xlim=(-2, 2))
legend = axes.legend(loc="upper left")

# %% [markdown]
# **What this shows.** Models learn associations that the texts hold, and nobody has to intend it. The vectors link
# doctors to men and other health workers to women, names of one group to pleasant things more than names of another. A
# program that ranks applicants, routes patients or completes a doctor's sentence on top of such vectors can act on
# these links.
#
# **What it does not show.** First, the result depends on the words: compare the long and the short list for the same
# names. Twelve tests were made, and among many one stands out by luck. Second, a small p-value speaks about exchanging
# the words of our lists, not about all words of the language. Third, an association is no decision: whether a patient
# is treated worse must be measured where the model is used, as unequal outcomes by group. And an effect near zero
# clears a model only for that list. (MiniLM was made for sentences, so single words are a rough test of it.)
#
# The medical row deserves a thought. If mental illness lies nearer to *brief* and *occasional* than *cancer* does,
# that may be how newspapers write, and a triage system that inherits it would take chronic depression for something
# that passes.
#
# ## 4. Attention
#
# The vectors so far give a word one meaning. A **transformer** gives each token a vector that depends on the sentence.
# Its tool is **attention** {cite}`vaswani2017attention`: every token asks a question, its *query*; every token offers
# a *key* and a *value*. The product of a query with a key says how well they fit. The products are divided by the root
# of the number of dimensions and turned into weights that add up to 1 (the *softmax*: $e^{x}$ divided by the sum of
# all $e^{x}$). The token's new vector is the mean of the values with these weights.
#
# $$\text{weights} = \text{softmax}\left(\frac{Q K^\top}{\sqrt d}\right), \quad \text{result} = \text{weights} \cdot V$$
#
# **Exercise 4 (4 points).** By hand first: a query (2, 0, 0, 0) meets two keys, (ln 3, 0, 0, 0) and (0, 5, 0, 0). What
# are the two weights? Then write attention. Note that $e^{1000}$ is too large for the computer; subtracting the
# largest number of a row from the whole row before taking $e^x$ changes nothing in the weights.


# %% exercise="attention"
def attention(queries: np.ndarray, keys: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compute scaled dot-product attention.

    Parameters
    ----------
    queries : array of float, shape (n, d)
        One row a token that asks.
    keys : array of float, shape (m, d)
        One row a token that is looked at.
    values : array of float, shape (m, e)
        What each of these has to give.

    Returns
    -------
    weights : array, shape (n, m)
        Each row adds up to 1.
    result : array, shape (n, e)
        One row a token that asks.
    """
    ### BEGIN SOLUTION
    fit = queries @ keys.T / np.sqrt(queries.shape[1])
    weights = np.exp(fit - fit.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    return weights, weights @ values
    ### END SOLUTION


# %% tests="attention" points=4
import numpy as np
import torch

from autograder import checks

marks = checks.Marks()
query, two_keys = np.array([[2.0, 0, 0, 0]]), np.array([[np.log(3), 0, 0, 0], [0, 5, 0, 0]])
with marks.part(1, "one query, two keys"):
    weights, result = attention(query, two_keys, np.array([[10.0], [2.0]]))
    checks.array(weights, [[0.75, 0.25]], hint="2 ln 3 divided by the root of 4 is ln 3, and e to that is 3")
    checks.array(result, [[8.0]], hint="0.75 times 10 plus 0.25 times 2")
### BEGIN HIDDEN TESTS
draw = np.random.default_rng(8)
asking, offering, giving = draw.normal(size=(3, 9)) * 2, draw.normal(size=(5, 9)), draw.normal(size=(5, 4))
with marks.part(1, "each row adds up to 1"):
    weights = np.asarray(attention(asking, offering, giving)[0])
    checks.equal(weights.shape, (3, 5), hint="one row a query, one column a key")
    checks.array(weights.sum(axis=1), np.ones(3), hint="the softmax runs along the keys")
with marks.part(1, "the same as PyTorch"):
    tensors = [torch.from_numpy(one) for one in (asking, offering, giving)]
    expected = torch.nn.functional.scaled_dot_product_attention(*tensors).numpy()
    checks.array(attention(asking, offering, giving)[1], expected, hint="the root of the number of dimensions of a key")
with marks.part(1, "large numbers"):
    weights, result = attention(query * 5000, two_keys, np.array([[10.0], [2.0]]))
    checks.array(weights, [[1.0, 0.0]], hint="subtract the largest number of the row first")
    checks.array(result, [[10.0]], hint="all weight on the first key")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# MiniLM {cite}`wang2020minilm` has six layers with twelve such *heads* each, 72 maps for every sentence. Here are two of
# the ways to look at one sentence: the mean over the heads of one layer, and that single head out of the 72 in which
# *pain* looks hardest at *denies*. We picked the second one because it shows what we wanted to see, which is how many
# pictures of this kind come about. The markers [CLS] and [SEP] stand at the beginning and the end of every text.

# %% alt="Two attention maps of one sentence, one row a token. Left, the mean over one layer: nearly all tokens look at the marker at the beginning. Right, one head: pain looks mostly at denies, while most other tokens look at the marker." caption="Attention of MiniLM for an invented sentence: mean over the heads of layer 4, and the head picked by us. Each row adds up to 1: what the token on the left looks at."
tokens, maps = encoder.attention("The patient denies chest pain but has a fever.")
onto = maps[:, :, tokens.index("pain"), tokens.index("denies")]
layer, head = (int(place) for place in np.unravel_index(onto.argmax(), onto.shape))
figure, panels = plt.subplots(1, 2, figsize=(10, 4.8))
titles = ("mean over the heads of layer 4", f"layer {layer + 1}, head {head + 1}")
for axes, weights, title in zip(panels, (maps[3].mean(axis=0), maps[layer, head]), titles, strict=True):
    drawn = axes.imshow(weights, cmap="Blues", vmin=0, vmax=1)
    axes.set_xticks(range(len(tokens)), tokens, rotation=60, ha="right")
    axes.set_yticks(range(len(tokens)), tokens)
    axes.set(xlabel="token looked at", title=title)
panels[0].set(ylabel="token that looks")
bar = figure.colorbar(drawn, label="weight", shrink=0.8)
print(f"Weight of 'pain' on 'denies', over all 72 heads: from {onto.min():.2f} to {onto.max():.2f}")
print(f"  median {np.median(onto):.2f}; above 0.2 in {(onto > 0.2).sum()} heads")

# %% [markdown]
# It is tempting to read such a map as the model's reasons. Resist: there are 72 of them for one sentence, they disagree,
# much weight lies on a marker that means nothing, and the values that are mixed are themselves mixtures from the layer
# below. A map shows what is *looked at* in one place, not what decides.
#
# That attention makes meaning depend on the sentence can be tested. The word *discharge* has one vector in word2vec.
# In MiniLM it has one for each sentence:

# %%
sentences = [
    "The patient was ready for discharge and went home.",
    "Her discharge from hospital is planned for Monday.",
    "There was yellow discharge from the wound.",
    "Purulent discharge came from the left ear.",
]
meanings = []
for sentence in sentences:
    tokens, inside = encoder.vectors(sentence)
    meanings.append(inside[tokens.index("discharge")])
print("Cosine similarity of 'discharge' in four sentences (1 and 2: going home; 3 and 4: pus):")
print(pd.DataFrame(words.cosines(meanings, meanings), index=range(1, 5), columns=range(1, 5)).round(2).to_string())

# %% [markdown]
# ## 5. Searching by meaning
#
# The mean over the vectors of all tokens is one vector for a whole text, a **sentence embedding**
# {cite}`reimers2019sentence`. With it one can search by meaning instead of by words. A patient says "water on the
# brain", the classification says "hydrocephalus". We search the three-character categories of ICD-10-CM for diseases
# and symptoms with queries in everyday words, which we wrote ourselves together with the codes that count as right.

# %%
categories = {code: name for code, name in names.items() if len(code) == 3 and code[0] in "ABCDEFGHIJKLMNR"}
asked = {
    "heart attack": "I21 I22", "high blood pressure": "I10 I1A R03", "stroke from a blocked vessel": "I63",
    "kidney stones": "N20", "gallstones": "K80", "nosebleed": "R04", "hay fever": "J30", "hives": "L50",
    "clouding of the lens": "H25 H26 H28", "brittle bones": "M80 M81", "water on the brain": "G91", "shingles": "B02",
    "underactive thyroid": "E02 E03", "blood poisoning": "A40 A41", "fits": "G40 R56", "lockjaw": "A33 A34 A35",
    "piles": "K64", "kissing disease": "B27", "athlete's foot": "B35", "yellow skin": "R17", "clot in the lung": "I26",
    "collapsed lung": "J93", "tooth decay": "K02", "rash": "R21",
}  # fmt: skip
codes = list(categories)
right_codes = [{codes.index(code) for code in said.split() if code in categories} for said in asked.values()]
print(f"{len(codes)} categories, {len(asked)} queries")

# %% [markdown]
# How good is a search? Two measures are common. The **hit rate at k** is the share of queries with a right entry among
# the first k. The **mean reciprocal rank** is the mean of 1 divided by the rank of the first right entry: 1 if it
# always comes first, 1/2 if always second.
#
# **Exercise 5 (3 points).** Compute both.


# %% exercise="search"
def search_quality(scores: np.ndarray, right: list, k: int) -> tuple[float, float]:
    """Compute the hit rate at k and the mean reciprocal rank of a search.

    Parameters
    ----------
    scores : array of float, shape (queries, entries)
        Score of each entry for each query; the highest comes first. No two scores of a query are equal.
    right : list of sets of int, length queries
        Which entries count as right for each query, from 0; at least one each.
    k : int
        How many entries the user looks at.

    Returns
    -------
    hit_rate, mean_reciprocal_rank : float
    """
    ### BEGIN SOLUTION
    ranks = []
    for row, wanted in zip(scores, right, strict=True):
        best = max(row[place] for place in wanted)
        ranks.append(1 + sum(score > best for score in row))
    ranks = np.array(ranks)
    return float(np.mean(ranks <= k)), float(np.mean(1 / ranks))
    ### END SOLUTION


# %% tests="search" points=3
import numpy as np

from autograder import checks

marks = checks.Marks()
table = np.array([[0.9, 0.1, 0.5], [0.2, 0.3, 0.7]])
with marks.part(1, "two queries, three entries"):
    checks.array(search_quality(table, [{0}, {1}], 1), [0.5, 0.75], hint="ranks 1 and 2")
### BEGIN HIDDEN TESTS
with marks.part(1, "several right entries: the best one counts"):
    ranked = np.array([[0.1, 0.9, 0.8, 0.7, 0.2], [5.0, 4, 3, 2, 1], [-1, -2, -3, -5, -4]])
    wanted = [{0, 3}, {4, 1, 3}, {3}]
    checks.close(search_quality(ranked, wanted, 3)[1], (1 / 3 + 1 / 2 + 1 / 5) / 3, hint="ranks 3, 2 and 5")
with marks.part(1, "hit rates for different k"):
    rates = [search_quality(ranked, wanted, k)[0] for k in (1, 2, 3, 4, 5)]
    checks.array(rates, [0, 1 / 3, 2 / 3, 2 / 3, 1], hint="rank 3 is among the first 3; a query counts once")
### END HIDDEN TESTS
marks.total()

# %%
by_words = TfidfVectorizer().fit(categories.values())
spelled = (by_words.transform(list(asked)) @ by_words.transform(categories.values()).T).toarray()
entry_vectors = encoder.encode(list(categories.values())).embeddings
by_meaning = encoder.encode(list(asked)).embeddings @ entry_vectors.T
hits = {}
for name, scores in {"TF-IDF (words)": spelled, "MiniLM (meaning)": by_meaning}.items():
    # entries with equal scores, such as 0, share the worst of their ranks: a search that finds nothing has not found it
    ranks = np.array([(row >= max(row[list(one)])).sum() for row, one in zip(scores, right_codes, strict=True)])
    hits[name] = ranks <= 5
    low, high = stats.binomtest(int(hits[name].sum()), len(ranks)).proportion_ci(method="wilson")
    print(f"{name}: right among the first five {hits[name].mean():.2f} [{low:.2f}, {high:.2f}]", end="; ")
    print(f"mean reciprocal rank {np.mean(1 / ranks):.2f}")
only = [int((one & ~other).sum()) for one, other in (hits.values(), list(hits.values())[::-1])]
mcnemar = stats.binomtest(only[0], max(sum(only), 1)).pvalue
print(f"Found only by words: {only[0]}, only by meaning: {only[1]}; p = {mcnemar:.3f} (exact McNemar test)")

# %%
for query in ("heart attack", "water on the brain", "piles", "fits"):
    best = np.argsort(-by_meaning[list(asked).index(query)])[:3]
    print(f"{query}: " + "; ".join(f"{codes[place]} {categories[codes[place]]}" for place in best))

# %% [markdown]
# (The *McNemar test* looks only at the queries that one of the two searches solves and the other does not: if both were
# equally good, each would win about half of these.)
#
# The search by meaning finds diseases that share no word with the query. It does not *know* which of its answers are
# right: something always comes first, and some of what comes first here would make a doctor shudder. With two dozen
# queries, written by one person, the intervals are wide.
#
# And near is not the same as equal. What a doctor must keep apart may lie side by side:

# %%
pairs = [
    ("The patient has chest pain.", "The patient has no chest pain."),
    ("Amputation of the left leg.", "Amputation of the right leg."),
    ("She is allergic to penicillin.", "She is not allergic to penicillin."),
    ("The patient has chest pain.", "The patient reports thoracic discomfort."),
]
for one, other in pairs:
    first, second = encoder.encode([one, other]).embeddings
    print(f"{first @ second:.2f}  {one} | {other}")

# %% [markdown]
# A search or a chat system that fetches "similar" notes by such vectors may fetch the opposite. Left and right, with
# and without, allergic and not: these words carry the patient's safety, and little of the similarity.
#
# ## 6. Training it further
#
# A model that has read a billion sentences should learn from few notes, one hopes. **Fine-tuning** goes on with the
# training of a ready-made model on one's own task. We train the last layer of MiniLM, with a new output on top, to
# name the disease in the simulated notes of the first notebook (findings only), and compare three contestants that
# learn from the same patients:
#
# - **TF-IDF** with logistic regression, with the rule for absent findings of the first notebook and without;
# - **MiniLM, frozen:** its sentence embeddings go into a logistic regression, and nothing inside is changed;
# - **MiniLM, fine-tuned**, with two different random seeds, since training starts from random numbers.
#
# **Guess before you run:** who wins at hospital A? Who at hospital B, whose words no model has seen in training?

# %%
size = {"quick": (60, 50), "full": (1500, 500)}[profile]
trained, epochs, rate = {"quick": (1, 3, 1e-3), "full": (6, 4, 1e-4)}[profile]
written = notes.write("A", sum(size), 404)
sets = {
    "train": [note for note in written if note.patient <= size[0]],
    "A": [note for note in written if note.patient > size[0]],
    "B": notes.write("B", size[1], 404),
}
for name, one in sets.items():
    print(f"{name}: {notes.describe(one)}")
truth = {name: np.array([notes.DIAGNOSES.index(note.diagnosis) for note in one]) for name, one in sets.items()}
encoded = {name: encoder.encode([note.findings for note in one], trained) for name, one in sets.items()}

# %%
answers = {}
for name, read in {"TF-IDF": lambda note: note.findings, "TF-IDF, absent marked": notes.mark_negated}.items():
    simple = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10, max_iter=2000))
    simple.fit([read(note) for note in sets["train"]], truth["train"])
    answers[name] = {place: simple.predict([read(note) for note in sets[place]]) for place in "AB"}
frozen = LogisticRegression(C=10, max_iter=2000).fit(encoded["train"].embeddings, truth["train"])
answers["MiniLM, frozen"] = {place: frozen.predict(encoded[place].embeddings) for place in "AB"}
for seed in (1, 2):
    tuned = language.fine_tune(
        encoder, encoded["train"].states, truth["train"], trained=trained, epochs=epochs, rate=rate, seed=seed
    )
    answers[f"MiniLM, fine-tuned, seed {seed}"] = {place: tuned.predict(encoded[place].states) for place in "AB"}

# %% alt="Accuracy of five models with 95 percent intervals at hospital A and at hospital B. At hospital A all are better than guessing; at hospital B all are much worse. The intervals are wide." caption="Simulated notes: share of right answers, 95 % percentile bootstrap intervals by patient. The dotted line is guessing among four diseases."
resamples = {"quick": 1000, "full": 10_000}[profile]
results, correct = {}, {}
for place in "AB":
    owners = [note.patient for note in sets[place]]
    for name, said in answers.items():
        correct[name, place] = (said[place] == truth[place]).astype(float)
        numbers = notes.bootstrap(owners, correct[name, place], resamples)
        results[f"{place}: {name}"] = dict(zip(("low", "value", "high"), numbers, strict=True))
results = pd.DataFrame(results).T
axes = clinic.plot.intervals(results, xlabel="accuracy (share of right answers)")
line = axes.axvline(0.25, color="0.45", linestyle=":")
print(results.round(2).to_string())

# %%
for place in "AB":
    owners = [note.patient for note in sets[place]]
    for rival in ("TF-IDF", "TF-IDF, absent marked"):
        both = np.mean([correct[f"MiniLM, fine-tuned, seed {seed}", place] for seed in (1, 2)], axis=0)
        low, value, high = notes.bootstrap(owners, both - correct[rival, place], resamples)
        winner = "MiniLM better" if low > 0 else "MiniLM worse" if high < 0 else "can't be told apart"
        print(f"{place}: fine-tuned MiniLM minus {rival}: {value:+.2f} [{low:+.2f}, {high:+.2f}]: {winner}")

# %% [markdown]
# A comparison is fair if every contestant learns from the same patients, is tuned with the same care and is tested on
# the same notes; and it must contain the simple model. On a small task with few notes and a narrow vocabulary a count
# of words is often hard to beat, and it takes a small fraction of the time. Read the verdicts above before you believe
# a headline. The difference between the two seeds, the same model trained twice, is part of the uncertainty, too. With
# more notes and all layers trained (profile "full") the order may change. Compare hospital B with hospital A as well:
# having read the internet does not by itself teach the abbreviations of a ward.
#
# ## 7. A model that makes up diagnoses
#
# So far models read. A model that **writes** does one thing: given what stands so far, it gives each possible next
# piece a probability; one piece is drawn; and so on. Large language models do it with subword tokens and have read
# much of the internet. Ours does it with single letters and has read a few thousand names of diseases from ICD-10-CM.
# We keep a fifth of the names aside.

# %%
longest, deepest = {"quick": (40, 5), "full": (60, 8)}[profile]
usable = sorted(
    {
        diagnoses.plain(name)
        for code, name in names.items()
        if code[0] in "ABCDEFGHIJKLMN" and len(code) <= deepest and len(name) <= longest and name.isascii()
    }
)
shuffled = np.random.default_rng(219).permutation(usable)
learned, kept = (
    [str(one) for one in shuffled[: len(usable) * 4 // 5]],
    {str(one) for one in shuffled[len(usable) * 4 // 5 :]},
)
everything = {diagnoses.plain(name) for name in names.values()}
width, rounds = {"quick": (128, 10), "full": (512, 30)}[profile]
writer = diagnoses.train_writer(learned, width=width, epochs=rounds, device=processor)
print(f"{len(learned)} names learned, {len(kept)} kept aside; {len(everything)} different names in ICD-10-CM")
print(f"Loss per letter: first round {writer.losses[0]:.2f}, last round {writer.losses[-1]:.2f}")

# %% alt="Bar chart of the probabilities of the next letter after four beginnings of a name. After some beginnings one letter takes nearly all, after others several letters share." caption="What the model expects next. The sign ⏎ means that the name ends here."
figure, panels = plt.subplots(1, 4, figsize=(9, 2.8), sharey=True)
for axes, start in zip(panels, ("acute bronch", "malignant neoplasm o", "chronic ", "pneumonia"), strict=True):
    ahead = pd.Series(writer.next(start)).nlargest(4)
    axes.bar([{"\n": "⏎", " ": "space"}.get(one, one) for one in ahead.index], ahead, color=clinic.plot.COLOURS[0])
    axes.set_title(f"{start}...", fontsize=10)
label = panels[0].set(ylabel="probability of next letter", ylim=(0, 1))

# %% [markdown]
# The **temperature** says how daring the draw is: the scores are divided by it before the softmax. Near 0 the
# likeliest letter wins nearly always; at 1 letters are drawn as the model believes; above, nonsense grows.

# %%
temperatures, count = (0.3, 0.5, 1.0), {"quick": 500, "full": 5000}[profile]
drafts = {temperature: writer.write(count, temperature, seed=219) for temperature in temperatures}
for temperature, wrote in drafts.items():
    print(f"Temperature {temperature}: " + "; ".join(wrote[:6]))

# %% [markdown]
# Here are ten names. Five stand in the classification and were kept aside in training; five were written by the model,
# with words that all exist, and stand nowhere in it. **Which are which?** Write your guess down before you go on.

# %%
vocabulary = {word for name in everything for word in diagnoses.words(name)}


def sounds_right(name: str) -> bool:
    """Say whether every word of a name occurs in the classification."""
    return bool(diagnoses.words(name)) and all(word in vocabulary for word in diagnoses.words(name))


convincing = list(dict.fromkeys(
    one for one in drafts[0.5] if one not in everything and sounds_right(one) and 2 <= len(diagnoses.words(one)) <= 4
))[:5]  # fmt: skip
genuine = [one for one in shuffled[len(usable) * 4 // 5 :] if 2 <= len(diagnoses.words(one)) <= 4][:5]
quiz = [str(one) for one in np.random.default_rng(219).permutation(convincing + genuine)]
for letter, name in zip("ABCDEFGHIJ", quiz, strict=False):
    print(f"{letter}  {name}")

# %%
print(
    "In ICD-10-CM:", ", ".join(letter for letter, name in zip("ABCDEFGHIJ", quiz, strict=False) if name in everything)
)

# %% [markdown]
# Sounding right is what the model was trained for. Being true was never asked of it. The only way to know was to look
# it up, and even that has limits: a real disease may stand in the classification under another name, or not at all. We
# count *names that are not in the classification*, not diseases that do not exist.
#
# **Exercise 6 (4 points).** Count where the names come from. Watch out for one thing: "Acute  Cystitis" and "acute
# cystitis" are the same name.


# %% exercise="origin"
def origin(written: list[str], learned: list[str], classification: list[str]) -> dict[str, float]:
    """Count where the names that a model wrote come from.

    Names are compared in small letters, and with single spaces between their words and none around them.

    Parameters
    ----------
    written : list of str
        What the model wrote, at least one name; a name that it wrote twice counts twice.
    learned : list of str
        The names that it was trained on; all of them are also in the classification.
    classification : list of str
        All names that exist.

    Returns
    -------
    dict
        Shares of `written`, from 0 to 1: "memorised" (was learned), "rediscovered" (was not learned and exists) and
        "invented" (does not exist); and "plausible", the share of the *invented* names in which every word, cut at
        spaces, occurs somewhere in the classification (nan if none was invented).
    """
    ### BEGIN SOLUTION
    written, learned, classification = (
        [" ".join(name.lower().split()) for name in listed] for listed in (written, learned, classification)
    )
    old, real = set(learned), set(classification)
    words = {word for name in real for word in name.split()}
    new = [name for name in written if name not in real]
    believable = sum(all(word in words for word in name.split()) for name in new)
    return {
        "memorised": sum(name in old for name in written) / len(written),
        "rediscovered": sum(name in real and name not in old for name in written) / len(written),
        "invented": len(new) / len(written),
        "plausible": believable / len(new) if new else float("nan"),
    }
    ### END SOLUTION


# %% tests="origin" points=4
from autograder import checks

marks = checks.Marks()
real = ["acute cystitis", "chronic gout", "gout of foot", "acute hepatitis"]
with marks.part(1, "one name of each kind"):
    result = origin(["chronic gout", "acute hepatitis", "chronic hepatitis", "cystopathia"], real[:2], real)
    checks.array([result["memorised"], result["rediscovered"], result["invented"]], [0.25, 0.25, 0.5])
    checks.close(result["plausible"], 0.5, hint="of the two invented names, one is made of words that exist")
### BEGIN HIDDEN TESTS
with marks.part(1, "names written twice count twice"):
    result = origin(["gout of foot", "acute gout", "acute gout", "acute gout", "acute cystitis"], real[:2], real)
    checks.array([result["memorised"], result["rediscovered"], result["invented"]], [0.2, 0.2, 0.6])
    result = origin(["abc"] * 3 + ["acute gout"], real[:1], real)
    checks.close(result["plausible"], 0.25, hint="a share of the invented names, each as often as it was written")
with marks.part(1, "capital letters and spaces do not make a new name"):
    mixed = ["Acute cystitis", "Chronic  Gout", "Gout of foot ", "ACUTE HEPATITIS"]
    result = origin(["acute  cystitis", " chronic gout", "gout OF foot", "Acute foot"], mixed[:2], mixed)
    checks.array([result["memorised"], result["rediscovered"], result["invented"]], [0.5, 0.25, 0.25])
    checks.close(result["plausible"], 1.0, hint="'acute' and 'foot' both exist, whatever their capital letters")
with marks.part(1, "what counts as plausible"):
    result = origin(["gou", "out of foot", "foot of gout"], real[:2], real)
    checks.close(result["plausible"], 1 / 3, hint="whole words, not pieces of words")
    result = origin(["gout of foot", "acute cystitis"], real[:2], real)
    checks.close(result["plausible"], float("nan"), hint="a share of nothing is undefined")
    result = origin(["acute hepatitis of foot", "chronic gout"], real[1:2], real)
    checks.close(result["plausible"], 1.0, hint="words of the whole classification, not only of the learned names")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now the count for our model, at three temperatures.

# %% alt="Stacked bars for three temperatures. At every temperature most names are invented. At low temperature more names are memorised and more of the invented ones consist of real words; at temperature 1 nearly all are invented and few consist of real words." caption="Where the written names come from. Invented: not in ICD-10-CM. Sounds right: every word occurs in ICD-10-CM."
known, parts = set(learned), {}
for temperature, wrote in drafts.items():
    kinds = ["memorised" if one in known else "rediscovered" if one in everything else
             "invented, sounds right" if sounds_right(one) else "invented, other" for one in wrote]  # fmt: skip
    parts[f"{temperature}"] = pd.Series(kinds).value_counts(normalize=True)
order = ["memorised", "rediscovered", "invented, sounds right", "invented, other"]
parts = pd.DataFrame(parts).reindex(order).fillna(0).T
figure, axes = plt.subplots(figsize=(7, 2.9))
left = np.zeros(len(parts))
for kind, colour, hatch in zip(order, clinic.plot.COLOURS, ("", "xx", "//", ".."), strict=False):
    axes.barh(parts.index, parts[kind], left=left, color=colour, hatch=hatch, edgecolor="white", label=kind)
    left += parts[kind].to_numpy()
axes.set(xlabel="share of the names written", ylabel="temperature", xlim=(0, 1))
legend = axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)

# %%
for temperature, wrote in drafts.items():
    new = [one for one in wrote if one not in everything]
    share, good = (
        stats.binomtest(a, b) for a, b in ((len(new), len(wrote)), (sum(map(sounds_right, new)), max(len(new), 1)))
    )
    a, b = (test.proportion_ci(method="wilson") for test in (share, good))
    print(
        f"Temperature {temperature}: invented {share.statistic:.2f} [{a.low:.2f}, {a.high:.2f}]; "
        f"of these, sound right {good.statistic:.2f} [{b.low:.2f}, {b.high:.2f}]; "
        f"{len(set(wrote))} different names in {len(wrote)}"
    )

# %% [markdown]
# A low temperature does not cure the problem. The model gets more careful in its *words*, and repeats itself, and so
# its inventions sound better. The large models of today invent far less than this toy, and the mechanism, likely words
# without a check of truth, is the same. Passing examinations in medicine {cite}`singhal2023large` does not exclude it.
#
# One more danger lies in what comes behind. Suppose a program turns what the model wrote into a code, by the search of
# section 5. The search always returns something:

# %%
nearest = encoder.encode(convincing).embeddings @ entry_vectors.T
for name, scores in zip(convincing, nearest, strict=True):
    best = int(np.argmax(scores))
    print(f"{name} -> {codes[best]} {categories[codes[best]]} (similarity {scores[best]:.2f})")

# %% [markdown]
# Now the invention has a real code. It enters the problem list, the bill and the register; the next doctor reads it, a
# drug is stopped or started because of it, and an insurer asks about it in ten years. Nothing in the code says that
# nobody ever made the diagnosis. What helps is what helps with any draft: the machine may only choose from a list of
# what exists *and* show the sentence of the note that supports it; a person who examined the patient checks both; and
# how often that check fails is measured.
#
# ## 8. Would you sign it?

# %% [markdown] essay="sign" points=6
# **Essay (6 points, about 300 words).** Your hospital tries out a language model that drafts discharge letters from
# the notes and proposes diagnoses with codes. The doctor reads the draft and signs. The vendor says: "The doctor is in
# the loop, and at low temperature the model hardly ever makes anything up." *Should your ward use it?* Take a position
# and argue it from the results of this notebook.
#
# Rubric, two points for each criterion:
#
# - **Evidence, figures from the notebook.** 0 points: no figure, or a wrong one. 1 point: a right figure without its
#   interval or without saying what was counted. 2 points: a figure on invention at low temperature with its interval,
#   and a second result that bears on the vendor's claim (for instance negation in embeddings, association tests, the
#   comparison with the simple model).
# - **Harm, to the patient and to which patients.** 0 points: not mentioned. 1 point: a wrong diagnosis is named as a
#   risk. 2 points: follows an invented diagnosis from the letter to what is done to the patient, and says whether it
#   hits all patients alike.
# - **Judgement, the decision.** 0 points: no position, or one that does not follow. 1 point: a position with one
#   reason. 2 points: weighs the doctor's saved time against the errors that a tired reader lets pass, and says which
#   safeguards or which study would change the decision. The limits of a toy model as evidence about a large one are
#   named.
#
# ### BEGIN MARK SCHEME
# **Evidence.** At temperature 0.3 the share of invented names with its Wilson interval, from the student's own output,
# and that of the invented ones most sound right. Second results that count: in the search of section 5 "left" and
# "right", or "allergic" and "not allergic", lie side by side; effect sizes with p; an invented name gets a real code;
# the quiz. The share is of *names not in the classification*; a student who calls all of them non-existent diseases
# loses nothing if the limit is discussed, else at most 1 point.
#
# **Harm.** A chain: letter, problem list, drug or test or refused insurance, next doctor. Unequal harm: associations
# in the embeddings may lead to other drafts for women or for patients with certain names; those who can't read their
# letter can't correct it. That inequality in decisions was not measured here should be said.
#
# **Judgement.** "No", "not yet" and "yes, under these conditions" can all earn 2 points. Conditions: only codes from a
# list, each with the supporting sentence; measured rate of errors that pass the signature, by group; a trial with
# letters written with and without it; a way to report errors; the right to write without it. "The doctor is
# responsible" alone is not a safeguard. Our model is a toy trained on letters of names; it proves the mechanism, not
# the rate in a large model.
#
# Sample answer: Not yet. Our toy shows what the vendor's sentence leaves out. At the lowest temperature most of the
# names it wrote were still not in the classification, with a narrow Wilson interval, and most of these were made only
# of real medical words. In the quiz I could not tell them from real ones, and a doctor who signs thirty letters at the
# end of a shift will not look up each. A large model will invent less, but the notebook gives no rate for it, and nor
# does the vendor. The search of section 5 put "allergic" next to "not allergic" and gave each invented name a real
# code. Such a code stays with the patient: an invented heart failure changes what drugs she gets and what an insurer
# asks. The association tests make me fear that drafts differ between women and men; whether they do has not been
# measured. The time saved is real, and tired doctors make errors, too. I would agree to a trial in which the model may
# only propose codes from the list with the sentence that supports each, letters are checked a second time by somebody
# who doesn't know their origin, and the errors that pass are counted by group.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Not yet. At the lowest temperature most names that our model wrote were not in the classification, with a narrow
# Wilson interval, and most of those sounded right, so that a tired reader would sign them. The search gives each a
# real code, which stays with the patient. A large model invents less, but nobody has shown us how much passes the
# signature. I would agree to a trial in which it proposes only codes from the list, each with the sentence that
# supports it, and in which the errors that pass are counted by group.
# ### END SOLUTION

# %% [markdown]
# ## 9. Summary
#
# - Embeddings put words and sentences with like company near each other. Near is not equal: "no" hardly moves a
#   sentence.
# - Embeddings carry the associations of the text they were learned from. Measure them with a test that has a control
#   and a p-value, on lists laid down beforehand; an analogy may be made by its rules.
# - Attention mixes the vectors of a sentence, so that a word gets the meaning of its sentence. A map of it is no
#   explanation.
# - Search by meaning always finds something.
# - Compare a large model with a simple one, on the same patients, with intervals; the simple one may win.
# - A model that writes gives what is likely, not what is true. The better it writes, the harder its inventions are to
#   see.
# - Look it up, and ask for the sentence in the note.
#
# **Further reading.** On bias in word vectors: {cite}`caliskan2017semantics`, {cite}`bolukbasi2016man`, and against
# hasty examples {cite}`nissim2020fair`. On transformers: {cite}`vaswani2017attention`. On language models in medicine:
# {cite}`thirunavukarasu2023large`, {cite}`singhal2025toward`. On a trial of a language model as an aid to diagnosis:
# {cite}`goh2024large`. On how to report such studies: {cite}`gallifant2025tripod`. On ethics and governance:
# {cite}`who2024ethics`.
