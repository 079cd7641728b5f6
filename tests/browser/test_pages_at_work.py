"""What can be done on a page: reading a term's card, going through slides, practising, filling in the checklist."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, expect

from tests.browser.test_site import opened

pytestmark = pytest.mark.browser


def test_the_first_occurrence_of_a_term_has_a_card_and_leads_to_the_glossary(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/book/status.html")
    terms = page.locator("main a.term")
    texts = [term.inner_text().lower() for term in terms.all()]
    assert len(texts) > 10
    assert len(set(texts)) == len(texts)
    term = page.locator("main a.term", has_text="ensitivity").first
    assert "sensitivitet" in str(term.get_attribute("data-card"))
    term.hover()
    shown = term.evaluate("node => getComputedStyle(node, '::after').content")
    assert "sensitivitet" in shown
    term.click()
    assert page.url.endswith("glossary.html#term-sensitivity")
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["status", "model"])
def test_a_lecture_is_shown_as_slides_with_notes(browser: Browser, address: str, name: str, scheme: str) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/book/{name}.html", wait_until="networkidle")
    page.get_by_role("link", name="Show as slides").click()
    page.wait_for_function("window.Reveal && Reveal.isReady()")
    first = page.locator("section.present h1").inner_text()
    page.keyboard.press("ArrowRight")
    expect(page.locator("section.present h2")).to_be_visible()
    assert page.locator("section.present").inner_text() != first
    assert page.locator("aside.notes").count() >= 5
    assert page.locator("section img, section svg").count() >= 1
    found = [item["id"] for item in Axe().run(page).response["violations"] if item["id"] == "color-contrast"]
    assert found == []
    assert faults == []
    assert all(url.startswith((address, "data:")) for url in asked)
    page.close()


def test_a_question_is_answered_on_the_page(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/exam/practice-metrics.html")
    question = page.locator("#question-confusion-sensitivity")
    data = json.loads(question.locator("script").text_content() or "")
    variant = data["variants"]["en"][0]
    right = next(option for option in variant["options"] if option["right"])
    wrong = next(option for option in variant["options"] if not option["right"])
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).to_have_text("Answer first.")
    question.locator(f"input[value={wrong['id']}]").check()
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).to_have_text("Not right: 0 of 1 points.")
    assert question.locator(".said:visible").count() == 1
    question.locator(f"input[value={right['id']}]").check()
    question.get_by_role("button", name="Check").click()
    expect(question.get_by_role("status")).to_have_text("Right: 1 of 1 points.")
    before = question.locator("table").inner_text()
    question.get_by_role("button", name="New numbers").click()
    assert question.locator("table").inner_text() != before
    page.get_by_role("button", name="Norsk").click()
    expect(question.get_by_role("button", name="Sjekk")).to_be_visible()
    assert "sensitiviteten" in question.inner_text()
    page.close()


def test_without_javascript_a_question_and_its_answer_can_be_read(browser: Browser, address: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}/exam/practice-metrics.html")
    question = page.locator("#question-confusion-sensitivity")
    assert "What is its sensitivity?" in question.inner_text()
    question.locator("summary").click()
    assert "of the" in question.locator("details").inner_text()
    page.close()


def test_the_checklist_is_filled_in_and_downloaded(browser: Browser, address: str, tmp_path: Path) -> None:
    page = opened(browser, f"{address}/book/status.html")
    page.get_by_label("Title of the paper").fill("A paper on hips")
    page.locator("input[name=q2][value=no]").check()
    page.locator("#q2-comment").fill("Page 4: one hospital")
    with page.expect_download() as started:
        page.get_by_role("button", name="Download the answers").click()
    started.value.save_as(tmp_path / "answers")
    text = (tmp_path / "answers").read_text("utf-8")
    assert all(words in text for words in ("A paper on hips", "Page 4: one hospital", "external"))
    page.close()
