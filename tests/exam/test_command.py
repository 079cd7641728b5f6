"""The question bank on the command line, as an instructor types it."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
import urllib.request
import zipfile
from pathlib import Path

import pypdf
import pytest

from autograder.course import Course
from autograder.exam import inspection
from tests.conftest import BIN, ROOT, Command
from tests.test_serve import free_port

NAMES = ("confusion-sensitivity", "imbalanced-classes", "explainable-ai", "matrix-from-rates", "dry-lab")
PLAN = """
title: Exam of autumn
points: 13
minutes: 90
pass: 5
parts:
  - {count: 2, types: [single]}
  - {count: 1, types: [essay]}
  - {count: 1, types: [single]}
"""


@pytest.fixture
def bank(course: Course) -> Path:
    """Five questions of the real bank in the small course."""
    folder = course.root / "exam" / "bank"
    folder.mkdir(parents=True)
    for name in ("topics.yml", "misconceptions.yml"):
        shutil.copy(ROOT / "exam" / name, folder.parent)
    for name in NAMES:
        text = (ROOT / "exam" / "bank" / f"{name}.md").read_text("utf-8")
        (folder / f"{name}.md").write_text(re.sub(r"objectives: \[.*\]", "objectives: [counting]", text), "utf-8")
        script = ROOT / "exam" / "bank" / f"{name}.py"
        if script.exists():
            shutil.copy(script, folder)
    return folder


def test_the_list_can_be_narrowed(bank: Path, command: Command) -> None:
    assert "Questions: 5" in command("course", "exam", "list").stdout
    assert "Questions: 1" in command("course", "exam", "list", "--type", "essay").stdout
    said = command("course", "exam", "list", "--topic", "imbalanc", code=2).stderr
    assert "Did you mean 'imbalance'?" in said


@pytest.mark.parametrize("kind", ["single", "multiple", "numeric", "matrix", "ordering", "matching", "short", "essay"])
def test_a_new_question_can_be_read_at_once(bank: Path, command: Command, kind: str) -> None:
    command("course", "exam", "new", "my-question", "--type", kind)
    assert "Questions that hold: 6." in command("course", "exam", "lint").stdout
    assert "already" in command("course", "exam", "new", "my-question", "--type", kind, code=2).stderr
    assert "no id" in command("course", "exam", "new", "My Question", "--type", kind, code=2).stderr


def test_lint_names_file_and_line_of_every_mistake(bank: Path, command: Command) -> None:
    path = bank / "dry-lab.md"
    path.write_text(path.read_text("utf-8").replace("- [x] A", "- [y] A"), "utf-8")
    script = bank / "confusion-sensitivity.py"
    script.write_text(script.read_text("utf-8").replace('"tp": tp,', ""), "utf-8")
    essay = bank / "explainable-ai.md"
    essay.write_text(
        essay.read_text("utf-8").replace("## Sample: weak\n", "## Sample: weak\n\n![A map](map.png)\n", 1), "utf-8"
    )
    said = command("course", "exam", "lint", code=1).stderr
    assert re.search(r"explainable-ai\.md:\d+: there is no image 'map\.png' beside it", said)
    assert re.search(r"dry-lab\.md:\d+: 'y' is not in exam/misconceptions\.yml", said)
    assert re.search(r"confusion-sensitivity\.md:\d+: 'tp' is not a value that is drawn", said)
    assert "Complaints: 3." in said
    assert "Traceback" not in said


@pytest.mark.parametrize("form", ["qti", "moodle", "json", "notebook", "pdf"])
def test_an_exam_by_blueprint_comes_out_in_every_form(bank: Path, command: Command, tmp_path: Path, form: str) -> None:
    (tmp_path / "plan.yml").write_text(PLAN, "utf-8")
    to = tmp_path / "out" / {"qti": "exam.zip", "moodle": "exam.xml", "json": "exam.json"}.get(form, "exam")
    words = ["--blueprint", str(tmp_path / "plan.yml"), "--format", form, "--to", str(to), "--language", "no"]
    done = command("course", "exam", "export", *words, "--versions", "2")
    assert "Questions: 4, for 13 points" in done.stdout
    assert "Blind guessing earns" in done.stdout + done.stderr
    if form == "qti":
        assert inspection.complaints(to) == []
        assert "imsmanifest.xml" in zipfile.ZipFile(to).namelist()
    elif form == "pdf":
        assert sorted(path.name for path in to.iterdir()) == ["A.pdf", "B.pdf", "key.pdf"]
        front = " ".join(pypdf.PdfReader(to / "A.pdf").pages[0].extract_text().split())
        assert "Versjon A" in front
        assert "Dato Varighet 1 time 30 minutter" in front  # of the blueprint, and a date to be written by hand
    else:
        assert "Norsk" not in to.read_text("utf-8") if to.is_file() else (to / "exam.py").is_file()


def test_each_student_gets_a_paper_with_numbers_of_her_own(
    bank: Path, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "class.txt").write_text("ann\n\nbob@uib.no\n", "utf-8")
    words = ["course", "exam", "export", "confusion-sensitivity", "matrix-from-rates", "--format", "pdf"]
    words += ["--students", str(tmp_path / "class.txt"), "--to"]
    monkeypatch.delenv("COURSE_EXAM_SECRET", raising=False)
    assert "Set COURSE_EXAM_SECRET" in command(*words, str(tmp_path / "no"), code=2).stderr
    assert not (tmp_path / "no").exists()
    monkeypatch.setenv("COURSE_EXAM_SECRET", "only graders know")

    def read(place: str, name: str) -> str:
        pages = pypdf.PdfReader(tmp_path / place / f"{name}.pdf").pages
        return " ".join(page.extract_text() for page in pages)

    for place in ("first", "again"):
        command(*words, str(tmp_path / place))
    ann, bob = (read("first/papers", name) for name in ("ann", "bob@uib.no"))
    assert "ann" in ann
    assert "bob@uib.no" in bob
    assert "Version" not in ann
    assert ann.replace("ann", "") != bob.replace("bob@uib.no", "")
    assert [read("again/papers", name) for name in ("ann", "bob@uib.no")] == [ann, bob]
    assert read("first/keys", "ann") != read("first/keys", "bob@uib.no")
    (tmp_path / "class.txt").write_text("ann\n../bob\n", "utf-8")
    assert "'../bob' can't be the name of a file" in command(*words, str(tmp_path / "no"), code=2).stderr
    (tmp_path / "class.txt").write_text("ann\nann\n", "utf-8")
    assert "'ann' is listed twice" in command(*words, str(tmp_path / "no"), code=2).stderr


def test_an_exam_that_guessing_passes_is_warned_of(bank: Path, command: Command, tmp_path: Path) -> None:
    words = ["dry-lab", "imbalanced-classes", "--to", str(tmp_path / "exam.zip")]
    assert "raise the pass mark" in command("course", "exam", "export", *words).stderr


def test_a_secret_bank_is_used_for_exams_and_never_for_the_site(
    bank: Path, command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograder.exam.bank import Bank

    secret = tmp_path / "secret"
    secret.mkdir()
    text = (bank / "dry-lab.md").read_text("utf-8")
    (secret / "only-for-the-exam.md").write_text(text.replace("dry lab", "TOP SECRET lab"), "utf-8")
    monkeypatch.setenv("COURSE_EXAM_BANK", str(secret))
    assert "Questions: 6" in command("course", "exam", "list").stdout
    course = Course.find()
    assert "only-for-the-exam" in Bank.full(course).questions
    assert "only-for-the-exam" not in Bank.public(course).questions
    page = course.root / "exam" / "page.md"
    page.write_text("# Practice\n\n```{practice} course\n```\n", "utf-8")
    shutil.copy(ROOT / "_config.yml", course.root)
    (course.root / "_toc.yml").write_text("format: jb-book\nroot: exam/page\n", "utf-8")
    for part in ("_static", "_templates"):
        shutil.copytree(ROOT / "book" / part, course.root / "book" / part)
    (course.root / "book" / "references.bib").write_text("", "utf-8")
    (course.root / "book" / "references.md").write_text("# References\n", "utf-8")
    subprocess.run([BIN / "jupyter-book", "build", "."], cwd=course.root, capture_output=True, check=False)
    html = (course.root / "_build" / "html" / "exam" / "page.html").read_text("utf-8")
    assert "dry lab" in html
    built = [path for path in (course.root / "_build").rglob("*") if path.is_file()]
    assert not any(b"TOP SECRET" in path.read_bytes() for path in built)
    monkeypatch.setenv("COURSE_EXAM_BANK", str(bank))
    assert "lies inside the course" in command("course", "exam", "list", code=2).stderr


def test_a_preview_follows_the_file(bank: Path, command: Command) -> None:
    port = free_port()
    line = [BIN / "course", "exam", "preview", "dry-lab", "--port", str(port)]
    server = subprocess.Popen(line, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        assert "until Ctrl-C" in server.stdout.readline()

        def read(path: str) -> str:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return str(answer.read().decode())

        first = read("/stamp")
        assert "What is meant" not in read("/")
        path = bank / "dry-lab.md"
        time.sleep(0.05)
        path.write_text(path.read_text("utf-8").replace("Which answer describes best", "What is meant, best"), "utf-8")
        assert read("/stamp") != first
        assert "What is meant, best" in read("/")
        path.write_text("nothing", "utf-8")
        assert "must begin with a head" in read("/")
    finally:
        server.kill()
        server.wait()
    assert "Did you mean 'dry-lab'?" in command("course", "exam", "preview", "dry-lap", code=2).stderr


def test_results_are_analysed(bank: Path, command: Command, tmp_path: Path) -> None:
    rows = ["student,question,points,max"]
    for student in range(40):
        rows += [f"s{student},q{q},{int((student * 7 + q * 5) % 11 > q)},1" for q in range(8)]
    (tmp_path / "results.csv").write_text("\n".join(rows) + "\n", "utf-8")
    report = tmp_path / "report.html"
    said = command(
        "course", "exam", "analyse", str(tmp_path / "results.csv"), "--pass", "3", "--to", str(report)
    ).stdout
    assert "The report is" in said
    assert "<html" in report.read_text("utf-8")
    (tmp_path / "broken.csv").write_text("student;points\n", "utf-8")
    broken = command("course", "exam", "analyse", str(tmp_path / "broken.csv"), code=2).stderr
    assert "broken.csv" in broken
    assert "Traceback" not in broken
    assert "or --lab" in command("course", "exam", "analyse", code=2).stderr
    assert (
        "no lab 'tinny'. Did you mean 'tiny'" in command("course", "exam", "analyse", "--lab", "tinny", code=2).stderr
    )
