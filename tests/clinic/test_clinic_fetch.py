"""Downloads: checked, kept, and never used by halves."""

import errno
import hashlib
import http.server
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import clinic
import pytest
from clinic import fetch as module
from clinic.card import File

CONTENT = b"age,ill\n61,1\n"
HASH = f"sha256:{hashlib.sha256(CONTENT).hexdigest()}"


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSE_DATA_MIRROR", raising=False)
    return tmp_path / "cache" / "elmed219"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A web server with one file of a data set."""
    (tmp_path / "web" / "ward").mkdir(parents=True)
    (tmp_path / "web" / "ward" / "ward.csv").write_bytes(CONTENT)
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path / "web"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()


def listed(monkeypatch: pytest.MonkeyPatch, url: str | None, known: str = HASH) -> None:
    """Let every data set have one file, ``ward/ward.csv``."""
    card = clinic.load_card("breast-cancer")
    file = File("ward/ward.csv", known, url)
    monkeypatch.setattr(module, "load_card", lambda _: type(card)(**{**vars(card), "files": (file,)}))


def left(cache: Path) -> list[Path]:
    return [path for path in cache.rglob("*") if path.is_file()]


def test_from_its_address_and_then_from_the_cache(
    server: str, tmp_path: Path, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(monkeypatch, f"{server}/ward/ward.csv")
    (path,) = clinic.download("ward")
    assert path == empty_cache / "ward" / "ward.csv"
    assert path.read_bytes() == CONTENT
    shutil.rmtree(tmp_path / "web")
    assert clinic.download("ward") == [path]


def test_a_damaged_file_in_the_cache_is_fetched_again(
    server: str, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(monkeypatch, f"{server}/ward/ward.csv")
    (empty_cache / "ward").mkdir(parents=True)
    (empty_cache / "ward" / "ward.csv").write_bytes(CONTENT[:5])
    assert clinic.download("ward")[0].read_bytes() == CONTENT


def test_a_mirror_by_address(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, "http://nowhere.invalid/ward.csv")
    monkeypatch.setenv("COURSE_DATA_MIRROR", f"{server}/")
    assert clinic.download("ward")[0].read_bytes() == CONTENT


def test_a_mirror_by_folder(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, None)
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(tmp_path / "web"))
    assert clinic.download("ward")[0].read_bytes() == CONTENT


def test_another_hash_is_not_used(server: str, empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, f"{server}/ward/ward.csv", known="sha256:" + "0" * 64)
    with pytest.raises(clinic.DataError, match="is not the file that its data card describes"):
        clinic.download("ward")
    assert left(empty_cache) == []


def test_another_hash_in_the_mirror_is_not_used(
    tmp_path: Path, server: str, empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed(monkeypatch, None, known="sha256:" + "0" * 64)
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(tmp_path / "web"))
    with pytest.raises(clinic.DataError, match="is not the file that its data card describes"):
        clinic.download("ward")
    assert left(empty_cache) == []


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, "http://127.0.0.1:9/ward.csv")
    with pytest.raises(clinic.DataError, match=r"can't be downloaded from 127.0.0.1 .*COURSE_DATA_MIRROR"):
        clinic.download("ward")


def test_a_file_that_the_mirror_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, None)
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(tmp_path))
    with pytest.raises(clinic.DataError, match=r"The mirror has no .*ward.csv"):
        clinic.download("ward")


def test_a_file_without_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, None)
    with pytest.raises(clinic.DataError, match="has no address to download it from"):
        clinic.download("ward")


def test_full_disk(tmp_path: Path, server: str, empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed(monkeypatch, f"{server}/ward/ward.csv")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pooch.core.stream_download", full)
    with pytest.raises(clinic.DataError, match="The disk is full"):
        clinic.download("ward")
    monkeypatch.setenv("COURSE_DATA_MIRROR", str(tmp_path / "web"))
    monkeypatch.setattr(module.shutil, "copyfile", full)
    with pytest.raises(clinic.DataError, match="The disk is full"):
        clinic.download("ward")
    assert left(empty_cache) == []
