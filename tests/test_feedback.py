"""The page that a student reads: it tells what was expected, keeps what is hidden, and holds what is hostile."""

from __future__ import annotations

import stat
import time
from base64 import b64encode
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.utils import notebook_hash

from autograder import feedback, gradebook, quarantine
from autograder.course import Course
from autograder.errors import CourseError
from autograder.feedback_page import Grade, Marks, page
from autograder.verdict import Part, Verdict

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="  # a PNG
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40"><rect width="200" height="40" fill="teal"/>{}</svg>'

TESTS = """\
marks = checks.Marks()
with marks.part(1, "a worked example"):
    checks.close(sensitivity(8, 2), 0.8, hint="who has the disease?")
### BEGIN HIDDEN TESTS
with marks.part(2, "no patient at all"):
    checks.close(sensitivity(0, 0), 4711.25, hint="a secret hint")
### END HIDDEN TESTS
marks.total()"""
HIDDEN_LINE = 'checks.close(sensitivity(0, 0), 4711.25, hint="a secret hint")'


def graded(grade_id: str, *, grade: bool = False, solution: bool = False, points: float = 0) -> dict[str, object]:
    """Return the metadata of one of nbgrader's cells."""
    said = {"schema_version": 3, "grade_id": grade_id, "grade": grade, "solution": solution, "task": False}
    return {"nbgrader": {**said, "locked": not solution, **({"points": points} if points else {})}}


def checked(name: str, source: str, verdict: Verdict) -> NotebookNode:
    """Return a cell of tests as grading leaves it, its outputs included."""
    told = new_output("stream", name="stdout", text="printed by the judge: 4711.25")
    cell = new_code_cell(source, metadata=graded(f"{name}-tests", grade=True, points=3), outputs=[told])
    verdict.attach(cell)
    return cell


def submission(*cells: NotebookNode, sensitivity: Verdict | None = None, rarest: Verdict | None = None) -> NotebookNode:
    """Return a graded notebook of two exercises and an essay, with more cells at its end."""
    parts = (
        Part("a worked example", 1, False, "Expected 0.8, got 0.2.\nHint: who has the disease?"),
        Part("no patient at all", 2, False, "Expected 4711.25, got 0. Hint: a secret hint", hidden=True),
    )
    return new_notebook(
        cells=[
            new_markdown_cell("# A tiny lab\n\nTwo exercises."),
            new_code_cell("def sensitivity(tp, fn): ...", metadata=graded("sensitivity", solution=True)),
            checked("sensitivity", TESTS, sensitivity or Verdict(parts)),
            new_code_cell("rarest = 31", metadata=graded("rarest", solution=True)),
            checked("rarest", "assert rarest == 17, 'a hidden reason'", rarest or Verdict(score=2)),
            new_markdown_cell("**Essay.** When? *Two points* for why.", metadata=graded("trust-question")),
            new_markdown_cell("My answer.", metadata=graded("trust", grade=True, solution=True, points=4)),
            *cells,
        ]
    )


def marks(**said: object) -> Marks:
    """Return what the gradebook holds on :func:`submission`."""
    grades = {"trust": Grade(0, 4, waits=True), "sensitivity-tests": Grade(0, 3), "rarest-tests": Grade(2, 2)}
    default: dict[str, object] = {"title": "A tiny lab", "student": "kari", "grades": grades, "comments": {}}
    return Marks(**{**default, **said})  # type: ignore[arg-type]


def shown(*outputs: NotebookNode) -> NotebookNode:
    """Return a student's cell with outputs."""
    return new_code_cell("work()", outputs=list(outputs))


def data(**kinds: str) -> NotebookNode:
    """Return an output with data of some kinds; ``image_png`` means ``image/png``."""
    return new_output("display_data", data={kind.replace("_", "/", 1): text for kind, text in kinds.items()})


class Audit(HTMLParser):
    """Reads a page as a browser does and notes each tag with its attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]

    def complaints(self) -> list[str]:
        """Return what no page may hold."""
        found = [
            f"<{tag}>" for tag, _ in self.tags if tag in {"script", "object", "embed", "form", "base", "link", "svg"}
        ]
        found += [f"{tag} {name}" for tag, said in self.tags for name in said if name.startswith("on")]
        found += [f"a {said}" for said in self.all("a") if not str(said["href"]).startswith(("#", "http", "mailto:"))]
        found += [f"img {said}" for said in self.all("img") if not str(said["src"]).startswith("data:image/")]
        found += [f"iframe {said}" for said in self.all("iframe") if set(said) != {"sandbox", "title", "srcdoc"}]
        found += [f"iframe sandbox {said['sandbox']}" for said in self.all("iframe") if said["sandbox"]]
        found += [f"{tag} {said}" for tag, said in self.tags if "style" in said and tag not in ("th", "td")]
        return found


def test_the_page_says_the_points_and_what_waits() -> None:
    text = " ".join(Audit(page(submission(), marks())).text.split())
    for sentence in (
        "Feedback on A tiny lab",
        "Student kari",
        "You have 2 of 9 points.",
        "1 answer waits to be graded by hand",
        "Exercise 1: sensitivity",
        "Exercise 2: rarest",
        "Points: 0 of 4 (waits to be graded).",
        "All checks of this exercise passed.",
    ):
        assert sentence in text
    assert text.index("Exercise 1: sensitivity") < text.index("Exercise 2: rarest") < text.index("Essay: trust")
    assert "Notes" not in text
    assert "came late" not in text


def test_a_penalty_notes_and_comments_are_shown() -> None:
    notebook = submission()
    notebook.metadata["notes"] = ["Cell 4 ran for more than <60> seconds and was stopped."]
    comments = {"trust": "Whose patients?", "rarest": "Well done."}
    html = page(notebook, marks(comments=comments, penalty=1.5))
    text = " ".join(Audit(html).text.split())
    for sentence in ("You have 0.5 of 9 points.", "1.5 points were taken off", "Whose patients?", "Well done.", "<60>"):
        assert sentence in text
    assert marks(penalty=5).points == 0


def test_a_visible_part_says_what_was_expected_and_a_hidden_one_only_its_topic() -> None:
    text = Audit(page(submission(), marks())).text
    assert "Expected 0.8, got 0.2.\nHint: who has the disease?" in text
    assert "no patient at all (hidden check)" in text
    assert text.count("not yet") >= 2
    for secret in ("4711.25", "secret hint", "checks.close", "marks.total", "printed by the judge", "hidden reason"):
        assert secret not in text


def test_a_passed_part_says_so_in_words() -> None:
    text = " ".join(
        Audit(page(submission(sensitivity=Verdict((Part("a worked example", 1, True),))), marks())).text.split()
    )
    assert "a worked example passed 1 of 1" in text


def test_a_failed_plain_test_gives_its_message_unless_it_is_hidden() -> None:
    seen = Audit(page(submission(rarest=Verdict(failure="rarest is not set")), marks())).text
    assert "A check of this exercise failed:" in seen
    assert "rarest is not set" in seen
    kept = Audit(page(submission(rarest=Verdict(failure="17 was expected", hidden=True)), marks())).text
    assert "A hidden check of Exercise 2: rarest failed." in kept
    assert "17 was expected" not in kept
    assert "gave no result" in Audit(page(submission(rarest=Verdict()), marks())).text


@pytest.mark.parametrize(
    "kind", ["stream", "error", "display_data", "message"], ids=["printed", "raised", "displayed", "in a message"]
)
def test_a_hidden_test_that_gets_into_a_students_text_is_left_out(kind: str) -> None:
    said = f"['marks = checks.Marks()\\n    {HIDDEN_LINE}']"
    cell = {
        "stream": lambda: shown(new_output("stream", name="stdout", text=said)),
        "error": lambda: shown(new_output("error", ename="E", evalue="x", traceback=[f"\x1b[31m{said}\x1b[0m"])),
        "display_data": lambda: shown(data(text_html=f"<p>{said}</p>")),
        "message": lambda: shown(),
    }[kind]()
    parts = (Part("a worked example", 1, False, f"ValueError: {said}"),) if kind == "message" else ()
    html = page(submission(cell, sensitivity=Verdict(parts)), marks())
    assert "4711.25" not in html
    assert "it repeats a hidden check" in html


def test_the_essay_has_its_question_and_answer() -> None:
    html = page(submission(), marks())
    assert "<em>Two points</em>" in html
    assert html.count("My answer.") == 2  # under the essay, and in the notebook
    question = html.index("<h4>Question</h4>")
    assert question < html.index("When?", question) < html.index("<h4>Your answer</h4>")


def test_a_cell_that_is_gone_is_said_to_be_missing() -> None:
    notebook = submission()
    notebook.cells = [cell for cell in notebook.cells if "trust" not in str(cell.metadata)]
    text = Audit(page(notebook, marks())).text
    assert "This cell is missing from your notebook." in text
    assert "gave no result" in Audit(page(new_notebook(), marks())).text


MARKDOWN = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<div style="position:fixed;inset:0">over all</div>',
    "<style>* { display: none }</style>",
    "<!-- <h1>",
    "[click](javascript:alert(1))",
    "[click](JaVa&#x53;cript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD4=)",
    "[click](vbscript:x) [file](file:///etc/passwd) [blob](blob:x) [here](../other.html) [proto](//evil.example)",
    "<javascript:alert(1)>",
    "[click]: javascript:alert(1)\n\n[click]",
    '[a](https://evil.example "x\\" onclick=alert(1) y=\\"")',
    "![tracker](https://evil.example/p.png)",
    '![x" onerror="alert(1)](x)',
    "![svg](data:image/svg+xml;base64,PHN2Zy8+)",
    "[![alt](javascript:alert(1))](javascript:alert(1))",
    '```"><script>alert(1)</script>\nx\n```',
    '| a | <script> |\n|:-:|---|\n| <img src=x onerror=alert(1)> | " |',
    "`</code></pre><script>alert(1)</script>`",
    "</div></main></body></html><script>alert(1)</script>",
    '<form action="https://evil.example"><input name=password></form>',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
]
OUTPUTS = [
    new_output("stream", name="stdout", text="<script>alert(1)</script></pre>\x1b[31mred\x1b[0m\x00\x1b]0;title\x07"),
    new_output("stream", name="stderr", text="</textarea></style><img src=x onerror=alert(1)>"),
    new_output("error", ename="<b>", evalue="x", traceback=["\x1b[0;31m<script>alert(1)</script>\x1b[0m"]),
    new_output("error", ename="<b>", evalue="<script>alert(1)</script>", traceback=[]),
    data(text_html="</iframe><script>alert(1)</script>\"></iframe>'><img src=x onerror=alert(1)>"),
    data(text_html='<meta http-equiv=refresh content="0;url=https://evil.example"><base href="https://evil.example">'),
    data(text_html="<link rel=dns-prefetch href=//evil.example><style>@import 'https://evil.example/x.css'</style>"),
    data(text_plain="<script>alert(1)</script>"),
    data(image_png='"><script>alert(1)</script>'),
    data(image_png=b64encode(b"<script>alert(1)</script>").decode(), text_plain="no picture"),
    data(image_png=PIXEL + '" onload="alert(1)'),
    data(image_jpeg=PIXEL, text_plain="a PNG that says JPEG"),
    data(**{"image/svg+xml": SVG.format("<script>alert(1)</script><image href='https://evil.example/x.png'/>")}),
    data(**{"image/svg+xml": '"><script>alert(1)</script>'}),
    data(**{"application/javascript": "alert(1)"}),
    data(**{'"><script>alert(1)</script>': "a hostile kind"}),
]


@pytest.mark.parametrize("text", MARKDOWN)
def test_hostile_markdown_stays_text(text: str) -> None:
    notebook = submission(new_markdown_cell(text))
    notebook.cells[6].source = text
    assert Audit(page(notebook, marks())).complaints() == []


@pytest.mark.parametrize("output", OUTPUTS)
def test_hostile_output_stays_in_its_box(output: NotebookNode) -> None:
    html = page(submission(shown(output)), marks())
    assert Audit(html).complaints() == []
    assert not set(html) & set("\x00\x07\x1b")


@pytest.mark.parametrize("text", ["</pre><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "\ud800"])
def test_hostile_words_elsewhere_stay_text(text: str) -> None:
    verdict = Verdict((Part(text, 1, False, text),), failure=text)
    notebook = submission(new_code_cell(text), nbformat.v4.new_raw_cell(text), sensitivity=verdict)
    notebook.metadata["notes"] = [text]
    notebook.cells.append(new_code_cell("x", metadata={"nbgrader": text}))
    html = page(notebook, marks(title=text, student=text, comments={"trust": text, "rarest": text}))
    assert Audit(html).complaints() == []
    assert html.encode("utf-8")


def test_the_policy_allows_nothing_but_styles_and_pictures_of_the_page_itself() -> None:
    audit = Audit(page(submission(shown(OUTPUTS[4])), marks()))
    (policy,) = (meta["content"] for meta in audit.all("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    (frame,) = audit.all("iframe")
    assert str(frame["srcdoc"]).startswith("<!doctype html>")
    assert str(frame["srcdoc"]).index("default-src 'none'") < str(frame["srcdoc"]).index("</iframe>")


def test_what_could_open_a_connection_past_the_policy_is_text_in_the_frame() -> None:
    frame = str(quarantine.frame("<LINK rel=preconnect><meta http-equiv=x><table><metal></table>", "t")).split(
        "body&gt;"
    )[1]
    assert "&amp;lt;LINK" in frame
    assert "&amp;lt;meta http" in frame
    assert "&lt;metal&gt;" in frame


def test_pictures_are_shown_with_words() -> None:
    jpeg = b64encode(b"\xff\xd8\xff\xe0rest").decode()
    svg = data(**{"image/svg+xml": SVG.format("")})
    html = page(submission(shown(data(image_png=PIXEL + "\n")), shown(data(image_jpeg=jpeg), svg)), marks())
    images = Audit(html).all("img")
    assert [str(image["src"]).partition(";")[0] for image in images] == [
        "data:image/png",
        "data:image/jpeg",
        "data:image/svg+xml",
    ]
    assert [image["alt"] for image in images] == [
        "Figure made by your cell 8",
        "Figure made by your cell 9 (1 of 2)",
        "Figure made by your cell 9 (2 of 2)",
    ]


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("image/png", PIXEL + "!"),
        ("image/png", PIXEL[:-3]),
        ("image/png", b64encode(b"<script>").decode()),
        ("image/jpeg", PIXEL),
        ("image/gif", b64encode(b"GIF89a").decode()),
        ("image/png", "å"),
    ],
    ids=["stray sign", "cut off", "no picture", "another kind", "unwanted kind", "no base64"],
)
def test_what_is_not_a_picture_of_its_kind_is_not_shown_as_one(kind: str, content: str) -> None:
    assert quarantine.picture(kind, content, "x") is None
    text = Audit(page(submission(shown(data(**{kind: content, "text/plain": "instead"}))), marks())).text
    assert "instead" in text


def test_a_picture_pasted_into_an_answer_is_shown_and_one_from_elsewhere_is_not() -> None:
    notebook = submission()
    notebook.cells[6].source = "![My drawing](attachment:my%20drawing.png) ![Not mine](https://evil.example/x.png)"
    notebook.cells[6].attachments = {"my drawing.png": {"image/png": PIXEL}}
    audit = Audit(page(notebook, marks()))
    assert [image["alt"] for image in audit.all("img")] == ["My drawing"] * 2
    assert "[picture: Not mine]" in audit.text


def test_a_link_leads_to_a_page_and_tells_nothing_about_the_reader() -> None:
    cell = new_markdown_cell(
        "[book](https://example.org/a) [](https://example.org/b) <mailto:kari@example.org> [x](x.html)"
    )
    links = [said for said in Audit(page(submission(cell), marks())).all("a") if not str(said["href"]).startswith("#")]
    assert [link["href"] for link in links] == [
        "https://example.org/a",
        "https://example.org/b",
        "mailto:kari@example.org",
    ]
    assert ">https://example.org/b</a>" in page(submission(cell), marks())  # a link without words would be invisible
    assert {link["rel"] for link in links} == {"noopener noreferrer nofollow"}


def test_headings_stay_in_order() -> None:
    cells = (new_markdown_cell("###### Deep\n\n# Top\n\n#\n\n#### Deeper"), new_markdown_cell("## Second\n\n### Third"))
    notebook = submission(*cells)
    notebook.cells[6].source = "# My heading"
    levels = [int(tag[1]) for tag, _ in Audit(page(notebook, marks())).tags if tag in {f"h{n}" for n in range(1, 7)}]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_text_is_shown_as_a_terminal_would() -> None:
    assert quarantine.plain("\x1b[1;31mred\x1b[0m \x1b]8;;https://evil.example\x07link\x1b]8;;\x07") == "red link"
    assert quarantine.plain("10 %\r50 %\r100 %\r\nnext\r\n") == "100 %\nnext\n"
    assert quarantine.plain("a\tb\x00\x9b") == "a\tb\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"


def test_what_is_long_is_cut_and_said_to_be() -> None:
    long = new_output("stream", name="stdout", text="x" * 123_456)
    html = page(
        submission(shown(long), shown(*[data(text_plain="same")] * 60), new_markdown_cell("y" * 30_000)), marks()
    )
    assert "this shows 20,000 of 123,456 characters" in html
    assert "this shows 50 of 60 outputs" in html
    assert html.count("<pre>same</pre>") == 50
    assert "this shows 20,000 of 30,000 characters" in html
    huge = b64encode(b"\x89PNG\r\n\x1a\n" + bytes(4_000_000)).decode()
    large = data(image_png=huge, text_html="<p>" * 2_000_000, text_plain="instead")
    assert len(html := page(submission(shown(large)), marks())) < 100_000
    assert "instead" in html


@pytest.mark.parametrize("text", ["[" * 20_000, "*a_ " * 5_000, ">" * 20_000, "`a" * 10_000, "![" * 10_000, "\x1b[" + "0" * 10**6, "- " * 10_000, "|a" * 10_000 + "\n" + "|-" * 10_000])  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    started = time.perf_counter()
    page(submission(new_markdown_cell(text), shown(new_output("stream", name="stdout", text=text))), marks())
    assert time.perf_counter() - started < 10


def test_feedback_lies_where_the_exchange_takes_it_from(course: Course, tmp_path: Path) -> None:
    enter(course, "kari", "ola")
    for student, notebook in {"kari": submission(), "ola": submission()}.items():
        hand_back(course, student, notebook)
    secret = course.grading / "autograded" / "kari" / "tiny"
    (secret / "timestamp.txt").write_text("2026-01-02 10:00:00.000000 UTC", encoding="utf-8")
    (secret / "submission_secret.txt").write_text("kari's secret", encoding="utf-8")
    stale = course.grading / "feedback" / "ola" / "tiny" / "second.html"
    stale.parent.mkdir(parents=True)
    stale.write_text("of an earlier submission", encoding="utf-8")

    said = feedback.feedback(course, "tiny")
    assert "Students whose feedback was made: 2," in said
    assert "Handed out through the exchange: 1;" in said
    assert "1 came in an archive" in said
    folder = course.grading / "feedback"
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*")) == [
        "kari/tiny/first.html",
        "kari/tiny/submission_secret.txt",
        "kari/tiny/timestamp.txt",
        "ola/tiny/first.html",
    ]
    text = (folder / "kari" / "tiny" / "first.html").read_text(encoding="utf-8")
    assert "You have 2 of 5 points." in text
    assert "Feedback on A tiny lab" in text
    assert "Well argued." in text
    checksum = notebook_hash(secret="kari's secret", notebook_id="first")
    (released,) = (tmp_path / "exchange" / "elmed219" / "feedback").glob("*.html")
    assert released.name == f"{checksum}.html"
    assert released.read_text(encoding="utf-8") == text
    assert stat.S_IMODE(released.stat().st_mode) == 0o644


def test_one_notebook_that_cannot_be_read_stops_nobody_else(course: Course) -> None:
    enter(course, "kari")
    hand_back(course, "kari", submission())
    hand_back(course, "nobody", submission())
    broken = course.grading / "autograded" / "broken" / "tiny"
    broken.mkdir(parents=True)
    (broken / "first.ipynb").write_text("{", encoding="utf-8")
    enter(course, "broken")
    with pytest.raises(CourseError) as caught:
        feedback.feedback(course, "tiny")
    assert "Students whose feedback was made: 1," in str(caught.value)
    assert "grading/autograded/broken/tiny/first.ipynb can't be read" in str(caught.value)
    assert "no grade of tiny/first for nobody: course grade tiny --student nobody --force" in str(caught.value)
    assert (course.grading / "feedback" / "kari" / "tiny" / "first.html").is_file()


def enter(course: Course, *students: str) -> None:
    """Enter the lab, students and their points into nbgrader's gradebook, as a grading does."""
    with gradebook.api(course).gradebook as book:
        book.update_or_create_assignment("tiny")
        book.update_or_create_notebook("first", "tiny")
        for name, points, kind in (("rarest-tests", 2, "code"), ("trust", 3, "markdown")):
            book.update_or_create_grade_cell(name, "first", "tiny", max_score=points, cell_type=kind)
        book.update_or_create_solution_cell("trust", "first", "tiny")
        for student in students:
            book.update_or_create_student(student)
            book.update_or_create_submission("tiny", student)
            book.find_grade("rarest-tests", "first", "tiny", student).auto_score = 2
            book.find_comment("trust", "first", "tiny", student).manual_comment = "Well argued."
        book.db.commit()


def hand_back(course: Course, student: str, notebook: NotebookNode) -> None:
    """Put a graded notebook where grading leaves it."""
    folder = course.grading / "autograded" / student / "tiny"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "first.ipynb")
