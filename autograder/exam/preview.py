"""A question in the browser while it is being written: both languages, with answers, anew whenever a file changes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from html import escape
from pathlib import Path

from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler, StaticFileHandler

from autograder.course import Course
from autograder.errors import CourseError
from autograder.exam import practice
from autograder.exam.bank import Bank
from autograder.exam.item import LANGUAGES
from autograder.exam.render import html

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{name}</title>
<link rel="stylesheet" href="/static/slides.css"><link rel="stylesheet" href="/static/practice.css">
<style>body {{ max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font-family: var(--pst-font-family-base);
color: var(--pst-color-text-base); line-height: 1.5; }} pre {{ white-space: pre-wrap; }}</style></head>
<body><main>{body}</main>
<script src="/static/practice.js"></script>
<script>
setInterval(async () => {{
  const stamp = await (await fetch("/stamp")).text();
  if (stamp !== "{stamp}") location.reload();
}}, 700);
</script></body></html>"""


def page(bank: Bank, name: str, seed: int, stamp: str = "") -> str:
    """Return the preview of a question as a page; what is wrong with its file, if something is.

    Parameters
    ----------
    bank : Bank
        Where it is.
    name : str
        Its id.
    seed : int
        What the numbers of the answers below the question are drawn with.
    stamp : str
        What tells the page that its source is unchanged.
    """
    try:
        question = bank[name]
        body = practice.section(question)
        for language in LANGUAGES:
            item = question.item(seed, language)
            body += f"<h2>{escape(item.title)} ({language}, seed {seed})</h2>{html(item.stem)}{practice.solution(item)}"
    except CourseError as error:
        body = f"<h1>{escape(name)}</h1><pre>{escape(str(error))}</pre>"
    return _PAGE.format(name=escape(name), body=body, stamp=stamp)


def serve(course: Course, name: str, seed: int, host: str, port: int, say: Callable[[str], None]) -> None:
    """Serve the preview until interrupted.

    Raises
    ------
    CourseError
        If there is no such question, or the address can't be listened on.
    """
    bank = Bank.full(course)
    files = [path for path in bank.files() if path.stem == name]
    if not files:
        bank[name]  # says which are near
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(course, bank, files[0], seed, host, port, say))


async def _serve(
    course: Course, bank: Bank, file: Path, seed: int, host: str, port: int, say: Callable[[str], None]
) -> None:
    def stamp() -> str:
        watched = [file, file.with_suffix(".py")]
        return "-".join(str(path.stat().st_mtime_ns) for path in watched if path.exists())

    class Question(RequestHandler):
        def get(self) -> None:
            self.write(page(bank, file.stem, seed, stamp()))

    class Stamp(RequestHandler):
        def get(self) -> None:
            self.write(stamp())

    static = {"path": str(course.root / "book" / "_static")}
    server = HTTPServer(Application([("/", Question), ("/stamp", Stamp), (r"/static/(.*)", StaticFileHandler, static)]))
    try:
        server.listen(port, host)
    except OSError as error:
        raise CourseError(f"Can't serve on {host}, port {port}: {error.strerror}. Try another --port.") from error
    say(f"{file.stem} at http://{host}:{port}/ until Ctrl-C")
    await asyncio.Event().wait()
