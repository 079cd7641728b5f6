"""Does the checker notice what is broken, and do items give the points that the model gives?"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, permutations, product
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder.exam import render
from autograder.exam.document import ProcessingError
from autograder.exam.inspection import complaints
from autograder.exam.item import KINDS, LANGUAGES, Item, Kind, Language
from autograder.exam.processing import outcomes, scores
from autograder.exam.qti import identifier, package
from autograder.exam.score import Response, score
from tests.exam.examples import answers, example, examples

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
Files = dict[str, bytes]


def read(path: Path) -> Files:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write(path: Path, files: Files) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def xml(tmp_path: Path, item: Item) -> bytes:
    return read(package([item], tmp_path / "one.zip", "One"))[f"{identifier(item)}.xml"]


def handed_in(item: Item, text: bytes, response: Response) -> dict[str, object]:
    """Return a response as a student would give it who reads the item: she knows choices by what they say."""
    root = ElementTree.fromstring(text)
    if not response:
        return {one.attrib["identifier"]: None for one in root.iter(f"{QTI}responseDeclaration")}
    names = {
        said(choice): choice.attrib["identifier"]
        for choice in root.iter()
        if choice.tag in (f"{QTI}simpleChoice", f"{QTI}simpleAssociableChoice")
    }

    def name(text: str) -> str:
        return names[said(ElementTree.fromstring(f"<x>{render.inline(text)}</x>"))]

    match item.kind:
        case "single":
            (chosen,) = response
            return {"RESPONSE": chosen}
        case "numeric":
            return {"RESPONSE": response["answer"]}  # type: ignore[call-overload, index]
        case "matrix":
            return {f"RESPONSE_{blank}": number for blank, number in response.items()}  # type: ignore[union-attr]
        case "ordering":
            return {"RESPONSE": [name(step) for step in response]}  # type: ignore[arg-type]
        case "matching":
            return {"RESPONSE": {f"{name(given)} {name(other)}" for given, other in response.items()}}  # type: ignore[union-attr]
        case _:
            return {"RESPONSE": response}


def said(element: ElementTree.Element) -> str:
    return " ".join("".join(element.itertext()).split())


def all_answers(item: Item, rng: random.Random) -> list[Response]:
    """Return every answer there is, or where there are too many to count, some that come near the limits."""
    names = [option.id for option in item.options]
    match item.kind:
        case "single":
            return [{name} for name in names]
        case "multiple":
            return [set(some) for count in range(1, len(names) + 1) for some in combinations(names, count)]
        case "numeric" | "matrix":
            return [{blank.id: typed(blank.value, blank.tolerance, rng) for blank in item.blanks} for _ in range(40)]
        case "ordering":
            return list(permutations(item.order))
        case "matching":
            given, others = [one for one, _ in item.pairs], [other for _, other in item.pairs]
            chosen = product([*others, None], repeat=len(given))
            return [{a: b for a, b in zip(given, some, strict=True) if b is not None} for some in chosen]
        case "hotspot":
            assert item.spot is not None
            x, y, r = int(item.spot.x), int(item.spot.y), int(item.spot.radius)
            return [(i, j) for i in range(x - r - 1, x + r + 2) for j in range(y - r - 1, y + r + 2)]
        case "short":
            texts = [*item.accepted, "Dicey", "Di ce", "the Dice", "x"]
            return [
                form
                for text in texts
                for form in (text, text.upper(), text.lower(), text.title(), f"{text}.", f"{text},")
            ]
        case _:
            return []


def typed(value: float, tolerance: float, rng: random.Random) -> float | str | None:
    near = value + rng.choice((0, tolerance, -tolerance, 3 * tolerance)) + rng.choice((0, 0, 0, 1e-6, -1e-6, 1))
    text = f"{near:.{rng.randint(0, 8)}f}"
    return rng.choice((float(text), text, text.replace(".", ","), f" {text} ", None, "", "a lot"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_item_gives_the_points_that_the_model_gives(kind: Kind, language: Language, tmp_path: Path) -> None:
    for seed in range(6):
        item, rng = example(kind, seed, language), random.Random(seed)
        text = xml(tmp_path, item)
        given = [response for some in answers(item).values() for response in some] + all_answers(item, rng)
        for response in given:
            earned, expected = scores(text, handed_in(item, text, response)), score(item, response)
            assert earned == (None if expected is None else pytest.approx(expected, abs=1e-12)), (seed, response)


@pytest.mark.parametrize("kind", KINDS)
def test_an_item_says_how_the_answer_was(kind: Kind, tmp_path: Path) -> None:
    item = example(kind)
    text = xml(tmp_path, item)
    words = {"right": "correct", "partial": "partially_correct", "wrong": "wrong", "empty": "unanswered"}
    for grade, given in answers(item).items():
        for response in given:
            assert outcomes(text, handed_in(item, text, response))["FEEDBACK"] == f"feedback_{words[grade]}", response


def test_an_essay_waits_for_a_person(tmp_path: Path) -> None:
    text = xml(tmp_path, example("essay"))
    assert outcomes(text, {"RESPONSE": "Never."}) == {"SCORE": None, "FEEDBACK": "feedback_answered"}
    assert scores(text, {"RESPONSE": "Never."}) is None
    assert scores(text, {"RESPONSE": ""}) == 0


def test_what_is_said_of_an_option_depends_on_the_answer(tmp_path: Path) -> None:
    assert outcomes(xml(tmp_path, example("single")), {"RESPONSE": "b"})["REMARK"] == "b"
    assert outcomes(xml(tmp_path, example("multiple")), {"RESPONSE": {"e", "a"}})["REMARK"] == ["a", "e"]
    item = example("numeric")
    text = xml(tmp_path, item)
    remarks = [
        outcomes(text, {"RESPONSE": value})["REMARK"] for value in (item.slips[1].value, item.blanks[0].value, 999)
    ]
    assert remarks == ["slip_2", None, None]


def test_spaces_around_a_short_text_are_the_platforms_to_take_off(tmp_path: Path) -> None:
    item = example("short")
    assert score(item, " dice ") == 1
    assert scores(xml(tmp_path, item), {"RESPONSE": " dice "}) == 0


# What is broken


@dataclass(frozen=True)
class Damage:
    """What is changed in which file, by a regular expression, and what the checker says."""

    file: str
    old: str
    new: str
    says: str


SINGLE, MULTIPLE, MATRIX, ORDERING, MATCHING, HOTSPOT, SHORT, ESSAY = (
    f"q-example-{kind}-en-0.xml"
    for kind in ("single", "multiple", "matrix", "ordering", "matching", "hotspot", "short", "essay")
)
MANIFEST = "imsmanifest.xml"
PROCESSING = "<responseProcessing>.*</responseProcessing>"
MATCH = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
TEMPLATE = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/{}"{}'

DAMAGES = {
    "the right answer names no choice": Damage(SINGLE, "<value>a</value>", "<value>z</value>", "right answer 'z' names no choice"),
    "two choices have one name": Damage(SINGLE, 'Choice identifier="b"', 'Choice identifier="c"', "choice 'c' is there 2 times"),
    "a choice is empty": Damage(SINGLE, r'(simpleChoice identifier="b"><div>)[^<]*', r"\1", "simpleChoice 'b' is empty"),
    "an interaction has another response": Damage(
        SINGLE, 'Interaction responseIdentifier="RESPONSE"', 'Interaction responseIdentifier="ANSWER"', "'ANSWER' has no responseDeclaration"
    ),
    "a response has no interaction": Damage(
        SINGLE, "<outcomeD", '<responseDeclaration identifier="MORE" cardinality="single" baseType="float"/><outcomeD', "'MORE' has no interaction"
    ),
    "a response is declared twice": Damage(
        SINGLE, "<responseD", '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="identifier"/><responseD', "declaration 'RESPONSE' is there 2 times"
    ),
    "a choice is bound to a text": Damage(SINGLE, '(cardinality="single" )baseType="identifier"(><corr)', r'\1baseType="string"\2', "it needs single or multiple identifier"),
    "a base type is unknown": Damage(SINGLE, 'baseType="identifier"><corr', 'baseType="uri"><corr', "not of base type 'uri'"),
    "one answer, and two to choose": Damage(SINGLE, 'maxChoices="1"', 'maxChoices="2"', "choiceInteraction 'RESPONSE' takes more than one"),
    "one variable for several choices": Damage(SINGLE, 'cardinality="single"( baseType="identifier"><c)', r'cardinality="multiple"\1', "setOutcomeValue 'REMARK' sets a value"),
    "nothing is right": Damage(SINGLE, "<correctResponse>.*</correctResponse>", "", "responseDeclaration 'RESPONSE' has no correctResponse"),
    "a template that Inspera does not know": Damage(SINGLE, PROCESSING, TEMPLATE.format("map_response", "/>"), "names the template"),
    "a template with rules": Damage(SINGLE, "<responseProcessing>", TEMPLATE.format("match_correct", ">"), "without rules"),
    "nothing gives points": Damage(SINGLE, PROCESSING, "", "responseProcessing is missing"),
    "the score is never set": Damage(SINGLE, r'<setOutcomeValue identifier="SCORE">.*?</setOutcomeValue>', "", "'SCORE' is never set"),
    "the verdict is never set": Damage(SINGLE, r'<setOutcomeValue identifier="FEEDBACK">.*?</setOutcomeValue>', "", "'FEEDBACK' is never set"),
    "the score is above the maximum": Damage(SINGLE, '"float">1<', '"float">2<', "setOutcomeValue 'SCORE' gives 2.0, not 1"),
    "the score is below nothing": Damage(SINGLE, "(<responseElse><s.*?>)0<", r"\1-1<", "which is not between 0 and 1"),
    "the score is not a number": Damage(SINGLE, '"float">1<', '"float">one<', "baseValue has the value 'one'"),
    "the score is a text": Damage(SINGLE, 'baseType="float">1<', 'baseType="identifier">one<', "setOutcomeValue 'SCORE' sets a value"),
    "there is no maximum": Damage(SINGLE, ' normalMaximum="1"', "", "'SCORE' has no normalMaximum"),
    "the score is declared as a whole number": Damage(SINGLE, '(identifier="SCORE" cardinality="single" baseType=)"float"', r'\1"integer"', "it must be single float"),
    "there is no score": Damage(SINGLE, '<outcomeDeclaration identifier="SCORE".*?</outcomeDeclaration>', "", "outcomeDeclaration 'SCORE' is missing"),
    "there is no verdict": Damage(SINGLE, '<outcomeDeclaration identifier="FEEDBACK".*?/>', "", "outcomeDeclaration 'FEEDBACK' is missing"),
    "a verdict that Inspera does not know": Damage(SINGLE, "feedback_correct", "feedback_right", "'feedback_right': expected one of"),
    "nothing is said of a wrong answer": Damage(SINGLE, '<modalFeedback [^>]*"feedback_wrong">.*?</modalFeedback>', "", "'feedback_wrong' shows nothing"),
    "something is said that nobody hears": Damage(SINGLE, '(showHide="show" identifier=)"b"', r'\1"z"', "modalFeedback 'z' is never shown"),
    "something is said of what is not declared": Damage(SINGLE, 'outcomeIdentifier="REMARK"', 'outcomeIdentifier="HINT"', "waits for 'HINT'"),
    "something is said twice": Damage(SINGLE, '(showHide="show" identifier=)"b"', r'\1"c"', "modalFeedback 'c' is there twice"),
    "something is hidden": Damage(SINGLE, 'showHide="show" identifier="b"', 'showHide="hide" identifier="b"', "modalFeedback 'b' is hidden"),
    "an expression that nobody needs": Damage(SINGLE, MATCH, MATCH.replace("match", "equal"), "'equal' is not understood"),
    "a rule that nobody needs": Damage(SINGLE, "</responseProcessing>", "<exitResponse/></responseProcessing>", "'exitResponse' is not understood"),
    "a variable that is not declared": Damage(SINGLE, '<isNull><variable identifier="RESPONSE"', '<isNull><variable identifier="X"', "variable 'X' in responseProcessing"),
    "the right answer of another": Damage(SINGLE, '<correct identifier="RESPONSE"', '<correct identifier="X"', "correct 'X' in responseProcessing"),
    "an outcome that is not declared": Damage(SINGLE, 'OutcomeValue identifier="REMARK"', 'OutcomeValue identifier="X"', "setOutcomeValue 'X' sets an outcome"),
    "a comparison of one": Damage(SINGLE, MATCH, '<match><variable identifier="RESPONSE"/></match>', "match has 1 parts, and needs 2"),
    "a wrong answer counts": Damage(SINGLE, '<correct identifier="RESPONSE"/>', '<baseValue baseType="identifier">b</baseValue>', "'SCORE' gives 0.0, not 1"),
    "no answer counts": Damage(SINGLE, "(<responseIf><isNull>.*?SCORE.*?float..)0<", r"\g<1>1<", "'SCORE' gives 1.0, not 0"),
    "the verdict belies the score": Damage(SINGLE, "(<responseE.*?)feedback_correct(.*?)feedback_wrong", r"\1feedback_wrong\2feedback_correct", "gives feedback_wrong, not feedback_correct"),
    "a number was not drawn": Damage(SINGLE, "A model was tried", "A model was tried on {{n}}", "p has a place left to be filled, '{{n}}'"),
    "it adapts itself": Damage(SINGLE, 'adaptive="false"', 'adaptive="true"', "assessmentItem is adaptive"),
    "its name is none": Damage(SINGLE, 'identifier="q-example-single-en-0"', 'identifier="1 x"', "has the identifier '1 x'"),
    "its title is empty": Damage(SINGLE, 'title="[^"]*"', 'title=" "', "assessmentItem has no title"),
    "there is nothing to answer": Damage(SINGLE, "<choiceInteraction.*</choiceInteraction>", "<p/>", "itemBody has no interaction"),
    "a kind of interaction that we have not": Damage(SINGLE, "choiceInteraction", "hottextInteraction", "hottextInteraction 'RESPONSE' is not understood"),
    "entities": Damage(SINGLE, "<assessmentItem", '<!DOCTYPE x [<!ENTITY y "z">]><assessmentItem', "document type declaration"),
    "XML that does not end": Damage(SINGLE, "</assessmentItem>", "", "is not well-formed XML"),
    "another kind of file": Damage(SINGLE, "assessmentItem", "assessmentTest", "the root is 'assessmentTest'"),
    "a mapping names no choice": Damage(MULTIPLE, 'mapKey="d"', 'mapKey="z"', "the mapKey 'z' names no choice"),
    "a mapping names a choice twice": Damage(MULTIPLE, 'mapKey="d"', 'mapKey="e"', "mapKey 'e' is there 2 times"),
    "a mapping is not of numbers": Damage(MULTIPLE, 'mappedValue="-1"', 'mappedValue="minus"', "mapEntry 'd' has 'minus'"),
    "a wrong option is worth points": Damage(MULTIPLE, 'mapKey="d" mappedValue="-1"', 'mapKey="d" mappedValue="3"', "not between 0 and 2"),
    "a part is all": Damage(MULTIPLE, 'mapKey="a" mappedValue="[^"]*"', 'mapKey="a" mappedValue="2"', "which is not the right answer"),
    "the mapping is missing": Damage(MULTIPLE, "<mapping.*</mapping>", "", "mapResponse 'RESPONSE' asks for a mapping"),
    "more is right than may be chosen": Damage(MULTIPLE, 'maxChoices="0"', 'maxChoices="2"', "takes 2 at most, and 3 are right"),
    "one is right twice": Damage(MULTIPLE, "<value>b</value>", "<value>a</value>", "names a right value twice"),
    "two fields fill one variable": Damage(MATRIX, '(EntryInteraction responseIdentifier="RESPONSE_)fn', r"\1tp", "responseIdentifier 'RESPONSE_tp' is there 2 times"),
    "the right number is a word": Damage(MATRIX, "(RESPONSE_tp[^/]*<value>)[^<]*", r"\1many", "has the value 'many'"),
    "the right number is out of bounds": Damage(MATRIX, "(RESPONSE_tp[^/]*<value>)[^<]*", r"\g<1>7", "'SCORE' gives 1.6, not 2"),
    "numbers are compared as texts": Damage(MATRIX, '(RESPONSE_tp" cardinality="single" )baseType="float"', r'\1baseType="string"', "'gte' needs numbers"),
    "a step is left out": Damage(ORDERING, "<value>step_1</value>", "", "does not put all choices in order"),
    "an order without order": Damage(ORDERING, 'cardinality="ordered"', 'cardinality="multiple"', "it needs ordered identifier"),
    "a pair names nobody": Damage(MATCHING, "<value>given_1", "<value>given_9", "right answer 'given_9 other_"),
    "a pair the wrong way round": Damage(MATCHING, r"<value>(given_1) (other_\d)", r"<value>\2 \1", "names no choice"),
    "half a pair": Damage(MATCHING, r"<value>(given_1) other_\d", r"<value>\1", "not of base type 'directedPair'"),
    "the circle lies outside of the image": Damage(HOTSPOT, r'coords="\d+', 'coords="400', "areaMapEntry has its centre at 400,"),
    "the circle has no radius": Damage(HOTSPOT, r'coords="(\d+,\d+),\d+', r'coords="\1', "a circle is x,y,radius"),
    "a miss is worth something": Damage(HOTSPOT, 'areaMapping defaultValue="0"', 'areaMapping defaultValue="1"', "areaMapping has bounds or a defaultValue"),
    "there is no circle": Damage(HOTSPOT, "<areaMapping.*</areaMapping>", "", "mapResponsePoint 'RESPONSE' asks for an areaMapping"),
    "the circle is a square": Damage(HOTSPOT, 'shape="circle"', 'shape="rect"', "areaMapEntry has the shape 'rect'"),
    "the image has another size": Damage(HOTSPOT, 'width="120"', 'width="240"', "is 120 pixels in width, not 240"),
    "the image is not in the zip": Damage(HOTSPOT, 'data="images/', 'data="pictures/', "is an image that does not lie in the zip"),
    "the image has no words": Damage(SHORT, ' alt="[^"]*"', ' alt=""', "has no words for those who can't see it"),
    "the answers are mapped, and there are none": Damage(
        SHORT, "</correctResponse>", '</correctResponse><mapping defaultValue="0"><mapEntry mapKey="x" mappedValue="1"/></mapping>', "has a mapping"
    ),
    "students see the rubric": Damage(ESSAY, 'view="scorer"', 'view="candidate"', "rubricBlock is for the view 'candidate'"),
    "an essay marks itself": Damage(ESSAY, "<null/>", '<baseValue baseType="float">6</baseValue>', "which a person must mark"),
    "an essay is right": Damage(ESSAY, "feedback_answered", "feedback_correct", "expected one of feedback_unanswered, feedback_answered"),
    "the manifest has no organizations": Damage(MANIFEST, "<organizations/>", "", "organizations is missing"),
    "the manifest names no item": Damage(MANIFEST, "<resource .*</resource>", "", "resources names no item"),
    "the manifest is of another standard": Damage(MANIFEST, "imscp_v1p1", "imscp_v1p2", "not a manifest of IMS content packaging 1.1"),
    "the manifest is not XML": Damage(MANIFEST, "</manifest>", "", "is not well-formed XML"),
    "an entry has no file": Damage(MANIFEST, f'<file href="{SINGLE}"', f'<file href="x.xml"/><file href="{SINGLE}"', "has a file 'x.xml', which does not lie"),
    "an item is not among its files": Damage(MANIFEST, f'<file href="{SINGLE}"/>', "", f"has the href '{SINGLE}', and no file of it"),
    "a file has no entry": Damage(MANIFEST, f'<resource identifier="{SINGLE[:-4]}".*?</resource>', "", f"no resource has a file '{SINGLE}'"),
    "two entries have one name": Damage(MANIFEST, 'resource identifier="q-example-essay-en-0"', 'resource identifier="q-example-single-en-0"', "is there 2 times"),
    "an entry is of another type": Damage(MANIFEST, "imsqti_item_xmlv2p1", "imsqti_item_xmlv2p0", "is of type 'imsqti_item_xmlv2p0'"),
    "an entry depends on another": Damage(MANIFEST, "</resource>", '<dependency identifierref="x"/></resource>', "depends on 'x'"),
}  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(examples(), tmp_path_factory.mktemp("good") / "good.zip", "Examples")


def test_a_good_package_has_nothing_to_complain_about(good: Path, tmp_path: Path) -> None:
    assert complaints(good) == []
    many = [item for language in LANGUAGES for seed in range(5) for item in examples(seed, language)]
    assert complaints(package(many, tmp_path / "many.zip", "Many")) == []


def test_at_least_thirty_kinds_of_damage_are_tried() -> None:
    assert len(DAMAGES) >= 30
    assert len(set(DAMAGES.values())) == len(DAMAGES)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_is_named_with_its_file_and_element(damage: Damage, good: Path, tmp_path: Path) -> None:
    files = read(good)
    before = files[damage.file].decode()
    after = re.sub(damage.old, damage.new, before, flags=re.DOTALL)
    assert after != before
    found = complaints(write(tmp_path / "bad.zip", files | {damage.file: after.encode()}))
    assert any(sentence.startswith(f"{damage.file}: ") and damage.says in sentence for sentence in found), found


def move(files: Files) -> None:
    for name in list(files):
        files[f"exam/{name}"] = files.pop(name)


def lose_an_image(files: Files) -> None:
    del files[next(name for name in files if name.startswith("images/"))]


def spoil_an_image(files: Files) -> None:
    name = next(name for name in files if name.startswith("images/"))
    files[name] = b"GIF89a"


def unlist_an_image(files: Files) -> None:
    files[MANIFEST] = re.sub(rb'<file href="images/[^"]*"/>', b"", files[MANIFEST])


def rename_an_item(files: Files) -> None:
    files[ESSAY] = files[ESSAY].replace(b'identifier="q-example-essay-en-0"', b'identifier="q-example-single-en-0"')


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (move, "imsmanifest.xml is missing"),
        (lose_an_image, "is an image that does not lie in the zip"),
        (spoil_an_image, "is not a PNG, as its name says"),
        (unlist_an_image, "is an image that imsmanifest.xml does not list"),
        (rename_an_item, "imsmanifest.xml: 2 items have the identifier 'q-example-single-en-0'"),
        (lambda files: files.update({"notes.txt": b"."}), "imsmanifest.xml: no resource has a file 'notes.txt'"),
        (lambda files: files.pop(ESSAY), f"has a file '{ESSAY}', which does not lie in the zip"),
    ],
)
def test_files_that_are_lost_spoilt_or_too_many_are_named(
    change: Callable[[Files], object], says: str, good: Path, tmp_path: Path
) -> None:
    files = read(good)
    change(files)
    assert any(says in sentence for sentence in complaints(write(tmp_path / "bad.zip", files)))


def test_what_is_no_zip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.zip"
    path.write_text("not a zip")
    assert complaints(path) == ["bad.zip is not a zip that can be read: File is not a zip file."]
    assert complaints(tmp_path / "none.zip")[0].startswith("none.zip is not a zip that can be read")


def test_a_file_that_lies_twice_in_the_zip_is_named(good: Path, tmp_path: Path) -> None:
    path = tmp_path / "twice.zip"
    path.write_bytes(good.read_bytes())
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(SINGLE, read(good)[SINGLE])
    assert complaints(path) == [f"{SINGLE} lies twice in the zip."]


# How expressions are read


def rules(processing: str, outcome: str = "SCORE") -> str:
    return (
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1">'
        '<responseDeclaration identifier="RESPONSE" cardinality="single" baseType="float">'
        "<correctResponse><value>2</value></correctResponse></responseDeclaration>"
        '<responseDeclaration identifier="SOME" cardinality="multiple" baseType="identifier">'
        '<mapping defaultValue="-1" lowerBound="-2" upperBound="2"><mapEntry mapKey="a" mappedValue="1.5"/>'
        '<mapEntry mapKey="b" mappedValue="1.5"/></mapping></responseDeclaration>'
        f'<outcomeDeclaration identifier="{outcome}" cardinality="single" baseType="float"/>'
        f"{processing}</assessmentItem>"
    )


def condition(test: str) -> str:
    one, two = (
        f'<setOutcomeValue identifier="SCORE"><baseValue baseType="float">{n}</baseValue></setOutcomeValue>'
        for n in (1, 2)
    )
    branches = f"<responseIf>{test}{one}</responseIf><responseElse>{two}</responseElse>"
    return rules(f"<responseProcessing><responseCondition>{branches}</responseCondition></responseProcessing>")


RESPONSE = '<variable identifier="RESPONSE"/>'
NULL = "<isNull><null/></isNull>"
LESS = f'<lt>{RESPONSE}<baseValue baseType="float">3</baseValue></lt>'


@pytest.mark.parametrize(
    ("test", "given", "holds"),
    [
        (LESS, 2, True),
        (LESS, 3, False),
        (LESS, None, False),
        (f"<not>{LESS}</not>", None, False),  # not NULL is NULL, which counts as false
        (f"<or>{LESS}{NULL}</or>", None, True),
        (f"<and>{LESS}{NULL}</and>", None, False),
        (f"<not><and>{LESS}{NULL}</and></not>", None, False),  # NULL and true is NULL
        (f"<not><and>{LESS}<not>{NULL}</not></and></not>", None, True),  # NULL and false is false
        (f"<isNull>{RESPONSE}</isNull>", "a lot", True),
        (LESS, "2,5", True),
        (LESS, "3,5", False),
        (LESS.replace("lt>", "gt>"), "3,5", True),
    ],
)
def test_null_is_neither_true_nor_false(test: str, given: object, holds: bool) -> None:
    assert scores(condition(test), {"RESPONSE": given}) == (1 if holds else 2)


@pytest.mark.parametrize(
    ("given", "worth"),
    [({"a"}, 1.5), ({"a", "b"}, 2), ({"c"}, -1), ({"c", "d", "e"}, -2), (["a", "a"], 1.5), (None, 0)],
)
def test_a_mapping_has_bounds_and_a_value_for_others(given: object, worth: float) -> None:
    mapped = '<setOutcomeValue identifier="SCORE"><mapResponse identifier="SOME"/></setOutcomeValue>'
    assert scores(rules(f"<responseProcessing>{mapped}</responseProcessing>"), {"SOME": given}) == worth


def test_the_template_match_correct_is_known() -> None:
    text = rules(TEMPLATE.format("match_correct", "/>"))
    assert [scores(text, {"RESPONSE": given}) for given in (2, "2,0", 3, None)] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("text", "responses", "says"),
    [
        (condition("<random/>"), {}, "the expression 'random' is not understood here"),
        (condition(LESS), {"OTHER": 1}, "there is no responseDeclaration 'OTHER'"),
        (condition(LESS), {"RESPONSE": ["a"]}, "is of single float and can't take"),
        (condition(LESS), {"SOME": "a"}, "is of multiple identifier and can't take 'a'"),
        (rules("", outcome="POINTS"), {}, "outcomeDeclaration 'SCORE' is missing"),
        (rules(""), {}, "responseProcessing is missing"),
        ("<x>", {}, "is not well-formed XML"),
    ],
)
def test_what_is_not_understood_is_named(text: str, responses: dict[str, object], says: str) -> None:
    with pytest.raises(ProcessingError, match=re.escape(says)):
        scores(text, responses)
