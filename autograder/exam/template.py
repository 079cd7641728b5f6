"""A new question to begin with: a file of its type that can be read at once, with what is to be written marked."""

from __future__ import annotations

from pathlib import Path

from autograder.errors import MisuseError
from autograder.exam.item import Kind

_HEADS = {
    "numeric": 'answer: {value: 0.8, tolerance: 0.005, decimals: 2, unit: ""}\n',
    "matrix": "blanks: {tp: {value: 8}, fn: {value: 2}}\n",
    "hotspot": "spot: {picture: NAME.png, width: 240, height: 240, x: 120, y: 120, radius: 15}\n",
}
_CHOICE = "- [x] {right}\n  > {why}\n- [unrelated] {wrong} 1\n  > {why}\n- [unrelated] {wrong} 2\n  > {why}\n"
_BODIES = {
    "single": _CHOICE,
    "multiple": _CHOICE,
    "numeric": "- [arithmetic] 0.2\n  > {why}\n",
    "matrix": "| | + | − |\n| --- | ---: | ---: |\n| + | [[tp]] | [[fn]] |\n",
    "ordering": "1. {step} 1\n2. {step} 2\n3. {step} 3\n",
    "matching": "- {given} 1 => {other} 1\n- {given} 2 => {other} 2\n- {given} 3 => {other} 3\n",
    "hotspot": "",
    "short": "= {right}\n",
    "essay": "## Rubric\n\n- 2 points: {why}\n\n## Sample: strong\n\n…\n\n## Sample: middle\n\n…\n\n"
    "## Sample: weak\n\n…\n",
}
_WORDS = {
    "en": {"right": "right", "wrong": "wrong", "why": "Why", "step": "step", "given": "given", "other": "belongs to"},
    "no": {"right": "riktig", "wrong": "feil", "why": "Hvorfor", "step": "steg", "given": "gitt", "other": "hører til"},
}


def write(folder: Path, name: str, kind: Kind, topic: str, objective: str) -> Path:
    """Write a new question.

    Parameters
    ----------
    folder : Path
        Of the bank.
    name : str
        Its id: small letters, digits and hyphens.
    kind : str
        Its type.
    topic, objective : str
        To begin with.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    MisuseError
        If the id is not well-formed, or taken.
    """
    if not name.replace("-", "").isalnum() or name != name.lower():
        raise MisuseError(
            f"'{name}' is no id of a question: use small letters, digits and hyphens, such as dice-overlap."
        )
    path = folder / f"{name}.md"
    if path.exists():
        raise MisuseError(f"There is a question '{name}' already: {path}.")
    head = f"type: {kind}\npoints: 1\ntopics: [{topic}]\nobjectives: [{objective}]\ndifficulty: medium\nminutes: 2\n"
    parts = [f"---\n{head}{_HEADS.get(kind, '').replace('NAME', name)}---\n"]
    for language, title, stem in (
        ("en", "# English: A title", "What is asked?"),
        ("no", "# Norsk: En tittel", "Hva spørres det om?"),
    ):
        parts.append(f"{title}\n\n{stem}\n\n{_BODIES[kind].format(**_WORDS[language])}")
    path.write_text("\n".join(parts), "utf-8")
    return path
