"""The site on this machine while it is being written: built again, and reloaded, whenever a source changes."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.web import Application, StaticFileHandler
from tornado.websocket import WebSocketHandler

from autograder import site
from autograder.course import Course
from autograder.errors import CourseError

_PAUSE = 0.5
_RELOAD = "/-/reload"
#: Reloads when told to, and when the server is back after it was gone.
_SCRIPT = f"""<script>
(function listen(again) {{
  const socket = new WebSocket(location.origin.replace("http", "ws") + "{_RELOAD}");
  socket.onopen = () => again && location.reload();
  socket.onmessage = () => location.reload();
  socket.onclose = () => setTimeout(listen, 1000, true);
}})(false);
</script>
</body>""".encode()


class Page(StaticFileHandler):
    """A file of the site; a page gets the script that reloads it."""

    @classmethod
    def get_content(
        cls, abspath: str, start: int | None = None, end: int | None = None
    ) -> Generator[bytes, None, None]:
        """Give the bytes of a file, or a part of them."""
        yield _content(abspath)[start:end]

    def get_content_size(self) -> int:
        """Return how many bytes there are, the script included."""
        return len(_content(str(self.absolute_path)))

    def set_extra_headers(self, path: str) -> None:
        """Let the browser ask each time."""
        self.set_header("Cache-Control", "no-cache")


class Reload(WebSocketHandler):
    """The line on which open pages are told to reload."""

    def initialize(self, pages: set[Reload]) -> None:
        """Remember where the open pages are kept."""
        self.pages = pages

    def open(self, *_: str, **__: str) -> None:
        """Add a page."""
        self.pages.add(self)

    def on_close(self) -> None:
        """Take a page away."""
        self.pages.discard(self)


def serve(course: Course, host: str, port: int, say: Callable[[str], None]) -> None:
    """Build the site, serve it, and build it again whenever a source changes, until interrupted.

    Parameters
    ----------
    course : Course
        The checkout.
    host : str
        The address to listen on.
    port : int
        The port, 1 to 65535.
    say : callable
        Called with each sentence for the terminal.

    Raises
    ------
    CourseError
        If the address can't be listened on.
    """
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(course, host, port, say))


async def _serve(course: Course, host: str, port: int, say: Callable[[str], None]) -> None:
    pages: set[Reload] = set()
    # The copy of the last good build: what a build under way has half written is not for readers
    folder = site.kept(course) / "html"
    files: dict[str, Any] = {"path": str(folder), "default_filename": "index.html"}
    routes: list[Any] = [(_RELOAD, Reload, {"pages": pages}), (r"/(.*)", Page, files)]
    # Without hashes kept from before, or the browser would be told that a page has not changed
    server = HTTPServer(Application(routes, static_hash_cache=False))
    try:
        server.listen(port, host)
    except OSError as error:
        raise CourseError(f"Can't serve on {host}, port {port}: {error.strerror}. Try another --port.") from error
    seen = None
    while True:
        now = await asyncio.to_thread(_times, course)
        if now == seen:
            await asyncio.sleep(_PAUSE)
            continue
        first, seen = seen is None, now  # from before the build, so that what changes during it is built next
        if await _build(course):
            for page in list(pages):
                page.write_message("reload")
        else:
            say("The last good site stays. Waiting for the next change.")
        if first:
            say(f"Serving http://{host}:{port}/ until Ctrl-C")


async def _build(course: Course) -> bool:
    """Build in a process of its own, which uses the machinery as it is now, and say whether all went well."""
    environment = {**os.environ, "COURSE_ROOT": str(course.root)}
    child = await asyncio.create_subprocess_exec(sys.executable, "-m", "autograder.cli", "build", env=environment)
    try:
        return await child.wait() == 0
    finally:
        if child.returncode is None:
            child.terminate()
            await child.wait()


def _times(course: Course) -> dict[Path, int]:
    times = {}
    for path in site.files(course):
        with contextlib.suppress(FileNotFoundError):  # deleted a moment ago
            times[path] = path.stat().st_mtime_ns
    return times


def _content(path: str) -> bytes:
    content = Path(path).read_bytes()
    return content.replace(b"</body>", _SCRIPT) if path.endswith(".html") else content
