"""Does a player that others wrote give an answer the points that we give it?

The public bank is exported as QTI 2.1, converted to QTI 3 by ``@citolab/qti-convert`` and answered in Chromium in
``@citolab/qti-components``. Compared are ``SCORE`` with what the model gives, and ``FEEDBACK`` and ``REMARK``, by which
a student is told something, with our own reading of the package (`autograder.exam.processing`): for the right answer,
one that earns a part where there is such a thing, a wrong one, and none. The whole bank is answered in English by a
program, and one question of each kind in Norwegian by mouse and keyboard.

Three things are not compared, since player or converter departs from QTI 2.1 in them, or decides what that leaves open:

- The player rounds each sum to three decimals, so points need only be near. In a browser whose language writes decimal
  commas it even loses the point and makes 13333333333333333 of 4/3: this browser speaks English.
- It reads no decimal comma, which QTI leaves to the player: numbers are typed with a point.
- The converter sets every outcome to 0 before the rules, so a ``REMARK`` that stays NULL by ours is 0 there.

``.ci/run`` fetches both packages for this test. They are no part of the course, and the player, which is under the GPL,
must not become one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from autograder.course import Course
from autograder.exam.bank import Bank
from autograder.exam.item import KINDS, Item, Kind
from autograder.exam.processing import outcomes
from autograder.exam.qti import identifier, package
from autograder.exam.question import Question
from autograder.exam.score import Response, score
from tests.browser.conftest import browser  # noqa: F401  # a fixture
from tests.conftest import ROOT
from tests.exam.test_outlets import students
from tests.exam.test_processing import handed_in

#: A folder in which npm has installed the two packages.
PLAYER = os.environ.get("COURSE_QTI_PLAYER")
#: A host that is nowhere; what is asked of it is answered here.
ADDRESS = "http://player.test/"
#: More than is lost by rounding, and far less than any part of a question is worth.
NEAR = 0.002

CONTAINER = "<item-container item-url='{}.xml'></item-container>"
#: Takes values for the responses, and returns those of all variables after response processing.
ANSWER = """(item, given) => {
    item.variables = given;
    item.processResponse();
    return Object.fromEntries(item.variables.map(one => [one.identifier, one.value]));
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not PLAYER, reason="COURSE_QTI_PLAYER names no folder with a player of QTI (.ci/run sets it)"),
]


@cache
def questions() -> list[Question]:
    return list(Bank.public(Course(ROOT)).questions.values())


def bank() -> list[Item]:
    return [question.item(1, "en") for question in questions()]


def by_hand(kind: Kind) -> Item:
    return next(question.item(2, "no") for question in questions() if question.kind == kind)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All questions, as QTI 2.1 in the folder ``ours`` and as QTI 3 in the folder ``theirs``."""
    made = tmp_path_factory.mktemp("player")
    path = package([*bank(), *map(by_hand, KINDS)], made / "bank.zip", "Bank")
    program = f"{PLAYER}/node_modules/@citolab/qti-convert/dist/qti-convert-pkg.mjs"
    done = subprocess.run(["node", program, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.unpack_archive(path, made / "ours")
    shutil.unpack_archive(made / "bank-qti3.zip", made / "theirs")
    return made


@pytest.fixture(scope="module")
def page(browser: Browser, folder: Path) -> Iterator[Page]:  # noqa: F811
    """A page with the player, and nothing in it yet."""
    (folder / "theirs" / "index.html").write_text("<!doctype html><qti-item></qti-item>", "utf-8")
    opened = browser.new_page(locale="en")
    opened.route("**/*", lambda route: route.fulfill(path=folder / "theirs" / route.request.url.removeprefix(ADDRESS)))
    opened.goto(f"{ADDRESS}index.html")
    opened.add_script_tag(path=f"{PLAYER}/node_modules/@citolab/qti-components/cdn/index.js", type="module")
    opened.evaluate("customElements.whenDefined('item-container').then(() => null)")
    yield opened
    opened.close()


def test_the_whole_bank_gives_what_the_model_gives(page: Page, folder: Path) -> None:
    for item in bank():
        text = (folder / "ours" / f"{identifier(item)}.xml").read_bytes()
        shown = show(page, item)
        for student, response in answers(item).items():
            given = handed_in(item, text, response)
            found = shown.evaluate(ANSWER, [{"identifier": name, "value": told(one)} for name, one in given.items()])
            assert points(found["SCORE"]) == near(score(item, response)), (item.id, student)
            words = {name: one for name, one in outcomes(text, given).items() if name != "SCORE" and one is not None}
            assert {name: found[name] for name in words} == words, (item.id, student)


@pytest.mark.parametrize("kind", KINDS)
def test_mouse_and_keyboard_give_what_the_model_gives(kind: Kind, page: Page, folder: Path) -> None:
    item = by_hand(kind)
    text = (folder / "ours" / f"{identifier(item)}.xml").read_bytes()
    for student, response in answers(item).items():
        shown = show(page, item)
        if response is not None:
            enter(shown, item, handed_in(item, text, response))
        shown.evaluate("item => item.processResponse()")
        earned = points(shown.evaluate("item => item.getOutcome('SCORE').value"))
        assert earned == near(score(item, response)), (item.id, student)


def answers(item: Item) -> dict[str, Response]:
    """Return what students answer; no essay is right or wrong."""
    if item.kind == "essay":
        return {"answered": "Never.", "absent": None}
    wrong = {option.id for option in item.options} - item.right
    return students(item) | ({"wrong": wrong} if item.kind == "multiple" else {})


def show(page: Page, item: Item) -> Locator:
    """Open a question anew, as nobody has answered it."""
    name = identifier(item)
    page.locator("qti-item").evaluate("(player, html) => { player.innerHTML = html }", CONTAINER.format(name))
    return page.locator(f"qti-assessment-item[identifier='{name}']")


def told(value: object) -> object:
    """Return a value as the player's own interactions hand it in: a text or a list of texts, a click in a list too."""
    match value:
        case None | str():
            return value
        case tuple():
            return [" ".join(map(str, value))]
        case list():
            return value
        case set() | frozenset():
            return sorted(value)
        case _:
            return repr(value)


def points(text: str | None) -> float | None:
    return None if text is None else float(text)


def near(expected: float | None) -> object:
    return None if expected is None else pytest.approx(expected, abs=NEAR)


def enter(shown: Locator, item: Item, given: dict[str, Any]) -> None:
    """Answer as a student does who sees the page."""
    for name, value in given.items():
        place = shown.locator(f"[response-identifier='{name}']")
        match item.kind:
            case "single":
                place.locator(f"[identifier='{value}']").click()
            case "multiple":
                for one in sorted(value):
                    place.locator(f"[identifier='{one}']").click()
            case "ordering":
                for at, one in enumerate(value):
                    carry(place.locator(f"[identifier='{one}']"), place.locator(f"[identifier='droplist{at}']"))
            case "matching":
                for one, other in (pair.split() for pair in sorted(value)):
                    carry(place.locator(f"[identifier='{one}']"), place.locator(f"[identifier='{other}']"))
            case "hotspot":
                x, y = value
                place.locator("img").click(position={"x": x, "y": y})
            case _:
                field = place.locator("input, textarea")
                field.fill(str(value))
                field.press("Tab")


def carry(what: Locator, where: Locator) -> None:
    """Drag by the keyboard: take a thing up, walk to the place, and lay it down."""
    what.press("Enter")
    for _ in range(where.evaluate("node => [...node.parentNode.children].indexOf(node)")):
        what.page.keyboard.press("ArrowDown")
    what.page.keyboard.press("Enter")
