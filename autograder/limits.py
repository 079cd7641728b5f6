"""What a submission may use while it is graded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from autograder.errors import nearest

#: What stands where output was cut.
CUT = "[cut: more output than a cell may have]"


@dataclass(frozen=True)
class Limits:
    """What one notebook of a submission may use. A lab's header may set others.

    Parameters
    ----------
    cell_seconds : float
        Wall time of a cell, and of one call that a test makes into the student's code.
    tests_seconds : float
        Wall time of one cell of tests.
    seconds : float
        Wall time of the whole notebook.
    cpu_seconds : int
        CPU time of each process.
    memory_gb : float
        Memory of all its processes, in units of 10⁹ bytes.
    processes, open_files : int
        Processes and threads at one time, and open files of each process.
    file_mb : int
        Size of one file, in units of 10⁶ bytes.
    output : int
        Characters that a cell may print.
    """

    cell_seconds: float = 60
    tests_seconds: float = 300
    seconds: float = 900
    cpu_seconds: int = 600
    memory_gb: float = 4
    processes: int = 64
    open_files: int = 256
    file_mb: int = 100
    output: int = 200_000

    @classmethod
    def of(cls, said: object) -> Limits:
        """Read limits as a lab's header gives them: a table of names and positive numbers.

        Raises
        ------
        ValueError
            If it is not that; the message says what is wrong.
        """
        known = {field.name: type(field.default) for field in fields(cls)}
        if not isinstance(said, Mapping):
            raise ValueError(  # noqa: TRY004  # one kind for all that a header can have wrong
                f"limits: expected names and numbers, such as cell_seconds: 120, got {said!r}."
            )
        read: dict[str, Any] = {}
        for name, value in said.items():
            if name not in known:
                raise ValueError(f"limits: there is no '{name}'.{nearest(str(name), known)} Known: {', '.join(known)}.")
            if isinstance(value, bool) or not isinstance(value, int | float) or not value > 0:
                raise ValueError(f"limits: '{name}' is a number above 0, not {value!r}.")
            read[name] = (
                int(value) if name in ("cpu_seconds", "processes", "open_files", "file_mb", "output") else value
            )
        return cls(**read)
