"""A hostile submission, as the instructor sees it in nbgrader's formgrader."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser
from typer.testing import CliRunner

from autograder import cli
from autograder.course import Course
from autograder.gradebook import gradebook
from tests.classroom import formgrader
from tests.hostile.conftest import hand_in
from tests.test_feedback import MARKDOWN

pytestmark = pytest.mark.browser

SCRIPT = "window.marked = 1; alert(1); fetch('/formgrader/api/assignments')"
SHOWS = f'''
from IPython.display import HTML, SVG, Javascript, Markdown, Latex, display
display(HTML("""<script>{SCRIPT}</script><img src=x onerror="{SCRIPT}"><iframe srcdoc="<script>top.marked=1</script>"></iframe>"""))
display(HTML("""<a id="bait" href="javascript:{SCRIPT}">grade</a><form action="/logout"><button>x</button></form>"""))
display(HTML("<table><tr><td>patients</td></tr></table>"))
display(Javascript("{SCRIPT}"))
display(Markdown("""<img src=x onerror="{SCRIPT}"> [x](javascript:alert(1))"""), Latex("<script>{SCRIPT}</script>"))
display({{"image/svg+xml": """<svg xmlns="http://www.w3.org/2000/svg" onload="{SCRIPT}"><script>{SCRIPT}</script></svg>"""}}, raw=True)
display({{"image/png": '"><script>{SCRIPT}</script>', "text/plain": "x"}}, metadata={{"image/png": {{"width": "1 onload=alert(1)"}}}}, raw=True)
display({{"application/vnd.jupyter.widget-view+json": {{"model_id": "</script><script>{SCRIPT}</script>"}}, "text/plain": "w"}}, raw=True)
print("\\x1b[31m<script>{SCRIPT}</script>")
raise ValueError("<script>{SCRIPT}</script>")
'''


def test_a_submission_cannot_script_the_instructors_browser(course: Course, browser: Browser) -> None:
    run = CliRunner()
    assert run.invoke(cli.app, ["release", "tiny"]).exit_code == 0
    notebook = json.loads((course.grading / "release" / "tiny" / "first.ipynb").read_bytes())
    for number, text in enumerate([*MARKDOWN, f'<img src=x onerror="{SCRIPT}"><script>{SCRIPT}</script>']):
        notebook["cells"].append({"cell_type": "markdown", "metadata": {}, "source": text, "id": f"text-{number}"})
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") in ("sensitivity", "trust"):
            cell["source"] = SHOWS if cell["cell_type"] == "code" else f'My answer. <img src=x onerror="{SCRIPT}">'
    hand_in(course, "eve", json.dumps(notebook).encode())
    assert run.invoke(cli.app, ["grade", "tiny"]).exit_code == 0
    with gradebook(course) as book:
        identity = book.find_submission_notebook("first", "tiny", "eve").id
    with formgrader(course) as (url, _):
        page = browser.new_page()
        dialogs: list[str] = []
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{url}/formgrader/submissions/{identity}/?token=secret")
        page.wait_for_timeout(1500)
        assert "My answer." in page.content()
        assert "patients" in page.inner_text("body")
        for bait in page.query_selector_all("a[href^='javascript']"):
            bait.evaluate("element => element.click()")
        page.wait_for_timeout(300)
        assert page.evaluate("window.marked") is None
        assert dialogs == []
        assert not [address for address in asked if "evil" in address]
        assert not page.query_selector_all("a[href^='javascript'], form[action='/logout']")
        page.close()
