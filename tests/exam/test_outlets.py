"""The whole public bank, answered in every outlet: the same answer earns the same on the page, in a notebook, in QTI and in Moodle."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from autograder import log
from autograder.course import Course
from autograder.exam import notebook, practice
from autograder.exam.bank import Bank
from autograder.exam.item import LANGUAGES, Item, Language
from autograder.exam.processing import scores
from autograder.exam.score import Response, score
from tests.browser.conftest import browser  # noqa: F401  # a fixture
from tests.classroom import write_answers
from tests.conftest import ROOT, Command
from tests.exam.test_moodle import fraction
from tests.exam.test_processing import handed_in, xml
from tests.hostile.conftest import hand_in

QUESTIONS = [question for question in Bank.public(Course(ROOT)).questions.values() if question.kind != "essay"]
#: Each with another seed, so that both languages are answered with numbers of their own.
DRAWS: list[tuple[Language, int]] = [("en", 1), ("no", 2)]
#: What a menu shows of a text in HTML.
READ = "(_, html) => Object.assign(document.createElement('span'), {innerHTML: html}).textContent"


def students(item: Item) -> dict[str, Response]:
    """Return what four students answer: all right, a part of it, something worse, and nothing at all."""
    match item.kind:
        case "single" | "multiple":
            wrong = {option.id for option in item.options} - item.right
            several = [set(sorted(item.right)[1:]), item.right | {min(wrong)}]  # one is missing; one is too many
            given = [item.right, *(several if item.kind == "multiple" else [{max(wrong)}, {min(wrong)}])]
        case "numeric" | "matrix":
            right = {blank.id: blank.value for blank in item.blanks}
            off = {blank.id: blank.value + 3 * blank.tolerance + 1 for blank in item.blanks}
            first = item.blanks[0].id
            given = [right, off | {first: right[first] + 0.9 * item.blanks[0].tolerance}, off]
        case "ordering":
            given = [item.order, [*item.order[1:], item.order[0]], list(reversed(item.order))]
        case "matching":
            stems, others = (list(side) for side in zip(*item.pairs, strict=True))
            turned = dict(zip(stems, others[1:] + others[:1], strict=True))
            given = [dict(item.pairs), turned | {stems[0]: others[0]}, turned]
        case "hotspot":
            assert item.spot is not None
            x, y, radius = item.spot.x, item.spot.y, item.spot.radius
            given = [(round(x), round(y)), (round(x), round(y - radius) + 1), (round(x + radius) + 2, round(y))]
        case _:
            given = [item.accepted[0], f"{item.accepted[-1].upper()}.", f"not {item.accepted[0]}"]
    return {"right": given[0], "partly": given[1], "worse": given[2], "absent": None}


@pytest.mark.parametrize(("language", "seed"), DRAWS)
def test_qti_and_moodle_give_what_the_model_gives(language: Language, seed: int, tmp_path: Path) -> None:
    for question in QUESTIONS:
        item = question.item(seed, language)
        text = xml(tmp_path, item)
        for student, response in students(item).items():
            expected = pytest.approx(score(item, response), abs=1e-6)
            assert scores(text, handed_in(item, text, response)) == expected, (item.id, student, "QTI")
            assert item.points * fraction(item, response) == expected, (item.id, student, "Moodle")


@pytest.mark.slow
@pytest.mark.parametrize(("language", "seed"), DRAWS)
def test_a_notebook_gives_what_the_model_gives(language: Language, seed: int, course: Course, command: Command) -> None:
    items = [question.item(seed, language) for question in QUESTIONS]
    notebook.lab(items, course.root / "labs" / "exam", "Exam", ["counting"], 60)
    command("course", "release", "exam")
    release = course.grading / "release" / "exam" / "exam.ipynb"
    answered = [students(item) for item in items]
    for student in ("right", "partly", "worse", "absent"):
        said = {
            f"q{n}": _code(n, item, given[student])
            for n, (item, given) in enumerate(zip(items, answered, strict=True), 1)
        }
        written = {name: code for name, code in said.items() if code}
        write_answers(hand_in(course, student, release.read_bytes(), release.name, "exam"), written)
    command("course", "grade", "exam")
    for student, entry in log.latest(course, "exam").items():
        for number, (item, given) in enumerate(zip(items, answered, strict=True), 1):
            earned = entry.scores[f"exam/q{number}-tests"]
            assert earned == pytest.approx(score(item, given[student]), abs=1e-6), (item.id, student)


@pytest.mark.browser
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_practice_page_gives_what_the_model_gives(language: Language, browser: Browser) -> None:  # noqa: F811
    half = QUESTIONS[LANGUAGES.index(language) :: 2]  # a click takes a while
    script = (ROOT / "book" / "_static" / "practice.js").read_text("utf-8")
    page = browser.new_page()
    for question in half:
        item = question.item(1, language)
        page.set_content(f"<main>{practice.section(question)}</main><script>{script}</script>")
        if language == "no":
            page.get_by_role("button", name="Norsk").click()
        section = page.locator("section")
        for student, response in students(item).items():
            if response is None:
                continue  # the page asks for an answer and scores none
            _enter(section, item, response)
            section.locator("button.main").click()
            earned = item.points * float(section.get_attribute("data-share") or "nan")
            assert earned == pytest.approx(score(item, response), abs=1e-6), (item.id, student)
    page.close()


def _enter(section: Locator, item: Item, response: Any) -> None:
    """Answer as a reader of the page does: tick, type, choose, and move what is to be ordered."""
    match item.kind:
        case "single":
            section.locator(f"input[value={next(iter(response))}]").check()
        case "multiple":
            for option in item.options:
                section.locator(f"input[value={option.id}]").set_checked(option.id in response)
        case "numeric":
            section.locator("input").fill(_typed(response["answer"], item))
        case "matrix":
            for name, value in response.items():
                section.locator(f"input[aria-label='{name}']").fill(_typed(value, item))
        case "ordering":
            for place, step in enumerate(response):
                entry = section.locator(f"li[data-step='{item.order.index(step)}']")
                for _ in range(entry.evaluate("node => [...node.parentNode.children].indexOf(node)") - place):
                    entry.locator("button").first.click()
        case "matching":
            menus = section.locator("select").all()
            shown = menus[0].locator("option").all_inner_texts()
            for menu, (given, _) in zip(menus, item.pairs, strict=True):
                said = section.evaluate(READ, practice._inline(response[given], item))
                menu.select_option(index=shown.index(said))
        case "hotspot":
            for field, place in zip(section.locator("input").all(), response, strict=True):
                field.fill(f"{place}")
        case _:
            section.locator("input").fill(response)


def _typed(value: float, item: Item) -> str:
    return f"{value!r}".replace(".", "," if item.language == "no" else ".")


def _code(number: int, item: Item, response: Any) -> str:
    """Write an answer as the notebook asks for it."""
    if response is None:
        return ""
    letters = "abcdefghijklmnopqrstuvwxyz"
    match item.kind:
        case "single" | "multiple":
            said: Any = "".join(sorted(response))
        case "numeric":
            said = response["answer"]
        case "ordering":
            said = "".join(letters[notebook.shown(item).index(step)] for step in response)
        case "matching":
            said = "".join(letters[notebook.shown(item).index(response[given])] for given, _ in item.pairs)
        case _:
            said = response
    return f"answer_{number} = {said!r}"
