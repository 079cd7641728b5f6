"""How long papermill takes for a notebook of ten trivial cells, with a warm kernel and with an ordinary one.

Run as ``python -m tests.benchmarks.warm_kernel``. The two take turns, so that what else the machine does falls on both.
The first warm run starts the parent and is reported apart.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

import nbformat
import papermill
from jupyter_client.provisioning import KernelProvisionerFactory

from autograder.kernels.provisioner import warm_kernel_spec

MODULES = ("torch", "monai", "sklearn", "transformers")
ROUNDS = 5
BAR = 15


def seconds(notebook: Path, kernel: str) -> float:
    """Wall time of one execution by papermill."""
    began = time.perf_counter()
    papermill.execute_notebook(notebook, notebook.with_suffix(".out.ipynb"), kernel_name=kernel, progress_bar=False)
    return time.perf_counter() - began


def main() -> int:
    """Print the times, their medians and the ratio; the exit status says whether the bar is passed."""
    group = KernelProvisionerFactory.GROUP_NAME
    if not entry_points(group=group, name="warm"):  # a checkout that is not installed
        entry = EntryPoint("warm", "autograder.kernels.provisioner:WarmProvisioner", group)
        KernelProvisionerFactory.provisioners["warm"] = entry
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JUPYTER_PATH"] = folder
        warm = warm_kernel_spec(folder, MODULES)
        notebook = Path(folder) / "ten.ipynb"
        sources = ["import " + ", ".join(MODULES), *(f"print({number})" for number in range(9))]
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), notebook)
        print(f"first warm run, with the start of the parent: {seconds(notebook, warm):.2f} s")
        times: dict[str, list[float]] = {warm: [], "python3": []}
        for _ in range(ROUNDS):
            for kernel, taken in times.items():
                taken.append(seconds(notebook, kernel))
    for kernel, taken in times.items():
        shown = " ".join(f"{time:.2f}" for time in taken)
        print(f"{kernel:13} {shown}  median {statistics.median(taken):.2f} s")
    ratio = statistics.median(times["python3"]) / statistics.median(times[warm])
    print(f"ratio {ratio:.1f} (bar: {BAR})")
    return int(ratio < BAR)


if __name__ == "__main__":
    sys.exit(main())
