"""The templates of the team project become PDFs, from Markdown and from LaTeX."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pypandoc
import pypdf
import pytest
import typst

from tests.conftest import ROOT

TEMPLATES = ROOT / "project" / "templates"
NAMES = ("research-plan", "data-management", "slides")


def read(path: Path) -> str:
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(path).pages).split())


def title(name: str) -> str:
    return next(line for line in (TEMPLATES / f"{name}.md").read_text("utf-8").splitlines() if line.startswith("# "))[
        2:
    ]


def test_every_template_is_there_in_both_forms() -> None:
    found = sorted(path.name for path in TEMPLATES.iterdir())
    assert found == sorted(f"{name}.{form}" for name in NAMES for form in ("md", "tex"))


@pytest.mark.parametrize("name", NAMES)
def test_a_template_in_markdown_becomes_a_pdf(name: str, tmp_path: Path) -> None:
    source = tmp_path / f"{name}.typ"
    pypandoc.convert_file(TEMPLATES / f"{name}.md", "typst", outputfile=source, extra_args=["--standalone"])
    typst.compile(source, output=tmp_path / f"{name}.pdf")
    text = read(tmp_path / f"{name}.pdf")
    assert title(name) in text
    assert "Delete the comments" not in text


@pytest.mark.parametrize("name", NAMES)
def test_a_template_in_latex_becomes_a_pdf(name: str, tmp_path: Path) -> None:
    program = shutil.which("pdflatex")
    if not program:
        pytest.skip("no pdflatex here to set the LaTeX templates with")
    command = [program, "-interaction=nonstopmode", "-halt-on-error", f"-output-directory={tmp_path}"]
    done = subprocess.run([*command, TEMPLATES / f"{name}.tex"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert title(name).replace("'", "’") in read(tmp_path / f"{name}.pdf").replace("'", "’")
