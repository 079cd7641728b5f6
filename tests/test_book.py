"""The site: the same by both commands, and nothing that is orphaned or unknown gets through."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
import yaml
from bs4 import BeautifulSoup

from autograder import ledger
from autograder import site as rendering
from autograder.course import Course
from autograder.errors import CourseError
from autograder.exam import links
from autograder.objectives import served
from tests.conftest import BIN, ROOT, Command

SETTINGS = ("_config.yml", "requirements.txt", "nbgrader_config.py")
FOLDERS = ("autograder", "book/_static", "book/_templates", "book/figures", "labs/clinic", "labs/ml")
PAGES = ("challenge-map.md", "data.md", "references.md", "references.bib", "objectives.yml")
TOC = """\
format: jb-book
root: index
chapters:
  - file: book/about
  - file: book/challenge-map
  - file: labs/ml/index
    sections:
      - file: labs/ml/diagnosis
      - file: labs/ml/screening
  - file: book/data
  - file: book/references
"""
INDEX = "# A small course\n\nBegin with the lab on tables.\n"
ABOUT = "# About\n\nWhat this course is for:\n\n```{objectives-table}\n```\n"

ENTRY = """
@article{nobody2020,
  author = {Nobody, Anna},
  title = {A study of nothing},
  journal = {Journal of Tests},
  year = {2020},
}
"""


@pytest.fixture
def whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real course in another folder, with nothing built."""
    monkeypatch.delenv("COURSE_ROOT", raising=False)
    take(tmp_path / "whole", (*SETTINGS, "_toc.yml", "index.md", "book", "labs", "project", "exam", "autograder"))
    return tmp_path / "whole"


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One lab and a few pages of the real course in another folder, with nothing built: a site in seconds."""
    monkeypatch.delenv("COURSE_ROOT", raising=False)
    folder = tmp_path / "copy"
    take(folder, (*SETTINGS, *FOLDERS, *(f"book/{name}" for name in PAGES)))
    for name, text in (("_toc.yml", TOC), ("index.md", INDEX), ("book/about.md", ABOUT)):
        (folder / name).write_text(text, "utf-8")
    sources = [*folder.glob("book/*.md"), *folder.glob("labs/ml/*.py")]
    named = [re.findall(r"objectives(?:}|: \[)(.+)", source.read_text("utf-8")) for source in sources]
    objectives = yaml.safe_load((folder / "book" / "objectives.yml").read_text("utf-8"))
    kept = {key: value for key, value in objectives.items() if key in re.findall(r"[\w-]+", str(named))}
    (folder / "book" / "objectives.yml").write_text(yaml.safe_dump(kept, sort_keys=False), "utf-8")
    return folder


@pytest.fixture
def written(site: Path, copy: Path) -> Path:
    """The small site in another folder, with the runs that are kept, and built."""
    shutil.copytree(site.parent / "runs", copy / "_build" / "runs")
    course_build(copy)
    return copy


def take(folder: Path, names: Sequence[str]) -> None:
    """Copy parts of the real course."""
    for name in names:
        place = folder / name
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place)
        elif (ROOT / name).exists():
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place)


def course_build(folder: Path, code: int = 0) -> str:
    done = subprocess.run([BIN / "course", "build"], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {name for name in {**before, **after} if before.get(name) != after.get(name)}


def pages(site: Path) -> dict[str, str]:
    """Return the pages by name, without the checksums of style files, which a first build does not write."""
    texts = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    return {name: re.sub(r"\?v=[0-9a-f]+", "", text) for name, text in texts.items()}


@pytest.mark.slow
def test_jupyter_book_by_hand_gives_the_same_site(site: Path, whole: Path) -> None:
    shutil.copytree(site.parent / "runs", whole / "_build" / "runs")
    done = subprocess.run([BIN / "jupyter-book", "build", "."], cwd=whole, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    by_hand = pages(whole / "_build" / "html")
    assert list(by_hand) == list(pages(site))
    for name, text in pages(site).items():
        assert by_hand[name] == text, name


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{doc}`nowhere`", "WARNING: unknown document"),
        ("{sittings}`mll`", "ERROR: There is no lab 'mll'. Did you mean 'ml'?"),
        ("{points}`ml/diagnoses`", "ERROR: There is no notebook 'ml/diagnoses'. Did you mean 'ml/diagnosis'?"),
    ],
    ids=["document", "lab", "notebook"],
)
def test_a_warning_fails_the_build_and_names_the_page(site: Path, copy: Path, text: str, message: str) -> None:
    shutil.copytree(site.parent / "runs", copy / "_build" / "runs")
    (copy / "book" / "data.md").write_text(f"# Data cards\n\n{text}\n", "utf-8")
    (copy / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: book/data\n", "utf-8")
    done = subprocess.run([BIN / "course", "build"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.search(rf"book/data\.md:\d*:? ?{re.escape(message)}", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b[" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize(("name", "notebooks"), [("ehr", ["survival", "fairness"]), ("brats", ["segmentation"])])
def test_a_lab_says_how_long_its_sittings_are_as_its_notebooks_do(site: Path, name: str, notebooks: list[str]) -> None:
    course = Course(ROOT)
    minutes = [str(course.read(course.notebook(f"{name}/{one}")).header.minutes) for one in notebooks]
    said = BeautifulSoup((site / "labs" / name / "index.html").read_text("utf-8"), "html.parser").get_text(" ")
    lead = "one sitting of" if len(minutes) == 1 else "two sittings, of"
    assert f"This lab takes {lead} {' and '.join(minutes)} minutes" in re.sub(r"\s+", " ", said)


def test_a_lab_says_how_many_exercises_and_points_it_has_as_its_notebooks_do(course: Course) -> None:
    page, first = (course.root / "labs" / "tiny" / name for name in ("index.md", "first.py"))
    page.write_text("# A tiny lab\n\nAll: {points}`tiny`. The first: {points}`tiny/first`.\n", "utf-8")
    said = "two exercises for 5 points and an essay for 4"
    assert f"All: {said}. The first: {said}." in as_text(course)
    edit(first, "points=4", "points=4.5")
    edit(first, 'tests="rarest" points=2', 'tests="rarest" points=3')
    said = "two exercises for 6 points and an essay for 4.5"
    assert f"All: {said}. The first: {said}." in as_text(course)

    second = first.read_text("utf-8").partition('# %% exercise="rarest"')[0]
    (course.root / "labs" / "tiny" / "second.py").write_text(second, "utf-8")
    page.write_text(page.read_text("utf-8") + "\nThe second: {points}`tiny/second`.\n", "utf-8")
    text = as_text(course)
    assert "All: three exercises for 9 points and an essay for 4.5." in text
    assert "The second: an exercise for 3 points." in text


def as_text(course: Course) -> str:
    """Build the page of the small course's lab as plain text, with nothing but the role, and return it."""
    role = 'def setup(app):\n    app.add_role("points", PointsRole())\n'
    settings = 'extensions = ["myst_parser"]\nroot_doc = "labs/tiny/index"\n'
    (course.root / "conf.py").write_text(f"from autograder.book import PointsRole\n{settings}\n{role}", "utf-8")
    out = course.build / "text"
    subprocess.run([sys.executable, "-m", "sphinx", "-q", "-W", "-b", "text", course.root, out], check=True)
    return " ".join((out / "labs" / "tiny" / "index.txt").read_text("utf-8").split())


@pytest.mark.slow
def test_a_change_reaches_every_page_that_depends_on_it(written: Path, tmp_path: Path) -> None:
    html = written / "_build" / "html"
    first = pages(html)
    times = {path: path.stat().st_mtime_ns for path in html.rglob("*")}
    assert "Nothing has changed." in course_build(written)
    assert times == {path: path.stat().st_mtime_ns for path in html.rglob("*")}

    challenge = written / "book" / "challenge-map.md"
    challenge.write_text(challenge.read_text("utf-8") + "\nOne more remark.\n", "utf-8")
    course_build(written)
    assert changed(first, pages(html)) == {"book/challenge-map.html", "book/challenge-map-slides.html"}
    assert "One more remark." in pages(html)["book/challenge-map.html"]

    # A title stands beside every page; what is newly cited comes into the references
    edit(challenge, "# The challenge map", "# The map of challenges")
    bibliography = written / "book" / "references.bib"
    bibliography.write_text(bibliography.read_text("utf-8") + ENTRY, "utf-8")
    challenge.write_text(challenge.read_text("utf-8") + "\n{cite}`nobody2020`\n", "utf-8")
    course_build(written)
    assert all("The map of challenges" in pages(html)[f"{name}.html"] for name in ("index", "book/about"))
    assert "A study of nothing" in pages(html)["book/references.html"]

    edit(bibliography, "A study of nothing", "A study of little")
    edit(bibliography, "Nobody, Anna", "Somebody, Anna")
    edit(written / "book" / "objectives.yml", "text: ", "text: Slowly, ")
    course_build(written)
    assert "Somebody" in pages(html)["book/challenge-map.html"]
    assert "A study of little" in pages(html)["book/references.html"]
    assert "Slowly, " in pages(html)["book/about.html"]

    other = tmp_path / "other"
    shutil.copytree(written, other, ignore=shutil.ignore_patterns("html", ".doctrees", "jupyter_execute", "kept"))
    done = subprocess.run([BIN / "jupyter-book", "build", "."], cwd=other, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert changed(pages(html), pages(other / "_build" / "html")) == set()

    toc, last = written / "_toc.yml", "  - file: book/references\n"
    (written / "book" / "new.md").write_text("# A new page\n\nWith a sentence.\n", "utf-8")
    edit(toc, last, f"  - file: book/new\n{last}")
    course_build(written)
    assert "book/new.html" in pages(html)
    edit(toc, "  - file: book/new\n", "")
    course_build(written)
    assert "book/new.html" not in pages(html)
    assert "book/new.html" not in pages(html)["index.html"]


@pytest.mark.slow
def test_a_question_is_linked_from_the_pages_that_teach_what_it_asks_for(written: Path) -> None:
    bank = written / "exam" / "bank"
    bank.mkdir(parents=True)
    for name in ("topics.yml", "misconceptions.yml"):
        shutil.copy(ROOT / "exam" / name, written / "exam")
    (written / "exam" / "practice.md").write_text("# Practise\n\n```{practice} production\n```\n", "utf-8")
    edit(written / "_toc.yml", "  - file: book/references\n", "  - file: exam/practice\n  - file: book/references\n")
    question, link = "place-on-the-map.md", 'href="../exam/practice.html#question-place-on-the-map"'
    shutil.copy(ROOT / "exam" / "bank" / question, bank)
    course_build(written)
    made = pages(written / "_build" / "html")
    assert all(link in made[f"book/{name}.html"] for name in ("challenge-map", "about"))
    assert 'id="question-place-on-the-map"' in made["exam/practice.html"]
    (bank / question).unlink()
    course_build(written)
    assert not [name for name, text in pages(written / "_build" / "html").items() if link in text]


def test_every_chapter_leads_to_questions_and_every_objective_of_it_to_one() -> None:
    course = Course(ROOT)
    by_page = links.by_page(course)
    chapters = [path for path in (ROOT / "book").glob("*.md") if "## Check yourself" in path.read_text("utf-8")]
    assert len(chapters) > 20
    for path in [*chapters, *(ROOT / "labs").glob("*/index.md")]:
        assert "```{bank-questions}" in path.read_text("utf-8"), path
        assert by_page[course.relative(path).removesuffix(".md")], path
    assert [key for key, found in links.by_objective(course).items() if not found] == []


@pytest.mark.slow
def test_what_is_lost_or_altered_in_the_site_comes_back(written: Path) -> None:
    html = written / "_build" / "html"
    first = pages(html)
    (html / "index.html").unlink()
    (html / "book" / "about.html").write_text("scribble", "utf-8")
    (html / "new.html").write_text("scribble", "utf-8")
    course_build(written)
    assert changed(first, pages(html)) == set()


@pytest.mark.slow
def test_a_warning_stays_until_it_is_mended(written: Path) -> None:
    page = written / "book" / "challenge-map.md"
    good = page.read_text("utf-8")
    first = pages(written / "_build" / "html")
    page.write_text(good + "\n{doc}`nowhere`\n", "utf-8")
    for _ in range(2):
        assert "unknown document" in course_build(written, code=1)
    page.write_text(good, "utf-8")
    course_build(written)
    assert changed(first, pages(written / "_build" / "html")) == set()


@pytest.mark.slow
def test_after_an_interrupted_build_no_page_is_left_behind(written: Path) -> None:
    """Sphinx says in its cache that all is done before it writes the pages, of which a new title changes all."""
    first = written / "_build" / "html" / "book" / "about.html"
    before = first.stat().st_mtime_ns
    edit(written / "book" / "challenge-map.md", "# The challenge map", "# The map of challenges")
    build = subprocess.Popen([BIN / "course", "build"], cwd=written, stdout=subprocess.DEVNULL)
    while first.stat().st_mtime_ns == before and build.poll() is None:
        time.sleep(0.005)
    build.kill()
    assert build.wait() != 0
    course_build(written)
    titled = [name for name, text in pages(written / "_build" / "html").items() if "The map of challenges" in text]
    assert {"index.html", "book/about.html", "book/data.html", "labs/ml/diagnosis.html"} <= set(titled)


def test_whatever_the_site_is_made_from_counts(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    made = course.build / "html" / "index.html"
    made.parent.mkdir(parents=True)

    def build() -> None:
        made.write_text("page", "utf-8")
        rendering._keep(course, rendering._Stamp(0, rendering._hashes(course), rendering._made(course.build)))
        assert rendering.current(course) == made

    build()
    for name in ("_config.yml", "requirements.txt", "nbgrader_config.py", "labs/tiny/first.py", "book/new.md"):
        with (course.root / name).open("a", encoding="utf-8") as file:
            file.write("\n# more\n")
        assert rendering.current(course) is None, name
        build()
    (course.root / "book" / "new.md").unlink()
    assert rendering.current(course) is None
    build()
    (course.root / ".hidden").write_text("", "utf-8")
    (course.build / "other").write_text("", "utf-8")
    assert rendering.current(course) == made
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "7")
    assert rendering.current(course) is None
    build()
    made.write_text("pages", "utf-8")
    assert rendering.current(course) is None
    build()
    made.unlink()
    assert rendering.current(course) is None


def test_every_objective_has_a_page_and_every_page_knows_its_objectives(course: Course) -> None:
    served(Course(ROOT))
    objectives = course.root / "book" / "objectives.yml"
    objectives.write_text(objectives.read_text("utf-8") + "listening:\n  text: Listen.\n", "utf-8")
    with pytest.raises(CourseError, match="no page serves listening"):
        served(Course(course.root))
    (course.root / "book" / "page.md").write_text("```{objectives} listening knitting\n```\n", "utf-8")
    with pytest.raises(CourseError, match=r"book/page\.md: there is no objective 'knitting'"):
        served(Course(course.root))


def test_no_line_of_prose_is_lost_as_a_comment() -> None:
    """A line that begins with a per cent sign is a comment to MyST, so a sentence broken there vanishes."""
    texts = {
        path: path.read_text("utf-8")
        for part in ("book", "project", "exam", "labs")
        for path in (ROOT / part).rglob("*.md")
    }
    lost = [f"{path}: {line}" for path, text in texts.items() for line in re.findall(r"^ *%.*", text, re.MULTILINE)]
    markdown = re.compile(r"^# %% \[markdown\].*\n((?:#.*\n)*)", re.MULTILINE)
    for source in Course(ROOT).notebooks():
        cells = markdown.findall(source.read_text("utf-8"))
        lost += [f"{source}: {line}" for cell in cells for line in re.findall(r"^# *%.*", cell, re.MULTILINE)]
    assert lost == []


def test_the_bibliography_holds_what_is_cited_and_nothing_else() -> None:
    folders = ("book", "labs", "project", "exam")
    texts = [path.read_text("utf-8") for folder in folders for path in (ROOT / folder).rglob("*.md")]
    texts += [source.read_text("utf-8") for source in Course(ROOT).notebooks()]
    roles = re.findall(r"\{cite\}`([^`]+)`", "\n".join(texts))
    cited = {key.strip() for role in roles for key in role.split(",")}
    cited |= {key for claim in ledger.claims(Course(ROOT)).values() for key in (claim.source, *claim.newer)} - {""}
    kept = set(re.findall(r"^@\w+\{([^,]+),", Course(ROOT).bibliography.read_text("utf-8"), re.MULTILINE))
    assert kept == cited


def test_doctor_says_what_is_here(command: Command) -> None:
    said = command("course", "doctor").stdout
    for subject in ("Python", "nbgrader", "GPU", "namespaces", "Landlock", "seccomp"):
        assert re.search(rf"^{subject} +(yes|no)", said, re.MULTILINE), said
