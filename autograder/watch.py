"""Watching a kernel from outside: what it uses, and an end to what uses too much."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

#: What a busy core is taken to draw, in watts: an assumption, since most machines don't let us measure it.
WATTS_PER_CORE = 10.0
_INTERVAL = 0.1
_GPU_INTERVAL = 1.0
_GB = 1e9


@dataclass(frozen=True)
class Limits:
    """What one notebook may use.

    Parameters
    ----------
    cell_seconds, seconds : float
        Wall time of a cell, and of the whole notebook.
    memory : float
        Resident bytes of the kernel and all that it starts.
    output : int
        Characters of output in all.
    processes : int
        Processes alive at once, the kernel included.
    """

    cell_seconds: float = 1800
    seconds: float = 3600
    memory: float = 8 * _GB
    output: int = 20_000_000
    processes: int = 100


def fair_share(count: int) -> Limits:
    """Give each of some notebooks that run at once on this machine its share of nine tenths of the free memory."""
    return Limits(memory=0.9 * psutil.virtual_memory().available / count)


@dataclass
class Usage:
    """What a kernel has used so far.

    Parameters
    ----------
    cpu_seconds : float
        Of the kernel and all that it started.
    peak_memory : float
        Resident bytes; pages shared with the warm parent count, those shared among several processes count once.
    peak_gpu_memory : float
        Bytes on the device, above what others held when the kernel began.
    gpu_joules : float
        What the device drew, measured by its driver.
    """

    cpu_seconds: float = 0.0
    peak_memory: float = 0.0
    peak_gpu_memory: float = 0.0
    gpu_joules: float = 0.0

    @property
    def watt_hours(self) -> float:
        """An estimate of the energy: CPU time at :data:`WATTS_PER_CORE`, and what the GPU drew."""
        return (self.cpu_seconds * WATTS_PER_CORE + self.gpu_joules) / 3600


class Watch(threading.Thread):
    """Looks at a kernel ten times a second, and kills it with a stated reason when it goes beyond a limit.

    Parameters
    ----------
    limits : Limits
        What it may use.
    gpu : int or None
        The number of the device that it has for itself, if any.
    """

    def __init__(self, limits: Limits, gpu: int | None = None) -> None:
        super().__init__(daemon=True)
        self.limits, self.gpu = limits, gpu
        self.usage = Usage()
        self.reason = ""
        self._kernel: psutil.Process | None = None
        self._written = 0
        self._over = threading.Event()

    def begin(self, pid: int) -> None:
        """Begin to watch a kernel."""
        with contextlib.suppress(psutil.NoSuchProcess):
            self._kernel = psutil.Process(pid)
            self.start()

    def count_output(self, characters: int) -> None:
        """Add to what the notebook has written."""
        self._written += characters
        if self._written > self.limits.output:
            self.kill(f"it wrote more than {self.limits.output / 1e6:g} million characters")

    def end(self) -> None:
        """Stop watching."""
        self._over.set()
        if self.is_alive():
            self.join()

    def kill(self, reason: str) -> None:
        """Kill the kernel and all that it has started, for a reason that the report gives."""
        self.reason = self.reason or reason
        for process in self._family():
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()

    def run(self) -> None:
        """Watch until the kernel ends or :meth:`end` is called."""
        began = time.monotonic()
        gpu = _Gpu(self.gpu, self.usage) if self.gpu is not None else None
        while not self._over.wait(_INTERVAL):
            family = self._family()
            if not family:
                return
            memory = self._measure(family)
            if gpu:
                gpu.look()
            limits = self.limits
            if memory > limits.memory:
                self.kill(f"it took more than {limits.memory / _GB:.1f} GB of memory")
            elif len(family) > limits.processes:
                self.kill(f"it had more than {limits.processes} processes")
            elif time.monotonic() - began > limits.seconds:
                self.kill(f"it took longer than {limits.seconds:g} seconds")

    def _family(self) -> list[psutil.Process]:
        try:
            return [self._kernel, *self._kernel.children(recursive=True)] if self._kernel else []
        except psutil.NoSuchProcess:
            return []

    def _measure(self, family: list[psutil.Process]) -> float:
        memory = seconds = 0.0
        for process in family:
            with contextlib.suppress(psutil.NoSuchProcess), process.oneshot():
                times = process.cpu_times()
                # what ended children used counts as the parent's, so that the sum never falls
                seconds += times.user + times.system + times.children_user + times.children_system
                memory += process.memory_info().rss
        if len(family) > 1 or memory > self.limits.memory:
            memory = sum(map(_proportional, family))
        self.usage.cpu_seconds = max(self.usage.cpu_seconds, seconds)
        self.usage.peak_memory = max(self.usage.peak_memory, memory)
        return memory


def family_memory(pid: int) -> float:
    """Return resident bytes of a process and all that it has started; 0 once it has ended."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    return sum(map(_proportional, family))


def _proportional(process: psutil.Process) -> float:
    """Return resident bytes, each page shared out among those that hold it, which the system takes longer to say."""
    with contextlib.suppress(OSError, psutil.Error):
        try:
            lines = Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
            return 1024 * float(next(line.split()[1] for line in lines if line.startswith("Pss:")))
        except FileNotFoundError:  # not Linux, or ended a moment ago
            return float(process.memory_info().rss)
    return 0.0


class _Gpu:
    """Asks the driver once a second what the device holds and draws."""

    def __init__(self, index: int, usage: Usage) -> None:
        self.index, self.usage = index, usage
        self.looked = time.monotonic()
        self.before, _ = self._ask()

    def look(self) -> None:
        """Add to the usage what has come since the last look."""
        now = time.monotonic()
        if now - self.looked < _GPU_INTERVAL:
            return
        memory, watts = self._ask()
        self.usage.peak_gpu_memory = max(self.usage.peak_gpu_memory, memory - self.before)
        self.usage.gpu_joules += watts * (now - self.looked)
        self.looked = now

    def _ask(self) -> tuple[float, float]:
        program = shutil.which("nvidia-smi")
        if not program:
            return 0.0, 0.0
        query = ["--query-gpu=memory.used,power.draw", "--format=csv,noheader,nounits", f"--id={self.index}"]
        said = subprocess.run([program, *query], capture_output=True, text=True, check=False).stdout
        try:
            megabytes, watts = (float(value) for value in said.split(","))
        except ValueError:
            return 0.0, 0.0
        return megabytes * 1024**2, watts
