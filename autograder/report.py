"""The report of a run: a page for people, JUnit XML for machines."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

from jinja2 import Environment

from autograder.course import Course
from autograder.measures import measures
from autograder.run import Run
from autograder.watch import WATTS_PER_CORE

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOT_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(course: Course, runs: list[Run]) -> Path:
    """Write ``index.html`` and ``junit.xml`` under ``_build/report/``.

    Parameters
    ----------
    course : Course
        The checkout.
    runs : list of Run
        What ran, and what was served from the store.

    Returns
    -------
    Path
        The page.
    """
    folder = course.build / "report"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "junit.xml").write_bytes(junit(runs))
    page = folder / "index.html"
    page.write_text(html(runs), encoding="utf-8")
    return page


def html(runs: list[Run]) -> str:
    """Return the page."""
    template = files("autograder").joinpath("report.html").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["plain"] = lambda text: _COLOUR.sub("", text)
    return environment.from_string(template).render(runs=runs, measures=measures, watts=WATTS_PER_CORE)


def junit(runs: list[Run]) -> bytes:
    """Return the report as JUnit XML: a test case a notebook, what it used as properties."""
    failed = sum(bool(run.error) for run in runs)
    seconds = f"{sum(run.seconds for run in runs):.3f}"
    counts = {"tests": str(len(runs)), "failures": str(failed), "errors": "0", "skipped": "0"}
    suite = ElementTree.Element("testsuite", {"name": "notebooks", "time": seconds, **counts})
    for run in runs:
        folder, _, name = run.name.rpartition("/")
        case = ElementTree.SubElement(suite, "testcase", classname=folder, name=name, time=f"{run.seconds:.3f}")
        properties = ElementTree.SubElement(case, "properties")
        used = {
            "profile": run.profile,
            "device": run.device,
            "served from the store": str(run.cached).lower(),
            "data sets": ", ".join(run.data),
            "cpu seconds": f"{run.cpu_seconds:.3f}",
            "peak memory (bytes)": f"{run.peak_memory:.0f}",
            "peak GPU memory (bytes)": f"{run.peak_gpu_memory:.0f}",
            "energy (Wh, estimate)": f"{run.watt_hours:.4f}",
        }
        for key, value in used.items():
            ElementTree.SubElement(properties, "property", name=key, value=value)
        if run.error:
            failure = ElementTree.SubElement(case, "failure", message=_xml(run.error))
            failure.text = _xml(run.traceback or run.error)
        if run.stderr:
            ElementTree.SubElement(case, "system-err").text = _xml(run.stderr)
    text: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return text


def _xml(text: str) -> str:
    """Take out colours and the characters that XML can't hold."""
    return _NOT_XML.sub("�", _COLOUR.sub("", text))
