"""Warm kernels of the tests: their provisioner, their sockets and their kernel specifications."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from jupyter_client.provisioning import KernelProvisionerFactory

from autograder.kernels import provisioner

LIGHT = ["numpy", "matplotlib.pyplot", "matplotlib_inline", "tqdm.auto"]
HEAVY = ["torch", "joblib"]

# Written to a folder of PYTHONPATH: a library that keeps at import what a kernel must have of its own.
KEEPER = """
import logging, random, sys
import numpy

def say(text, file=sys.stdout):
    print(text, file=file)

log = logging.getLogger("keeper")
log.addHandler(logging.StreamHandler())
drawn = random.Random()
state = numpy.random.RandomState()
fixed = numpy.random.RandomState(0)
"""
STARTER = "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"


@pytest.fixture(scope="session", autouse=True)
def registered() -> Iterator[None]:
    """Register the provisioner, and keep the sockets of these tests to themselves."""
    name = "autograder.kernels.provisioner:WarmProvisioner"
    factory = KernelProvisionerFactory
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(factory.provisioners, "warm", EntryPoint("warm", name, factory.GROUP_NAME))
        folder = tempfile.mkdtemp(prefix="warm")
        Path(folder).chmod(0o711)  # tests of the sandbox, later in the same process, go through it as another user
        patch.setattr(tempfile, "tempdir", folder)
        yield
        shutil.rmtree(folder)


@pytest.fixture
def kernel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Sequence[str]], str]:
    """Make a kernel specification that warms the given modules; gives its name."""
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    return lambda modules: provisioner.warm_kernel_spec(tmp_path / "jupyter", modules)


@pytest.fixture
def light(kernel: Callable[[Sequence[str]], str]) -> str:
    """Name of a kernel with NumPy and matplotlib."""
    return kernel(LIGHT)


@pytest.fixture
def heavy(kernel: Callable[[Sequence[str]], str]) -> str:
    """Name of a kernel with torch."""
    return kernel(HEAVY)


@pytest.fixture
def libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of PYTHONPATH with the modules ``keeper`` and ``starter``."""
    (tmp_path / "keeper.py").write_text(KEEPER)
    (tmp_path / "starter.py").write_text(STARTER)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path
