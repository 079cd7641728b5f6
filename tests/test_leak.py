"""No solution, hidden test or mark scheme reaches a student; and the search for them finds what is planted."""

from __future__ import annotations

import json
import zipfile
from html import escape
from pathlib import Path

import pytest

from autograder import page, release
from autograder.course import Course
from autograder.leak import Secret, leaks, secrets
from tests.conftest import ROOT

SECRET = Secret('found_share=tp/(tp+fn)iftp+fnelsefloat("nan")', "tiny/first")
PLAIN = 'found_share = tp / (tp + fn) if tp + fn else float("nan")'


def test_the_secrets_of_a_lab_are_its_hidden_lines(course: Course) -> None:
    texts = {secret.text for secret in secrets(course)}
    assert SECRET.text in texts
    assert "Whenitssensitivityisknownonahold-outsetofpatientslikemine." in texts
    assert "Twopointsfornamingthehold-outset,twofornamingthepatients." in texts
    assert 'withmarks.part(1,"nopatientatall"):' in texts
    assert not any("aworkedexample" in text for text in texts)


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        f"<pre>{escape(PLAIN)}</pre>",
        "<span>found_share</span> <span>=</span> <span>tp</span> / (tp + fn) if tp + fn else float(&quot;nan&quot;)",
        json.dumps({"source": ["def f(tp, fn):\n", f"    {PLAIN}\n"]}),
        json.dumps(f"<b>{escape(PLAIN)}</b>"),
        PLAIN.replace("=", "\\u003d"),
    ],
)
def test_a_planted_secret_is_found(tmp_path: Path, content: str) -> None:
    (tmp_path / "page").write_text(content, encoding="utf-8")
    assert [(leak.secret, leak.path.name) for leak in leaks([SECRET], [tmp_path])] == [(SECRET, "page")]


def test_a_secret_in_an_archive_is_found(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "files.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("notes.txt", PLAIN)
    assert len(leaks([SECRET], [tmp_path])) == 1


def test_what_students_get_of_the_small_lab_leaks_nothing(course: Course, tmp_path: Path) -> None:
    release.for_site(course, "tiny")
    site = tmp_path / "site"
    site.mkdir()
    (site / "page.json").write_text(json.dumps(page.page(course, course.notebook("tiny/first"))), encoding="utf-8")
    assert "a worked example" in (site / "page.json").read_text(encoding="utf-8")
    assert leaks(secrets(course), [course.build / "release", site]) == []


def test_the_site_and_the_releases_leak_nothing(site: Path) -> None:
    course = Course(ROOT)
    known = secrets(course)
    labs = [source for sources in course.labs.values() for source in sources]
    assert {secret.notebook for secret in known} == {course.name(source) for source in labs}
    found = leaks(known, [site, course.build / "release"])
    assert [f"{leak.path.name}: {leak.secret.text}" for leak in found] == []
    assert not (site / "_sources").exists()
