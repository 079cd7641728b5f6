"""The Sphinx extension of the site, and the building of it.

Loaded by ``_config.yml``, so that ``jupyter-book build .`` typed by hand gives the same site as ``course build``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import io
import json
import os
import platform
import re
import shutil
import sysconfig
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from docutils import nodes
from filelock import FileLock
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from autograder.course import Course
from autograder.errors import CourseError, nearest
from autograder.objectives import served

_log = logging.getLogger(__name__)
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


#: What Jupyter Book makes and builds on the next time, as folders of ``_build``.
_MADE = ("html", ".doctrees", "jupyter_execute")
_NO_SOURCES = ("_build", "grading", "tests")


def build(course: Course) -> Path:
    """Render the site and return its first page.

    Parameters
    ----------
    course : Course
        The checkout; its notebooks have been run.

    Raises
    ------
    CourseError
        If an objective is served by no page, or Jupyter Book fails or warns; the message says what it said.
    """
    course.build.mkdir(exist_ok=True)
    with FileLock(course.build / "building.lock"):
        served(course)
        began, sources = time.time(), _hashes(course)
        _prepare(course, sources)
        _jupyter_book(course)
        _keep(course, _Stamp(began, sources, _made(course.build)))
    return _index(course)


def current(course: Course) -> Path | None:
    """Return the first page of the site if nothing has changed since it was rendered; quick, without Sphinx.

    Parameters
    ----------
    course : Course
        The checkout.
    """
    stamp = _stamp(course)
    good = stamp and stamp.made == _made(course.build) and stamp.sources == _hashes(course)
    return _index(course) if good else None


def kept(course: Course) -> Path:
    """Return the folder of the last good build, which a build that is under way or has failed does not touch."""
    return course.build / "kept"


def files(course: Course) -> Iterator[Path]:
    """Find every file of the checkout that the site may be made from, and some more."""
    for folder, folders, names in os.walk(course.root):
        here = Path(folder)
        skipped = {"__pycache__", *(_NO_SOURCES if here == course.root else ())}
        folders[:] = [
            name
            for name in sorted(folders)
            if not name.startswith(".") and name not in skipped and not (here / name / "pyvenv.cfg").exists()
        ]
        yield from (here / name for name in sorted(names) if not name.startswith("."))


@dataclass(frozen=True)
class _Stamp:
    """When a good build began, the hash of all it was made from, and the size and time of all that it made."""

    began: float
    sources: dict[str, str]
    made: dict[str, list[int]]


def _index(course: Course) -> Path:
    return course.build / "html" / "index.html"


def _stamp(course: Course) -> _Stamp | None:
    try:
        return _Stamp(**json.loads((kept(course) / "stamp.json").read_text("utf-8")))
    except FileNotFoundError:
        return None


def _hashes(course: Course) -> dict[str, str]:
    """Return hashes of the sources, of the machinery, and of what decides on which device a notebook runs."""
    found = {course.relative(path): path for path in files(course)}
    for package in ("autograder", "clinic"):
        spec = importlib.util.find_spec(package)
        for folder in (spec and spec.submodule_search_locations) or []:
            found |= {str(path): path for path in Path(folder).rglob("*") if path.suffix in (".py", ".html", ".yml")}
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in found.items()}
    driver = Path("/proc/driver/nvidia/version")
    hashes["the machine"] = " ".join(
        (
            platform.python_version(),
            str(Path(sysconfig.get_path("purelib")).stat().st_mtime_ns),
            driver.read_text("utf-8") if driver.exists() else "",
            shutil.which("nvidia-smi") or "",
            os.environ.get("CUDA_VISIBLE_DEVICES", "any"),
        )
    )
    return hashes


def _made(place: Path) -> dict[str, list[int]]:
    return {f"{name}/{path}": state for name in _MADE for path, state in _states(place / name).items()}


def _states(folder: Path) -> dict[str, list[int]]:
    paths = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*") if path.is_file()}
    return {name: [state.st_size, state.st_mtime_ns] for name, state in sorted(paths.items())}


def _prepare(course: Course, sources: dict[str, str]) -> None:
    """Make ready what Sphinx builds on: the last good build, or nothing if Sphinx would not see what has changed.

    What a failed or interrupted build, or somebody's hand, has left is never built on: Sphinx would neither repeat
    its warnings nor write pages again that it thinks it has written.
    """
    stamp = _stamp(course)
    if stamp and all(_seen(course, name, stamp.began) for name in _differing(stamp.sources, sources)):
        for name in _MADE:
            _mirror(kept(course) / name, course.build / name)
        return
    for name in (*_MADE, "release"):
        shutil.rmtree(course.build / name, ignore_errors=True)


def _differing(before: dict[str, str], now: dict[str, str]) -> list[str]:
    return [name for name in {**before, **now} if before.get(name) != now.get(name)]


def _seen(course: Course, name: str, began: float) -> bool:
    """Say whether Sphinx sees by itself that this file has changed, and what depends on it."""
    path = course.root / name
    page = path.suffix in (".md", ".bib", ".svg", ".png", ".jpg") and "/_" not in name
    listed = path in (course.root / "book" / "objectives.yml", *course.cards.values())
    notebook = any(path in sources for sources in course.labs.values())
    # Sphinx goes by times: a file put in place with its old time (cp -p, rsync) does not look changed
    return (page or listed or notebook) and (not path.exists() or path.stat().st_mtime > began)


def _jupyter_book(course: Course) -> None:
    """Do what ``jupyter-book build .`` does, in this process, which has half of the libraries already."""
    from jupyter_book.cli.main import main

    said = io.StringIO()
    failed = False
    with redirect_stdout(said), redirect_stderr(said):
        try:
            main(["build", str(course.root), "-W", "--keep-going", "-q"], standalone_mode=False)
        except SystemExit as end:
            if isinstance(end.code, KeyboardInterrupt):
                raise end.code from None
            failed = bool(end.code)
        except RuntimeError as error:
            said.write(str(error))
            failed = True
    if failed or not _index(course).is_file():
        lines = _COLOUR.sub("", said.getvalue()).splitlines()
        text = "\n".join(line for line in lines if line.strip())
        raise CourseError(f"The site could not be rendered. Jupyter Book says:\n{text}")


def _keep(course: Course, stamp: _Stamp) -> None:
    """Keep a good build; the stamp is there only while all of it is."""
    place = kept(course)
    place.mkdir(exist_ok=True)
    (place / "stamp.json").unlink(missing_ok=True)
    for name in _MADE:
        _mirror(course.build / name, place / name)
    new = place / ".new"
    new.write_text(json.dumps(asdict(stamp)), "utf-8")
    new.replace(place / "stamp.json")


def _mirror(source: Path, target: Path) -> None:
    """Make a folder equal to another, times included, file by file."""
    wanted, there = _states(source), _states(target)
    for name in there.keys() - wanted.keys():
        (target / name).unlink()
    for name in (name for name, state in wanted.items() if there.get(name) != state):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f".new-{path.name}")
        shutil.copy2(source / name, new)
        new.replace(path)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register everything with Sphinx."""
    app.connect("config-inited", _announce)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-updated", _rewrite)
    app.connect("html-page-context", _mend, priority=900)
    app.add_directive("objectives", Objectives)
    app.add_directive("objectives-table", ObjectivesTable)
    app.add_directive("data-card", DataCard)
    # MathML is what browsers draw themselves: no script, no fonts to load, and screen readers can read it
    app.add_html_math_renderer("mathml", (_visit_math, None), (_visit_math_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


class Objectives(SphinxDirective):
    """``{objectives} ID ID …``: the learning objectives of a page."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        """Return a titled list, or complain of an unknown id."""
        known = _objectives(self.env)
        wanted = self.arguments[0].split()
        for key in wanted:
            if key not in known:
                raise self.error(f"There is no objective '{key}' in book/objectives.yml.{nearest(key, known)}")
        items = [nodes.list_item("", nodes.paragraph("", known[key])) for key in wanted]
        lead = nodes.paragraph("", "After this page you can:")
        return [nodes.container("", lead, nodes.bullet_list("", *items), classes=["objectives"])]


class ObjectivesTable(SphinxDirective):
    """``{objectives-table}``: every objective of the course, and the pages that serve it."""

    def run(self) -> list[nodes.Node]:
        """Return a list of the objectives, each with links to its pages."""
        self.env.note_reread()  # any page may begin or cease to serve an objective
        texts = _objectives(self.env)
        try:
            pages_by_objective = served(Course(Path(self.env.srcdir)))
        except CourseError as error:
            raise self.error(str(error)) from error
        items = []
        for key, pages in pages_by_objective.items():
            paragraph = nodes.paragraph("", f"{texts[key]} ")
            for place, name in enumerate(pages):
                paragraph += nodes.Text(", " if place else "(")
                link = {"refdomain": "std", "reftype": "doc", "refexplicit": False, "refwarn": True}
                paragraph += pending_xref("", nodes.inline("", ""), reftarget=f"/{name}", **link)
            paragraph += nodes.Text(")")
            items.append(nodes.list_item("", paragraph))
        return [nodes.bullet_list("", *items)]


def _objectives(env: BuildEnvironment) -> dict[str, str]:
    course = Course(Path(env.srcdir))
    env.note_dependency(str(course.root / "book" / "objectives.yml"))
    return course.objectives


class DataCard(SphinxDirective):
    """``{data-card} NAME``: what is known of a data set."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the card as a definition list."""
        import clinic  # takes two seconds

        self.env.note_dependency(str(Course.find().cards.get(self.arguments[0], "")))
        try:
            card = clinic.load_card(self.arguments[0])
        except ValueError as error:
            raise self.error(str(error)) from error
        items = []
        for field in fields(card):
            definition = nodes.definition("", *_card_value(getattr(card, field.name)))
            items.append(nodes.definition_list_item("", nodes.term("", field.name.capitalize()), definition))
        return [nodes.container("", nodes.definition_list("", *items), classes=["data-card"])]


def _card_value(said: str | tuple[str, ...] | None) -> list[nodes.Node]:
    if isinstance(said, tuple):
        return [nodes.bullet_list("", *(nodes.list_item("", *_card_value(one)) for one in said))]
    pieces = re.split(r"(https://[^\s,;]+)", said or "no: real measurements")
    linked = [nodes.reference("", one, refuri=one) if one.startswith("https://") else nodes.Text(one) for one in pieces]
    return [nodes.paragraph("", "", *linked)]


def _visit_math(translator: HTML5Translator, node: nodes.math) -> None:
    translator.body.append(_mathml(node, "inline"))
    raise nodes.SkipNode


def _visit_math_block(translator: HTML5Translator, node: nodes.math_block) -> None:
    # A formula may be wider than a phone; a region that scrolls must be reachable by keyboard
    translator.body.append(f'<div class="math-block" tabindex="0">{_mathml(node, "block")}</div>')
    raise nodes.SkipNode


def _mathml(node: nodes.Element, display: str) -> str:
    import latex2mathml.converter

    try:
        return str(latex2mathml.converter.convert(node.astext(), display=display))
    except Exception as error:  # noqa: BLE001  # the library raises a dozen kinds for what it can't read
        _log.warning("can't read the formula %r: %s", node.astext(), error, location=node)
        return ""


def _announce(app: Sphinx, config: Config) -> None:
    """Tell the readers of notebooks where the course is, and MyST-NB which lectures run."""
    os.environ["COURSE_ROOT"] = str(app.srcdir)
    course = Course(Path(app.srcdir))
    config.nb_custom_formats.update({course.relative(path): "autograder.page.read" for path in course.lectures})


def _outdated(app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]) -> list[str]:
    """Name the lab pages whose run is no longer the one they were made from."""
    from autograder import page  # brings nbgrader

    course = Course(Path(app.srcdir))
    keys = {course.relative(source.with_suffix("")): page.key(course, source) for source in course.notebooks()}
    known: dict[str, str] = getattr(env, "course_keys", {})
    env.course_keys = keys  # type: ignore[attr-defined]
    return [name for name, key in keys.items() if name in env.found_docs and known.get(name) != key]


def _mend(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: nodes.Node) -> None:
    """Take out what Jupyter Book puts into a page and a reader should not get.

    That is roles in the bibliography that accessibility rules no longer allow, and the loader of Thebe, which would
    run code on a public server.
    """
    for role in (' role="doc-biblioentry"', ' role="list" class="citation-list"'):
        context["body"] = context.get("body", "").replace(role, "")
    scripts = context.get("script_files", [])
    context["script_files"] = [script for script in scripts if "thebe" not in f"{script} {vars(script)}".lower()]


def _rewrite(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Name every page when something has changed that any page may show.

    Sphinx writes only the pages that it has read again. But citations are made from the bibliography, the list of
    pages beside each page and the links between pages from titles, and the references from what is cited.
    """
    book = Course(Path(app.srcdir)).root / "book"
    shown = {
        "bibliography": [(book / name).read_text("utf-8") for name in ("references.bib", "references.md")],
        "titles": {name: title.astext() for name, title in env.titles.items()},
        "labels": env.domaindata["std"]["labels"],
        "headings": {name: metadata.get("myst_slugs") for name, metadata in env.metadata.items()},
        "cited": sorted({key for reference in env.domaindata["cite"]["citation_refs"] for key in reference.keys}),
    }
    digest = hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()
    known = getattr(env, "course_shown", digest)
    env.course_shown = digest  # type: ignore[attr-defined]
    return [] if known == digest else sorted(env.found_docs)
