"""Simulated hospital notes with the answers a real archive would not give.

Every sentence comes from a template and every name, date and number is drawn at random, so the notes belong to nobody.
In return it is known where each identifier stands and whether each finding is present. The two hospitals describe the
same diseases in different words.

>>> from clinic import notes
>>> first = notes.write("A", patients=2, seed=219)[0]
>>> first.diagnosis in notes.DIAGNOSES
True
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike

__all__ = [
    "DIAGNOSES",
    "KINDS",
    "KNOWN_NAMES",
    "Mention",
    "Note",
    "Span",
    "bootstrap",
    "describe",
    "mark_negated",
    "says_absent",
    "write",
]

DIAGNOSES = ("pneumonia", "heart failure", "pulmonary embolism", "COPD exacerbation")
KINDS = ("name", "date", "phone", "number")


@dataclass(frozen=True)
class Span:
    """Where an identifier stands in a note.

    Parameters
    ----------
    start, end : int
        ``text[start:end]`` is the identifier.
    kind : str
        One of `KINDS`.
    """

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Mention:
    """Where a finding is mentioned in a note, and whether the patient has it.

    Parameters
    ----------
    start, end : int
        ``text[start:end]`` is the finding in the note's own words.
    finding : str
        Its name in `FINDINGS`.
    present : bool
        False if the sentence says that the finding is absent, or only might occur later.
    """

    start: int
    end: int
    finding: str
    present: bool


@dataclass(frozen=True)
class Note:
    """One simulated note.

    Parameters
    ----------
    patient : int
        Whose note it is; a patient may have several.
    hospital : str
        "A" or "B".
    diagnosis : str
        Why the patient was in hospital, one of `DIAGNOSES`; the text does not name it.
    familiar : bool
        Whether the patient's name comes from the lists that `KNOWN_NAMES` was made from.
    text : str
        The whole note.
    findings : str
        The part of the text that describes symptoms and findings.
    spans : tuple of Span
        All identifiers, in their order.
    mentions : tuple of Mention
        All findings, in their order.
    """

    patient: int
    hospital: str
    diagnosis: str
    familiar: bool
    text: str
    findings: str
    spans: tuple[Span, ...]
    mentions: tuple[Mention, ...]

    def sentence(self, mention: Mention) -> str:
        """Return the sentence that a mention stands in."""
        start = max(self.text.rfind(mark, 0, mention.start) for mark in (". ", ": ", "\n")) + 1
        return self.text[start : self.text.index(".", mention.end) + 1].strip()


def write(hospital: str, patients: int, seed: int) -> list[Note]:
    """Write notes of simulated patients, one to four of each.

    Parameters
    ----------
    hospital : {'A', 'B'}
        Whose wording the notes have.
    patients : int
        How many patients.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    list of Note
        Ordered by patient. All notes of a patient are about the same disease.

    Raises
    ------
    ValueError
        If there is no such hospital.
    """
    if hospital not in _STYLES:
        raise ValueError(f"There is no hospital {hospital!r}. Choose one of: {', '.join(_STYLES)}.")
    written = []
    for number, stream in enumerate(np.random.default_rng([seed, ord(hospital)]).spawn(patients), start=1):
        patient = _Patient.draw(stream)
        day = date(2023, 1, 1) + timedelta(days=int(stream.integers(300)))
        for _ in range(int(stream.integers(1, 5))):
            written.append(_note(number, hospital, patient, day, stream))
            day += timedelta(days=int(stream.integers(20, 120)))
    return written


def describe(written: Sequence[Note]) -> str:
    """Say in one sentence what notes these are, how many of how many patients, and that they are simulated."""
    hospitals = sorted({note.hospital for note in written})
    patients = len({(note.hospital, note.patient) for note in written})
    places = f"hospital{'s' if len(hospitals) > 1 else ''} {' and '.join(hospitals)}"
    return (
        f"Simulated notes: {len(written)} notes of {patients} invented patients, {places}; templates, no real person."
    )


_NEGATIONS = re.compile(r"\b(?:no|nil|not|without|denied|denies)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:but|although|however)\b", re.IGNORECASE)


def says_absent(note: Note, mention: Mention) -> bool:
    """Say by a simple rule whether a note calls a finding absent.

    The rule looks for a negation among the five words before the finding, in the same sentence and behind the last
    "but". It knows nothing of what follows the finding.
    """
    sentence = note.sentence(mention)
    start = note.text.rindex(sentence, 0, mention.end + len(sentence))
    before = _ENDS.split(note.text[start : mention.start])[-1].split()[-5:]
    return _NEGATIONS.search(" ".join(before)) is not None


def mark_negated(note: Note) -> str:
    """Return the findings of a note, with "absent_" before each word of what :func:`says_absent` calls absent."""
    offset = note.text.index(note.findings)
    text, done = "", offset
    for mention in note.mentions:
        words = note.text[mention.start : mention.end]
        marked = re.sub(r"\w+", r"absent_\g<0>", words) if says_absent(note, mention) else words
        text += note.text[done : mention.start] + marked
        done = mention.end
    return text + note.text[done : offset + len(note.findings)]


def bootstrap(
    patient: ArrayLike, value: ArrayLike, resamples: int = 1000, seed: int = 219
) -> tuple[float, float, float]:
    """Compute a mean over rows with its 95 % percentile bootstrap interval, resampled by patient.

    Parameters
    ----------
    patient, value : array_like, shape (n,)
        Whose row it is, and its number.
    resamples : int
        How many times to draw.
    seed : int
        Seed of the random numbers.

    Returns
    -------
    low, value, high : float
    """
    _, code = np.unique(np.asarray(patient), return_inverse=True)
    numbers = np.asarray(value, dtype=float)
    sums, sizes = np.bincount(code, weights=numbers), np.bincount(code)
    rows = np.random.default_rng(seed).integers(len(sizes), size=(resamples, len(sizes)))
    low, high = np.quantile(sums[rows].sum(axis=1) / sizes[rows].sum(axis=1), [0.025, 0.975])
    return float(low), float(numbers.mean()), float(high)


@dataclass(frozen=True)
class _Finding:
    """What sort of finding it is, its chance in each of `DIAGNOSES` (all invented), and its names at hospitals A and B."""

    sort: str
    chances: tuple[float, float, float, float]
    a: tuple[str, ...]
    b: tuple[str, ...]

    def names(self, hospital: str) -> tuple[str, ...]:
        return self.a if hospital == "A" else self.b


FINDINGS = {
    "fever": _Finding("symptom", (0.80, 0.05, 0.15, 0.25), ("fever", "a high temperature"), ("pyrexia", "temp spikes")),
    "productive cough": _Finding(
        "symptom",
        (0.75, 0.15, 0.10, 0.75),
        ("a cough with sputum", "a productive cough"),
        ("purulent sputum", "productive cough"),
    ),
    "pleuritic pain": _Finding(
        "symptom",
        (0.35, 0.04, 0.60, 0.05),
        ("chest pain on breathing in", "a stabbing chest pain"),
        ("pleuritic CP", "pleuritic pain"),
    ),
    "ankle swelling": _Finding(
        "symptom",
        (0.06, 0.75, 0.12, 0.15),
        ("swelling of both ankles", "ankle swelling"),
        ("pedal oedema", "bilateral leg oedema"),
    ),
    "calf swelling": _Finding(
        "symptom",
        (0.03, 0.05, 0.50, 0.03),
        ("a swollen calf", "swelling of one calf"),
        ("unilateral calf oedema", "calf tenderness"),
    ),
    "orthopnoea": _Finding(
        "symptom", (0.08, 0.65, 0.06, 0.12), ("breathlessness when lying flat",), ("orthopnoea", "PND")
    ),
    "wheeze": _Finding("symptom", (0.10, 0.20, 0.05, 0.75), ("wheezing", "noisy breathing"), ("wheeze",)),
    "haemoptysis": _Finding("symptom", (0.10, 0.03, 0.20, 0.05), ("blood in the sputum",), ("haemoptysis",)),
    "crackles": _Finding(
        "sign",
        (0.65, 0.65, 0.12, 0.20),
        ("crackles over the lungs", "crackles at both bases"),
        ("bibasal creps", "basal creps"),
    ),
    "consolidation": _Finding(
        "sign",
        (0.70, 0.04, 0.12, 0.06),
        ("a shadow on the chest X-ray", "consolidation on the X-ray"),
        ("RLL consolidation", "CXR opacity"),
    ),
    "raised BNP": _Finding(
        "sign", (0.12, 0.80, 0.25, 0.15), ("a raised natriuretic peptide",), ("raised NT-proBNP", "elevated BNP")
    ),
    "raised D-dimer": _Finding(
        "sign", (0.30, 0.25, 0.85, 0.20), ("a raised D-dimer",), ("elevated D-dimer", "raised D-dimer")
    ),
    "recent surgery": _Finding(
        "history", (0.05, 0.05, 0.40, 0.04), ("a recent operation",), ("recent surgery", "recent op")
    ),
    "smoking": _Finding("history", (0.30, 0.30, 0.20, 0.85), ("many years of smoking",), ("heavy smoking",)),
}

_FAMILIAR = {
    "F": ("Ingrid", "Anne", "Kari", "Solveig", "Mary", "Grace", "May", "Rose", "Helen", "Astrid"),
    "M": ("Olav", "Lars", "Erik", "Knut", "John", "Will", "George", "Peter", "Harald", "Arne"),
    "surname": ("Hansen", "Halvorsen", "Berg", "Lund", "Moe", "Bell", "Graves", "Parkinson", "Carter", "Dahl"),
}
_UNFAMILIAR = {
    "F": ("Thuy", "Fadumo", "Agnieszka", "Selvi", "Leyla", "Oksana"),
    "M": ("Duc", "Abdi", "Zbigniew", "Rajan", "Emre", "Taras"),
    "surname": ("Nguyen", "Warsame", "Kowalczyk", "Sivakumar", "Yildiz", "Shevchenko", "Okafor", "Haile"),
}
#: Names that a small dictionary of common names holds: those of the familiar lists, no others.
KNOWN_NAMES = frozenset(name for names in _FAMILIAR.values() for name in names)

_JOBS = ("baker", "teacher", "fisherman", "lighthouse keeper", "organist", "bus driver", "beekeeper", "tailor", "farmer",
         "librarian", "electrician", "glass-blower", "ski instructor", "cook", "welder", "puppeteer")  # fmt: skip
_HOMES = ("in a flat by the harbour", "on a farm", "in a bungalow", "above the post office", "in a houseboat",
          "next to the school", "in sheltered housing", "at the end of the valley")  # fmt: skip
_HOBBIES = ("sings in a choir", "keeps pigeons", "repairs clocks", "plays chess", "knits", "grows roses", "paints",
            "walks an old dog", "collects stamps", "plays the accordion", "goes fishing", "builds model ships")  # fmt: skip
_BACKGROUND = ("Parkinson's disease", "high blood pressure", "Graves' disease", "Bell's palsy", "type 2 diabetes", "gout",
               "Crohn's disease", "atrial fibrillation", "a hip replacement", "chronic kidney disease")  # fmt: skip


@dataclass(frozen=True)
class _Patient:
    sex: str
    age: int
    first: str
    surname: str
    relative: str
    doctor: str
    familiar: bool
    number: str
    phone: str
    job: str
    home: str
    hobby: str
    background: str
    diagnosis: str

    @classmethod
    def draw(cls, rng: np.random.Generator) -> _Patient:
        familiar = bool(rng.random() < 0.7)
        names = _FAMILIAR if familiar else _UNFAMILIAR
        sex, other = ("F", "M") if rng.random() < 0.5 else ("M", "F")
        return cls(
            sex=sex,
            age=int(rng.integers(45, 96)),
            first=_one(rng, names[sex]),
            surname=_one(rng, names["surname"]),
            relative=_one(rng, names[other]),
            doctor=_one(rng, _FAMILIAR["surname"] + _UNFAMILIAR["surname"]),
            familiar=familiar,
            number=f"{rng.integers(100_000, 1_000_000)}",
            phone=f"{rng.integers(100, 200):04d}",  # after 555 kept free for fiction
            job=_one(rng, _JOBS),
            home=_one(rng, _HOMES),
            hobby=_one(rng, _HOBBIES),
            background=_one(rng, _BACKGROUND),
            diagnosis=_one(rng, DIAGNOSES),
        )


@dataclass(frozen=True)
class _Style:
    """How a hospital writes.

    ``{p}`` stands for the patient, ``{x}`` and ``{y}`` for findings. Identifiers are marked as [kind:text].
    """

    title: str
    admitted: tuple[str, ...]
    person: str
    heading: str
    present: dict[str, tuple[str, ...]]
    absent: dict[str, tuple[str, ...]]
    later: str
    after: tuple[str, ...]
    contact: tuple[str, ...]


_STYLES = {
    "A": _Style(
        title="Discharge letter. Patient: [name:{title} {first} {surname}], hospital number [number:H-{number}].",
        admitted=("Admitted [date:{day.day} {day:%B %Y}], discharged [date:{home_day.day} {home_day:%B %Y}].",),
        person="Aged {age}, retired {job}, lives {home} and {hobby}. Next of kin: [name:{relative}]. "
        "Known before: {background}.",
        heading="Findings: {p} came with breathlessness for {days} days.",
        present={
            "symptom": ("{p} had {x}.", "{p} complained of {x} and {y}.", "{p} reported {x}.", "{p} reported {x} and {y}.",
                        "{p} noticed {x}.", "{p} had {x} but no fatigue.", "{p} reported no change in {x}."),
            "sign": ("Examination showed {x}.", "Tests showed {x}.", "Examination showed {x} and {y}.",
                     "Nothing new, but {x}.", "Also found: {x}.", "There was no doubt about {x}."),
            "history": ("Of note was {x}.", "Worth knowing: {x}."),
        },
        absent={
            "symptom": ("{p} denied {x}.", "{p} had no {x} or {y}.", "There was no {x}.", "{p} came without {x}.",
                        "{p} denied {x} but was tired.", "No {x}.", "As to {x}, this was absent."),
            "sign": ("There was no {x}.", "No sign of {x} or {y}.", "Tests showed no {x}.", "No {x}.",
                     "As to {x}, this was ruled out."),
            "history": ("{p} denied {x}.", "No {x}."),
        },
        later="{p} was told to come back in case of {x}.",
        after=("May need oxygen at home.", "Will be seen in the clinic.", "[name:{first}] feels well today."),
        contact=(*("Next visit [date:{visit.day} {visit:%B %Y}]. Questions: [name:Dr {doctor}], phone [phone:555 {phone}].",) * 6,
                 "Next visit [date:{visit.day} {visit:%B %Y}]. Questions: [name:Dr {doctor}], phone [phone:555-{phone}].",
                 "Next visit [date:{visit.day} {visit:%B}]. Questions: [name:Dr {doctor}], phone [phone:555 {phone}]."),
    ),
    "B": _Style(
        title="Summary. [name:{surname}, {first}], no. [number:{number}/B].",
        admitted=("Adm [date:{day:%d/%m/%y}], dc [date:{home_day:%d/%m/%y}].",
                  "Adm [date:{day:%d.%m.%Y}], dc [date:{home_day:%d.%m.%Y}]."),
        person="{age}{sex}, ret. {job}, lives {home}, {hobby}. NOK [name:{relative} {surname}]. PMH {background}.",
        heading="Hx: SOB {days}/7.",
        present={
            "symptom": ("C/o {x}.", "C/o {x}, {y}.", "Ongoing {x}.", "Reports {x}.", "No improvement in {x}."),
            "sign": ("O/E {x}.", "Ix {x}.", "Marked {x}, also {y}."),
            "history": ("Hx of {x}.", "NB {x}."),
        },
        absent={
            "symptom": ("Denies {x}.", "Nil {x}.", "No {x}, no {y}.", "Denies {x}, {y}.", "As to {x}, absent."),
            "sign": ("Nil {x}.", "No {x}, no {y}.", "Checked for {x}, neg.", "As to {x}, ruled out."),
            "history": ("No {x}.", "Denies {x}."),
        },
        later="Return if {x}.",
        after=("May need home O2.", "Will be reviewed in OPD.", "[name:{first}] mobilising well."),
        contact=("F/U [date:{visit:%d/%m/%y}]. Tel [phone:555{phone}]. Signed [name:{doctor}].",
                 "F/U [date:{visit:%d/%m/%y}]. Tel [phone:555 {phone}]. Signed [name:Dr {doctor}]."),
    ),
}  # fmt: skip
_MARK = re.compile(r"\[([^:\]]+):([^\]]+)\]")


def _note(number: int, hospital: str, patient: _Patient, day: date, rng: np.random.Generator) -> Note:
    style = _STYLES[hospital]
    facts = {name: getattr(patient, name) for name in patient.__dataclass_fields__}
    home_day = day + timedelta(days=int(rng.integers(2, 12)))
    facts |= {"p": "She" if patient.sex == "F" else "He", "title": "Mrs" if patient.sex == "F" else "Mr"}
    facts |= {"day": day, "home_day": home_day, "visit": home_day + timedelta(days=14), "days": int(rng.integers(2, 9))}
    lines = [
        f"{style.title} {_one(rng, style.admitted)}",
        style.person,
        f"{style.heading} {_story(hospital, patient, rng)}",
        f"{_one(rng, style.after)} {_one(rng, style.contact)}",
    ]
    # The findings are marked with < > until here, so that formatting the facts does not meet their brackets.
    marked = "\n".join(lines).format(**facts).replace("<", "[").replace(">", "]")
    text, marks = _read(marked)
    return Note(
        patient=number,
        hospital=hospital,
        diagnosis=patient.diagnosis,
        familiar=patient.familiar,
        text=text,
        findings=text.split("\n")[2],
        spans=tuple(Span(start, end, kind) for start, end, kind in marks if kind in KINDS),
        mentions=tuple(Mention(start, end, kind[1:], kind[0] == "+") for start, end, kind in marks if kind[0] in "+-"),
    )


def _story(hospital: str, patient: _Patient, rng: np.random.Generator) -> str:
    """Describe the findings, marked as <+finding:words> if present and <-finding:words> if not."""
    style, disease = _STYLES[hospital], DIAGNOSES.index(patient.diagnosis)
    names = [str(name) for name in rng.permutation(list(FINDINGS))]
    has = {name: bool(rng.random() < FINDINGS[name].chances[disease]) for name in names}
    present = [name for name in names if has[name]][:6]
    absent = [name for name in names if not has[name]]
    count = int(rng.integers(2, 5))
    said = _sentences(style.present, present, "+", hospital, rng)
    said += _sentences(style.absent, absent[:count], "-", hospital, rng)
    order = rng.permutation(len(said))
    ordered = [said[place] for place in order]
    if rng.random() < 0.3:  # what may come later is no finding of today
        last = next(name for name in reversed(absent) if FINDINGS[name].sort == "symptom")
        ordered.append(style.later.replace("{x}", _marked(last, "-", hospital, rng)))
    return " ".join(ordered)


def _sentences(
    frames: dict[str, tuple[str, ...]], names: Sequence[str], sign: str, hospital: str, rng: np.random.Generator
) -> list[str]:
    said = []
    for sort, fitting in frames.items():
        left = [_marked(name, sign, hospital, rng) for name in names if FINDINGS[name].sort == sort]
        while left:
            frame = _one(rng, [one for one in fitting if len(left) > 1 or "{y}" not in one])
            said.append(frame.replace("{x}", left.pop(0)))
            if "{y}" in frame:
                said[-1] = said[-1].replace("{y}", left.pop(0))
    # "no a cough" is no English
    return [re.sub(r"\b(no|No|or|of) (<-[^:]+:)a ", r"\1 \2", sentence) for sentence in said]


def _marked(name: str, sign: str, hospital: str, rng: np.random.Generator) -> str:
    return f"<{sign}{name}:{_one(rng, FINDINGS[name].names(hospital))}>"


def _read(marked: str) -> tuple[str, list[tuple[int, int, str]]]:
    """Take the marks out of a text; return the text and (start, end, kind) of each mark."""
    text, marks, done = "", [], 0
    for match in _MARK.finditer(marked):
        text += marked[done : match.start()]
        marks.append((len(text), len(text) + len(match[2]), match[1]))
        text += match[2]
        done = match.end()
    return text + marked[done:], marks


def _one(rng: np.random.Generator, choices: Sequence[str]) -> str:
    return str(choices[int(rng.integers(len(choices)))])
