"""What this machine can do."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = ("jupyter-book", "nbgrader", "papermill", "torch", "monai", "scikit-learn", "transformers")
_LANDLOCK_CREATE_RULESET = 444
_LANDLOCK_VERSION_FLAG = 1


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
    if sys.platform != "linux":
        return [Finding("sandbox", False, "grading asks for Linux; this is " + platform.system())]
    return [_namespaces(), _bubblewrap(), _landlock(), _seccomp(), _cgroups()]


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


def _namespaces() -> Finding:
    command = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--net", "--ipc", "--fork", "true"]
    if not shutil.which("unshare"):
        return Finding("namespaces", False, "the command unshare (util-linux) is missing")
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    said = tried.stderr.strip().splitlines()
    return Finding("namespaces", tried.returncode == 0, said[-1] if said else "user, mount, pid, network, IPC")


def _bubblewrap() -> Finding:
    path = shutil.which("bwrap")
    return Finding("bubblewrap", bool(path), "" if path else "the command bwrap is not installed")


def _landlock() -> Finding:
    libc = ctypes.CDLL(None, use_errno=True)
    abi = libc.syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(_LANDLOCK_VERSION_FLAG))
    note = f"ABI {abi}" if abi > 0 else os.strerror(ctypes.get_errno())
    return Finding("Landlock", abi > 0, note)


def _seccomp() -> Finding:
    actions = Path("/proc/sys/kernel/seccomp/actions_avail")
    held = actions.exists() and "kill_process" in actions.read_text(encoding="ascii")
    return Finding("seccomp", held, "filters" if held else "the kernel offers no seccomp filters")


def _cgroups() -> Finding:
    own = Path("/sys/fs/cgroup/cgroup.controllers")
    writable = own.exists() and os.access("/sys/fs/cgroup", os.W_OK)
    return Finding("cgroups", writable, "version 2" if writable else "no writable cgroup of version 2")
