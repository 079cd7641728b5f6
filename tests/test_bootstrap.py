"""Setting up: a sentence where it can't go on, nothing to do where it is done."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

import bootstrap

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout in which nothing is set up."""
    for name in ("requirements.txt", "pyproject.toml"):
        shutil.copy(bootstrap.ROOT / name, tmp_path)
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / ".venv" / "set-up")
    monkeypatch.setattr(bootstrap, "make_environment", lambda: (tmp_path / ".venv").mkdir(exist_ok=True))
    return tmp_path


def pip_says(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    done = subprocess.CompletedProcess([], 1, stdout=words.encode())
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_, **__: done)


def test_an_old_python_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 4))
    assert bootstrap.main([]) == 1
    assert "Python 3.11 or newer is needed" in capsys.readouterr().err


def test_a_full_disk_is_seen_before_anything_is_fetched(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10, 9, 0.5e9))
    assert bootstrap.main([]) == 1
    assert "0.5 GB are free here, about 4 GB are needed" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("pip", "said"),
    [
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("WARNING: Retrying ... NewConnectionError: refused", "registry can't be reached"),
        ("ERROR: No matching distribution found for moon==1", "No matching distribution found for moon==1"),
    ],
)
def test_what_pip_runs_into_is_said_in_a_sentence(
    empty: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], pip: str, said: str
) -> None:
    pip_says(monkeypatch, pip)
    assert bootstrap.main([]) == 1
    assert said in capsys.readouterr().err
    assert not bootstrap.STAMP.exists()


def test_what_is_set_up_is_not_set_up_again(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(bootstrap, "install", calls.append)
    assert bootstrap.main([]) == 0
    assert bootstrap.main([]) == 0
    assert len(calls) == 2
    (empty / "requirements.txt").write_text("moon==1\n", encoding="utf-8")
    assert bootstrap.main([]) == 0
    assert len(calls) == 4
