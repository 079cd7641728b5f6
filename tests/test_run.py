"""Running notebooks: what is kept, what runs again, and what failing looks like."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import numpy as np
import pytest
from PIL import Image

from autograder import run
from autograder.course import Course
from autograder.errors import CourseError, MisuseError
from autograder.execute import Job, execute
from autograder.expand import expand
from autograder.key import helpers, run_key
from autograder.store import Store
from autograder.watch import Limits
from tests.conftest import BIN, ROOT, Command
from tests.notebooks import write_notebook

REAL = Course(ROOT)


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_what_has_not_changed_is_not_run_again(course: Course, command: Command) -> None:
    assert "run" in command("course", "run").stdout.split()
    assert "unchanged" in command("course", "run", "first").stdout
    append(course.notebook("tiny/first"), "\n# %% [markdown]\n# One more thought.\n")
    assert "unchanged" not in command("course", "run").stdout


def test_a_failed_run_is_reported_and_never_kept(course: Course, command: Command) -> None:
    append(course.notebook("tiny/first"), '\n# %%\nraise RuntimeError("the scanner is on fire")\n')
    for _ in range(2):
        done = command("course", "run", code=1)
        assert "tiny/first failed: code cell 7: RuntimeError: the scanner is on fire" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_parameters_reach_the_notebook(course: Course, command: Command) -> None:
    append(course.notebook("tiny/first"), '\n# %%\nassert (profile, device) == ("full", "cpu")\n')
    command("course", "run", "tiny/first", "--profile", "full", "--device", "cpu")
    assert "failed" in command("course", "run", "tiny/first", "--device", "cpu", code=1).stdout


def test_cuda_is_refused_where_there_is_none(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "cuda_device", lambda: "")
    assert run.resolve_device("auto") == "cpu"
    with pytest.raises(CourseError, match="no CUDA device"):
        run.run(course, course.notebooks(), device="cuda")


def test_the_key_covers_all_that_a_run_depends_on(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    source = course.notebook("tiny/first")

    def key(profile: str = "quick", device: str = "cpu") -> str:
        return run_key(Course(course.root).read(source), Course(course.root), profile, device).digest

    keys = [key(), key(profile="full"), key(device="cuda")]
    append(source, "\n# %%\nimport helper\n")
    keys.append(key())
    (course.root / "labs" / "helper.py").write_text("from deeper import x\n", "utf-8")
    keys.append(key())
    (course.root / "labs" / "deeper.py").write_text("x = 1\n", "utf-8")
    keys.append(key())
    append(course.root / "labs" / "deeper.py", "y = 2\n")
    keys.append(key())
    append(course.lock, "moon==1\n")
    keys.append(key())
    cards = course.root / "labs" / "clinic" / "cards"
    cards.mkdir(parents=True)
    (cards / "rocks.yml").write_text("sha256: 1\n", "utf-8")
    source.write_text(source.read_text("utf-8").replace("data: []", "data: [rocks]"), "utf-8")
    keys.append(key())
    (cards / "rocks.yml").write_text("sha256: 2\n", "utf-8")
    keys.append(key())
    monkeypatch.setattr("autograder.key.platform.python_version", lambda: "3.99")
    keys.append(key())
    assert len(set(keys)) == len(keys)
    assert key() == key()


def test_the_helpers_of_lab_1_are_found() -> None:
    course = Course(ROOT)
    found = {course.relative(path) for path in helpers(course.read(course.notebook("ml/diagnosis")), course)}
    wanted = {"labs/clinic/__init__.py", "labs/clinic/data.py", "labs/clinic/plot.py", "autograder/checks.py"}
    assert wanted <= found
    assert "autograder/cli.py" not in found


def test_what_would_run_is_explained(course: Course, command: Command) -> None:
    assert "no good run of it is kept" in command("course", "run", "--explain").stdout
    command("course", "run")
    assert "would not run" in command("course", "run", "--explain", "tiny/first").stdout
    append(course.notebook("tiny/first"), "\n# %% [markdown]\n# One more thought.\n")
    append(course.lock, "moon==1\n")
    said = command("course", "run", "--explain", "tiny/first", "--profile", "full").stdout
    for change in ("the source changed", "the lock file changed", "the profile changed from quick to full"):
        assert change in said
    assert "Python" not in said


MISBEHAVIOUR = {
    "spins": ("while True:\n    pass", "took longer than 3 seconds"),
    "sleeps": ("import time\ntime.sleep(1000)", "took longer than 3 seconds"),
    "ignores": (
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass",
        "took longer than 3 seconds",
    ),
    "hoards": ("held = []\nwhile True:\n    held.append(bytearray(50_000_000))", "more than 0.7 GB of memory"),
    "grabs": ("held = b'x' * 100_000_000_000", "MemoryError|more than 0.7 GB of memory"),
    "floods": (
        "for _ in range(1000):\n    print('x' * 1_000_000)",
        "wrote more than 5 million|more than 0.7 GB|took longer than 3 seconds",
    ),
    "writes": (
        "import time\nfor _ in range(200):\n    print('x' * 100_000)\n    time.sleep(0.01)",
        "wrote more than 5 million characters",
    ),
    "dies": ("import os\nos._exit(3)", "the kernel died"),
    "kills": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "the kernel died"),
    "forks": (
        "import os, time\nfor _ in range(300):\n    if os.fork() == 0:\n        time.sleep(60)\n        os._exit(0)\ntime.sleep(60)",
        "more than 30 processes",
    ),
}


def test_a_notebook_that_misbehaves_is_stopped_and_the_rest_go_on(course: Course) -> None:
    sources = [write_notebook(course, name, code) for name, (code, _) in MISBEHAVIOUR.items()]
    sources.append(write_notebook(course, "good", "print(6 * 7)"))
    limits = Limits(cell_seconds=3, seconds=20, memory=0.7e9, output=5_000_000, processes=30)
    runs = {one.name.removeprefix("tiny/"): one for one in run.run(course, sources, workers=2, limits=limits)}
    assert runs.pop("good").error == ""
    for name, one in runs.items():
        assert re.search(f"^code cell 2: .*({MISBEHAVIOUR[name][1]})", one.error), f"{name}: {one.error}"


def test_a_notebook_of_many_cells_is_stopped_in_time(course: Course) -> None:
    source = write_notebook(course, "long", "\n# %%\n".join(["import time\ntime.sleep(1)"] * 30))
    (one,) = run.run(course, [source], limits=Limits(cell_seconds=10, seconds=3))
    assert "took longer than 3 seconds" in one.error


def test_two_runs_at_once_run_each_notebook_once(course: Course, command: Command) -> None:
    log = course.root / "log.txt"
    for number in range(3):
        code = f"import time\ntime.sleep(2)\nopen({str(log)!r}, 'a').write('ran {number}\\n')"
        write_notebook(course, f"slow{number}", code)
    with ThreadPoolExecutor(2) as pool:
        tables = list(pool.map(lambda _: command("course", "run").stdout, range(2)))
    assert sorted(log.read_text("utf-8").splitlines()) == ["ran 0", "ran 1", "ran 2"]
    assert all("failed" not in table for table in tables)


def test_a_run_that_is_killed_leaves_nothing_half_done(course: Course, command: Command) -> None:
    write_notebook(course, "slow", "import time\ntime.sleep(30)")
    killed = subprocess.Popen([BIN / "course", "run"], cwd=course.root, stderr=subprocess.DEVNULL)
    kept = course.build / "runs"
    for _ in range(200):
        time.sleep(0.1)
        if list(kept.glob("[!.]*/run.json")):
            break
    killed.kill()
    killed.wait()
    source = course.notebook("tiny/slow")
    source.write_text(source.read_text("utf-8").replace("sleep(30)", "sleep(0)"), "utf-8")
    table = command("course", "run").stdout
    assert re.search(r"tiny/first .*unchanged", table)
    assert re.search(r"tiny/slow .*run", table)


def test_the_store_is_bounded_by_use(tmp_path: Path) -> None:
    store = Store(tmp_path / "runs")
    for name in ("a", "b", "c"):
        store.keep(name, "x" * 1000, {"run": {"name": name}}, "")
        os.utime(store.folder / name / "run.json", (0, ord(name)))
    (store.folder / ".new-killed").mkdir()
    os.utime(store.folder / ".new-killed", (0, 0))
    assert store.record("a") == {"run": {"name": "a"}}
    assert store.clean(limit=2500) == 1
    assert {path.name for path in store.folder.iterdir()} == {"a", "c"}
    assert store.record("b") is None
    assert store.clean(limit=0) == 2


def test_the_report_says_what_was_used_and_what_failed(course: Course, command: Command) -> None:
    write_notebook(course, "bad", "import sys\nprint('to the log', file=sys.__stderr__)\n1 / 0  # <&>")
    stderr = command("course", "run", code=1).stderr
    assert "tiny/bad failed: code cell 2: ZeroDivisionError: division by zero" in stderr
    suite = ElementTree.parse(course.build / "report" / "junit.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    cases = {case.get("name"): case for case in suite}
    assert "ZeroDivisionError" in str(cases["bad"].find("failure").text)  # type: ignore[union-attr]
    assert "to the log" in str(cases["bad"].findtext("system-err"))
    used = {one.get("name"): one.get("value") for one in cases["first"].iter("property")}
    assert float(str(used["cpu seconds"])) > 0
    assert float(str(used["peak memory (bytes)"])) > 20e6
    page = (course.build / "report" / "index.html").read_text("utf-8")
    assert "division by zero" in page
    assert "&lt;&amp;&gt;" in page
    assert "<&>" not in page


@pytest.mark.slow
@pytest.mark.parametrize("name", [REAL.name(source) for source in REAL.notebooks()])
def test_a_warm_run_equals_an_ordinary_run(name: str) -> None:
    """Text exactly, images by pixel."""
    notebook = REAL.read(REAL.notebook(name))
    text = nbformat.writes(expand(notebook, REAL))
    modules = run.libraries([notebook], REAL)
    warm, ordinary = (execute(Job(name, text, "quick", "cpu", modules, warm=warm)) for warm in (True, False))
    assert warm.failure is None
    assert ordinary.failure is None
    assert outputs(warm.notebook) == outputs(ordinary.notebook)
    assert any(outputs(warm.notebook))


def outputs(notebook: str) -> list[list[tuple[str, str]]]:
    """Return what each cell shows: texts as they are, images as a hash of their pixels."""
    shown = []
    for cell in nbformat.reads(notebook, as_version=4).cells:
        pieces = []
        for output in cell.get("outputs", []):
            for kind, value in {"text": output.get("text", ""), **output.get("data", {})}.items():
                if kind == "image/png":
                    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(value))))
                    value = hashlib.sha256(pixels.tobytes()).hexdigest()
                pieces.append((kind, str(value)))
        shown.append(pieces)
    return shown


def test_a_lab_is_all_its_notebooks(course: Course) -> None:
    shutil.copy(course.root / "labs" / "tiny" / "first.py", course.root / "labs" / "tiny" / "second.py")
    assert [one.name for one in course.chosen(["tiny"])] == ["first.py", "second.py"]
    assert [one.name for one in course.chosen(["tiny/second", "labs/tiny/"])] == ["second.py", "first.py"]
    with pytest.raises(MisuseError, match="no notebook 'tinny'"):
        course.chosen(["tinny"])


def test_a_lab_and_a_lecture_of_one_name_are_told_apart(course: Course) -> None:
    shutil.copy(course.root / "labs" / "tiny" / "first.py", course.root / "labs" / "tiny" / "tiny.py")
    with pytest.raises(MisuseError, match="'tiny' may be the lab labs/tiny or tiny/tiny: say which"):
        course.chosen(["tiny"])
    assert len(course.chosen(["labs/tiny"])) == 2


@pytest.mark.parametrize("name", ["tiny/first", "first", "labs/tiny/first.py", "./labs/tiny/first.py"])
def test_a_notebook_goes_by_several_names(course: Course, name: str) -> None:
    assert course.notebook(name).name == "first.py"
    assert course.notebook(str(course.root / "labs" / "tiny" / "first.py")).name == "first.py"
