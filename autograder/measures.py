"""How what a run used is written in its reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.run import Run


def measures(run: Run) -> tuple[str, str, str, str, str]:
    """Return wall time (s), CPU time (s), peak memory, peak GPU memory and energy of a run, as text."""
    gpu = f"{run.peak_gpu_memory / 1e9:.1f} GB" if run.peak_gpu_memory else "–"
    return (
        f"{run.seconds:.1f}",
        f"{run.cpu_seconds:.1f}",
        f"{run.peak_memory / 1e9:.1f} GB",
        gpu,
        f"{run.watt_hours:.2f} Wh",
    )
