"""The exam on paper: what the PDFs say, read back by another program, and that the key fits every version."""

from __future__ import annotations

import datetime
import re
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pypdf
import pytest

from autograder.errors import CourseError, MisuseError
from autograder.exam.item import LANGUAGES, Item, Language
from autograder.exam.paper import LETTERS, Cover, key, paper, versions
from tests.exam.examples import example, examples

COVER = Cover(datetime.date(2026, 12, 4), 150, "One page of notes", 7.5)
BELIEFS = {"swapped-classes": "Takes the negative class for the positive one."}


def pages(path: Path) -> list[str]:
    texts = (page.extract_text() for page in pypdf.PdfReader(path).pages)
    return [text.replace("\u00a0", " ") for text in texts]


def flat(text: str) -> str:
    return " ".join(text.replace("\u00a0", " ").split())


def written(items: Sequence[Item], folder: Path, version: str = "A", title: str = "An exam") -> Path:
    return paper(items, folder / f"{version}.pdf", title=title, version=version, cover=COVER)


def solved(exams: Sequence[Sequence[Item]], folder: Path) -> Path:
    return key(exams, folder / "key.pdf", title="An exam", cover=COVER, misconceptions=BELIEFS)


def thirty(language: Language = "en") -> list[Item]:
    return [item for seed in range(4) for item in examples(seed, language)][:30]


def parts(path: Path) -> dict[int, str]:
    """Return the text of the questions by number, without what runs along the margins."""
    body = "\n".join(page.split("\n", 1)[1].rsplit("\n", 1)[0] for page in pages(path)[1:])
    found = re.split(r"^(\d+) (?=.+ [\d.,]+ (?:points?|poeng)$)", body, flags=re.MULTILINE)
    return {int(number): text for number, text in zip(found[1::2], found[2::2], strict=True)}


def choices(text: str) -> list[str]:
    """Return what stands behind the letters a, b, c … in the text of a question."""
    found = re.findall(r"^([a-e]) (.*(?:\n(?![a-e] |The letters|Bokstavene).*)*)", text, re.MULTILINE)
    assert [letter for letter, _ in found] == list("abcde"[: len(found)])
    return [flat(body) for _, body in found]


def capitals(formula: str) -> str:
    """Return the capitals of a formula, and its n, whether it is LaTeX or was read from a PDF."""
    return re.sub("[^A-Zn+]", "", unicodedata.normalize("NFKC", formula.replace("frac", "")))


def words_of(text: str) -> list[str]:
    """Return the words of a step, without formulas."""
    return re.findall("[a-zæøåé]{2,}", re.sub(r"\$.*?\$", "", text).lower())


def test_the_cover_says_what_a_student_must_know(tmp_path: Path) -> None:
    first = flat(pages(written(examples(), tmp_path))[0])
    for words in (
        "Written exam An exam Version A",
        "Date 4 December 2026",
        "Duration 2 hours 30 minutes",
        "Aids allowed One page of notes",
        "Questions 9",
        "Points 16.5",
        "To pass 7.5 points",
        "Candidate number",
        "a question never earns less than nothing",
        "An order earns points only if all of it is right",
    ):
        assert words in first


def test_the_cover_is_norwegian_where_the_questions_are(tmp_path: Path) -> None:
    first = flat(pages(written(examples(language="no"), tmp_path))[0])
    for words in (
        "Skriftlig eksamen",
        "Dato 4. desember 2026",
        "Varighet 2 timer 30 minutter",
        "Poeng 16,5",
        "For å bestå 7,5 poeng",
        "Kandidatnummer",
        "en oppgave gir aldri mindre enn null",
    ):
        assert words in first
    assert "points" not in first


def test_the_cover_explains_only_kinds_of_question_that_are_asked(tmp_path: Path) -> None:
    first = pages(written([example("single")], tmp_path))[0]
    assert "one option is to be ticked" in first
    assert "Longer answers" not in first


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_version_and_number(language: Language, tmp_path: Path) -> None:
    read = pages(written(thirty(language), tmp_path, "C"))
    assert len(read) > 5
    version, page, of = ("Version", "Page", "of") if language == "en" else ("Versjon", "Side", "av")
    for number, text in enumerate(read, 1):
        assert text.rstrip().endswith(f"{page} {number} {of} {len(read)}")
        assert re.search(rf"{version}\s+C\b", text)
    assert all("An exam" in text.split("\n")[0] for text in read[1:])


@pytest.mark.parametrize("language", LANGUAGES)
def test_questions_stand_in_order_with_titles_points_and_texts(language: Language, tmp_path: Path) -> None:
    items = examples(2, language)
    found = parts(written(items, tmp_path))
    assert list(found) == list(range(1, 10))
    for item, text in zip(items, found.values(), strict=True):
        assert text.startswith(item.title)
    single, multiple, _, matrix, *_ = found.values()
    assert choices(single) == [flat(option.text) for option in items[0].options]
    assert "    train, test = split(rows, test_size=" in multiple
    assert ("2 poeng" if language == "no" else "2 points") in matrix
    assert ("1,5 poeng" if language == "no" else "1.5 points") in found[5]
    numbers = re.search(r"\| \*\*.*?\| (\d+) \| (\d+) \|", items[0].stem)
    assert numbers is not None
    assert f" {numbers[1]} {numbers[2]}\n" in single


def test_nothing_on_the_paper_tells_the_answer(tmp_path: Path) -> None:
    items = examples(1)
    for letter in LETTERS[:3]:
        text = flat("\n".join(pages(written(items, tmp_path, letter))))
        for item in items:
            assert flat(item.feedback) not in text or not item.feedback
        for words in ("This is the specificity", "swapped", "Names validation", "Dice", "example-"):
            assert words not in text
        found = parts(tmp_path / f"{letter}.pdf")
        assert list(map(words_of, choices(found[5]))) != list(map(words_of, items[4].order))


def expected(item: Item, shown: str, first: Sequence[Item]) -> str:
    """Return the right answer as a reader of the paper would write it, from what the paper shows."""
    bodies = choices(shown)
    if item.kind in ("single", "multiple"):
        right = {flat(option.text.replace("`", "").replace("- ", "• ")) for option in item.options if option.right}
        return " ".join(letter for letter, body in zip("abcde", bodies, strict=False) if body in right)
    if item.kind in ("ordering", "matching"):
        wanted = item.order or [other for _, other in item.pairs]
        alike = capitals if item.pairs else words_of
        return " ".join("abcde"[list(map(alike, bodies)).index(alike(one))] for one in wanted)
    if item.kind == "numeric":
        return f"{item.blanks[0].value:.1f} % ± 0.5".replace(".", "," if item.language == "no" else ".")
    if item.kind == "short":
        return "Dice"
    number = 1 + [(one.id, one.seed) for one in first].index((item.id, item.seed))
    return f"{'se' if item.language == 'no' else 'see'} A{number}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_key_gives_the_answers_of_every_version(language: Language, tmp_path: Path) -> None:
    exams = versions(thirty(language), 5, 11)
    papers = [parts(written(exam, tmp_path, letter)) for letter, exam in zip(LETTERS, exams, strict=False)]
    said = pages(solved(exams, tmp_path))[1].split("\n")
    for number, row in enumerate(zip(*exams, strict=True), 1):
        cells = [expected(item, shown[number], exams[0]) for item, shown in zip(row, papers, strict=True)]
        assert f"{number} {' '.join(cells)}" in said


def test_the_key_maps_the_numbers_of_the_versions(tmp_path: Path) -> None:
    exams = versions(thirty(), 5, 4)
    text = "\n".join(pages(solved(exams, tmp_path)))
    table = re.findall(r"^(\D.+?) (\d+) (\d+) (\d+) (\d+) (\d+)$", text, re.MULTILINE)
    assert len(table) == 30
    for title, *numbers in table:
        found = [exam[int(number) - 1] for exam, number in zip(exams, numbers, strict=True)]
        assert {(item.id, item.seed) for item in found} == {(found[0].id, found[0].seed)}
        assert found[0].title == title


def test_one_version_needs_no_map(tmp_path: Path) -> None:
    text = "\n".join(pages(solved([examples()], tmp_path)))
    assert "The same question in each version" not in text
    assert "Right answers, by version" in text


def test_the_key_says_why_answers_are_wrong_and_how_essays_are_marked(tmp_path: Path) -> None:
    text = flat("\n".join(pages(solved([examples()], tmp_path))))
    for words in (
        "Takes the negative class for the positive one. This is the specificity.",
        "✓ 35.4 % ± 0.5 ✗ 92.0 % ignores-prevalence That is the sensitivity.",
        "The model is right in 93.7 % ± 0.1.",
        "1. Set patients aside for the test",
        "3 Names validation on new patients",
        "A strong answer When it was validated on patients like hers.",
        "A weak answer Always.",
        "Dice coefficient",
        "Not for students",
    ):
        assert words in text


def test_the_key_draws_the_circle_on_the_image(tmp_path: Path) -> None:
    def curves(path: Path) -> int:
        contents = pypdf.PdfReader(path).pages[-1].get_contents()
        assert contents is not None
        return len(re.findall(rb" c\s", contents.get_data()))

    assert curves(written([example("hotspot")], tmp_path)) == 0
    assert curves(solved([[example("hotspot")]], tmp_path)) >= 8


def test_images_are_on_the_paper(tmp_path: Path) -> None:
    reader = pypdf.PdfReader(written(examples(), tmp_path))
    sizes = sorted(image.image.size for page in reader.pages for image in page.images if image.image)
    assert sizes == [(60, 40), (120, 90)]


def test_questions_are_whole_on_their_page(tmp_path: Path) -> None:
    read = pages(written(thirty(), tmp_path))
    asked = re.compile(r"^\d+ .+ points?$", re.MULTILINE)
    for text in read[1:]:
        assert asked.match(text.split("\n")[1])
    assert sum(len(asked.findall(text)) for text in read) == 30


def test_a_question_that_is_longer_than_a_page_goes_on_over_the_page(tmp_path: Path) -> None:
    stem = "\n\n".join(f"Paragraph {number}: {'words upon words ' * 40}" for number in range(30))
    read = pages(written([replace(example("essay"), stem=stem)], tmp_path))
    assert len(read) > 3
    text = "\n".join(read)
    assert [f"Paragraph {number}:" in text for number in range(30)] == [True] * 30


@pytest.mark.parametrize(
    "text",
    [
        "#let x = 1; #panic()",
        "a_1 and b_2 * 3 * 4",
        "<label> @cite [x](y",
        'quotes " and \\ backslash \\n \\u{41}',
        "5 $ and 6 $ more",
        "= not a heading",
        "// not a comment /* nor this */",
        "~ and -- and ... stay",
        "]; }; )",
    ],
)
def test_no_character_of_a_text_means_anything_to_the_typesetter(text: str, tmp_path: Path) -> None:
    item = replace(example("short"), stem=text, title=text)
    read = pages(paper([item], tmp_path / "A.pdf", title=text, version="A", cover=replace(COVER, aids=text)))
    assert read[0].count(text) == 2
    assert read[1].count(text) == 3


def test_markdown_is_set(tmp_path: Path) -> None:
    stem = (
        "*One* **two** `three_3`  \nfour [five](six)\n\n1. seven\n2. eight\n\n   nine\n\n- ten\n\n> eleven\n\n"
        "### twelve\n\n---\n\n    thirteen *\n\n| left | right |\n| --- | ---: |\n| four`teen` | **15** |\n\n<b>sixteen</b>"
    )
    text = flat("\n".join(pages(written([replace(example("essay"), stem=stem)], tmp_path))[1:]))
    assert (
        "One two three_3 four five 1. seven 2. eight nine • ten eleven twelve thirteen * left right fourteen 15 "
        "<b>sixteen</b>"
    ) in text


def test_formulas_are_set(tmp_path: Path) -> None:
    formulas = (
        r"\frac{2 |A \cap B|}{|A| + |B|}",
        r"\sum_{i=1}^{n} (x_i - \bar{x})^2",
        r"\log\left(\frac{p}{1-p}\right)",
        r"\begin{cases} 1 & x > 0\\ 0 & \text{else}\end{cases}",
        r"A = \begin{pmatrix}1&2\\3&4\end{pmatrix}",
        r"\hat{\theta}_{\mathrm{ML}}, \tilde{x}, \vec{x}, \underbrace{a+b}_{n}, \overset{!}{=}",
        r"\binom{n}{k} \sqrt[3]{2} \sqrt{x} \max_{x} \{a, b\} x' {}^{14}C \left. x \right|_0",
        r"0{,}8 \le 95\,\% \#",
    )
    stem = "\n\n".join(f"Inline ${one}$ and displayed\n\n$$\n{one}\n$$" for one in formulas)
    text = "\n".join(pages(written([replace(example("essay"), stem=stem)], tmp_path)))
    assert "∩" in text
    assert "∑" in text
    assert "else" in text
    assert "0,8" in text
    assert "\\" not in text


@pytest.mark.parametrize("formula", [r"\unknown{x}", r"\frac{1}{", r"\begin{aligned}a&=b\end{aligned}"])
def test_a_formula_that_cannot_be_set_is_named_with_its_question(formula: str, tmp_path: Path) -> None:
    item = replace(example("single"), stem=f"What is ${formula}$?")
    with pytest.raises(CourseError, match=rf"example-single: the formula \${re.escape(formula)}\$ can't be printed"):
        written([item], tmp_path)


def test_an_image_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    item = replace(example("short"), stem="![x](https://example.org/a.png)")
    with pytest.raises(CourseError, match="example-short: a paper can't show 'https:"):
        written([item], tmp_path)
    items = [example("hotspot"), replace(example("short"), pictures={"overlap.png": b"no image"})]
    with pytest.raises(CourseError, match=r"decode image.+\. Look at 'overlap\.png' of example-short\.$"):
        written(items, tmp_path)


def test_two_images_of_one_name_are_both_shown(tmp_path: Path) -> None:
    items = [example("hotspot", 1), example("hotspot", 2)]
    reader = pypdf.PdfReader(written(items, tmp_path))
    assert len({image.data for page in reader.pages for image in page.images}) == 2


def test_versions_have_the_same_questions_in_other_orders() -> None:
    items = thirty()
    exams = versions(items, 5, 1)
    assert exams == versions(items, 5, 1)
    assert exams != versions(items, 5, 2)
    names = [[(item.id, item.seed) for item in exam] for exam in exams]
    assert all(sorted(one) == sorted(names[0]) for one in names)
    assert len({tuple(one) for one in names}) == 5
    options = [
        [{option.id for option in item.options} for item in sorted(exam, key=lambda one: (one.id, one.seed))]
        for exam in exams
    ]
    assert all(one == options[0] for one in options)
    orders = {tuple(option.id for option in item.options) for exam in exams for item in exam if item.kind == "multiple"}
    assert len(orders) > 5


def test_essays_come_last_in_every_version() -> None:
    for exam in versions(thirty(), 5, 1):
        kinds = [item.kind == "essay" for item in exam]
        assert kinds == sorted(kinds)
        assert sum(kinds) == 3


@pytest.mark.parametrize("count", [0, 27])
def test_there_are_as_many_versions_as_letters_at_most(count: int) -> None:
    with pytest.raises(MisuseError, match=f"1 to 26 versions, not {count}"):
        versions(thirty(), count, 1)


def test_a_paper_needs_questions_in_one_language(tmp_path: Path) -> None:
    with pytest.raises(MisuseError, match="An exam needs questions"):
        written([], tmp_path)
    with pytest.raises(MisuseError, match="A paper is in one language; these questions are in en and no"):
        written([example("single"), example("single", 0, "no")], tmp_path)


def test_equal_exams_give_equal_files(tmp_path: Path) -> None:
    first = written(examples(), tmp_path).read_bytes()
    time.sleep(1.1)
    assert written(examples(), tmp_path).read_bytes() == first


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"nowhere/A\.pdf can't be written: No such file"):
        written(examples(), tmp_path / "nowhere")


def test_thirty_questions_in_five_versions_with_a_key_take_less_than_a_minute(tmp_path: Path) -> None:
    start = time.monotonic()
    exams = versions(thirty("no"), 5, 1)
    for letter, exam in zip(LETTERS, exams, strict=False):
        written(exam, tmp_path, letter)
    solved(exams, tmp_path)
    assert time.monotonic() - start < 60
