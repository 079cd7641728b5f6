"""Running one notebook, on this machine or on a worker of a cluster.

:func:`execute` takes all that it needs in a :class:`Job` and gives all that came out in an :class:`Outcome`, so that it
runs as well in a thread here as on another machine that has the course's environment and nothing else.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
import papermill
from filelock import FileLock, Timeout
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine, papermill_engines
from papermill.exceptions import PapermillExecutionError

from autograder.kernels.heat import settle
from autograder.kernels.provisioner import can_fork, warm_kernel_spec
from autograder.watch import Limits, Watch, fair_share

ORDINARY = "python3"


@dataclass(frozen=True)
class Job:
    """A notebook to run.

    Parameters
    ----------
    name : str
        The notebook, such as ``ml/diagnosis``.
    notebook : str
        The expanded notebook, as JSON.
    profile, device : str
        Its parameters.
    modules : tuple of str
        The libraries that the warm parent imports; the same for all jobs, so that they share one parent.
    limits : Limits or None
        What it may use; None leaves the memory to what the machine has that runs it.
    warm : bool
        Whether a warm kernel may serve.
    """

    name: str
    notebook: str
    profile: str
    device: str
    modules: tuple[str, ...] = ()
    limits: Limits | None = None
    warm: bool = True


@dataclass(frozen=True)
class Failure:
    """Where and how a notebook failed.

    Parameters
    ----------
    cell : int or None
        The how-manieth code cell, counted from 1; None if no cell is to blame.
    message : str
        What went wrong, in a line.
    traceback : str
        The whole story, or nothing.
    """

    cell: int | None
    message: str
    traceback: str = ""

    def __str__(self) -> str:
        return f"code cell {self.cell}: {self.message}" if self.cell else self.message


@dataclass(frozen=True)
class Outcome:
    """What running a notebook came to.

    Parameters
    ----------
    notebook : str
        The executed notebook as JSON, as far as it got.
    stderr : str
        What the kernel wrote to its own standard error, outside cells.
    seconds, cpu_seconds : float
        Wall time from the start of the kernel to its end, and CPU time of the kernel and what it started.
    peak_memory, peak_gpu_memory : float
        Bytes.
    watt_hours : float
        An estimate, see :class:`autograder.watch.Usage`.
    failure : Failure or None
        What went wrong, if anything.
    """

    notebook: str
    stderr: str
    seconds: float
    cpu_seconds: float
    peak_memory: float
    peak_gpu_memory: float
    watt_hours: float
    failure: Failure | None


class WatchedClient(PapermillNotebookClient):  # type: ignore[misc]
    """papermill's client, with the kernel watched and its standard error kept."""

    def __init__(self, *args: Any, watch: Watch, stderr: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.watch, self.stderr = watch, stderr

    def start_new_kernel(self, **kwargs: Any) -> None:
        """Start the kernel and begin to watch it."""
        environment = dict(os.environ)
        if self.watch.gpu is not None:
            environment["CUDA_VISIBLE_DEVICES"] = str(self.watch.gpu)
        super().start_new_kernel(stdout=self.stderr, stderr=self.stderr, env=environment, **kwargs)
        self.watch.begin(self.km.provisioner.pid)

    def output(self, outs: list[Any], msg: dict[str, Any], display_id: str, cell_index: int) -> Any:
        """Count what is written before it is kept."""
        content = msg["content"]
        written = [content.get("text", ""), *map(str, content.get("data", {}).values())]
        self.watch.count_output(sum(map(len, written)))
        return super().output(outs, msg, display_id, cell_index)


class WatchedEngine(NBClientEngine):  # type: ignore[misc]
    """papermill's engine, with :class:`WatchedClient`."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kwargs: Any) -> Any:
        """Run the cells."""
        wanted = {name: kwargs[name] for name in ("watch", "stderr", "resources", "timeout")}
        # what a cell prints comes in pieces that depend on the moment; the notebook should not
        client = WatchedClient(nb_man, kernel_name=kernel_name, startup_timeout=120, coalesce_streams=True, **wanted)
        return client.execute()


papermill_engines.register("watched", WatchedEngine)


def execute(job: Job) -> Outcome:
    """Run a notebook in a scratch folder, within its limits.

    Whatever the notebook does is an outcome, not an exception.
    """
    settle()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="course-run-")))
        scratch, stderr_path = folder / "scratch", folder / "stderr.txt"
        scratch.mkdir()
        stack.enter_context(_event_loop())
        gpu = stack.enter_context(_gpu(job))
        stderr = stack.enter_context(stderr_path.open("wb"))
        watch = Watch(job.limits or fair_share(1), gpu)
        kernel = _warm_kernel(job.modules) if job.warm and can_fork() else ORDINARY
        began = time.perf_counter()
        failure = _run(job, folder / "notebook.ipynb", scratch, watch, stderr, kernel)
        seconds = time.perf_counter() - began
        watch.end()
        usage = watch.usage
        return Outcome(
            notebook=(folder / "notebook.ipynb").read_text("utf-8"),
            stderr=stderr_path.read_text("utf-8", errors="replace"),
            seconds=round(seconds, 3),
            cpu_seconds=round(usage.cpu_seconds, 3),
            peak_memory=usage.peak_memory,
            peak_gpu_memory=usage.peak_gpu_memory,
            watt_hours=round(usage.watt_hours, 4),
            failure=failure,
        )


def _run(job: Job, place: Path, scratch: Path, watch: Watch, stderr: Any, kernel: str) -> Failure | None:
    notebook = nbformat.reads(job.notebook, as_version=4)
    place.write_text(job.notebook, "utf-8")
    try:
        papermill.execute_notebook(
            notebook,
            place,
            parameters={"profile": job.profile, "device": job.device},
            engine_name="watched",
            kernel_name=kernel,
            progress_bar=False,
            request_save_on_cell_execute=True,
            watch=watch,
            stderr=stderr,
            resources={"metadata": {"path": str(scratch)}},
            timeout=watch.limits.cell_seconds,
        )
    except PapermillExecutionError as error:
        message = f"{error.ename}: {error.evalue}".strip()
        return Failure(_last_started(place), message, "\n".join(error.traceback))
    except CellTimeoutError:
        watch.kill(f"the cell took longer than {watch.limits.cell_seconds:g} seconds")
        return Failure(_last_started(place), f"stopped: {watch.reason}")
    except DeadKernelError:
        return Failure(_last_started(place), f"stopped: {watch.reason}" if watch.reason else "the kernel died")
    except RuntimeError as error:  # the kernel did not start
        return Failure(None, str(error).splitlines()[0], str(error))
    return None


def _last_started(place: Path) -> int | None:
    """Return the last code cell that was begun, counted from 1 without the cell of parameters that papermill adds."""
    code = [cell for cell in nbformat.read(place, as_version=4).cells if cell.cell_type == "code"]
    own = [cell for cell in code if "injected-parameters" not in cell.metadata.get("tags", [])]
    begun = [number for number, cell in enumerate(own, 1) if cell.metadata.get("papermill", {}).get("start_time")]
    return begun[-1] if begun else None


@contextlib.contextmanager
def _event_loop() -> Iterator[None]:
    """Close, at the end, the event loop that Jupyter's libraries open in this thread and leave to the collector."""
    loop = ensure_event_loop()
    try:
        yield
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@contextlib.contextmanager
def _gpu(job: Job) -> Iterator[int | None]:
    """Give a notebook that uses torch on CUDA a device for itself, and wait for one if all are taken."""
    if job.device != "cuda" or "torch" not in job.notebook:
        yield None
        return
    import torch

    places = [Path(tempfile.gettempdir()) / f"course-gpu-{index}.lock" for index in range(torch.cuda.device_count())]
    locks = [FileLock(place) for place in places]
    while True:
        for index, lock in enumerate(locks):
            try:
                with lock.acquire(timeout=0):
                    yield index
                    return
            except Timeout:
                continue
        time.sleep(0.2)


@cache
def _warm_kernel(modules: tuple[str, ...]) -> str:
    """Offer a warm kernel to Jupyter in this process; return its name."""
    folder = tempfile.mkdtemp(prefix="course-kernel-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["JUPYTER_PATH"] = os.pathsep.join(filter(None, (folder, os.environ.get("JUPYTER_PATH"))))
    return warm_kernel_spec(folder, modules)
