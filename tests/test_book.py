"""The site: the same by both commands, and nothing that is orphaned or unknown gets through."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from autograder.course import Course
from autograder.errors import CourseError
from autograder.objectives import served
from tests.conftest import BIN, ROOT, Command

PARTS = ("_config.yml", "_toc.yml", "index.md", "book", "labs", "requirements.txt", "nbgrader_config.py")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The real course in another folder, with nothing built."""
    for name in PARTS:
        place = tmp_path / "copy" / name
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place)
        else:
            place.parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, place)
    monkeypatch.delenv("COURSE_ROOT", raising=False)
    return tmp_path / "copy"


def pages(site: Path) -> dict[str, str]:
    """Return the pages by name, without the checksums of style files, which a first build does not write."""
    texts = {path.relative_to(site).as_posix(): path.read_text("utf-8") for path in sorted(site.rglob("*.html"))}
    return {name: re.sub(r"\?v=[0-9a-f]+", "", text) for name, text in texts.items()}


@pytest.mark.slow
def test_jupyter_book_by_hand_gives_the_same_site(site: Path, copy: Path) -> None:
    done = subprocess.run([BIN / "jupyter-book", "build", "."], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    by_hand = pages(copy / "_build" / "html")
    assert list(by_hand) == list(pages(site))
    for name, text in pages(site).items():
        assert by_hand[name] == text, name


@pytest.mark.slow
def test_a_warning_fails_the_build_and_names_the_page(copy: Path) -> None:
    (copy / "book" / "data.md").write_text("# Data cards\n\n{doc}`nowhere`\n", "utf-8")
    (copy / "_toc.yml").write_text("format: jb-book\nroot: index\nchapters:\n- file: book/data\n", "utf-8")
    done = subprocess.run([BIN / "course", "build"], cwd=copy, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.search(r"book/data\.md:\d*:? ?WARNING: unknown document", done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b[" not in done.stderr


def test_every_objective_has_a_page_and_every_page_knows_its_objectives(course: Course) -> None:
    served(Course(ROOT))
    objectives = course.root / "book" / "objectives.yml"
    objectives.write_text(objectives.read_text("utf-8") + "listening:\n  text: Listen.\n", "utf-8")
    with pytest.raises(CourseError, match="no page serves listening"):
        served(Course(course.root))
    (course.root / "book" / "page.md").write_text("```{objectives} listening knitting\n```\n", "utf-8")
    with pytest.raises(CourseError, match=r"book/page\.md: there is no objective 'knitting'"):
        served(Course(course.root))


def test_the_bibliography_holds_what_is_cited_and_nothing_else() -> None:
    texts = [path.read_text("utf-8") for folder in ("book", "labs") for path in (ROOT / folder).rglob("*.md")]
    texts += [source.read_text("utf-8") for source in Course(ROOT).notebooks()]
    roles = re.findall(r"\{cite\}`([^`]+)`", "\n".join(texts))
    cited = {key.strip() for role in roles for key in role.split(",")}
    kept = set(re.findall(r"^@\w+\{([^,]+),", Course(ROOT).bibliography.read_text("utf-8"), re.MULTILINE))
    assert kept == cited


def test_doctor_says_what_is_here(command: Command) -> None:
    said = command("course", "doctor").stdout
    for subject in ("Python", "nbgrader", "GPU", "namespaces", "Landlock", "seccomp"):
        assert re.search(rf"^{subject} +(yes|no)", said, re.MULTILINE), said
