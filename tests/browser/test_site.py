"""The site as a reader's browser sees it."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect

from tests.conftest import ROOT

pytestmark = pytest.mark.browser


def table_of_contents() -> list[str]:
    """Return the pages of the site, from ``_toc.yml``."""

    def files(entry: object) -> list[str]:
        if isinstance(entry, list):
            return [name for one in entry for name in files(one)]
        if isinstance(entry, dict):
            own = [entry[key] for key in ("root", "file") if key in entry]
            return own + [name for value in entry.values() if isinstance(value, list) for name in files(value)]
        return []

    return [f"{name}.html" for name in files(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")))]


PAGES = [*table_of_contents(), "search.html"]


@pytest.mark.parametrize("name", PAGES)
def test_every_page_loads_clean_and_asks_no_third_party(browser: Browser, address: str, name: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    outside: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def note_request(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            outside.append(request.url)

    page.on("console", note_message)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", note_request)
    answer = page.goto(f"{address}/{name}", wait_until="networkidle")
    assert answer is not None
    assert answer.ok
    assert complaints == []
    assert outside == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible(browser: Browser, address: str, name: str, scheme: str) -> None:
    page = opened(browser, f"{address}/{name}", scheme=scheme)
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    found = [
        " ".join(f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:200]}".split())
        for violation in Axe().run(page).response["violations"]
        for node in violation["nodes"]
    ]
    assert found == []
    page.close()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_is_wider_than_a_phone(browser: Browser, address: str, name: str) -> None:
    page = opened(browser, f"{address}/{name}", width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()


def test_search_finds_a_word_of_the_lab(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/search.html?q=prevalence")
    expect(page.locator("#search-results li a").first).to_be_visible()
    addresses = [link.get_attribute("href") for link in page.locator("#search-results li a").all()]
    assert any("labs/ml/diagnosis" in str(href) for href in addresses)
    page.close()


def test_the_lab_shows_figures_with_words_and_no_solution(browser: Browser, address: str) -> None:
    page = opened(browser, f"{address}/labs/ml/diagnosis.html")
    figures = page.locator("main figure img").all()
    words = [str(image.get_attribute("alt")) for image in figures]
    assert len(figures) >= 6
    assert all(len(text) > 40 for text in words)
    assert any("onfusion matri" in text for text in words)
    assert any("ROC" in text for text in words)
    assert all(caption.inner_text().strip() for caption in page.locator("main figure figcaption").all())
    assert page.get_by_text("# YOUR CODE HERE").count() >= 6
    assert page.get_by_text("BEGIN SOLUTION").count() == 0
    page.close()


def test_the_student_notebook_downloads_from_the_lab_page(browser: Browser, address: str, tmp_path: Path) -> None:
    page = opened(browser, f"{address}/labs/ml/diagnosis.html")
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the student notebook").click()
    started.value.save_as(tmp_path / "student.ipynb")
    text = (tmp_path / "student.ipynb").read_text("utf-8")
    assert started.value.suggested_filename == "diagnosis.ipynb"
    assert text == (ROOT / "_build" / "release" / "ml" / "diagnosis.ipynb").read_text("utf-8")
    page.close()


def opened(browser: Browser, url: str, *, scheme: str = "light", width: int = 1280) -> Page:
    """Open a page at a width and in a colour scheme, as the reader's system asks for it."""
    page = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(url, wait_until="networkidle")
    return page
