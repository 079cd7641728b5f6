"""Simulated notes: they are what they say, and the rule for negation does what its documentation says."""

import collections
import re

import numpy as np
import pytest
from clinic import notes

WRITTEN = {place: notes.write(place, 60, 219) for place in "AB"}
EVERY = [note for written in WRITTEN.values() for note in written]


def mention(text: str, word: str, *, present: bool = True) -> tuple[notes.Note, notes.Mention]:
    """Make a note of one line, with one mention in it."""
    start = text.index(word)
    one = notes.Mention(start, start + len(word), "fever", present)
    return notes.Note(1, "A", "pneumonia", True, text, text, (), (one,)), one


def test_the_same_seed_gives_the_same_notes_and_another_seed_others() -> None:
    assert notes.write("A", 60, 219) == WRITTEN["A"]
    assert notes.write("A", 60, 220) != WRITTEN["A"]
    assert notes.write("A", 5, 219) == [note for note in WRITTEN["A"] if note.patient <= 5]


def test_unknown_hospital() -> None:
    with pytest.raises(ValueError, match="no hospital 'C'"):
        notes.write("C", 1, 1)


def test_patients_have_one_to_four_notes_about_one_disease() -> None:
    for written in WRITTEN.values():
        counts = collections.Counter(note.patient for note in written)
        assert sorted(counts) == list(range(1, 61))
        assert set(counts.values()) == {1, 2, 3, 4}
        assert len({(note.patient, note.diagnosis) for note in written}) == 60
        assert {note.diagnosis for note in written} == set(notes.DIAGNOSES)


def test_the_text_does_not_name_the_disease() -> None:
    for note in EVERY:
        assert not re.search("pneumonia|heart failure|embolism|COPD", note.text)
        assert not re.search(r"[\[\]<>{}]", note.text)
        assert note.findings in note.text


def test_spans_hold_identifiers_and_nothing_else() -> None:
    forms = {
        "name": r"(Mr |Mrs |Dr )?[A-Z][a-z]+(,? [A-Z][a-z]+)?",
        "date": r"\d{1,2} [A-Z][a-z]+( 20\d\d)?|\d\d/\d\d/\d\d|\d\d\.\d\d\.20\d\d",
        "phone": r"555[ -]?01\d\d",
        "number": r"H-\d{6}|\d{6}/B",
    }
    for note in EVERY:
        assert {span.kind for span in note.spans} == set(notes.KINDS)
        for span in note.spans:
            assert re.fullmatch(forms[span.kind], note.text[span.start : span.end])
        rest = list(note.text)
        for span in note.spans:
            rest[span.start : span.end] = " " * (span.end - span.start)
        assert not re.search(r"\d{4}", "".join(rest))


def test_names_are_familiar_or_not() -> None:
    for note in WRITTEN["A"]:
        first = note.text[note.spans[0].start : note.spans[0].end].split()[1]
        assert (first in notes.KNOWN_NAMES) == note.familiar
    assert {note.familiar for note in EVERY} == {True, False}


def test_mentions_hold_the_words_of_their_hospital() -> None:
    for note in EVERY:
        for one in note.mentions:
            words = note.text[one.start : one.end]
            finding = notes.FINDINGS[one.finding]
            allowed = {"A": finding.a, "B": finding.b}[note.hospital]
            assert words in allowed or f"a {words}" in allowed
            assert words in note.sentence(one)
            assert note.text.index(note.findings) <= one.start < one.end


def test_chances_are_those_of_the_table() -> None:
    written = notes.write("A", 1500, 7)
    for finding, disease in (("orthopnoea", 1), ("raised D-dimer", 2), ("smoking", 3)):
        of = [note for note in written if note.diagnosis == notes.DIAGNOSES[disease]]
        share = np.mean([any(one.finding == finding and one.present for one in note.mentions) for note in of])
        # at most six present findings are written down, so a few are lost
        assert notes.FINDINGS[finding].chances[disease] - 0.12 < share < notes.FINDINGS[finding].chances[disease] + 0.03


@pytest.mark.parametrize(
    ("text", "word", "absent"),
    [
        ("Hx. She had no fever.", "fever", True),
        ("Hx. No cough. She had fever.", "fever", False),
        ("Hx. She denied cough but had fever.", "fever", False),
        ("Hx. No a, b, c, d or fever.", "fever", False),
        ("Hx. No a, b, c or fever.", "fever", True),
        ("Hx. As to fever, this was not there.", "fever", False),
        ("Hx. NIL fever.", "fever", True),
        ("Hx. Another nose, fever.", "fever", False),
    ],
)
def test_rule_for_negation(text: str, word: str, *, absent: bool) -> None:
    assert notes.says_absent(*mention(text, word)) is absent


def test_absent_findings_are_marked_and_all_else_stays() -> None:
    note, _ = mention("Hx. She had no high fever. Cough.", "high fever")
    assert notes.mark_negated(note) == "Hx. She had no absent_high absent_fever. Cough."
    for one in EVERY:
        assert notes.mark_negated(one).replace("absent_", "") == one.findings


def test_bootstrap_draws_patients() -> None:
    low, value, high = notes.bootstrap(np.arange(100), np.arange(100) / 100, 4000, 1)
    # the standard error of the mean is 0.0289
    np.testing.assert_allclose([low, value, high], [0.4384, 0.495, 0.5516], atol=0.005)
    five = notes.bootstrap(np.repeat(np.arange(100), 5), np.repeat(np.arange(100) / 100, 5), 4000, 1)
    np.testing.assert_allclose(five, [low, value, high], atol=1e-12)
    assert notes.bootstrap(["a"] * 3 + ["b"], [1, 1, 1, 0])[1] == 0.75


def test_one_sentence_says_that_the_notes_are_simulated() -> None:
    said = notes.describe(EVERY)
    for part in ("Simulated", f"{len(EVERY)} notes", "120 invented patients", "hospitals A and B", "no real person"):
        assert part in said
