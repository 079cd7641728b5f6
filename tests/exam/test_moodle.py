"""Moodle XML: read back by another parser, and scored by Moodle's own rules, written down here once more."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from moodle_xml_parser.parser import parse_string

from autograder.errors import CourseError
from autograder.exam import moodle
from autograder.exam.item import KINDS, LANGUAGES, Blank, Item, Language, Option
from autograder.exam.score import Response, number, score
from tests.exam.examples import answers, example, examples

#: question_bank::fraction_options_full
FRACTIONS = "1 0.9 0.8333333 0.8 0.75 0.7 0.6666667 0.6 0.5 0.4 0.3333333 0.3 0.25 0.2 0.1666667 0.1428571 0.125 0.1111111 0.1 0.05 0"
ALLOWED = {sign * float(one) for one in FRACTIONS.split() for sign in (1, -1)}

# qtype_multianswer: the regular expressions by which it finds the parts of a question, and the answers of a part
_FRACTION = r"=|%-?[0-9]+(?:[.,][0-9]*)?%"
_TEXT = r".+?(?<!\\|&)(?<!&amp;)(?=[~#}]|$)"
_FEEDBACK = r"#.*?(?<!\\)(?=[~}]|$)"
_ANSWER = rf"(?:{_FRACTION})?{_TEXT}(?:{_FEEDBACK})?"
PART = re.compile(rf"\{{([0-9]*):(?:NUMERICAL|MULTICHOICE_VS):({_ANSWER}(?:~{_ANSWER})*)\}}", re.DOTALL)
ALTERNATIVE = re.compile(rf"~?({_FRACTION})?({_TEXT})({_FEEDBACK})?", re.DOTALL)


def questions(text: str) -> list[ET.Element]:
    return [one for one in ET.fromstring(text).iter("question") if one.get("type") != "category"]


def question(item: Item) -> ET.Element:
    return questions(moodle.xml([item], "Exam"))[0]


def parts(text: str) -> list[tuple[int, list[tuple[str, str]]]]:
    """Find the parts of a cloze question as Moodle does: weights, and alternatives with what marks the right one."""
    return [
        (int(part[1]), [(one[1] or "", one[2]) for one in ALTERNATIVE.finditer(part[2])])
        for part in PART.finditer(text)
    ]


def decoded(answer: str) -> str:
    return html.unescape(answer).replace(r"\}", "}").replace(r"\#", "#")


def within(value: float, answer: float, tolerance: float) -> bool:
    margin = tolerance + 1e-14 * max(1, abs(answer))
    return answer - margin <= value <= answer + margin


def fraction(item: Item, response: Response) -> float:
    """Score a response as Moodle does, from nothing but the XML; the response only says what is clicked or typed."""
    root = question(item)
    kind = root.get("type")
    alternatives = root.findall("answer")
    fractions = [float(one.get("fraction", "0")) / 100 for one in alternatives]
    if not response:
        return 0.0
    match kind:
        case "multichoice":
            ticked = [share for share, option in zip(fractions, item.options, strict=True) if option.id in response]
            if root.findtext("single") == "true":
                return ticked[0]
            return min(max(0.0, sum(ticked)), 1.0)
        case "numerical":
            return numerical(
                response["answer"],
                [
                    (one.findtext("text"), one.findtext("tolerance"), share)
                    for one, share in zip(alternatives, fractions, strict=True)
                ],
            )
        case "cloze":
            return cloze(root, item, response)
        case "ordering":
            assert root.findtext("gradingtype") == "ALL_OR_NOTHING"
            places = [item.order.index(step) for step in response]
            return float(
                places == sorted(range(len(alternatives)), key=lambda place: float(alternatives[place].get("fraction")))
            )
        case "matching":
            stems = root.findall("subquestion")
            chosen = [response.get(given) for given, _ in item.pairs]
            return sum(one.findtext("answer/text") == other for one, other in zip(stems, chosen, strict=True)) / len(
                stems
            )
        case "ddmarker":
            assert root.findtext("drop/shape") == "circle"
            x, y, radius = map(int, re.split("[,;]", root.findtext("drop/coords")))
            return float(((response[0] - x) ** 2 + (response[1] - y) ** 2) ** 0.5 <= radius)
        case "shortanswer":
            assert root.findtext("usecase") == "0"
            for one, share in zip(alternatives, fractions, strict=True):
                pattern = ".*".join(
                    re.escape(bit.replace(r"\*", "*")) for bit in re.split(r"(?<!\\)\*+", one.findtext("text"))
                )
                if re.fullmatch(pattern, response.strip(), re.IGNORECASE):
                    return share
            return 0.0
    raise AssertionError(kind)


def numerical(given: float | str | None, alternatives: list[tuple[str, str, float]]) -> float:
    value = number(given) if isinstance(given, str) else given
    if value is None:
        return 0.0
    return next(
        (share for answer, tolerance, share in alternatives if within(value, float(answer), float(tolerance))), 0.0
    )


def cloze(root: ET.Element, item: Item, response: dict[str, float | str | None]) -> float:
    found = parts(root.findtext("questiontext/text"))
    names = re.findall(r"\[\[(\w+)\]\]", item.stem) or [given for given, _ in item.pairs]
    earned = total = 0.0
    for (weight, alternatives), name in zip(found, names, strict=True):
        total += weight
        if item.kind == "matrix":
            split = [(*answer.split(":"), float(mark == "=")) for mark, answer in alternatives]
            earned += weight * numerical(response.get(name), split)
        else:
            shown = moodle._inline(response.get(name) or "", item)
            earned += weight * any(mark == "=" and decoded(answer) == shown for mark, answer in alternatives)
    return earned / total


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "essay"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(5))
def test_an_answer_earns_in_moodle_what_it_earns_here(kind: str, language: Language, seed: int) -> None:
    item = example(kind, seed, language)
    for grade, responses in answers(item).items():
        for response in responses:
            here = score(item, response)
            assert item.points * fraction(item, response) == pytest.approx(here, abs=1e-6), (grade, response)


def test_all_fractions_are_among_those_that_moodle_knows() -> None:
    for rights in range(1, 11):
        for wrongs in range(1, 11):
            options = [Option(f"{place}", f"{place}", place < rights, "", "") for place in range(rights + wrongs)]
            item = Item("ticks", 0, "en", "multiple", 1, "t", "s", options=tuple(options))
            for answer in question(item).iter("answer"):
                assert min(abs(float(answer.get("fraction")) / 100 - one) for one in ALLOWED) < 1e-5
            assert fraction(item, item.right) == pytest.approx(1, abs=1e-6)
            assert fraction(item, {option.id for option in options}) == pytest.approx(0, abs=1e-6)


def test_more_options_than_moodle_can_divide_by_are_refused_by_name() -> None:
    options = tuple(Option(f"{place}", f"{place}", place > 0, "", "") for place in range(12))
    item = replace(example("multiple"), options=options)
    with pytest.raises(CourseError, match="example-multiple: Moodle can't divide a question into 11 shares"):
        moodle.xml([item], "Exam")


def test_another_parser_reads_choices_and_blanks_as_they_were_meant() -> None:
    items = examples(3, "no")
    read = parse_string(moodle.xml(items, "Eksamen"))
    single, multiple = read["multichoice"]
    assert (single.single, multiple.single) == (True, False)
    assert [option.score_fraction for option in single.options] == [100, 0, 0, 0]
    assert [option.score_fraction for option in multiple.options] == [33.33333] * 3 + [-50.0] * 2
    assert [option.answer for option in single.options] == [option.text for option in items[0].options]
    assert single.options[1].feedback == "<p>Dette deler på en kolonne.</p>"
    assert (multiple.default_grade, multiple.penalty) == (2.0, 0.0)
    assert single.general_feedback == "<p>Sensitiviteten ser på dem som er syke.</p>"
    matrix = read["cloze"][0]
    gaps = [gap for gap in matrix.gaps if gap.sub_type == "NUMERICAL"]
    blanks = {blank.id: blank for blank in items[3].blanks}
    assert [gap.sub_grade for gap in gaps] == [1] * 5
    for gap, name in zip(gaps, ("tp", "fn", "fp", "tn", "accuracy"), strict=True):
        assert {option.score for option in gap.options} == {100}
        value, tolerance = map(float, gap.options[-1].answer.split(":"))
        assert (value, tolerance) == (blanks[name].value, blanks[name].tolerance)


def test_a_matching_of_plain_words_is_a_match_question_and_one_of_formulas_shows_them() -> None:
    formulas = example("matching")
    words = replace(formulas, pairs=(("a", "red & blue"), ("b", "green"), ("c", "green")))
    assert question(words).get("type") == "matching"
    assert [one.text for one in question(words).iterfind("subquestion/answer/text")] == ["red & blue", "green", "green"]
    assert fraction(words, {"a": "green", "b": "green"}) == pytest.approx(score(words, {"a": "green", "b": "green"}))
    assert question(formulas).get("type") == "cloze"
    shown = {
        decoded(answer)
        for _, alternatives in parts(question(formulas).findtext("questiontext/text"))
        for _, answer in alternatives
    }
    assert shown == {other.replace("$", r"\(", 1).replace("$", r"\)") for _, other in formulas.pairs}


def test_what_stands_to_be_chosen_may_hold_what_ends_an_answer_in_moodle() -> None:
    odd = ("= *equal*", "%50% *off*", "a ~ b # c } d `&lt;` $\\{x\\}$")
    item = replace(example("matching"), pairs=tuple(zip("abc", odd, strict=True)))
    assert fraction(item, dict(item.pairs)) == 1
    assert fraction(item, dict.fromkeys("abc", odd[0])) == pytest.approx(1 / 3)
    (_, first), *_ = parts(question(item).findtext("questiontext/text"))
    assert [decoded(answer) for _, answer in first] == [moodle._inline(other, item) for other in odd]


def test_a_short_answer_takes_a_full_stop_and_no_wildcard() -> None:
    item = replace(example("short"), accepted=("A* search.",))
    for typed in ("a* search", "A* Search.", "A** search", "an a* search", "a star search"):
        assert fraction(item, typed) == score(item, typed), typed


def test_a_number_that_is_shown_rounded_keeps_its_tolerance() -> None:
    blank = Blank("answer", 200 / 3, 0.05, 1)
    item = replace(example("numeric"), blanks=(blank,), slips=())
    assert question(item).findtext("answer/text") == "66.7"
    for thousandths in range(66_600, 66_740):
        value = thousandths / 1000
        assert fraction(item, {"answer": value}) == blank.accepts(value), value


def test_slips_earn_nothing_and_say_why() -> None:
    item = example("numeric")
    told = {
        one.findtext("text"): one.findtext("feedback/text") for one in question(item).iterfind("answer[@fraction='0']")
    }
    assert told["92"] == "<p>That is the sensitivity.</p>"
    assert r"<p>That is \(1 - \mathrm{PPV}\).</p>" in told.values()


def test_a_unit_is_asked_for_and_only_a_percent_sign_may_be_typed() -> None:
    item = example("numeric")
    assert "Answer in %." in question(item).findtext("questiontext/text")
    assert question(item).findtext("units/unit/unit_name") == "%"
    millilitres = replace(item, blanks=(replace(item.blanks[0], unit="mL"),))
    assert "Answer in mL." in question(millilitres).findtext("questiontext/text")
    assert question(millilitres).find("units") is None
    assert question(millilitres).findtext("showunits") == "3"


def test_images_formulas_tables_and_code_survive() -> None:
    short, single, multiple = (question(example(kind)) for kind in ("short", "single", "multiple"))
    text = short.findtext("questiontext/text")
    assert '<img src="@@PLUGINFILE@@/overlap.png" alt="A bright disk in a grey oval" />' in text
    assert r"\(\frac{2 |A \cap B|}{|A| + |B|}\)" in text
    assert base64.b64decode(short.findtext("questiontext/file")) == example("short").pictures["overlap.png"]
    assert short.find("generalfeedback/file") is None
    assert '<td style="text-align:right">' in single.findtext("questiontext/text")
    assert "if n &lt; 500 &amp; shuffle:\n    train" in multiple.findtext("questiontext/text")
    assert "\\[\\mathrm{PPV}" in question(example("numeric")).findtext("questiontext/text")
    hotspot = question(example("hotspot"))
    assert base64.b64decode(hotspot.findtext("file")) == example("hotspot").pictures["lesion.png"]


def test_graders_see_rubric_and_samples_of_an_essay_in_its_language() -> None:
    essay = question(example("essay", language="no"))
    told = essay.findtext("graderinfo/text")
    for words in ("3 poeng: Nevner validering", r"\(n &gt; 100\)", "Et sterkt svar", "Alltid."):
        assert words in told
    assert "Nevner" not in essay.findtext("questiontext/text")


def test_questions_have_a_category_a_number_of_their_own_and_tags() -> None:
    text = moodle.xml(examples(1) + examples(2), "ELMED219/H26")
    assert ET.fromstring(text).findtext("question/category/text") == "$course$/top/ELMED219/H26"
    numbers = [one.findtext("idnumber") for one in questions(text)]
    assert numbers[0] == "example-single/1/en"
    assert len(set(numbers)) == len(numbers) == 2 * len(KINDS)
    assert {one.text for one in questions(text)[3].iterfind("tags/tag/text")} == {"example-matrix", "matrix", "en"}


def test_equal_questions_give_equal_files() -> None:
    assert moodle.xml(examples(4), "x") == moodle.xml(examples(4), "x")


def test_the_instructor_is_told_where_moodle_differs() -> None:
    matrix, hotspot = example("matrix"), example("hotspot")
    assert moodle.remarks([matrix, hotspot]) == ["example-matrix: Moodle gives 5 marks for it; set 2 in the quiz."]
    assert moodle.remarks([replace(matrix, points=10.0)]) == []
    assert moodle.remarks([example("matching")]) == [
        "example-matching: Moodle gives 3 marks for it; set 1 in the quiz."
    ]
    assert [weight for weight, _ in parts(question(replace(matrix, points=10.0)).findtext("questiontext/text"))] == [
        2
    ] * 5
    between = replace(hotspot, spot=replace(hotspot.spot, radius=7.5))
    assert "whole pixels" in moodle.remarks([between])[0]
