"""Where executed notebooks are kept: a folder a key, written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock

NOTEBOOK, RECORD, STDERR = "notebook.ipynb", "run.json", "stderr.txt"
LIMIT = 2_000_000_000


@dataclass(frozen=True)
class Store:
    """The kept runs of a course. Safe under several processes at once, and under a kill at any moment.

    Parameters
    ----------
    folder : Path
        Its folder; made when something is kept.
    """

    folder: Path

    def record(self, key: str) -> dict[str, Any] | None:
        """Return what is known of the run kept under a key, and count it as used now; None if there is none."""
        path = self.folder / key / RECORD
        try:
            said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        with contextlib.suppress(FileNotFoundError):
            os.utime(path)
        return said

    def records(self) -> list[dict[str, Any]]:
        """Return what is known of every kept run, oldest first."""
        return [json.loads(path.read_text(encoding="utf-8")) for path in self._by_use()]

    def notebook(self, key: str) -> Path:
        """Return the path of an executed notebook."""
        return self.folder / key / NOTEBOOK

    def keep(self, key: str, notebook: str, record: dict[str, Any], stderr: str) -> Path:
        """Keep a run in one step; what was kept under the key is replaced."""
        self.folder.mkdir(parents=True, exist_ok=True)
        new = Path(tempfile.mkdtemp(prefix=".new-", dir=self.folder))
        (new / NOTEBOOK).write_text(notebook, encoding="utf-8")
        (new / STDERR).write_text(stderr, encoding="utf-8")
        (new / RECORD).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        place = self.folder / key
        if place.exists():
            place.rename(new.with_name(f"{new.name}-old"))
        new.rename(place)
        self._sweep(older_than=3600)
        return place

    def claim(self, key: str) -> FileLock:
        """Return the lock of a key: who holds it runs the notebook; a process that dies lets go of it."""
        locks = self.folder / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        return FileLock(locks / key)

    def clean(self, limit: float = LIMIT) -> int:
        """Delete what was not used for longest until the rest is within a number of bytes.

        Returns
        -------
        int
            How many runs were deleted.
        """
        self._sweep(older_than=3600)
        folders = [path.parent for path in self._by_use()]
        sizes = [sum(file.stat().st_size for file in folder.iterdir()) for folder in folders]
        deleted = 0
        while folders and sum(sizes[deleted:]) > limit:
            shutil.rmtree(folders[deleted], ignore_errors=True)
            deleted += 1
            if deleted == len(folders):
                break
        return deleted

    def _by_use(self) -> list[Path]:
        return sorted(self.folder.glob(f"[!.]*/{RECORD}"), key=lambda path: path.stat().st_mtime)

    def _sweep(self, older_than: float) -> None:
        """Delete what a killed process left half made."""
        for path in self.folder.glob(".new-*"):
            with contextlib.suppress(FileNotFoundError):
                if path.name.endswith("-old") or time.time() - path.stat().st_mtime > older_than:
                    shutil.rmtree(path, ignore_errors=True)
