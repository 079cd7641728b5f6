# ---
# title: Patients like yours
# objectives: [read-graph, centrality, similarity-choice, communities, permutation-test, network-fusion, transductive-leak, plain-baseline, far-from-everybody, uncertainty, critical-appraisal]
# minutes: 120
# data: [nhefs]
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% tags=["parameters"]
profile = "quick"  # "quick": under a minute on two CPU cores; "full": more resamples, seeds and settings
device = "auto"  # every lab has this parameter; nothing in this one needs a GPU

# %% [markdown]
# ## 1. The question and the table
#
# "I have seen patients like you before." Much of a doctor's experience lies in this sentence. With a **patient
# similarity network** a computer can say it of thousands of patients: each is a point, and two are linked if they
# resemble each other. The doctor who asks about a patient gets her neighbours, and what became of them.
#
# A review says of such networks that they are analogous to the way in which doctors diagnose, perform excellently,
# can be interpreted, and can protect privacy {cite}`pai2018patient`. We take nothing on trust.

# %%
import clinic
import matplotlib.pyplot as plt
import networkx as nx
import numpy as np
import pandas as pd
from clinic import similarity
from scipy import stats
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import adjusted_rand_score, pairwise_distances, roc_auc_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

clinic.plot.use_style()
dataset = clinic.load_nhefs()
survey, died = dataset.table, dataset.target.to_numpy()
print(dataset)

# %% [markdown]
# Each row is one adult of an American health survey. All of them smoked when it began in the early 1970s, and we want
# to tell from what was known *then* who would be dead by the end of 1992. Three traps lie in the table.
#
# - **Time.** According to the codebook some columns are values of 1982, the blood pressure (`sbp` and `dbp`) among
#   them. A doctor in 1971 could not have known them. We use only what was known at the start, our **baseline**.
# - **Selection.** Look at the years of death in the next output: everybody was alive when 1983 began. Those who died
#   earlier are not in the table, so whatever we find holds for smokers who survived the first years.
# - **A code.** In several questions 0 is "never" and 1 is "ever", and 2 is "not known".

# %%
years = survey["yrdth"].dropna().astype(int)
print(f"Deaths in the table: from 19{years.min()} to 19{years.max()}. Fewest cigarettes a day at the start:", end=" ")
print(survey["smokeintensity"].min())
asked = (survey["diabetes"] != 2).to_numpy()
for question in ("diabetes", "hbp", "pica", "hbpmed", "boweltrouble"):
    print(f"{question}: not known of {(survey[question] == 2).sum()}", end="; ")
    print("the same people" if (asked == (survey[question] != 2)).all() else "other people", "as for diabetes")
print(f"Survey numbers of those asked: {survey.index[asked].min()} to {survey.index[asked].max()}")
print(f"Survey numbers of the others:  {survey.index[~asked].min()} to {survey.index[~asked].max()}")

# %% [markdown]
# So about half of the people were never asked, and they are exactly those with the higher survey numbers. The code 2
# says when somebody entered the survey, and nothing about a disease. We turn such codes into missing values. A
# careless colleague, whom we meet in section 4, doesn't.
#
# The columns fall into four **modalities**, kinds of knowledge that a clinic would collect in different ways.

# %%
known = similarity.baseline(survey)
modalities = {column.modality: [] for column in similarity.COLUMNS}
for column in similarity.COLUMNS:
    modalities[column.modality].append(column.name)
for modality, columns in modalities.items():
    print(f"{modality}: {', '.join(columns)}")
gaps = known.isna().sum()
print("Not known:", ", ".join(f"{name} of {count}" for name, count in gaps[gaps > 0].items()))

# %% [markdown]
# ## 2. What a graph is
#
# A **graph** (or network) is a set of *nodes*, here patients, and of *edges*, links between two of them. Here are
# seven **invented** patients. An edge means "these two resemble each other". It does not mean that they have met: a
# similarity network is not a network of contacts, and nothing travels along its edges.

# %% alt="Seven patients. Ada, Ben and Cem are all linked with each other, and so are Eva, Finn and Gro. Dea stands between the two triangles, linked with Cem and with Eva." caption="Seven invented patients and who resembles whom."
names = ["Ada", "Ben", "Cem", "Dea", "Eva", "Finn", "Gro"]
pairs = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (4, 5), (4, 6), (5, 6)]
small = nx.Graph(pairs)
places = {0: (0, 1), 1: (0, 0), 2: (1, 0.5), 3: (2, 0.5), 4: (3, 0.5), 5: (4, 1), 6: (4, 0)}
axes = similarity.draw(small, places, np.zeros(7, dtype=int), ["patient"], labels=dict(enumerate(names)))
axes.figure.set_size_inches(6, 2.6)
margins = axes.margins(x=0.1, y=0.35)

# %% [markdown]
# A computer keeps a graph as its **adjacency matrix** A: a table with one row and one column a patient, and a 1 where
# two are linked. It is symmetric (if Ada is like Ben, Ben is like Ada), and its diagonal is 0.
#
# - The **degree** of a patient is the number of neighbours, the sum of a row.
# - The **density** of a graph is the share of all possible pairs that are linked.
# - A **path** leads from edge to edge; its length is the number of edges. The *shortest path* between two patients has
#   the fewest.
# - The **betweenness** of a patient, in its plain form, is the number of pairs of *other* patients whose shortest
#   path passes through this patient.

# %%
matrix = nx.to_numpy_array(small, nodelist=range(7), dtype=int)
print(pd.DataFrame(matrix, names, names).to_string())

# %% [markdown]
# **Exercise 1 (4 points).** Fill in the dictionary `by_hand`, with pencil and paper. For the density, a fraction, ask
# how many pairs seven patients can form.

# %% exercise="graph"
# Set `by_hand` with the keys "edges", "degree of Cem", "density", "steps from Ada to Gro", "betweenness of Dea"
# (numbers) and "highest betweenness" (a name).
### BEGIN SOLUTION
by_hand = {"edges": 8, "degree of Cem": 3, "density": 8 / 21, "steps from Ada to Gro": 4}
by_hand |= {"betweenness of Dea": 3 * 3, "highest betweenness": "Dea"}
### END SOLUTION

# %% tests="graph" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "edges and a degree"):
    checks.close(by_hand["edges"], 8, hint="each line counts once, though the matrix shows it twice")
    checks.close(by_hand["degree of Cem"], 3, hint="Ada, Ben and one more")
### BEGIN HIDDEN TESTS
with marks.part(1, "density"):
    checks.close(by_hand["density"], 8 / 21, atol=0.0006, hint="each of seven can be linked with six; each pair once")
with marks.part(1, "the shortest path"):
    checks.close(by_hand["steps from Ada to Gro"], 4, hint="count the edges, not the patients")
with marks.part(1, "betweenness"):
    checks.close(by_hand["betweenness of Dea"], 9, hint="which pairs can't reach each other without Dea?")
    checks.equal(str(by_hand["highest betweenness"]).strip().casefold(), "dea", hint="count the pairs for Cem, too")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 3. Who is central?
#
# **Centrality** is a family of answers to the question which node matters.
#
# - **Degree**: how many others are like her? A high degree belongs to a *typical* patient.
# - **Betweenness**: how often does the way from one patient to another lead through her? A high value belongs to a
#   patient *between groups*. Clinically this may be a mixed case, who fits two pictures and neither well.
# - **Eigenvector centrality**: how central are the patients who are like her? Each patient's centrality is the sum of
#   her neighbours' centralities, times a constant. A high value belongs to the middle of a large dense group.
#   **PageRank** is a relative of it: a walker steps from neighbour to neighbour and now and then jumps to a random
#   patient; PageRank is the share of time spent with each.
#
# None of them says anything about disease or death by itself. In a network of contacts, where infections travel, the
# same numbers would mean something entirely different.
#
# **Exercise 2 (3 points).** Set `centrality`, a dictionary that gives for each question the measure that answers it,
# `"degree"`, `"betweenness"` or `"eigenvector"`. The questions are its keys:
#
# - `"many like her"`: which patient has the largest number of similar patients?
# - `"between groups"`: through which patient do two groups hang together?
# - `"typical friends"`: which patient resembles those who are central themselves?
#
# Then set `true_statements` to the letters of all true statements, for example `{"A", "D"}`:
#
# - **A** In the graph of seven, the patient with the highest betweenness has no more neighbours than Ada.
# - **B** A patient with a high betweenness in a similarity network passes the disease on to others.
# - **C** If everybody is linked to her k most similar patients, nobody has a degree below k, however unlike the
#   others she is.
# - **D** The patient with the highest degree has the highest risk.

# %% exercise="centrality"
# Set the dictionary `centrality` and the set `true_statements`.
### BEGIN SOLUTION
centrality = {"many like her": "degree", "between groups": "betweenness", "typical friends": "eigenvector"}
true_statements = {"A", "C"}
### END SOLUTION

# %% tests="centrality" points=3
from autograder import checks

marks = checks.Marks()
with marks.part(1, "three questions, three measures, and the simplest of them"):
    measures = {"degree", "betweenness", "eigenvector"}
    checks.equal(set(centrality) == {"many like her", "between groups", "typical friends"}, True, hint="three keys")
    checks.equal(set(centrality.values()) <= measures, True, hint="the words of the exercise, in lower case")
    checks.equal(centrality["many like her"], "degree", hint="count the neighbours")
    checks.equal(set(true_statements) <= set("ABCD"), True, hint="a set of letters")
### BEGIN HIDDEN TESTS
with marks.part(1, "the other two measures"):
    checks.equal(centrality["between groups"], "betweenness", hint="who would be missed on the way across?")
    checks.equal(centrality["typical friends"], "eigenvector", hint="the neighbours' own centrality counts")
with marks.part(1, "the true statements"):
    checks.equal(
        sorted(true_statements), ["A", "C"], hint="an edge is a resemblance, and k neighbours are always found"
    )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 4. What does "like" mean?
#
# Before there is a network somebody must decide how alike two patients are. The obvious way is to take the
# measurements as coordinates and compute the distance between two points. But distances add up kilograms, centimetres
# and milligrams, and whichever unit gives the larger numbers rules. The next cell finds each patient's ten nearest
# others from weight, height and cholesterol, and then states the *same* facts in other units.
#
# **Before you run it, guess:** how many of the ten neighbours stay the same if the weight is written in grams?


# %%
def overlap(first: np.ndarray, second: np.ndarray) -> float:
    """Return the share of the nearest that two lists of them have in common, on average over the patients."""
    return float(np.mean([np.isin(one, other).mean() for one, other in zip(first, second, strict=True)]))


def ten_by_distance(columns: np.ndarray) -> np.ndarray:
    """Return each patient's ten nearest others by the plain distance between two rows of numbers."""
    return similarity.nearest(-pairwise_distances(columns), 10)


body = known[modalities["body"]].dropna()
factors = {"weight in g": [1, 1000, 1], "height in m": [0.01, 1, 1], "cholesterol in mmol/l": [1, 1, 1 / 38.67]}
for change, factor in factors.items():
    plain = overlap(ten_by_distance(body), ten_by_distance(body * factor))
    scaled = [ten_by_distance(StandardScaler().fit_transform(one)) for one in (body, body * factor)]
    fair = overlap(*scaled)
    print(f"{change}: {plain:.0%} of the ten nearest stay the same, after standardising {fair:.0%}")

# %% [markdown]
# So columns are put on a common scale first: *standardised* (mean 0, standard deviation 1), or divided by their range.
# That settles the units. But now every column weighs the same, and this is a choice as well.
#
# Our table holds numbers, categories and gaps. **Gower's similarity** copes with all three. Go through the columns:
#
# - a number gives 1 minus |difference| / range, where the range is that of all patients (1 if the range is 0);
# - a category gives 1 if both patients have the same, and 0 if not;
# - a column that is unknown for one of the two, or for both, is left out.
#
# The similarity is the mean over the columns that are left. Example: two patients are 40 and 60 years old (the range
# is 50 years) and both married, and of one the cholesterol is not known. Their similarity is (0.6 + 1) / 2 = 0.8.
#
# **Exercise 3 (4 points).** Write it for one pair of patients. The loop over the columns is there; you write what one
# column adds to the list `parts`, if anything.


# %% exercise="gower"
def gower_similarity(first: list, second: list, ranges: list) -> float:
    """Compute Gower's similarity of two patients, or nan if no column is known of both.

    Parameters
    ----------
    first, second : list, length m
        The values of the two patients: numbers, text for categories, None where not known. A category may be coded
        by numbers.
    ranges : list, length m
        For each column of numbers its range in all patients, 0 or more; None for a category.
    """
    parts = []
    for one, other, width in zip(first, second, ranges, strict=True):
        ### BEGIN SOLUTION
        if one is None or other is None:
            continue
        if width is None:
            parts.append(1.0 if one == other else 0.0)
        elif width == 0:
            parts.append(1.0)
        else:
            parts.append(1 - abs(one - other) / width)
        ### END SOLUTION
    return sum(parts) / len(parts) if parts else float("nan")


# %% tests="gower" points=4
from autograder import checks

marks = checks.Marks()
with marks.part(1, "the example of the text"):
    result = gower_similarity([40, "married", 200], [60, "married", None], [50, None, 338])
    checks.close(result, 0.8, hint="two columns are left")
### BEGIN HIDDEN TESTS
with marks.part(1, "a category is the same or not, whatever its codes"):
    checks.close(gower_similarity([2], [6], [None]), 0.0, hint="code 6 is not farther from 2 than code 3 is")
    checks.close(gower_similarity([2, 30], [3, 20], [None, 20]), 0.25, hint="a category gives 0 or 1")
    checks.close(gower_similarity(["yes", 0], ["no", 0], [None, None]), 0.5, hint="0 is a value, not a gap")
with marks.part(1, "numbers, whichever patient comes first"):
    for pair in ([[10, 1.0], [30, 0.5]], [[30, 0.5], [10, 1.0]]):
        checks.close(gower_similarity(*pair, [80, 1]), 0.625, hint="the size of the difference, on each column's range")
    checks.close(gower_similarity([3, 10], [3, 12], [0, 10]), 0.9, hint="a column in which all patients are equal")
with marks.part(1, "gaps"):
    checks.close(gower_similarity([None, 5, "a"], [None, 9, "b"], [10, 8, None]), 0.25, hint="two unknowns don't agree")
    checks.close(gower_similarity([None, 5], [3, None], [10, 8]), float("nan"), hint="nothing can be compared")
    checks.close(gower_similarity([0, 0, None], [0, 4, 1], [9, 4, 5]), 0.5, hint="divide by the columns that are left")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Now all pairs of the real patients. Our working similarity is the mean of the four modalities, so each weighs one
# quarter, whether it has three columns or fourteen.
#
# Every word of that sentence is a decision. The next cell changes one decision at a time and asks how many of the ten
# most similar patients survive the change. The last one is the careless colleague's way: code 2 ("not known") counts
# as a third answer to be agreed or disagreed on, in all five questions that have it.

# %% alt="Four points, each the share of the ten most similar patients that stay after one change of the similarity. All lie well below 1." caption="Real data: how many of a patient's ten most similar others stay when one decision about the similarity is changed (mean over patients; the bar spans the middle half of the patients)."
alike = {modality: similarity.gower(known[columns]) for modality, columns in modalities.items()}
working = sum(alike.values()) / 4
blind = {
    m: similarity.gower(known[[c for c in columns if c not in ("race", "sex")]]) for m, columns in modalities.items()
}
without_groups = sum(blind.values()) / 4
coded = survey[["hbp", "diabetes", "pica", "hbpmed", "boweltrouble"]].astype("category")
history = known[modalities["history"]].drop(columns=["high blood pressure", "diabetes"])
careless_history = similarity.gower(pd.concat([history, coded], axis=1))
careless = (working * 4 - alike["history"] + careless_history) / 4
decisions = {
    "all 28 columns weigh the same": similarity.gower(known),
    "body counts three times": (working * 4 + 2 * alike["body"]) / 6,
    "race and sex left out": without_groups,
    "code 2 taken for an answer": careless,
}
ours = similarity.nearest(working, 10)
rows = {}
for decision, other in decisions.items():
    shares = [np.isin(*both).mean() for both in zip(ours, similarity.nearest(other, 10), strict=True)]
    low, high = np.quantile(shares, [0.25, 0.75])
    rows[decision] = {"low": min(low, np.mean(shares)), "value": np.mean(shares), "high": max(high, np.mean(shares))}
stays = pd.DataFrame(rows).T
axes = clinic.plot.intervals(stays, xlabel="share of the ten most similar who stay")
axes.set_xlim(0, 1)
print(stays["value"].round(2).to_string())

# %% [markdown]
# Nobody's health changed between these lines. Whoever sells "patients like yours" has made all these decisions, and
# the user sees none of them. Ask for them.
#
# ## 5. From similarities to a network
#
# A table of all pairs is no network yet, since everybody resembles everybody a little. The **k-nearest-neighbour
# graph** keeps the strongest: each patient chooses the k most similar others, and two patients are linked if *at
# least one* of them chose the other. Some patients are chosen often, and so have more than k neighbours. Nobody has
# fewer.
#
# **Exercise 4 (4 points).** Write it. Beware of the diagonal: every patient is most similar to herself. And she may
# have a twin who is exactly like her. Three tools: `np.fill_diagonal(table, value)` overwrites the diagonal,
# `np.argsort(-row)` gives the places of the numbers of a row, largest number first, and `np.maximum(one, other)` takes
# the larger of two tables place by place.


# %% exercise="neighbours"
def neighbour_graph(resemblance, k: int) -> np.ndarray:
    """Link each patient with the k most similar others.

    Parameters
    ----------
    resemblance : array of float, shape (n, n)
        Symmetric; higher means more alike. What stands on the diagonal must not matter.
    k : int
        From 1 to n - 1.

    Returns
    -------
    array of int, shape (n, n)
        1 if at least one of the two is among the k most similar of the other, else 0; the diagonal is 0.
    """
    others = np.array(resemblance, dtype=float)  # a copy, which you may change
    links = np.zeros(others.shape, dtype=int)
    ### BEGIN SOLUTION
    np.fill_diagonal(others, -np.inf)
    for patient, row in enumerate(others):
        links[patient, np.argsort(-row)[:k]] = 1
    return np.maximum(links, links.T)
    ### END SOLUTION


# %% tests="neighbours" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
four = np.array([[1.0, 0.9, 0.2, 0.1], [0.9, 1.0, 0.8, 0.3], [0.2, 0.8, 1.0, 0.4], [0.1, 0.3, 0.4, 1.0]])
with marks.part(1, "four patients, one neighbour each"):
    result = neighbour_graph(four, 1)
    checks.array(result, [[0, 1, 0, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 0, 1, 0]], hint="who chose whom?")
### BEGIN HIDDEN TESTS
with marks.part(1, "two neighbours each, and everybody"):
    wanted = np.array([[0, 1, 1, 0], [1, 0, 1, 1], [1, 1, 0, 1], [0, 1, 1, 0]])
    checks.array(neighbour_graph(four, 2), wanted, hint="the two most similar others")
    checks.array(neighbour_graph(four, 3), 1 - np.eye(4), hint="k = 3 links everybody with everybody")
with marks.part(1, "the diagonal does not matter"):
    for diagonal in (0.0, 0.5, -3.0):
        other = four.copy()
        np.fill_diagonal(other, diagonal)
        checks.array(neighbour_graph(other, 1), neighbour_graph(four, 1), hint="leave the patient herself out")
    negative = four - 5
    checks.array(neighbour_graph(negative, 2), wanted, hint="higher is more alike, below 0 as well")
with marks.part(1, "twins"):
    twins = np.array([[1.0, 1.0, 0.2, 0.3], [1.0, 1.0, 0.2, 0.3], [0.2, 0.2, 1.0, 0.9], [0.3, 0.3, 0.9, 1.0]])
    checks.array(
        neighbour_graph(twins, 1), [[0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1], [0, 0, 1, 0]], hint="and herself?"
    )
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Here is a network of 200 real patients, drawn by chance, each linked with five. In the drawing edges pull like springs
# and nodes push each other away. Neither axis has a meaning. What do you believe to see?

# %% alt="Two drawings of the same network of 200 patients, which falls into two large clusters with few edges between them. Left, by sex and race: one cluster is of men and the other of women, and within each those coded black or other stand close together. Right, those who died are scattered over both clusters." caption="Real data, 200 patients drawn at random, five neighbours each. Left: sex and race as the survey coded them. Right: dead by 1992 or alive."
woman, black = known["sex"].astype(float).to_numpy() == 1, known["race"].astype(float).to_numpy() == 1
some = np.sort(np.random.default_rng(219).choice(len(died), size=200, replace=False))
part = nx.from_numpy_array(similarity.network(working[np.ix_(some, some)], 5))
spots = nx.spring_layout(part, seed=219, iterations=100)
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 5))
groups = ["men, white", "women, white", "men, black or other", "women, black or other"]
similarity.draw(part, spots, (woman + 2 * black)[some], groups, left)
similarity.draw(part, spots, died[some], ["alive", "dead by 1992"], right)
for axes in (left, right):
    legend = axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.02), ncols=2)

# %% [markdown]
# The clusters are what the rule produced. Sex and race are categories: two patients agree in them fully or not at all,
# while two ages are nearly always *somewhat* alike. So in Gower's mean the categories pull hardest. The network
# "discovered" what we put in.
#
# Now all patients, with ten neighbours each, and the four centralities.

# %%
links = similarity.network(working, 10)
graph = nx.from_numpy_array(links)
starts = {"quick": 100, "full": None}[profile]  # None: paths from every patient
values = {
    "degree": dict(graph.degree()),
    "betweenness": nx.betweenness_centrality(graph, k=starts, seed=219),
    "eigenvector": nx.eigenvector_centrality(graph, max_iter=5000, tol=1e-8),
    "PageRank": nx.pagerank(graph),
}
central = pd.DataFrame(values)
print(f"{graph.number_of_nodes()} patients, {graph.number_of_edges()} edges, density {nx.density(graph):.3f},", end=" ")
print(f"{nx.number_connected_components(graph)} connected part(s)")
print("Rank correlation (Spearman) of the centralities:")
print(central.corr(method="spearman").round(2).to_string())
squares = np.sort(central["eigenvector"] ** 2)[::-1]
print(
    f"The tenth of the patients with the highest eigenvector centrality hold {squares[:163].sum():.0%} of it (squared)"
)

# %% [markdown]
# A rank correlation of 1 would mean that two measures put the patients in the same order. PageRank says nearly the
# same as the degree here. The eigenvector centrality goes its own way: it lights up one dense region and leaves the
# others dark.
#
# ## 6. Communities
#
# A **community** is a group of patients with more edges among themselves than chance would give them. "More than
# chance" is measured by **modularity** Q. Let m be the number of edges of the graph, and for each community let L be
# the number of edges inside it and D the sum of the degrees of its patients. Then
#
# $$Q = \sum_{\text{communities}} \left[ \frac{L}{m} - \left( \frac{D}{2m} \right)^2 \right].$$
#
# The first term is the share of edges inside. The second is the share to be expected if each patient kept her degree
# and the edges were dealt at random. If all patients are in one community, Q is 0.
#
# **Exercise 5 (4 points).** Compute the modularity of a division. The loop over the communities is there; you find L
# and D of one community and add its term to `total`.


# %% exercise="modularity"
def modularity(adjacency, community: list) -> float:
    """Compute the modularity of a division into communities.

    Parameters
    ----------
    adjacency : array of int, shape (n, n)
        1 where two patients are linked, else 0; symmetric, with zeros on the diagonal and at least one edge.
    community : list of int or text, length n
        Which community each patient belongs to.
    """
    adjacency, community = np.asarray(adjacency), np.asarray(community)
    m = adjacency.sum() / 2  # the table shows each edge twice
    total = 0.0
    for one in np.unique(community):
        inside = community == one
        rows = adjacency[inside]  # who is linked with the patients of this community
        block = rows[:, inside]  # and who of those belongs to it as well
        ### BEGIN SOLUTION
        edges_inside = block.sum() / 2
        total += edges_inside / m - (rows.sum() / (2 * m)) ** 2
        ### END SOLUTION
    return total


# %% tests="modularity" points=4
import networkx as nx
import numpy as np

from autograder import checks

marks = checks.Marks()
triangles = nx.to_numpy_array(nx.Graph([(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)]), range(6), dtype=int)
with marks.part(1, "two triangles with one edge between them"):
    checks.close(modularity(triangles, [0, 0, 0, 1, 1, 1]), 2 * (3 / 7 - 1 / 4), hint="m = 7, L = 3 and D = 7 in each")
### BEGIN HIDDEN TESTS
with marks.part(1, "communities of unequal size"):
    checks.close(modularity(triangles, [0, 0, 0, 0, 1, 1]), 4 / 7 - 100 / 196 + 1 / 7 - 16 / 196, hint="L, m and D")
    checks.close(modularity(triangles, list("aabbba")), 3 / 7 - (6**2 + 8**2) / 14**2, hint="names may be text")
with marks.part(1, "one community of all, and each patient alone"):
    checks.close(modularity(triangles, [3] * 6), 0.0, hint="everything is inside, as chance would have it")
    alone = -(4 * 2**2 + 2 * 3**2) / 14**2
    checks.close(modularity(triangles, [0, 1, 2, 3, 4, 5]), alone, hint="no edge is inside, but degrees remain")
with marks.part(1, "a larger graph"):
    club = nx.karate_club_graph()
    sides = [club.nodes[node]["club"] for node in club]
    expected = nx.community.modularity(club, [{n for n in club if sides[n] == s} for s in set(sides)], weight=None)
    checks.close(modularity(nx.to_numpy_array(club, weight=None, dtype=int), sides), expected, hint="sum over both")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# There are far too many divisions to try them all, so programs search for a good one. The **Louvain** method lets one
# patient after another move to the neighbouring community that raises Q most, then does the same with whole
# communities. It goes in random order, so another seed can give another answer.
#
# Two checks keep us honest. **Stability:** do different seeds, and different samples of the patients, find the same
# communities? We measure agreement by the *adjusted Rand index*, 1 for the same division and about 0 for agreement by
# chance. **Comparison with chance:** what Q does the method reach on a random graph in which each patient keeps her
# degree?


# %%
def louvain(of: nx.Graph, seed: int) -> np.ndarray:
    """Return the number of each patient's community, the largest community first."""
    found = sorted(nx.community.louvain_communities(of, seed=seed), key=lambda members: (-len(members), min(members)))
    number = np.empty(len(of), dtype=int)
    for index, members in enumerate(found):
        number[list(members)] = index
    return number


def quality(of: nx.Graph, number: np.ndarray) -> float:
    """Return the modularity of a division."""
    return nx.community.modularity(of, [set(np.flatnonzero(number == one)) for one in np.unique(number)])


def agreement(divisions: list) -> list[float]:
    """Return the adjusted Rand index of all pairs of divisions."""
    return [adjusted_rand_score(a, b) for i, a in enumerate(divisions) for b in divisions[:i]]


# %% alt="Left, modularity: about 0.7 in the patients' network and less than half of it in random graphs with the same degrees. Right, agreement of communities: high between seeds, somewhat lower between samples of patients, near 0 on the random graph." caption="Real data: Louvain communities. Left: modularity in the network and in random graphs with the same degrees. Right: agreement between seeds, between samples of four fifths of the patients, and between seeds on a random graph (mean and range)."
seeds = {"quick": 6, "full": 50}[profile]
divisions = [louvain(graph, seed) for seed in range(seeds)]
random_graphs = [similarity.rewired(links, seed) for seed in range({"quick": 3, "full": 20}[profile])]
on_random = [louvain(random_graphs[0], seed) for seed in range(seeds)]
draw = np.random.default_rng(219)
resampled = []
for _ in range({"quick": 3, "full": 20}[profile]):
    sample = np.sort(draw.choice(len(died), size=4 * len(died) // 5, replace=False))
    again = louvain(nx.from_numpy_array(similarity.network(working[np.ix_(sample, sample)], 10)), 0)
    resampled.append(adjusted_rand_score(divisions[0][sample], again))
results = {
    "modularity, patients": [quality(graph, number) for number in divisions],
    "modularity, random graphs": [quality(one, louvain(one, 0)) for one in random_graphs],
    "agreement, seeds": agreement(divisions),
    "agreement, samples of patients": resampled,
    "agreement, seeds on a random graph": agreement(on_random),
}
rows = {name: {"low": min(found), "value": np.mean(found), "high": max(found)} for name, found in results.items()}
stability = pd.DataFrame(rows).T
figure, (left, right) = plt.subplots(1, 2, figsize=(10, 2.4))
for axes, kind in ((left, "modularity"), (right, "agreement")):
    shown = stability[stability.index.str.startswith(kind)]
    shown.index = shown.index.str.removeprefix(f"{kind}, ")
    clinic.plot.intervals(shown, xlabel="modularity Q" if kind == "modularity" else "adjusted Rand index", axes=axes)
    axes.set_xlim(-0.05, 1.02)
print(stability.round(2).to_string())
print(f"Number of communities, over the seeds: {sorted({len(set(number)) for number in divisions})}")

# %% [markdown]
# So the communities are more than an artefact of the search: on the random graph the seeds agree about nothing, and Q
# is far lower, yet well above 0, since the method searches for the highest Q. A published Q without its random
# counterpart tells nothing. And the number of communities changes with the seed. Nature does not fix it; we do.
#
# Stable does not mean meaningful. Who is in each community, with the seed that reached the highest modularity?

# %%
best = divisions[int(np.argmax(results["modularity, patients"]))]
age = known["age"].to_numpy()
facts = {"adults": 1, "median age": age, "women": woman, "black or other": black, "not asked": ~asked, "died": died}
people = pd.DataFrame(facts, index=np.arange(len(died))).groupby(best)
members = people.mean().assign(adults=people.size(), **{"median age": people["median age"].median()})
shares = members[["women", "black or other", "not asked", "died"]].map("{:.0%}".format)
print(members[["adults", "median age"]].astype(int).join(shares).to_string())

# %% [markdown]
# Nearly every community is of one sex and of one race, as the picture promised. And the careless colleague, who took
# code 2 for an answer? His communities are the next output.

# %%
careless_graph = nx.from_numpy_array(similarity.network(careless, 10))
his = louvain(careless_graph, 0)
table = pd.DataFrame({"adults": 1, "not asked": ~asked, "died": died}).groupby(his)
summary = table.mean().assign(adults=table.size())
print(summary[["adults"]].join(summary[["not asked", "died"]].map("{:.0%}".format)).to_string())
print(f"His modularity: {quality(careless_graph, his):.2f}, ours: {quality(graph, best):.2f}.", end=" ")
print(f"Died of those asked: {died[asked].mean():.0%}, of those not asked: {died[~asked].mean():.0%}")

# %% [markdown]
# Most of his communities consist wholly of people who were asked, or wholly of people who were not, and their deaths
# differ. He may publish two "types of smoker" that are two phases of a survey. The computer can't tell him; a look at
# the codebook can.
#
# ## 7. Do the communities differ in outcome?
#
# Deaths differ between our communities, too. Would they, if the communities had nothing to do with death? A
# **permutation test** answers by doing. Shuffle the outcomes among the patients, so that nothing but chance is left,
# and compute again how far the communities' shares lie apart; do it many times. The **p-value** is the share of
# shuffles that give at least as large a difference as the real one. The real data count as one of the shuffles:
#
# $$p = \frac{1 + \text{number of shuffles at least as large}}{1 + \text{number of shuffles}}.$$
#
# As the measure of difference we take the sum over the communities of $n (s - \bar{s})^2$, where n is the number of
# patients of the community, s the share of deaths in it, and $\bar{s}$ the share of all.
#
# A small p says that *something* differs. It does not say that the network found it: communities differ in age, and
# the old die more often. So we test again, shuffling only **among people of the same sex and of similar age**. Such
# groups are called **strata** (singular *stratum*). What age and sex explain stays in place in such a shuffle, so only
# what the communities know beyond it can stand out.
#
# **Exercise 6 (4 points).** The frame of the test is there. Write one turn of its loop: shuffle the outcomes within
# each stratum, and count the shuffle if it is at least as large as the real data. (`generator.permutation(values)`
# gives the values in random order. `mixed[layer] = …` puts values into the rows of one stratum.)


# %% exercise="permutation"
def permutation_p(outcome, group, strata, shuffles: int, seed: int) -> float:
    """Return the p-value of a difference in outcome between groups, shuffling within strata.

    Parameters
    ----------
    outcome : list or array of int, length n
        1 or 0.
    group, strata : list or array of int, length n
        Each patient's community and stratum; outcomes are exchanged only among patients of one stratum.
    shuffles, seed : int
        How many times to shuffle, and the seed of the random numbers.
    """
    outcome, strata = np.asarray(outcome), np.asarray(strata)
    generator = np.random.default_rng(seed=seed)
    layers = [np.flatnonzero(strata == one) for one in np.unique(strata)]  # the rows of each stratum's patients
    real = similarity.spread_of_shares(outcome, group)  # the measure of the text
    least = real - 1e-9  # what counts as "at least as large": computers round
    count = 0
    for _ in range(shuffles):
        mixed = outcome.copy()
        ### BEGIN SOLUTION
        for layer in layers:
            mixed[layer] = generator.permutation(outcome[layer])
        if similarity.spread_of_shares(mixed, group) >= least:
            count += 1
        ### END SOLUTION
    return (1 + count) / (1 + shuffles)


# %% tests="permutation" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
two = np.repeat([0, 1], 15)
with marks.part(1, "all die in one community and nobody in the other"):
    result = permutation_p(two, two, np.zeros(30, dtype=int), 99, 1)
    checks.close(result, 1 / 100, hint="no shuffle reaches it, and the real data count as one")
    checks.close(permutation_p(two, two, two, 99, 1), 1.0, hint="in strata of one outcome a shuffle changes nothing")
### BEGIN HIDDEN TESTS
with marks.part(1, "the chance of a difference in either direction"):
    dead = np.array([1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    of_four = np.repeat([0, 1, 2], [6, 3, 3])
    exact = 0.7273  # found by going through all 495 ways to deal four deaths to twelve patients
    checks.close(
        permutation_p(dead, of_four, np.zeros(12, dtype=int), 600, 2), exact, atol=0.07, hint="at least as large"
    )
    result = permutation_p([1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [7] * 6, 600, 3)
    checks.close(result, 0.1, atol=0.05, hint="all three deaths in either of the two communities: 2 ways of 20")
with marks.part(1, "what the strata explain does not stand out"):
    old = np.repeat([0, 1], 20)
    deaths = np.concatenate([np.zeros(18), np.ones(2), np.ones(12), np.zeros(8)]).astype(int)
    checks.close(permutation_p(deaths, old, old, 60, 4), 1.0, hint="shuffle within the strata; equal counts, too")
    checks.that(permutation_p(deaths, old, 0 * old, 199, 5) < 0.02, "Without strata it should stand out.")
with marks.part(1, "what lies within the strata does, and the seed is used"):
    community, layer = np.tile([0, 1], 20), np.repeat([0, 1], 20)
    checks.close(permutation_p(community, community, layer, 99, 6), 0.01, hint="shuffle the outcomes, not the strata")
    died_some = np.isin(np.arange(40), [0, 2, 4, 6, 8, 10, 12, 1, 3, 5, 7])
    once, again = ([permutation_p(died_some, community, layer, 101, seed) for seed in range(4)] for _ in range(2))
    checks.equal(once, again, hint="use the seed")
    checks.that(len(set(once)) > 1, "Another seed should shuffle in another way.")
    late = np.array([0] * 20 + [1] * 5 + [0] * 15)
    checks.close(permutation_p(late, 2 + layer, np.zeros(40, dtype=int), 299, 9), 0.047, atol=0.04, hint="any numbers")
### END HIDDEN TESTS
marks.total()

# %% alt="Two histograms of the difference between communities after shuffling, each with a line for the real data. Among all patients the real difference lies far to the right of all shuffles; within strata of age and sex the histogram has moved to the right." caption="Real data: difference in deaths between communities after shuffling, with the real difference as a dashed line. Left: shuffled among everybody. Right: shuffled among people of one sex and one five-year age group."
shuffles = {"quick": 500, "full": 2000}[profile]
stratum = (age // 5).astype(int) * 2 + woman
everybody = np.zeros(len(died), dtype=int)
observed = similarity.spread_of_shares(died, best)
chance = {}
for name, layers in {"among everybody": everybody, "within age and sex": stratum}.items():
    source = np.random.default_rng(219)
    again = [similarity.spread_of_shares(similarity.shuffled(died, layers, source), best) for _ in range(shuffles)]
    chance[name] = np.array(again)
    p = (1 + np.sum(chance[name] >= observed - 1e-9)) / (1 + shuffles)
    print(f"Shuffled {name}: mean difference {np.mean(again):.1f}, real difference {observed:.1f}, p = {p:.4f}")
edges = np.histogram_bin_edges(np.concatenate(list(chance.values())), bins=40)
figure, panels = plt.subplots(1, 2, figsize=(9, 3.2), sharex=True)
for axes, (name, values) in zip(panels, chance.items(), strict=True):
    axes.hist(values, bins=edges, color=clinic.plot.COLOURS[5], edgecolor="white")
    axes.axvline(observed, color=clinic.plot.COLOURS[1], linestyle="--")
    axes.set(xlabel="difference between communities", ylabel="shuffles", title=name)

# %% [markdown]
# The right-hand histogram shows what is often left out: a good part of the difference between the communities comes
# from age and sex alone. If the line lies among the shuffles there, this test sees nothing that the communities know of
# death beyond age and sex: an impressive p-value on the left, and behind it a fact from the identity card.
#
# The communities were found without the outcome, so testing them against it is fair. If somebody had tried many k and
# many weights until the p-value was small, it would not be.
#
# ## 8. Fusing the modalities
#
# So far each modality had a weight, one quarter, that we made up. **Similarity network fusion** lets the modalities
# talk to each other instead {cite}`pai2018patient`. Each modality v has two matrices whose rows are scaled to sum to 1:
#
# - the **full** matrix P, who resembles whom;
# - the **local** matrix S, which keeps only each patient's k nearest neighbours.
#
# In one step each modality looks at the others through its own neighbours:
#
# $$P_v^{\text{new}} = S_v \cdot M_v \cdot S_v^{\mathsf T}, \qquad M_v = \text{mean of the } P_u \text{ of all
# other modalities } u \ne v.$$
#
# In words: two patients are alike in the new sense if my neighbours in *this* modality resemble your neighbours in
# *this* modality, according to the *other* modalities. A link that one modality shows by accident fades; a link that
# several support stays. After each step the matrices are scaled again, and at the end their mean is the fused network.
#
# **Exercise 7 (4 points).** Write one step for one modality: the two formulas, without the scaling. In NumPy `A @ B`
# multiplies two matrices, `A.T` turns one round (the T of the formula), and `several.mean(axis=0)` is the mean of
# several matrices.


# %% exercise="fusion"
def fusion_step(full: list, local: list) -> list:
    """Do one step of similarity network fusion; return the new P of each modality.

    Parameters
    ----------
    full, local : list of array, each of shape (n, n)
        The matrices P and S of each modality, in the same order; at least two.
    """
    full, local = np.asarray(full), np.asarray(local)
    new = []
    for one in range(len(full)):
        others = np.delete(full, one, axis=0)  # the P of all other modalities, as they were before the step
        ### BEGIN SOLUTION
        between = others.mean(axis=0)
        new.append(local[one] @ between @ local[one].T)
        ### END SOLUTION
    return new


# %% tests="fusion" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
chain = np.array([[0, 1, 0], [0.5, 0, 0.5], [0, 1, 0]])
ring = np.array([[0, 0.5, 0.5], [1, 0, 0], [1, 0, 0]])
first, second = np.eye(3), np.array([[0.5, 0.4, 0.1], [0.3, 0.5, 0.2], [0.1, 0.4, 0.5]])
with marks.part(1, "three patients, two modalities: the new P of the second"):
    result = fusion_step([first, second], [chain, ring])
    checks.array(result[1], [[0.5, 0, 0], [0, 1, 1], [0, 1, 1]], hint="S times the other P times S turned round")
### BEGIN HIDDEN TESTS
with marks.part(1, "and of the first"):
    wanted = [[0.5, 0.25, 0.5], [0.4, 0.3, 0.4], [0.5, 0.25, 0.5]]
    checks.array(fusion_step([first, second], [chain, ring])[0], wanted, hint="all start from the old P")
    checks.equal(len(fusion_step([first, second], [chain, ring])), 2, hint="one matrix a modality")
with marks.part(1, "three modalities"):
    draw = np.random.default_rng(1)
    full, local = draw.random((3, 4, 4)), draw.random((3, 4, 4))
    result = fusion_step(list(full), list(local))
    for own, others in ((0, [1, 2]), (1, [0, 2]), (2, [0, 1])):
        wanted = np.einsum("ij,jk,lk->il", local[own], full[others].mean(axis=0), local[own])
        checks.array(result[own], wanted, hint="the mean of the others, without the modality's own")
with marks.part(1, "what was given is used, and rows that sum to 1 keep doing so"):
    full, local = [np.full((5, 5), 0.2)] * 4, [np.eye(5)[::-1]] * 4
    checks.array(fusion_step(full, local)[3], np.full((5, 5), 0.2), hint="mean, not sum")
    pair = [np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([[0.6, 0.4], [0.5, 0.5]])]
    turned = fusion_step(pair, [np.eye(2)] * 2)
    checks.array(turned, pair[::-1], hint="with S = 1 on the diagonal two modalities exchange their P")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# How far does each modality's network agree with the fused one, and with the plain mean of section 4?

# %% alt="Table of shares in grey. Any two of the four modalities share almost no neighbours. The fused network shares most with life, then with person, and hardly any with history; the mean network shares fewer with each." caption="Real data: share of the ten most similar patients that two networks have in common. By chance it would be less than one in a hundred."
steps = {"quick": 4, "full": 20}[profile]
fused = similarity.fuse(list(alike.values()), k=20, steps=steps)
networks = {**alike, "mean": working, "fused": fused}
tens = [similarity.nearest(matrix, 10) for matrix in networks.values()]
common = np.array([[overlap(one, other) for other in tens] for one in tens])
figure, axes = plt.subplots(figsize=(5.2, 4.2))
image = axes.imshow(common, cmap="Greys", vmin=0, vmax=1)
for row, column in np.ndindex(common.shape):
    text = f"{common[row, column]:.2f}"
    axes.text(column, row, text, ha="center", va="center", color="white" if common[row, column] > 0.5 else "black")
axes.set_xticks(range(len(networks)), networks, rotation=45)
axes.set_yticks(range(len(networks)), networks)
axes.tick_params(length=0)

# %% [markdown]
# The modalities hardly agree: who resembles you in body need not resemble you in life. Fusion has to strike a balance,
# and the last row shows that it leans to one side, though nobody asked it to. It is not free of choices either: a k, a
# number of steps, and which columns make up a modality. History is a special case: many adults had none of its
# diseases and are all equally alike there, so it can't say who is nearest, and in this figure the order of the rows
# decides.
#
# ## 9. Spreading labels, and a leak of its own kind
#
# To predict with a network, let what is known flow along its edges. **Label spreading** gives each training patient her
# outcome, dead or alive, and each hold-out patient none. Then everybody takes a share $\alpha$ from her neighbours and
# keeps $1 - \alpha$ of her own label, over and over until nothing changes. Each hold-out patient ends with a mixture of
# "dead" and "alive"; the share of "dead" is her score. It ranks patients. It is not a probability.
#
# Here the **hold-out patients are part of the graph while the model learns**. Methods of this kind are called
# *transductive*. A hold-out patient's *features* may enter: she is in the waiting room, and we know them. Her *outcome*
# may not, in any form: it may not be spread, and it may not choose the features, the weights or k. The leak is easy to
# overlook, because the labels of the hold-out patients *look* hidden while they have already shaped the graph.
#
# How much does it matter? **The outcomes in the next cell are simulated:** they are dealt to real patients by chance,
# so that the true AUC is 0.5. (The **AUC** is the chance that a random patient who died has a higher score than a
# random one who lived; guessing gives 0.5.) Each time we take 120 patients, hide half of the outcomes, and choose k and
# $\alpha$ among many settings: once honestly, by the AUC on a part of the training patients, and once by the AUC on the
# test patients.

# %%
settings = [(k, alpha) for k in (2, 3, 5, 10, 20, 40) for alpha in (0.2, 0.8)]
dealer = np.random.default_rng(219)
honest, leaked = [], []
for _ in range({"quick": 30, "full": 300}[profile]):
    chosen = dealer.choice(len(died), size=120, replace=False)
    truth = dealer.permutation(np.repeat([0, 1], [80, 40]))
    role = dealer.permutation(np.repeat(["train", "check", "test"], [30, 30, 60]))
    resemblance = working[np.ix_(chosen, chosen)]
    graphs = {k: similarity.network(resemblance, k) for k, _ in settings}
    first_try = [similarity.spread(graphs[k], np.where(role == "train", truth, -1), a) for k, a in settings]
    final = [similarity.spread(graphs[k], np.where(role != "test", truth, -1), a) for k, a in settings]
    checked = [roc_auc_score(truth[role == "check"], score[role == "check"]) for score in first_try]
    tested = [roc_auc_score(truth[role == "test"], score[role == "test"]) for score in final]
    honest.append(tested[int(np.argmax(checked))])
    leaked.append(max(tested))
rows = {}
for name, found in {"chosen on training patients": honest, "chosen on test patients": leaked}.items():
    half = stats.t.ppf(0.975, len(found) - 1) * stats.sem(found)
    rows[name] = {"low": np.mean(found) - half, "value": np.mean(found), "high": np.mean(found) + half}
optimism = pd.DataFrame(rows).T
print("AUC on the test patients (simulated outcomes): mean over the repeats and its 95 % interval")
print(optimism.round(3).to_string())

# %% [markdown]
# There was nothing to find, and the second way found something.
#
# **Exercise 8 (3 points).** A study predicts death by label spreading and keeps some patients as a test set. Set
# `allowed` to the letters of all steps that are allowed, for example `{"A", "D"}`:
#
# - **A** The test patients' measurements, without their outcomes, are in the graph while labels are spread.
# - **B** Gower's ranges are computed from all patients, test patients included, and the report says so.
# - **C** k is set to the value that gives the best AUC on the test patients.
# - **D** Edges between patients with the same outcome are made stronger, among all patients, before labels are spread.
# - **E** k is chosen by cross-validation on the training patients' outcomes, with the test patients unlabelled in the
#   graph.
#
# Then set `tomorrow` to the letter that says what happens when a new patient comes tomorrow:
#
# - **P** Her score can be read off the finished model, which stays as it is.
# - **Q** She must be linked to the network and the labels be spread again, and earlier patients' scores may move.
# - **R** She can't have a score before her own outcome is known.

# %% exercise="transductive"
# Set the set `allowed` and the text `tomorrow`.
### BEGIN SOLUTION
allowed = {"A", "B", "E"}
tomorrow = "Q"
### END SOLUTION

# %% tests="transductive" points=3
from autograder import checks

marks = checks.Marks()
with marks.part(1, "letters, and the two plainest cases"):
    checks.equal(set(allowed) <= set("ABCDE") and tomorrow in ("P", "Q", "R"), True, hint="letters of the lists")
    checks.equal("A" in allowed, True, hint="may we know the measurements of a patient in the waiting room?")
    checks.equal("C" in allowed, False, hint="who chose k?")
### BEGIN HIDDEN TESTS
with marks.part(1, "all steps"):
    checks.equal(sorted(allowed), ["A", "B", "E"], hint="did a test patient's outcome shape the graph?")
with marks.part(1, "a patient who comes tomorrow"):
    checks.equal(tomorrow, "Q", hint="the model is the graph, and she is not in it")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# ## 10. The network against a plain classifier
#
# Now the comparison that a paper on patient networks must not leave out. We hold out 30 % of the patients. All settings
# (k, $\alpha$, the strength of the logistic regression) are chosen by five-fold cross-validation on the training
# patients, by AUC; only the gradient boosting keeps a fixed, cautious one. The competitors:
#
# - **age alone**: the older, the higher the score. No learning at all.
# - **logistic regression** and **gradient boosting** (many small decision trees, each correcting the sum of the
#   earlier ones) on the same columns as the network;
# - **share among the k most similar**: of the k training patients who are most like her, how many died?
# - **label spreading** on the mean network, on the fused one, and on that of the modality *person* alone.

# %%
train, test = train_test_split(np.arange(len(died)), test_size=0.3, stratify=died, random_state=219)
folds = [(train[a], train[b]) for a, b in StratifiedKFold(5, shuffle=True, random_state=219).split(train, died[train])]
print(f"Training: {len(train)} patients, {died[train].sum()} died. Hold-out: {len(test)}, {died[test].sum()} died.")


def vote(learn: np.ndarray, ask: np.ndarray, k: int) -> np.ndarray:
    """Return the share of deaths among the k most similar of the patients to learn from."""
    order = np.argsort(-working[np.ix_(ask, learn)], axis=1, kind="stable")[:, :k]
    return died[learn][order].mean(axis=1)


def spreading(adjacency: np.ndarray, alpha: float, learn: np.ndarray, ask: np.ndarray) -> np.ndarray:
    """Return the score by label spreading; only the outcomes of the patients to learn from are known."""
    label = np.full(len(died), -1)
    label[learn] = died[learn]
    return similarity.spread(adjacency, label, alpha)[ask]


def validated(model) -> float:
    """Return the mean AUC of a model over the folds of the training patients."""
    return float(np.mean([roc_auc_score(died[ask], model(learn, ask)) for learn, ask in folds]))


# %%
sizes = {"quick": (10, 20, 40, 80), "full": (5, 10, 20, 30, 40, 60, 80, 120, 160)}[profile]
shares_alpha = {"quick": (0.2, 0.9), "full": (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)}[profile]
scores = {"age alone": age[test]}
categories = ["marital status", "high blood pressure", "diabetes"]
predictors = known.astype(float)
numbers = [name for name in predictors if name not in categories]
fill = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
prepare = make_column_transformer((fill, numbers), (OneHotEncoder(handle_unknown="ignore"), categories))
logistic = make_pipeline(prepare, LogisticRegression(max_iter=2000))
search = GridSearchCV(logistic, {"logisticregression__C": [0.01, 0.1, 1]}, scoring="roc_auc", cv=5)
search.fit(predictors.iloc[train], died[train])
print(
    f"logistic regression: C = {search.best_params_['logisticregression__C']}, validated AUC {search.best_score_:.3f}"
)
boosting = HistGradientBoostingClassifier(learning_rate=0.05, max_iter=100, max_leaf_nodes=8, random_state=219)
boosting.fit(predictors.iloc[train], died[train])
for name, model in {"logistic regression": search, "gradient boosting": boosting}.items():
    scores[name] = model.predict_proba(predictors.iloc[test])[:, 1]
found = {k: validated(lambda learn, ask, k=k: vote(learn, ask, k)) for k in sizes}
k_vote = max(found, key=found.get)
scores["share among most similar"] = vote(train, test, k_vote)
print(f"share among most similar: k = {k_vote}, validated AUC {found[k_vote]:.3f}")
candidates = {"mean": working, "fused": fused, "person": alike["person"]}
for name, matrix in candidates.items():
    found = {}
    for k in sizes:
        adjacency = similarity.network(matrix, k)
        for alpha in shares_alpha:
            found[k, alpha] = validated(lambda learn, ask, g=adjacency, a=alpha: spreading(g, a, learn, ask))
    k, alpha = max(found, key=found.get)
    scores[f"label spreading, {name}"] = spreading(similarity.network(matrix, k), alpha, train, test)
    print(f"label spreading, {name}: k = {k}, alpha = {alpha}, validated AUC {found[k, alpha]:.3f}")

# %% [markdown]
# The hold-out set is opened once. Intervals come from the bootstrap: draw as many hold-out patients as there are, at
# random and with replacement, compute again, many times, and take the middle 95 %. All models are computed on the
# *same* drawn patients, so that each can be compared with the logistic regression pair by pair.


# %%
def area(truth: np.ndarray, score: np.ndarray) -> float:
    """Return the AUC, from the ranks of the scores."""
    dead = truth == 1
    return float((stats.rankdata(score)[dead].mean() - (dead.sum() + 1) / 2) / (~dead).sum())


# %% alt="AUC of seven models with 95 percent intervals. All intervals overlap widely; age alone does about as well as the others." caption="Real data, hold-out patients: AUC with 95 % bootstrap intervals, resampled by patient."
truth = died[test]
resamples = {"quick": 1000, "full": 10_000}[profile]
drawn = np.random.default_rng(219).integers(0, len(test), size=(resamples, len(test)))
drawn = drawn[(truth[drawn].sum(axis=1) > 0) & (truth[drawn].sum(axis=1) < len(test))]
booted = {name: np.array([area(truth[sample], score[sample]) for sample in drawn]) for name, score in scores.items()}
rows = {}
for name, score in scores.items():
    low, high = np.quantile(booted[name], [0.025, 0.975])
    rows[name] = {"low": low, "value": area(truth, score), "high": high}
verdict = pd.DataFrame(rows).T
axes = clinic.plot.intervals(verdict, xlabel="AUC on the hold-out patients")
print(verdict.round(3).to_string())

# %%
print("Difference from the logistic regression (AUC, 95 % interval):")
for name in scores:
    if name != "logistic regression":
        difference = booted[name] - booted["logistic regression"]
        low, high = np.quantile(difference, [0.025, 0.975])
        value = verdict.loc[name, "value"] - verdict.loc["logistic regression", "value"]
        told = "better" if low > 0 else "worse" if high < 0 else "can't be told apart"
        print(f"  {name}: {value:+.3f} [{low:+.3f}, {high:+.3f}] {told}")

# %% [markdown]
# Read this with a cool head. If a network can't be told apart from a logistic regression, it has not been shown to be
# worse, and it has certainly not been shown to be better. Look at *age alone*, too: one number that everybody knows
# orders these people by their risk about as well as the models that know all the columns. A paper that compares its
# network only with chance hides that. And resist the wish to report the network that stands highest: among several one
# will by luck, and it would be chosen on the hold-out patients.
#
# ## 11. What a network gives besides
#
# A clinician may want to see the cases behind a score. Here is one hold-out patient, the one whose score by logistic
# regression is closest to 30 %, and the ten most similar training patients.

# %%
risk = scores["logistic regression"]
index = test[int(np.argmin(np.abs(risk - 0.3)))]
ten = train[np.argsort(-working[index, train], kind="stable")[:10]]
shown = known.iloc[[index, *ten]].astype(float)
sick = (shown[modalities["history"]] == 1).sum(axis=1)
view = pd.DataFrame(
    {
        "similarity": ["", *working[index, ten].round(2)],
        "age": shown["age"].astype(int),
        "sex": np.where(shown["sex"] == 1, "woman", "man"),
        "cigarettes": shown["cigarettes a day"].astype(int),
        "years smoked": shown["years of smoking"].astype(int),
        "weight": shown["weight in kg"].round(0).astype(int),
        "diseases": sick,
        "by 1992": ["?", *np.where(died[ten] == 1, "dead", "alive")],
    }
)
view.index = ["the patient", *(f"like her {n}" if woman[index] else f"like him {n}" for n in range(1, 11))]
print(view.to_string())
number = int(died[ten].sum())
wilson = stats.binomtest(number, 10).proportion_ci(0.95, method="wilson")
print(f"Of the ten, {number} died: {number / 10:.0%}, 95 % Wilson interval {wilson.low:.0%} to {wilson.high:.0%}.")
print(f"Logistic regression: {risk[test == index][0]:.0%}, from {len(train)} patients.")

# %% [markdown]
# The list is easy to talk about. It shows *what* is alike, and a doctor can object. Look at the ages: would you call
# all ten like the patient? To be able to ask this is worth something which no AUC measures. It is also dangerous, since
# ten stories feel like evidence, and the interval says how little ten patients know. A larger k narrows the interval
# and makes the patients less alike. And nothing here is a cause: that similar patients who did something lived longer
# doesn't mean that it would help this one.
#
# **Privacy.** The list shows real people to somebody who is not their doctor. The next cell counts who is alone in the
# table with a combination of plain facts. In a whole country fewer people would be, but re-identification from few
# facts is a known danger {cite}`rocher2019estimating`.

# %%
plain_facts = ["age", "sex", "race", "marital status", "years at school", "income group (11 to 22)", "height in cm"]
for count in range(2, len(plain_facts) + 1):
    facts = known[plain_facts[:count]].astype(float).fillna(-1)
    crowd = facts.groupby(plain_facts[:count])["age"].transform("size")
    print(f"{(crowd == 1).mean():6.1%} are alone with: {', '.join(plain_facts[:count])}")

# %% [markdown]
# Leaving out the names is not enough. Even a count can betray: if "three of your ten most similar died" becomes "four
# of eleven" after one more record was added, the eleventh patient's fate is known. Such systems should show no list
# smaller than an agreed size, blur the values, and limit who may ask.
#
# ## 12. Who has nobody like them?
#
# Everybody gets ten neighbours. Not everybody gets ten *similar* ones. For each group of patients we look at two
# numbers: how alike the tenth neighbour still is, with and without race and sex among the columns, and how good the
# predictions are. (The survey coded race as "white" and "black or other", which puts very different people into one
# word.)

# %% alt="Similarity of the tenth neighbour by group, with intervals, for the network with and without race and sex. With them, patients coded black or other lie clearly below white patients; without them the gap is smaller. Adults from 60 years lie lowest or near it in both." caption="Real data: how alike the tenth most similar patient is, by group (mean and 95 % bootstrap interval, resampled by patient). Circles: all columns. Squares: race and sex left out."
people = {
    "white men": ~woman & ~black,
    "white women": woman & ~black,
    "black or other men": ~woman & black,
    "black or other women": woman & black,
    "younger than 60": age < 60,
    "60 or older": age >= 60,
}
measured = {}
for version, matrix in {"all columns": working, "race and sex left out": without_groups}.items():
    tenth = np.take_along_axis(matrix, similarity.nearest(matrix, 10), axis=1)[:, 9]
    source = np.random.default_rng(219)
    rows = {}
    for name, inside in people.items():
        values = tenth[inside]
        means = values[source.integers(0, len(values), size=(resamples, len(values)))].mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975])
        rows[name] = {"low": low, "value": values.mean(), "high": high}
    measured[version] = pd.DataFrame(rows).T
figure, axes = plt.subplots(figsize=(7, 3.6))
for shift, marker, colour, (version, rows) in zip(
    (-0.12, 0.12), "os", clinic.plot.COLOURS[:2], measured.items(), strict=True
):
    place = np.arange(len(rows)) + shift
    around = [rows["value"] - rows["low"], rows["high"] - rows["value"]]
    axes.errorbar(rows["value"], place, xerr=around, fmt=marker, color=colour, capsize=3, label=version)
axes.set_yticks(range(len(people)), people)
axes.invert_yaxis()
axes.set(xlabel="similarity of the tenth neighbour")
axes.grid(axis="x", color="0.88")
legend = axes.legend(loc="upper center", bbox_to_anchor=(0.5, 1.2), ncols=2)
print(pd.concat({version: rows["value"].round(3) for version, rows in measured.items()}, axis=1).to_string())
print("Of the ten neighbours of a patient coded black or other, coded so themselves:", end=" ")
own = {
    v: black[similarity.nearest(m, 10)][black].mean()
    for v, m in (("all columns", working), ("left out", without_groups))
}
print(", ".join(f"{share:.0%} ({version})" for version, share in own.items()), f"(in the table {black.mean():.0%})")

# %%
full_score = spreading(similarity.network(working, 20), 0.5, train, test)
print("AUC on the hold-out patients, 95 % bootstrap interval (k = 20, alpha = 0.5)")
for name, inside in people.items():
    group = np.flatnonzero(inside[test])
    dead = int(truth[group].sum())
    line = f"  {name}: {len(group)} patients, {dead} died; "
    picks = np.random.default_rng(219).choice(group, size=(resamples // 2, len(group)))
    picks = picks[(truth[picks].sum(axis=1) > 0) & (truth[picks].sum(axis=1) < len(group))]
    for title, score in {"network": full_score, "logistic": risk}.items():
        low, high = np.quantile([area(truth[pick], score[pick]) for pick in picks], [0.025, 0.975])
        line += f"{title} {area(truth[group], score[group]):.2f} [{low:.2f}, {high:.2f}]; "
    print(line.rstrip("; "))

# %% [markdown]
# Two facts stand out, and neither is peculiar to this table. Where race and sex count, a small group has fewer people
# to choose from, so its members must look farther away for their ten. Where they don't, the gap shrinks, but then most
# neighbours of a member of the minority belong to the majority. Neither is "fair" by itself. And the intervals for the
# small groups are so wide that a model could fail them without anybody noticing: *no evidence of a difference*, because
# there are too few to give evidence. A system should say how far away the neighbours are, and should be able to answer
# "nobody here is like your patient".
#
# ## 13. Find the mistake
#
# A colleague has 80 patients with 1,000 laboratory values each. Half of the patients are test patients. He says:
# "In label spreading the test patients are in the graph anyway, and their labels are hidden, so nothing can leak."
# **The data are simulated, pure noise:** the true AUC is 0.5.


# %%
def hasty_auc(values: np.ndarray, target: np.ndarray, is_test: np.ndarray, keep: int, k: int) -> float:
    """Choose columns, build the graph, spread the labels, with one mistake."""
    difference = np.abs(values[target == 1].mean(axis=0) - values[target == 0].mean(axis=0))
    chosen = values[:, np.argsort(-difference)[:keep]]
    scaled = StandardScaler().fit_transform(chosen)
    adjacency = similarity.network(-pairwise_distances(scaled), k)
    label = np.where(is_test, -1, target)
    score = similarity.spread(adjacency, label, alpha=0.5)
    return float(roc_auc_score(target[is_test], score[is_test]))


noise = np.random.default_rng(219).normal(size=(80, 1000))
coin = np.tile([0, 1], 40)
hidden_half = np.arange(80) >= 40
print(f"AUC on pure noise: {hasty_auc(noise, coin, hidden_half, keep=20, k=7):.2f}")

# %% [markdown]
# **Exercise 9 (4 points).** Copy the body of `hasty_auc` and repair it. It must still choose `keep` columns, and the
# test patients must still be in the graph. To check yourself: if the test patients' outcomes play no part in the
# scores, then turning all of *their* outcomes round must turn an AUC of 0.7 into exactly 0.3.


# %% exercise="honest"
def honest_auc(values: np.ndarray, target: np.ndarray, is_test: np.ndarray, keep: int, k: int) -> float:
    """Choose columns, build the graph and spread the labels, without a leak; return the AUC on the test patients.

    Parameters
    ----------
    values : array of float, shape (n, m)
        One row a patient.
    target : array of int, shape (n,)
        1 or 0, of all patients. Those of the test patients may be used for nothing but the AUC at the end.
    is_test : array of bool, shape (n,)
        True for the test patients.
    keep, k : int
        How many of the m columns to choose, and the number of neighbours in the graph.
    """
    ### BEGIN SOLUTION
    learn = ~is_test
    dead, alive = values[learn & (target == 1)], values[learn & (target == 0)]
    difference = np.abs(dead.mean(axis=0) - alive.mean(axis=0))
    scaled = StandardScaler().fit_transform(values[:, np.argsort(-difference)[:keep]])
    adjacency = similarity.network(-pairwise_distances(scaled), k)
    score = similarity.spread(adjacency, np.where(is_test, -1, target), alpha=0.5)
    return float(roc_auc_score(target[is_test], score[is_test]))
    ### END SOLUTION


# %% tests="honest" points=4
import numpy as np

from autograder import checks

marks = checks.Marks()
dealt = np.tile([0, 1], 40)
later = np.arange(80) >= 40
with marks.part(1, "pure noise"):
    results = [honest_auc(np.random.default_rng(i).normal(size=(80, 1000)), dealt, later, 20, 7) for i in range(4)]
    checks.close(np.mean(results), 0.5, atol=0.17, hint="which step has seen the outcomes of the test patients?")
### BEGIN HIDDEN TESTS
with marks.part(1, "a signal in three of a thousand columns, and none without it"):
    results = []
    for i in range(10, 13):
        mixed = np.random.default_rng(i).normal(size=(80, 1000))
        results.append(honest_auc(mixed, dealt, later, 10, 7))
        mixed[:, 500:503] += 2.5 * dealt[:, None]
        checks.that(honest_auc(mixed, dealt, later, 3, 7) > 0.9, "A strong signal should be found.", hint="use `keep`")
    checks.close(np.mean(results), 0.5, atol=0.18, hint="choose the columns on the training patients")
with marks.part(2, "the outcomes of the test patients play no part"):
    mixed = np.random.default_rng(20).normal(size=(80, 300))
    mixed[:, 7] += dealt
    turned = np.where(later, 1 - dealt, dealt)
    once, other = (honest_auc(mixed, one, later, 5, 9) for one in (dealt, turned))
    checks.close(once + other, 1.0, hint="turn their outcomes round, and the AUC must turn round")
    # If the scores are fixed and one patient after the other is the only one who died, the AUCs are ranks: mean 0.5.
    last = np.arange(80) >= 70
    alone = [honest_auc(mixed, np.where(last, np.arange(80) == i, dealt), last, 5, 9) for i in range(70, 80)]
    checks.close(np.mean(alone), 0.5, hint="the scores may not change with the outcomes of the test patients")
    mixed[:, 7] += 3 * dealt
    first = ~later
    checks.that(honest_auc(mixed, dealt, first, 2, 9) > 0.9, "The test patients are those of `is_test`.")
### END HIDDEN TESTS
marks.total()

# %% [markdown]
# Standardising on all patients was no leak: it used features only. Choosing columns by everybody's outcome was one.
#
# ## 14. Should your clinic use it?

# %% [markdown] essay="patients-like-yours" points=6
# **Essay (6 points, about 300 words).** A company offers your clinic "Patients like yours": for each patient it shows
# the ten most similar earlier patients, what became of them, and a risk from label spreading. *Would you use it, for
# what, and under which conditions?* Take a position and argue it from the results of this lab.
#
# Rubric, two points for each criterion:
#
# - **Evidence, figures from the lab.** 0 points: no figure, or a wrong one. 1 point: a figure without its interval,
#   or without the comparison that it needs. 2 points: network and plain model compared on the hold-out set, with
#   interval, and a fair conclusion.
# - **Assumptions and harm.** 0 points: similarity taken as given. 1 point: names a hidden choice, or a group with few
#   neighbours, or privacy. 2 points: two of these, each with a result of the lab and what it would do to a patient.
# - **Judgement.** 0 points: no position, or one that does not follow. 1 point: a position with one reason. 2 points:
#   says for which purpose and for which not, and what the company would have to show or change first.
#
# ### BEGIN MARK SCHEME
# **Evidence.** The fitting result is the comparison of section 10: AUC on the hold-out set with intervals, and the
# paired difference from the logistic regression (and age alone). "Can't be told apart" must not be turned into
# "equal" or "better". Cross-validated figures or the figures of section 9 (simulated) quoted as performance earn at
# most 1 point. The Wilson interval of ten neighbours (section 11) counts as a supporting figure.
#
# **Assumptions and harm.** Hidden choices: columns, weights, units, the code for "not known", k. Few neighbours:
# similarity of the tenth neighbour by group, wide intervals of the AUC in small groups. Privacy: share of people
# alone with few facts, counts that betray. For 2 points each needs its result and its consequence, for instance that
# a patient of a small group is shown neighbours who are not like her and nobody is told so.
#
# **Judgement.** "Not for the risk, perhaps for the conversation" is the natural position, but others can earn 2
# points. Good demands: comparison with a simple model on the clinic's own patients, disclosure of the similarity,
# distance of the neighbours shown with the option "nobody is like her", evaluation by group, minimum list size and
# access rules, selection of the data (everybody was alive when 1983 began) and time (smokers of the 1970s).
#
# Sample answer: Not for the risk. On the hold-out patients the interval of the difference between label spreading and
# the logistic regression gives no support to the network, and age alone did about as well as either. I would consider
# it as an aid to conversation: the ten cases can be questioned as no number can. But ten patients give an interval
# that spans from reassuring to alarming, and the list depends on choices that I can't see: three times the weight on
# body, or leaving out race and sex, replaced a large part of the ten. A colleague's network even sorted people by
# whether they had been asked a question. Patients of the smaller group had to go farther for their tenth neighbour,
# so my patient from a minority may be shown ten people who are unlike her, without a warning. And with a handful of
# plain facts many people were alone in the table, so the list may reveal somebody. Before a trial I would ask the
# company to state its similarity, to show the distance and to be able to answer "nobody", to compare itself with a
# simple model on our own patients and for each group, and to limit what is shown of the others.
# ### END MARK SCHEME
#
# ### BEGIN SOLUTION
# Not for the risk: on the hold-out patients the network was not shown to be better than a logistic regression, nor
# than age alone. Perhaps for the conversation, if the company states what "like" means, shows how far away the ten
# are, can answer "nobody is like your patient", has been checked on our own patients and for each group, and shows
# nothing by which the ten can be recognised.
# ### END SOLUTION

# %% [markdown]
# ## 15. Summary
#
# - The edges of a similarity network are decisions: columns, units, weights, treatment of gaps, k.
# - Degree means typical, betweenness means between groups, eigenvector centrality means in the midst of a dense
#   region. None of them means ill.
# - Communities need two checks: stability over seeds and samples, and a random graph with the same degrees. Stable is
#   not the same as meaningful.
# - A permutation test asks whether communities differ in outcome; strata ask whether they do beyond what is known.
# - Fusion lets modalities confirm each other. It replaces weights by other choices.
# - In a transductive method the test patients' features may be in the graph. Their outcomes may touch nothing.
# - Compare a network with a plain model and with a single strong column, on held-out patients, with intervals.
# - Whoever belongs to a small group has neighbours who are farther away, and too few people for anybody to see it.
#
# **Further reading.** On patient similarity networks: {cite}`pai2018patient`. On re-identification from few facts:
# {cite}`rocher2019estimating`, and on finding out whether somebody was in the training data:
# {cite}`shokri2017membership`. On bias that enters by the choice of what is measured: {cite}`obermeyer2019dissecting`.
# On reporting a prediction model: {cite}`collins2024tripod`.
