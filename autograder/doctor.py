"""What this machine can do."""

from __future__ import annotations

import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from autograder import sandbox

PACKAGES = ("jupyter-book", "nbgrader", "papermill", "torch", "monai", "scikit-learn", "transformers")
_WHAT = {
    "namespaces": "user, mount, pid, network, IPC",
    "Landlock": "files, TCP, signals",
    "seccomp": "system calls",
    "resource limits": "CPU time, memory, processes, files",
}


@dataclass(frozen=True)
class Finding:
    """One line of the report: what was looked at, whether it is there, and what that means."""

    subject: str
    present: bool
    note: str


def examine() -> list[Finding]:
    """Look at versions, the GPU and the layers that a sandbox can be made of."""
    return [_python(), *map(_package, PACKAGES), _gpu(), _exchange_system(), *sandbox_layers()]


def sandbox_layers() -> list[Finding]:
    """Look for what can keep a submission apart. Each is tried, not assumed from a version."""
    tried = [Finding(name, not problem, problem or _WHAT[name]) for name, problem in sandbox.layers().items()]
    held = {finding.subject for finding in tried if finding.present}
    enough = sandbox.suffices(held)
    note = "each submission is kept apart" if enough else "course grade refuses, unless it is told --unsafe"
    return [*tried, Finding("sandbox", enough, note)]


def cuda_device() -> str:
    """Return the name of the CUDA device that torch would use, or nothing.

    torch is only imported, in a process of its own, where the driver shows a device: the import costs seconds.
    """
    if not (Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi")):
        return ""
    code = "import torch; print(torch.cuda.get_device_name() if torch.cuda.is_available() else '')"
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    return asked.stdout.strip()


def _python() -> Finding:
    return Finding("Python", sys.version_info >= (3, 11), platform.python_version())


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, "not installed: run make")


def _gpu() -> Finding:
    device = cuda_device()
    return Finding("GPU", bool(device), device or "none that torch can use; notebooks run on the CPU")


def _exchange_system() -> Finding:
    linux = sys.platform == "linux"
    return Finding("grading", linux, "" if linux else "labs and their visible checks run here, grading asks for Linux")
