"""Nothing leaks from one kernel to the next, or from the parent into a kernel."""

from __future__ import annotations

import os
import time
from pathlib import Path

import psutil
import pytest

from autograder.kernels import provisioner

from .conftest import HEAVY, LIGHT
from .notebooks import run, texts

LEAK = """
import os, random, sys, tempfile, numpy, matplotlib, matplotlib.pyplot as plt
os.environ["LEAKED"] = "1"; os.chdir("/usr"); os.umask(0o77)
random.seed(1); numpy.random.seed(1)
plt.rcParams["lines.linewidth"] = 9; plt.figure(); matplotlib.use("agg")
sys.modules["leaked"] = sys; tempfile.tempdir = "/usr"; numpy.leaked = 1
"""
LOOK = """
import os, random, sys, tempfile, numpy, matplotlib.pyplot as plt
print("LEAKED" in os.environ, os.getcwd(), os.umask(0), plt.rcParams["lines.linewidth"], plt.get_fignums(),
      plt.get_backend(), "leaked" in sys.modules, tempfile.gettempdir(), hasattr(numpy, "leaked"))
"""
DRAW = "import random, numpy; print(random.random(), numpy.random.rand())"


def test_state_of_one_kernel_is_not_seen_by_the_next(
    light: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    provisioner.start_parent(LIGHT)
    umask = os.umask(0o27)
    try:
        run(light, LEAK)
        seen = texts(light, LOOK)[0]
    finally:
        os.umask(umask)
    backend = "module://matplotlib_inline.backend_inline"
    assert seen == f"False {tmp_path} {0o27} 1.5 [] {backend} False {tmp_path} False"


def test_random_state_is_fresh(light: str) -> None:
    (python, numpy), others = (texts(light, DRAW)[0].split() for _ in range(2))
    assert python != others[0]
    assert numpy != others[1]


def test_kernel_has_its_environment_and_the_parent_no_secret(light: str, monkeypatch: pytest.MonkeyPatch) -> None:
    parent = provisioner.start_parent(LIGHT)
    monkeypatch.setenv("SECRET_TOKEN", "hush")
    assert texts(light, "import os; print(os.environ['SECRET_TOKEN'], os.getppid())") == [f"hush {parent}"]
    assert "SECRET_TOKEN" not in psutil.Process(parent).environ()


def test_kernel_holds_no_descriptor_of_the_parent(light: str) -> None:
    look = "import os; print([os.readlink(f'/proc/self/fd/{n}') for n in os.listdir('/proc/self/fd') if os.path.exists(f'/proc/self/fd/{n}')])"
    first = provisioner.start_parent(LIGHT)
    held = {str(path.readlink()) for path in Path(f"/proc/{first}/fd").iterdir()} - {os.devnull}
    inherited = set(eval(texts(light, look)[0])) & held
    assert not {name for name in inherited if name.startswith("socket:")}


def test_what_a_kernel_leaves_behind_is_gone(light: str) -> None:
    start = (
        "import subprocess, sys, os\n"
        "kept = subprocess.Popen(['sleep', '600'])\n"
        "hidden = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        "daemon = subprocess.run(['sh', '-c', 'setsid sleep 600 >/dev/null 2>&1 & echo $!'], capture_output=True, text=True).stdout\n"
        "print(kept.pid, hidden.pid, daemon)\n"
    )
    pids = texts(light, start)[0].split()
    assert len(pids) == 3
    assert not [pid for pid in pids if psutil.pid_exists(int(pid))]


def test_parent_has_one_thread_and_leaves_cuda_alone(heavy: str) -> None:
    parent = provisioner.start_parent(HEAVY)
    assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1
    assert texts(heavy, "import torch; print(torch.cuda.is_initialized())") == ["False"]
    assert len(list(Path(f"/proc/{parent}/task").iterdir())) == 1
    assert "torch" in Path(f"/proc/{parent}/maps").read_text()


def test_no_socket_is_left(light: str) -> None:
    run(light, "pass")
    deadline = time.monotonic() + 2
    while (left := list(provisioner.runtime_directory().glob("*-*"))) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not left
