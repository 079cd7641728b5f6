"""Citations in a student's notebook."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.citation import spell_out
from autograder.errors import CourseError

BIBLIOGRAPHY = """
@article{hall2020one, author = {van Hall, Ann}, title = {A}, year = {2020}, doi = {10.1/a}}
@article{hall2021two, author = {Hall, Ann and Moe, Ola}, title = {B}, year = {2021}, url = {https://b.example}}
@article{hall2022many, author = {Hall, Ann and others}, title = {C}, year = {2022}}
"""


@pytest.fixture
def bibliography(tmp_path: Path) -> Path:
    (tmp_path / "references.bib").write_text(BIBLIOGRAPHY, encoding="utf-8")
    return tmp_path / "references.bib"


def test_citations_are_spelled_out(bibliography: Path) -> None:
    text = "So it is {cite}`hall2020one`, and more {cite}`hall2021two,hall2022many`."
    assert spell_out(text, bibliography) == (
        "So it is ([van Hall 2020](https://doi.org/10.1/a)), "
        "and more ([Hall and Moe 2021](https://b.example); Hall et al. 2022)."
    )


def test_an_unknown_key_is_refused(bibliography: Path) -> None:
    with pytest.raises(CourseError, match=r"no 'hall2020on'.*Did you mean 'hall2020one'"):
        spell_out("{cite}`hall2020on`", bibliography)
