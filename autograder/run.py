"""Running notebooks, and keeping what came out under a key."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

import nbformat
import papermill
from papermill.exceptions import PapermillExecutionError

from autograder.course import Course
from autograder.doctor import cuda_device
from autograder.errors import CourseError, MisuseError
from autograder.expand import expand
from autograder.key import run_key

PROFILES = ("quick", "full")
DEVICES = ("auto", "cpu", "cuda")


@dataclass(frozen=True)
class Run:
    """What one notebook did.

    Parameters
    ----------
    name : str
        The notebook, such as ``ml/diagnosis``.
    key : str
        See :mod:`autograder.key`.
    profile, device : str
        What it ran with.
    seconds : float
        Wall time of the run, also when it is served from the store.
    cached : bool
        Whether it was served from the store.
    error : str
        What went wrong, in words, or nothing.
    """

    name: str
    key: str
    profile: str
    device: str
    seconds: float
    cached: bool = False
    error: str = ""


def resolve_device(device: str) -> str:
    """Return the kind of device that ``auto``, ``cpu`` or ``cuda`` means on this machine.

    Raises
    ------
    CourseError
        If CUDA is asked for and there is none.
    """
    if device == "cpu":
        return "cpu"
    found = cuda_device()
    if device == "cuda" and not found:
        raise CourseError("There is no CUDA device that torch can use on this machine. Say --device cpu, or auto.")
    return "cuda" if found else "cpu"


def run(
    course: Course,
    sources: Iterable[Path],
    profile: str = "quick",
    device: str = "auto",
    workers: int | None = None,
    done: Callable[[Run], None] = lambda run: None,
) -> list[Run]:
    """Run notebooks in parallel, skipping those whose run is kept already.

    Parameters
    ----------
    course : Course
        The checkout.
    sources : iterable of Path
        The notebooks' sources.
    profile : {'quick', 'full'}
        The size of the run.
    device : {'auto', 'cpu', 'cuda'}
        Where torch computes.
    workers : int, optional
        How many run at once, at least 1; the number of cores by default.
    done : callable, optional
        Called with each run as it ends.

    Returns
    -------
    list of Run
        In the order of the sources. A notebook that failed has an ``error``; the others go on.

    Raises
    ------
    LabError
        If a source is wrong; nothing is run then.
    CourseError
        If there is no CUDA device where one is asked for.
    """
    if profile not in PROFILES:
        raise MisuseError(f"There is no profile '{profile}': say {' or '.join(PROFILES)}.")
    kind = resolve_device(device)
    notebooks = [course.read(source) for source in sources]
    runs: dict[Path, Run] = {}
    waiting = []
    for notebook in notebooks:
        kept = find(course, run_key(notebook, course, profile, kind))
        if kept:
            runs[notebook.path] = kept
            done(kept)
        else:
            waiting.append(notebook.path)
    count = min(len(waiting), workers or os.cpu_count() or 1)
    if waiting:
        with ProcessPoolExecutor(count, mp_context=get_context("spawn")) as pool:
            futures = {pool.submit(_execute, course, source, profile, kind): source for source in waiting}
            for future in as_completed(futures):
                runs[futures[future]] = future.result()
                done(future.result())
    return [runs[notebook.path] for notebook in notebooks]


def find(course: Course, key: str) -> Run | None:
    """Return the run kept under a key, if there is one."""
    try:
        said = json.loads((_store(course) / key / "run.json").read_text(encoding="utf-8"))
        return Run(**{**said, "cached": True})
    except FileNotFoundError:
        return None


def executed(course: Course, key: str) -> nbformat.NotebookNode:
    """Return the executed notebook kept under a key.

    Raises
    ------
    CourseError
        If none is kept.
    """
    path = _store(course) / key / "notebook.ipynb"
    if not path.is_file():
        raise CourseError(f"No run is kept at {course.relative(path)}: run the notebook first.")
    return nbformat.read(path, as_version=4)


def _store(course: Course) -> Path:
    return course.build / "runs"


def _execute(course: Course, source: Path, profile: str, device: str) -> Run:
    """Run one notebook in a scratch folder and keep the result if it is good, or apart if it failed."""
    notebook = course.read(source)
    key, name = run_key(notebook, course, profile, device), course.name(source)
    _store(course).mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".new-", dir=_store(course)))
    start = time.perf_counter()
    error = ""
    try:
        with tempfile.TemporaryDirectory() as scratch, _stderr_to(folder / "stderr.txt"):
            papermill.execute_notebook(
                expand(notebook, course),
                folder / "notebook.ipynb",
                parameters={"profile": profile, "device": device},
                kernel_name="python3",
                cwd=scratch,
                progress_bar=False,
                request_save_on_cell_execute=False,
            )
    except PapermillExecutionError as failure:
        error = f"{failure.ename}: {failure.evalue}".strip()
    result = Run(name, key, profile, device, round(time.perf_counter() - start, 2), error=error)
    (folder / "run.json").write_text(json.dumps(asdict(result), indent=2) + "\n", encoding="utf-8")
    _keep(folder, _store(course) / (f"{key}.failed" if error else key))
    return result


@contextmanager
def _stderr_to(path: Path) -> Iterator[None]:
    """Send what this process and its kernel write to standard error into a file."""
    before = os.dup(2)
    with path.open("wb") as file:
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(before, 2)
            os.close(before)


def _keep(folder: Path, place: Path) -> None:
    """Move a finished run to its place in one step, so that a reader sees all of it or nothing."""
    if place.exists():
        shutil.rmtree(place)
    try:
        folder.rename(place)
    except OSError:  # another process kept the same run a moment ago
        shutil.rmtree(folder)
