"""Running the course's notebooks: what changed, in parallel, here or on a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from filelock import FileLock, Timeout

from autograder.cluster import connect, deserted
from autograder.course import Course
from autograder.doctor import cuda_device
from autograder.errors import CourseError, MisuseError
from autograder.expand import expand
from autograder.key import Key, helpers, run_key
from autograder.lab import Notebook
from autograder.store import Store

if TYPE_CHECKING:
    from autograder.execute import Job, Outcome
    from autograder.watch import Limits

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
    data : tuple of str
        The data sets that it used.
    seconds, cpu_seconds, peak_memory, peak_gpu_memory, watt_hours : float
        See :class:`autograder.execute.Outcome`; of the kept run if it is served from the store.
    cached : bool
        Whether it was served from the store.
    error : str
        What went wrong and in which cell, or nothing.
    traceback, stderr : str
        The whole story of an error, and what the kernel wrote to its own standard error.
    """

    name: str
    key: str
    profile: str
    device: str
    data: tuple[str, ...] = ()
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak_memory: float = 0.0
    peak_gpu_memory: float = 0.0
    watt_hours: float = 0.0
    cached: bool = False
    error: str = ""
    traceback: str = ""
    stderr: str = ""


@dataclass(frozen=True)
class Plan:
    """A notebook to run, and the key under which its run is kept."""

    notebook: Notebook
    name: str
    key: Key


def store(course: Course) -> Store:
    """Return the store of the course's good runs."""
    return Store(course.build / "runs")


def failures(course: Course) -> Store:
    """Return the store of the runs that failed, kept to be looked at and never served."""
    return Store(course.build / "failed")


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
    cluster: str | None = None,
    done: Callable[[Run], None] = lambda _: None,
    limits: Limits | None = None,
    warm: bool = True,
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
        Where torch computes; on a cluster, ``cuda`` is not looked for on this machine.
    workers : int, optional
        How many run at once on this machine, at least 1; by default as many as there are cores.
    cluster : str, optional
        The address of a Dask scheduler, such as ``tcp://scheduler:8786``.
    done : callable, optional
        Called with each run as it ends.
    limits : Limits, optional
        What a notebook may use; by default, its share of the memory and an hour.
    warm : bool
        Whether kernels may be forked from a warm parent.

    Returns
    -------
    list of Run
        In the order of the sources. A notebook that failed has an ``error``; the others go on.

    Raises
    ------
    LabError
        If a source is wrong; nothing is run then.
    CourseError
        If there is no CUDA device where one is asked for, or the cluster can't be reached.
    """
    if profile not in PROFILES:
        raise MisuseError(f"There is no profile '{profile}': say {' or '.join(PROFILES)}.")
    kind = device if cluster and device != "auto" else resolve_device(device)
    plans = [plan(course, source, profile, kind) for source in sources]
    kept = {entry.key.digest: found for entry in plans if (found := find(course, entry.key.digest))}
    for found in kept.values():
        done(found)
    waiting = [entry for entry in plans if entry.key.digest not in kept]
    fresh = _run_all(course, waiting, workers, cluster, limits, warm, done) if waiting else {}
    return [{**kept, **fresh}[entry.key.digest] for entry in plans]


def plan(course: Course, source: Path, profile: str, device: str) -> Plan:
    """Read a source and find its key."""
    notebook = course.read(source)
    return Plan(notebook, course.name(source), run_key(notebook, course, profile, device))


def explain(course: Course, source: Path, profile: str, device: str) -> str:
    """Say why a notebook would run, or would not.

    Parameters
    ----------
    course : Course
        The checkout.
    source : Path
        The notebook's source.
    profile, device : str
        As in :func:`run`.
    """
    entry = plan(course, source, profile, resolve_device(device))
    records = [record for record in store(course).records() if record.get("run", {}).get("name") == entry.name]
    if any(record["run"]["key"] == entry.key.digest for record in records):
        return f"{entry.name} would not run: a run under its key, {entry.key.digest}, is kept."
    if not records:
        return f"{entry.name} would run: no good run of it is kept."
    nearest = min(reversed(records), key=lambda record: len(entry.key.changes(record["parts"])))
    changes = "\n".join(f"  {change}" for change in entry.key.changes(nearest["parts"]))
    return f"{entry.name} would run. Against the kept run that is nearest:\n{changes}"


def find(course: Course, key: str) -> Run | None:
    """Return the run kept under a key, if there is one."""
    record = store(course).record(key)
    return replace(_as_run(record["run"]), cached=True) if record else None


def executed(course: Course, key: str) -> nbformat.NotebookNode:
    """Return the executed notebook kept under a key.

    Raises
    ------
    CourseError
        If none is kept.
    """
    path = store(course).notebook(key)
    if not path.is_file():
        raise CourseError(f"No run is kept at {course.relative(path)}: run the notebook first.")
    return nbformat.read(path, as_version=4)


def libraries(notebooks: Sequence[Notebook], course: Course) -> tuple[str, ...]:
    """Return the installed libraries that notebooks import, and those that come with the helper code that they import.

    What a function of the helper code imports when it is called does not count: most notebooks never call it, and each
    kernel or submission that is forked pays for what its parent holds.
    """
    from autograder.kernels.imports import imports_of

    found: set[str] = set()
    for notebook in notebooks:
        texts = [(cell.source, False) for cell in notebook.cells if cell.kind == "code"]
        texts += [(path.read_text("utf-8"), True) for path in helpers(notebook, course)]
        for text, at_once in texts:
            try:
                found |= imports_of(text, at_once=at_once)
            except SyntaxError:  # the cell will say so itself when it runs
                continue
    return tuple(sorted(found))


def _run_all(
    course: Course,
    waiting: list[Plan],
    workers: int | None,
    cluster: str | None,
    limits: Limits | None,
    warm: bool,
    done: Callable[[Run], None],
) -> dict[str, Run]:
    from autograder.kernels.heat import preheat

    count = workers or os.cpu_count() or 1
    modules = libraries([course.read(source) for source in course.notebooks()], course) if warm else ()
    if warm and not cluster:
        preheat(modules)
    from autograder.execute import Job, execute  # after the parent has started: it takes as long to import
    from autograder.watch import fair_share

    if limits is None and not cluster:  # a worker of a cluster sees for itself what memory it has
        limits = fair_share(min(count, len(waiting)))
    runs: dict[str, Run] = {}

    def submit(executor: Executor, claimed: list[tuple[Plan, FileLock]]) -> None:
        futures = {}
        for entry, claim in claimed:
            parts = entry.key.parts
            text = nbformat.writes(expand(entry.notebook, course))
            job = Job(entry.name, text, parts["the profile"], parts["the device"], modules, limits, warm)
            futures[executor.submit(execute, job)] = (entry, job, claim)
        for future in as_completed(futures):
            entry, job, claim = futures[future]
            runs[entry.key.digest] = _keep(course, entry, job, _outcome(future, job))
            claim.release()
            done(runs[entry.key.digest])

    with executors(count, cluster) as executor:
        claimed, others = _claim(course, waiting)
        submit(executor, claimed)
        # Another process was running these. All wait in the same order, so that no two wait for each other.
        for entry in sorted(others, key=lambda entry: entry.key.digest):
            claim = store(course).claim(entry.key.digest)
            claim.acquire()
            found = find(course, entry.key.digest)
            if found:
                claim.release()
                runs[entry.key.digest] = found
                done(found)
            else:
                submit(executor, [(entry, claim)])
    for place in (store(course), failures(course)):
        place.clean()
    return runs


def _claim(course: Course, waiting: list[Plan]) -> tuple[list[tuple[Plan, FileLock]], list[Plan]]:
    """Part the plans into those that nobody else is running, now claimed, and the others."""
    claimed, others = [], []
    for entry in waiting:
        claim = store(course).claim(entry.key.digest)
        try:
            claim.acquire(timeout=0)
            claimed.append((entry, claim))
        except Timeout:
            others.append(entry)
    return claimed, others


def _keep(course: Course, entry: Plan, job: Job, outcome: Outcome) -> Run:
    """Keep what a run came to: under its key if it is good, apart and never to be served if it failed."""
    failure = outcome.failure
    finished = Run(
        name=entry.name,
        key=entry.key.digest,
        profile=job.profile,
        device=job.device,
        data=entry.notebook.header.data,
        seconds=outcome.seconds,
        cpu_seconds=outcome.cpu_seconds,
        peak_memory=outcome.peak_memory,
        peak_gpu_memory=outcome.peak_gpu_memory,
        watt_hours=outcome.watt_hours,
        error=str(failure) if failure else "",
        traceback=failure.traceback if failure else "",
        stderr=outcome.stderr,
    )
    place = failures(course) if failure else store(course)
    place.keep(entry.key.digest, outcome.notebook, {"run": asdict(finished), "parts": entry.key.parts}, outcome.stderr)
    return finished


def _as_run(said: dict[str, Any]) -> Run:
    return Run(**{**said, "data": tuple(said["data"])})


def _outcome(future: Future[Outcome], job: Job) -> Outcome:
    """Return what came out, or that nothing did: a cluster gives a notebook up when it has cost several workers."""
    from autograder.execute import Failure, Outcome

    try:
        return future.result()
    except CancelledError:
        raise deserted() from None
    except Exception as error:  # noqa: BLE001  # Dask raises kinds of its own; a notebook's own errors are outcomes
        lost = Failure(None, f"no worker could finish it ({type(error).__name__})", str(error))
        return Outcome(job.notebook, "", 0.0, 0.0, 0.0, 0.0, 0.0, lost)


@contextmanager
def executors(workers: int, cluster: str | None) -> Iterator[Executor]:
    """Give an executor: threads here, since a notebook computes in a process of its own, or a Dask cluster's."""
    if cluster is None:
        with ThreadPoolExecutor(workers) as pool:
            yield pool
        return
    with connect(cluster) as remote:
        yield remote
