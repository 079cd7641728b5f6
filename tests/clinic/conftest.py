"""Public data, where they lie beside the checkout."""

import os
from pathlib import Path

import pytest


@pytest.fixture
def public_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of public data as a mirror, with an empty cache."""
    named = os.environ.get("COURSE_TEST_DATA")
    if not named:
        pytest.skip("COURSE_TEST_DATA names no folder with the public data (.ci/run sets it)")
    monkeypatch.setenv("COURSE_DATA_MIRROR", named)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Path(named)
