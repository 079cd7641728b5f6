"""What the tests share."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from autograder.course import Course

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent

#: Files whose tests go to whichever worker is free; those of another file stay together, since they share fixtures.
SPREAD = ("tests/labs/test_grading.py", "tests/test_run.py")
#: What takes longest begins first, or one worker would be at it alone in the end.
LONG = (
    *SPREAD,
    "tests/test_book.py",
    "tests/labs/test_labs.py",
    "tests/hostile/test_hostile.py",
    "tests/test_honest.py",
)

Command = Callable[..., subprocess.CompletedProcess[str]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say what stays together and what begins first where several workers share the tests."""
    for item in items:
        file = item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(item.nodeid if file in SPREAD else file))
    place = {file: number for number, file in enumerate(LONG)}
    items.sort(key=lambda item: place.get(item.nodeid.partition("::")[0], len(LONG)))


@pytest.fixture(scope="session")
def site() -> Path:
    """The rendered site of the real course, up to date."""
    with FileLock(ROOT / "_build" / "site.lock"):
        done = subprocess.run([BIN / "course", "build"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "_build" / "html"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    """A small course of one lab, ``tiny``, in a folder of its own, with its own exchange and home."""
    root = tmp_path / "course"
    shutil.copytree(ROOT / "tests" / "fixtures" / "course", root)
    for name in ("nbgrader_config.py", "requirements.txt"):
        shutil.copy(ROOT / name, root)
    for variable, folder in (("HOME", "home"), ("JUPYTER_CONFIG_DIR", "config"), ("IPYTHONDIR", "ipython")):
        (tmp_path / folder).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / folder))
    exchange = tmp_path / "exchange"
    exchange.mkdir(mode=0o777)
    exchange.chmod(0o777)
    config = f"c = get_config()\nc.Exchange.root = {str(exchange)!r}\nc.CourseDirectory.course_id = 'elmed219'\n"
    (tmp_path / "config" / "nbgrader_config.py").write_text(config, encoding="utf-8")
    monkeypatch.setenv("COURSE_ROOT", str(root))
    monkeypatch.chdir(root)
    return Course(root)


@pytest.fixture
def command(course: Course) -> Command:
    """Run a program of the environment in the small course's folder, or in another."""

    def call(*words: str, cwd: Path | None = None, code: int = 0) -> subprocess.CompletedProcess[str]:
        line = [str(BIN / words[0]), *words[1:]]
        done = subprocess.run(line, cwd=cwd or course.root, capture_output=True, text=True, check=False)
        assert done.returncode == code, f"{' '.join(words)} gave {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done

    return call
