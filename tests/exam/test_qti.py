"""Are packages valid, always the same, and do they hold all that a question says?"""

from __future__ import annotations

import os
import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from autograder.course import Course
from autograder.errors import CourseError, MisuseError
from autograder.exam.bank import Bank
from autograder.exam.inspection import complaints
from autograder.exam.item import KINDS, LANGUAGES, Item, Kind
from autograder.exam.qti import identifier, package
from tests.exam.examples import example, examples

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
MATH = "{http://www.w3.org/1998/Math/MathML}math"
#: A folder with the schemas of QTI 2.1, 2.1.1 and of content packaging, as their publisher arranges them.
SCHEMAS = os.environ.get("COURSE_QTI_SCHEMAS")
VERSIONS = ("qtiv2p1/imsqti_v2p1.xsd", "qtiv2p1p1/imsqti_v2p1p1.xsd")

needs_schemas = pytest.mark.skipif(not SCHEMAS, reason="COURSE_QTI_SCHEMAS names no folder with the schemas of QTI")


def read(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def root(tmp_path: Path, item: Item) -> ElementTree.Element:
    files = read(package([item], tmp_path / "one.zip", "One"))
    return ElementTree.fromstring(files[f"{identifier(item)}.xml"])


@cache
def schema(name: str) -> Any:
    etree = pytest.importorskip("lxml.etree", reason="lxml reads the schemas")
    assert SCHEMAS is not None
    return etree.XMLSchema(etree.parse(str(Path(SCHEMAS) / name)))


def faults(name: str, text: bytes) -> list[str]:
    from lxml import etree

    known = schema(name)
    known.validate(etree.fromstring(text))
    return [f"{error.line}: {error.message}" for error in known.error_log]


def wordy(kind: Kind) -> Item:
    """Return an example with all that Markdown has in its stem and feedback."""
    text = (
        "# Head\n\n> A *quote* with **weight**\n\n1. one\n2. two\n\n- a\n  - b\n\n---\n\n"
        '[link](https://example.org "title") ![words](picture.png "title") `x < y & z`\\\nnext\n\n'
        "| l | c | r |\n| :-- | :-: | --: |\n| 1 | $x^2$ | **3** |\n\n```r\nif (x < 1) y <- 'a' & \"b\"\n```\n\n"
        "$$\\sum_{i=1}^{n} \\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix} \\geq \\sqrt[3]{\\bar{x}} "
        "\\begin{cases} 1 & x > 0 \\\\ 0 \\end{cases} \\mathbf{w}^{\\top} \\text{if } \\left( \\frac{a}{b} \\right)$$"
    )
    item = example(kind)
    stem = f"{text}\n\n{item.stem}"
    return replace(item, stem=stem, feedback=text, pictures=item.pictures | {"picture.png": b"\x89PNG\r\n\x1a\n"})


@needs_schemas
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_item_is_valid(kind: Kind, version: str, tmp_path: Path) -> None:
    items = [example(kind, seed, language) for seed in range(3) for language in LANGUAGES]
    files = read(package(items, tmp_path / "exam.zip", "Exam"))
    for item in items:
        assert faults(version, files[f"{identifier(item)}.xml"]) == []


@needs_schemas
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_all_that_markdown_has_is_valid_in_every_kind(kind: Kind, version: str, tmp_path: Path) -> None:
    item = wordy(kind)
    files = read(package([item], tmp_path / "exam.zip", "Exam"))
    assert faults(version, files[f"{identifier(item)}.xml"]) == []


@needs_schemas
def test_the_manifest_is_valid(tmp_path: Path) -> None:
    items = [item for language in LANGUAGES for item in examples(0, language)]
    labels = {"example-single": ["confusion", "easy"], "example-essay": ["law & ethics"]}
    files = read(package(items, tmp_path / "exam.zip", "Exam <1> & 2", labels))
    assert faults("imscp_v1p1.xsd", files["imsmanifest.xml"]) == []


def test_the_bank_can_be_exported_as_it_is(tmp_path: Path) -> None:
    bank = Bank.public(Course(Path(__file__).parents[2]))
    items = [one.item(seed, language) for one in bank.questions.values() for seed in range(3) for language in LANGUAGES]
    path = package(items, tmp_path / "bank.zip", "Bank")
    assert complaints(path) == []
    if SCHEMAS:
        files = read(path)
        assert [fault for item in items for fault in faults(VERSIONS[1], files[f"{identifier(item)}.xml"])] == []


def test_equal_questions_give_equal_bytes(tmp_path: Path) -> None:
    first, again, other = (
        package(examples(seed), tmp_path / f"{name}.zip", "Exam").read_bytes()
        for name, seed in (("first", 0), ("again", 0), ("other", 1))
    )
    assert first == again
    assert first != other


def test_seeds_and_languages_of_a_question_have_names_of_their_own(tmp_path: Path) -> None:
    items = [example("single", seed, language) for seed in (0, 1) for language in LANGUAGES]
    files = read(package(items, tmp_path / "exam.zip", "Exam"))
    names = [f"q-example-single-{language}-{seed}" for seed in (0, 1) for language in LANGUAGES]
    assert list(files) == ["imsmanifest.xml", *(f"{name}.xml" for name in names)]
    assert [ElementTree.fromstring(files[f"{name}.xml"]).get("identifier") for name in names] == names
    assert identifier(replace(items[0], id="2.5-mg")) == "q-2_5-mg-en-0"


def test_labels_stand_with_their_question(tmp_path: Path) -> None:
    labels = {"example-essay": ["ethics & law", "hard"]}
    manifest = read(package(examples(), tmp_path / "exam.zip", "Exam", labels))["imsmanifest.xml"].decode()
    assert manifest.count("imsmd:classification") == 2
    essay = re.search(r'<resource identifier="q-example-essay-en-0".*?</resource>', manifest)
    assert essay is not None
    entries = re.findall(r"<imsmd:taxon><imsmd:entry><imsmd:langstring>(.*?)</imsmd:langstring>", essay[0])
    assert entries == ["ethics &amp; law", "hard"]


def test_an_image_lies_in_the_package_once_and_is_listed_where_it_is_shown(tmp_path: Path) -> None:
    items = [example("hotspot"), example("hotspot", 0, "no"), example("single")]
    files = read(package(items, tmp_path / "exam.zip", "Exam"))
    (name,) = (name for name in files if name.startswith("images/"))
    assert files[name] == items[0].pictures["lesion.png"]
    assert files["imsmanifest.xml"].count(f'<file href="{name}"/>'.encode()) == 2


def test_an_image_that_no_text_shows_stays_out(tmp_path: Path) -> None:
    item = replace(example("single"), pictures={"solution.png": b"secret"})
    assert len(read(package([item], tmp_path / "exam.zip", "Exam"))) == 2


def test_formulas_tables_code_and_images_survive(tmp_path: Path) -> None:
    body = root(tmp_path, wordy("single")).find(f"{QTI}itemBody")
    assert body is not None
    assert len(list(body.iter(MATH))) == 3
    aligned = [cell.get("class") for cell in body.iter(f"{QTI}th")]
    assert aligned[:3] == ["qti-align-left", "qti-align-center", "qti-align-right"]
    (code,) = (pre[0] for pre in body.iter(f"{QTI}pre"))
    assert (code.get("class"), code.text) == ("language-r", "if (x < 1) y <- 'a' & \"b\"\n")
    (image,) = body.iter(f"{QTI}img")
    assert image.get("alt") == "words"
    assert not [element for element in body.iter() if "style" in element.attrib or "title" in element.attrib]


def test_fields_stand_where_the_stem_has_them_with_their_units(tmp_path: Path) -> None:
    item = example("matrix")
    body = root(tmp_path, item).find(f"{QTI}itemBody")
    assert body is not None
    cells = [cell[0].get("responseIdentifier") for cell in body.iter(f"{QTI}td") if cell.find(f"{QTI}textEntryInteraction") is not None]  # fmt: skip
    assert cells == [f"RESPONSE_{name}" for name in ("tp", "fn", "fp", "tn")]
    (field,) = body.findall(f"{QTI}p/{QTI}textEntryInteraction")
    assert field.tail == "\u00a0%."


@pytest.mark.parametrize("kind", ["ordering", "matching"])
def test_the_file_does_not_tell_what_belongs_where(kind: Kind, tmp_path: Path) -> None:
    for seed in range(10):
        text = root(tmp_path, example(kind, seed))
        right = [value.text or "" for value in text.iter(f"{QTI}value")][:-1]  # the last is what a score begins with
        if kind == "matching":
            right = [pair.split()[1] for pair in right]
        assert right != sorted(right)


def test_only_scorers_see_the_rubric_and_the_sample_answers(tmp_path: Path) -> None:
    item = example("essay", language="no")
    text = root(tmp_path, item)
    (rubric,) = text.iter(f"{QTI}rubricBlock")
    assert rubric.get("view") == "scorer"
    said = "".join(rubric.itertext())
    assert "3 poeng: Nevner validering" in said
    assert "Et sterkt svarNår den er validert" in said
    rubric.clear()
    assert "validert" not in "".join(text.itertext())


def test_a_language_has_its_code_and_its_words(tmp_path: Path) -> None:
    text = root(tmp_path, example("multiple", language="no"))
    assert text.get("{http://www.w3.org/XML/1998/namespace}lang") == "nb"
    said = {one.get("identifier"): "".join(one.itertext()) for one in text.iter(f"{QTI}modalFeedback")}
    assert said["feedback_partially_correct"] == "Delvis riktig."
    assert said["b"].split("\n") == ["`&` binder før `<`.".replace("`", ""), "Ja.", ""]


def test_the_right_number_is_shown_with_its_decimals_if_that_is_right(tmp_path: Path) -> None:
    item = example("numeric")
    for decimals, tolerance, shown in (
        (1, 0.5, f"{item.blanks[0].value:.1f}"),
        (0, 0.0, f"{item.blanks[0].value:.12g}"),
    ):
        blank = replace(item.blanks[0], decimals=decimals, tolerance=tolerance)
        (value, _) = root(tmp_path, replace(item, blanks=(blank,))).iter(f"{QTI}value")
        assert value.text == shown


def test_bounds_can_be_read_by_who_checks_them(tmp_path: Path) -> None:
    item = example("numeric")
    blank = replace(item.blanks[0], value=0.1 + 0.2, tolerance=0.05)
    text = root(tmp_path, replace(item, blanks=(blank,), slips=()))
    assert [value.text for value in text.iter(f"{QTI}baseValue")][2:4] == ["0.25", "0.35"]


@pytest.mark.parametrize(
    ("items", "says"),
    [
        ([], "There is no question to export."),
        (
            [example("single"), example("single").shuffled(1)],
            "'example-single' comes twice with seed 0 in language 'en'",
        ),
        ([replace(example("single"), id="a b")], "'a b' can't be exported: name the file by letters"),
        ([replace(example("short"), pictures={})], "'example-short' lacks its image 'overlap.png'"),
        ([replace(example("hotspot"), pictures={})], "'example-hotspot' lacks its image 'lesion.png'"),
        ([replace(example("hotspot"), spot=None)], "'example-hotspot' is a hotspot without a spot"),
        ([replace(example("single"), feedback="2. two")], "'example-single' has a list that begins with 2"),
        ([replace(example("single"), pictures={"x.bmp": b""})], "QTI players show .gif, .jpeg, .jpg, .png."),
    ],
)
def test_what_can_not_be_exported_is_named(items: list[Item], says: str, tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match=re.escape(says)):
        package(items, tmp_path / "exam.zip", "Exam")
    assert not (tmp_path / "exam.zip").exists()


def test_a_target_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"none/exam\.zip can't be written: No such file or directory"):
        package(examples(), tmp_path / "none" / "exam.zip", "Exam")
