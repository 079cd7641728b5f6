"""What is done once in a process before it starts warm kernels."""

from __future__ import annotations

import getpass
import os
import tempfile
import threading
from functools import cache
from pathlib import Path

from autograder.kernels.provisioner import can_fork, start_parent


@cache
def settle() -> None:
    """Make kernels that this process starts alike: no start-up files of the user's, sets in the same order."""
    ipython = Path(tempfile.gettempdir()) / f"course-ipython-{getpass.getuser()}"
    ipython.mkdir(mode=0o700, exist_ok=True)
    os.environ.update(IPYTHONDIR=str(ipython), PYTHONHASHSEED="0")


def preheat(modules: tuple[str, ...]) -> None:
    """Start the warm parent while the caller prepares its jobs; the first kernel waits for what is left.

    Parameters
    ----------
    modules : tuple of str
        The libraries that the parent imports.
    """
    if can_fork():
        settle()
        threading.Thread(target=_start, args=(modules,), daemon=True).start()


def _start(modules: tuple[str, ...]) -> None:
    try:
        start_parent(modules)
    except RuntimeError:
        return  # the first notebook tries again, and its failure names the module
