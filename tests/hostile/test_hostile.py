"""What hostile submissions come to: nothing gained, nothing read, nothing changed, nobody else disturbed."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder import log
from autograder.course import Course
from autograder.gradebook import gradebook
from tests.conftest import BIN
from tests.hostile.conftest import ATTACKS, Attack, hand_in_honest, make_course

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="grading asks for Linux")

SECRET = "hunter2-is-no-password"
BETRAYED = ("found_share", "sensitivity(1, 3)", "4711", SECRET)
FULL = {"first/sensitivity-tests": 3, "first/rarest-tests": 2}
DONE = ("WROTE", "CONNECTED", "RESOLVED", "FETCHED", "MOUNTED", "LEFT", "ROOT")


@dataclass
class Graded:
    """The class after one grading."""

    course: Course
    before: dict[str, str]
    said: str
    errors: str
    scratch: Path
    heard: list[str] = field(default_factory=list)


def fingerprints(course: Course) -> dict[str, str]:
    """Hash every file of the course that grading has no business with."""
    kept = [path for part in ("labs", "grading/submitted", "grading/release", "grading/source") for path in (course.root / part).rglob("*")]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept if path.is_file()}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graded]:
    """All attacks, graded together with two honest submissions, on a machine where someone listens."""
    folder = tmp_path_factory.mktemp("hostile")
    course = make_course(folder / "course")
    environment = os.environ | {"COURSE_ROOT": str(course.root), "COURSE_SECRET": SECRET, "HOME": str(folder / "home")}
    scratch = Path(tempfile.mkdtemp())
    scratch.chmod(0o711)  # the sandbox's own user must reach its folder where there are no namespaces
    (scratch / "course-grade-999999999-killed" / "student").mkdir(parents=True)
    environment["TMPDIR"] = str(scratch)
    (folder / "home" / ".ssh").mkdir(parents=True)
    (folder / "home" / ".ssh" / "id_rsa").write_text(SECRET)
    run = lambda *words: subprocess.run([BIN / "course", *words], cwd=course.root, env=environment, capture_output=True, text=True, check=False)  # noqa: E731
    assert run("release", "tiny").returncode == 0
    release = course.grading / "release" / "tiny" / "first.ipynb"
    hand_in_honest(course, release, "honest")
    hand_in_honest(course, release, "zoe")
    heard: list[str] = []
    servers, port = _listen(course, heard)
    for attack in ATTACKS:
        attack.write(release, course, port)
    before = fingerprints(course)
    done = run("grade", "tiny")
    for server in servers:
        server.close()
    assert "Traceback" not in done.stderr, done.stderr
    yield Graded(course, before, done.stdout, done.stderr, scratch, heard)
    shutil.rmtree(scratch)


def _listen(course: Course, heard: list[str]) -> tuple[list[socket.socket], int]:
    """Listen on every kind of socket that an attack tries, and say at which port."""
    servers = [_bind(socket.AF_INET, socket.SOCK_STREAM, ("127.0.0.1", 0))]
    port = servers[0].getsockname()[1]
    servers += [
        _bind(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", port)),
        _bind(socket.AF_UNIX, socket.SOCK_STREAM, f"\0course-hostile-{port}"),
        _bind(socket.AF_UNIX, socket.SOCK_STREAM, str(course.root / "socket")),
    ]
    for server in servers:
        threading.Thread(target=_hear, args=(server, heard), daemon=True).start()
    return servers, port


def _bind(family: int, style: int, address: object) -> socket.socket:
    server = socket.socket(family, style)
    server.bind(address)
    if style == socket.SOCK_STREAM:
        server.listen()
    return server


def _hear(server: socket.socket, heard: list[str]) -> None:
    address = str(server.getsockname())
    try:
        server.accept() if server.type == socket.SOCK_STREAM else server.recv(10)
        heard.append(address)
    except OSError:
        return


def test_there_are_enough_of_them() -> None:
    assert len(ATTACKS) >= 45


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gains_nothing(graded: Graded, attack: Attack) -> None:
    entry = log.latest(graded.course, "tiny")[attack.name]
    assert set(entry.scores.values()) == {0}, entry
    assert "earn nothing" in attack.must
    if "flagged" in attack.must:
        assert entry.evidence
    if "limit" in attack.must:
        assert entry.notes
    for text in _shown(graded.course, attack.name):
        assert not any(secret in text for secret in BETRAYED), text[:2000]
        assert not any(word in text for word in DONE), text[:2000]
        found = [line for line in text.splitlines() if "FOUND" in line]
        assert not [line for line in found if "labs/clinic" not in line and "course-grade-" not in line], found


def _shown(course: Course, student: str) -> list[str]:
    """Return what the student's own cells have shown."""
    notebook = nbformat.read(course.grading / "autograded" / student / "tiny" / "first.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade")]
    return [str(output) for cell in cells for output in cell.outputs]


def test_honest_students_are_not_disturbed(graded: Graded) -> None:
    latest = log.latest(graded.course, "tiny")
    for student in ("honest", "zoe"):
        assert latest[student].scores == FULL
        assert latest[student].evidence == []
        assert latest[student].notes == []


def test_nothing_was_changed_and_nobody_was_called(graded: Graded) -> None:
    assert fingerprints(graded.course) == graded.before
    assert graded.heard == []
    assert not Path("/tmp/unpickled").exists()
    assert log.altered(graded.course) == []
    with gradebook(graded.course) as book:
        manual = [grade.manual_score for s in book.assignment_submissions("tiny") for n in s.notebooks for grade in n.grades]
    assert set(manual) == {None}


def test_the_instructors_terminal_is_not_spoken_to(graded: Graded) -> None:
    traces = [line for line in graded.said.splitlines() if line.startswith("To look at, use_half_characters: ")]
    assert [trace.partition("tried to ")[2] for trace in traces] == ["reach /proc/"]
    assert not {"\x1b", "\x07"} & set(graded.said + graded.errors)


def test_nothing_is_left_running_or_lying_about(graded: Graded) -> None:
    time.sleep(0.5)
    assert not [p for p in psutil.process_iter(["cmdline"]) if "time.sleep(424242)" in " ".join(p.info["cmdline"] or [])]
    assert not [p for p in psutil.process_iter(["cwd"]) if (p.info["cwd"] or "").startswith(str(graded.scratch))]
    assert list(graded.scratch.glob("course-grade-*")) == []
