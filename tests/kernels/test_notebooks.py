"""A notebook in a warm kernel does what it does in an ordinary one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import nbformat
import papermill
import pytest

from .notebooks import notebook, run, texts

CELLS = (
    "print('hello'); 6 * 7",
    "import sys; print('careful', file=sys.stderr)",
    "import os; os.write(1, b'raw') and None",
    "import matplotlib.pyplot as plt; plt.plot([1, 3, 2]); plt.get_backend()",
    "plt.imshow([[1, 2]]), plt.rcParams['figure.dpi']",
    "from IPython.display import HTML; HTML('<b>bold</b>')",
    "%who",
    "!echo shell",
    "1 / 0",
    "input()",
    "from tqdm.auto import tqdm; tqdm.__module__",
    "print(__name__, sys.argv[0], sys.argv[3:], sys.path, sys.flags, os.environ['MPLBACKEND'], os.nice(0))",
    "import numpy; numpy.__config__ and len(os.sched_getaffinity(0)), (numpy.ones((500, 500)) @ numpy.ones(500))[0]",
    "import threadpoolctl; sorted((pool['prefix'], pool['num_threads']) for pool in threadpoolctl.threadpool_info())",
)


def test_outputs_equal_those_of_an_ordinary_kernel(light: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ordinary = tmp_path / "jupyter" / "kernels" / "ordinary" / "kernel.json"
    ordinary.parent.mkdir()
    text = (tmp_path / "jupyter" / "kernels" / light / "kernel.json").read_text()
    ordinary.write_text(text.replace("kernel_provisioner", "nothing"))
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # ipykernel does not capture file descriptors where it sees this
    assert "image/png" in str(run(light, CELLS[3]).cells[0].outputs)
    warm, cold = (run(name, *CELLS, coalesce_streams=True).cells for name in (light, "ordinary"))
    for here, there in zip(warm, cold, strict=True):
        # Memory addresses differ between any two runs.
        assert str(here.outputs).split(" at 0x")[0] == str(there.outputs).split(" at 0x")[0]


def test_papermill(light: str, tmp_path: Path) -> None:
    source, result = tmp_path / "in.ipynb", tmp_path / "out.ipynb"
    nbformat.write(notebook("a = 1", "import os; print(a + 1, os.getppid())"), source)
    papermill.execute_notebook(source, result, {"a": 2}, kernel_name=light, progress_bar=False)
    count, parent = nbformat.read(result, as_version=4).cells[-1].outputs[0].text.split()
    assert count == "2"
    assert "autograder/kernels/parent.py" in Path(f"/proc/{parent}/cmdline").read_text()


def test_unclosed_file_is_written(light: str, tmp_path: Path) -> None:
    run(light, f"f = open({str(tmp_path / 'note')!r}, 'w'); f.write('all of it'); f.me = f")
    assert (tmp_path / "note").read_text() == "all of it"


def test_library_that_keeps_its_streams(libraries: Path, kernel: Callable[[Sequence[str]], str]) -> None:
    name = kernel(["keeper"])
    said, logged = run(name, "import keeper; keeper.say('aloud')", "keeper.log.warning('beware')").cells
    assert [(output.name, output.text) for output in said.outputs + logged.outputs] == [
        ("stdout", "aloud\n"),
        ("stderr", "beware\n"),
    ]
    draws = [
        texts(name, "import keeper; print(keeper.drawn.random(), keeper.state.rand(), keeper.fixed.rand())")[0]
        for _ in "ab"
    ]
    (drawn, state, fixed), others = draws[0].split(), draws[1].split()
    assert drawn != others[0]
    assert state != others[1]
    assert fixed == others[2] == "0.5488135039273248"


def test_torch_and_joblib(heavy: str) -> None:
    step = (
        "import torch, joblib, math, os\n"
        "model = torch.nn.Linear(300, 300); optimiser = torch.optim.SGD(model.parameters(), 0.1)\n"
        "before = model.weight.clone(); model(torch.ones(300, 300)).square().mean().backward(); optimiser.step()\n"
        "print(bool((model.weight != before).any()))"
    )
    pool = "print(joblib.Parallel(2)(joblib.delayed(math.sqrt)(i) for i in (4, 9)), joblib.Parallel(2)(joblib.delayed(os.getpid)() for _ in range(2))[0] != os.getpid())"
    trained, pooled, seed = texts(heavy, step, pool, "print(torch.initial_seed())")
    assert trained == "True"
    assert pooled == "[2.0, 3.0] True"
    # Like a fresh process, torch of this version is seeded by the system.
    assert texts(heavy, "import torch; print(torch.initial_seed())") != [seed]
