"""The site while it is being written, as a browser sees it."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tornado.websocket import websocket_connect

from tests.conftest import BIN, Command
from tests.test_book import copy

__all__ = ["copy"]
PATIENCE = 600


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Served:
    """``course serve`` running, and what it has said."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self.log = folder.parent / "log.txt"
        command = [BIN / "course", "serve", "--port", str(self.port)]
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)

    def get(self, path: str, etag: str = "") -> tuple[str, str]:
        """Return a page and its tag; an empty page if it has not changed since the tag."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"If-None-Match": etag})
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                text: str = answer.read().decode()
                return text, answer.headers["Etag"]
        except urllib.error.HTTPError as error:
            if error.code != 304:
                raise
            return "", etag

    def wait_for(self, words: str) -> None:
        for _ in range(PATIENCE * 10):
            if words in self.log.read_text("utf-8"):
                return
            time.sleep(0.1)
        raise AssertionError(f"'{words}' did not come:\n{self.log.read_text('utf-8')}")

    async def reload_after(self, path: Path, text: str) -> str | bytes | None:
        """Write a file and return the next message to open pages."""
        line = await websocket_connect(f"ws://127.0.0.1:{self.port}/-/reload")
        path.write_text(text, "utf-8")
        return await asyncio.wait_for(line.read_message(), PATIENCE)


@pytest.fixture
def served(site: Path, copy: Path) -> Iterator[tuple[Served, Path]]:
    shutil.copytree(site.parent / "runs", copy / "_build" / "runs")
    server = Served(copy)
    yield server, copy
    server.process.kill()
    server.process.wait()


@pytest.mark.slow
def test_a_page_that_is_edited_reloads_and_one_that_is_broken_does_no_harm(served: tuple[Served, Path]) -> None:
    server, folder = served
    server.wait_for("Serving http://127.0.0.1:")
    path = folder / "book" / "about.md"
    good = path.read_text("utf-8")
    text, tag = server.get("/book/about.html")
    assert re.search(r'new WebSocket\(location\.origin.*"/-/reload"', text)
    assert server.get("/book/about.html", tag)[0] == ""

    assert asyncio.run(server.reload_after(path, good + "\nOne more remark.\n")) == "reload"
    assert "One more remark." in server.get("/book/about.html", tag)[0]

    path.write_text(good + "\nA broken remark, {doc}`nowhere`.\n", "utf-8")
    server.wait_for("The last good site stays.")
    assert "book/about.md:" in server.log.read_text("utf-8")
    text, _ = server.get("/book/about.html")
    assert "One more remark." in text
    assert "A broken remark" not in text

    assert asyncio.run(server.reload_after(path, good + "\nA mended remark.\n")) == "reload"
    assert "A mended remark." in server.get("/book/about.html")[0]

    server.process.send_signal(signal.SIGINT)
    assert server.process.wait(20) == 0
    assert "Traceback" not in server.log.read_text("utf-8")


def test_a_port_in_use_is_said_in_a_sentence(command: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = command("course", "serve", "--port", str(taken.getsockname()[1]), code=1).stderr
    assert re.search(r"Can't serve on 127\.0\.0\.1, port \d+: .*in use.*Try another --port\.", said.replace("\n", " "))
    assert "Traceback" not in said
