"""The command line of the question bank, ``course exam``."""

from __future__ import annotations

import datetime
import os
import re
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from autograder.course import Course
from autograder.errors import CourseError, MisuseError, nearest
from autograder.exam.item import KINDS, Item, Kind, Language

if TYPE_CHECKING:
    from autograder.exam.bank import Bank
    from autograder.exam.paper import Cover
    from autograder.exam.question import Question

app = typer.Typer(help="The question bank: write, look at, check, export and analyse.", no_args_is_help=True)
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Type = StrEnum("Type", {kind: kind for kind in KINDS})  # type: ignore[misc]


class Form(StrEnum):
    """What reads an exported exam."""

    QTI = "qti"
    MOODLE = "moodle"
    JSON = "json"
    NOTEBOOK = "notebook"
    PDF = "pdf"


class Tongue(StrEnum):
    """The language of an exam."""

    EN = "en"
    NO = "no"


Name = Annotated[str, typer.Argument(metavar="ID", help="The question's id.", show_default=False)]
Seed = Annotated[int, typer.Option(min=0, help="What numbers and orders are drawn with.")]


@app.command("list")
def list_questions(
    topic: Annotated[str | None, typer.Option(help="Only this topic.", show_default="all")] = None,
    kind: Annotated[Type | None, typer.Option("--type", help="Only this type.", show_default="all")] = None,
) -> None:
    """List the questions of the bank, the secret ones of COURSE_EXAM_BANK included."""
    from autograder.exam.bank import Bank

    bank = Bank.full(Course.find())
    if topic is not None and topic not in bank.topics:
        raise MisuseError(f"There is no topic '{topic}'.{nearest(topic, bank.topics)}")
    table = Table("question", "type", "points", "minutes", "difficulty", "topics", "numbers")
    chosen = [q for q in bank.questions.values() if topic in (None, *q.topics) and kind in (None, q.kind)]
    for question in chosen:
        numbers = "drawn" if question.parametric else "fixed"
        minutes, topics = f"{question.minutes:g}", ", ".join(question.topics)
        table.add_row(question.id, question.kind, f"{question.points:g}", minutes, question.difficulty, topics, numbers)
    out.print(table)
    out.print(f"Questions: {len(chosen)}")


@app.command()
def new(
    name: Name,
    kind: Annotated[Type, typer.Option("--type", help="Its type.", show_default=False)],
    secret: Annotated[bool, typer.Option("--secret", help="Into the folder COURSE_EXAM_BANK.")] = False,
) -> None:
    """Begin a question: a file that can be read at once, for you to fill in."""
    from autograder.exam import template
    from autograder.exam.bank import Bank

    bank = Bank.full(Course.find())
    if secret and len(bank.folders) < 2:
        raise MisuseError("Set COURSE_EXAM_BANK to the folder of the secret questions first.")
    folder = bank.folders[-1 if secret else 0]
    written: Kind = kind.value  # type: ignore[assignment]  # the types are those of Kind
    path = template.write(folder, name, written, next(iter(bank.topics)), next(iter(bank.objectives)))
    out.print(f"Write into {path}, and look at it with: course exam preview {name}")


@app.command()
def preview(
    name: Name,
    seed: Seed = 1,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8001,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Show a question in the browser, anew whenever its file changes."""
    from autograder.exam import preview as previewing

    previewing.serve(Course.find(), name, seed, host, port, lambda sentence: out.print(sentence, markup=False))


@app.command()
def lint(seeds: Annotated[int, typer.Option(min=1, help="How often each question is drawn.")] = 100) -> None:
    """Check every question of the bank; what is wrong is named with its file and line."""
    from autograder.exam import lint as linting
    from autograder.exam.bank import Bank

    bank = Bank.full(Course.find())
    found = list(linting.complaints(bank, seeds))
    for complaint in found:
        err.print(complaint, style="red", markup=False)
    if found:
        raise CourseError(f"Complaints: {len(found)}.")
    out.print(f"Questions that hold: {len(list(bank.files()))}.")


@app.command()
def export(
    to: Annotated[
        Path, typer.Option(help="The file to write, or the folder for a notebook or PDFs.", show_default=False)
    ],
    questions: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]…", help="Questions, if no blueprint.", show_default="all public")
    ] = None,
    blueprint: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="A blueprint to fill.", show_default=False)
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="What reads it.")] = Form.QTI,
    language: Annotated[Tongue, typer.Option(help="Its language.")] = Tongue.EN,
    seed: Seed = 1,
    versions: Annotated[int, typer.Option(min=1, help="Shuffled versions, for PDF.")] = 1,
    students: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="Ids, one a line: a PDF for each, with numbers of her own, drawn by the id and COURSE_EXAM_SECRET.",
            show_default=False,
        ),
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Of the exam, as YYYY-MM-DD, for PDF.", show_default="to be written by hand")
    ] = None,
) -> None:
    """Write an exam for Inspera (qti), Moodle, paper (pdf), a notebook, or as JSON; say what guessing earns in it."""
    from autograder.exam import guessing, paper
    from autograder.exam.bank import Bank
    from autograder.exam.blueprint import Blueprint

    bank = Bank.full(Course.find())
    plan = Blueprint.read(blueprint) if blueprint else None
    if plan and questions:
        raise MisuseError("Give a blueprint or questions, not both.")
    if plan:
        chosen = plan.fill(bank, seed)
    elif questions:
        chosen = [bank[name] for name in questions]
    else:
        chosen = list(Bank.public(Course.find()).questions.values())
    tongue: Language = "no" if language == Tongue.NO else "en"
    items = [question.item(seed, tongue) for question in chosen]
    if students and (form != Form.PDF or versions > 1):
        raise MisuseError("--students goes with --format pdf, and without --versions.")
    title = plan.title if plan else "Questions"
    total = sum(item.points for item in items)
    needed = plan.needed if plan and plan.needed is not None else 0.4 * total
    minutes = plan.minutes if plan and plan.minutes is not None else sum(question.minutes for question in chosen)
    cover = paper.Cover(_day(date), round(minutes), "", needed)
    if students:
        written = _write_variants(chosen, students, to, tongue, title, cover, bank)
    else:
        written = _write(form, items, chosen, to, title, cover, versions, seed, bank)
    for path in written:
        out.print(f"{path}", markup=False)
    out.print(f"Questions: {len(items)}, for {total:g} points: {', '.join(item.id for item in items)}", markup=False)
    guess = guessing.guess(items, needed)
    (err if guess.easy else out).print(guess.sentence, style="red" if guess.easy else "", markup=False)


@app.command()
def analyse(
    results: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[RESULTS]…",
            exists=True,
            dir_okay=False,
            help="What Inspera or Moodle exported.",
            show_default=False,
        ),
    ] = None,
    lab: Annotated[str | None, typer.Option(help="A lab graded here, in place of files.", show_default=False)] = None,
    needed: Annotated[
        float | None, typer.Option("--pass", help="The pass mark, in points.", show_default="none")
    ] = None,
    to: Annotated[Path, typer.Option(help="The report to write.")] = Path("analysis.html"),
) -> None:
    """Analyse the results of an exam: difficulty, discrimination, reliability, distractors, and what to look at."""
    from autograder.exam import analysis, analysis_report
    from autograder.exam import results as reading

    if bool(results) == bool(lab):
        raise MisuseError("Give files of results, or --lab for one that was graded here.")
    read = reading.of_lab(Course.find(), lab) if lab else reading.read(*results or ())
    analysed = analysis.analyse(read, needed)
    path = analysis_report.write(analysed, to)
    for flag in analysis.flags(analysed):
        out.print(("! " if flag.serious else "- ") + flag.sentence, markup=False)
    out.print(f"The report is {path}.", markup=False)


def _write(
    form: Form,
    items: list[Item],
    chosen: list[Question],
    to: Path,
    title: str,
    cover: Cover,
    versions: int,
    seed: int,
    bank: Bank,
) -> list[Path]:
    """Write the exam and return the files."""
    from autograder.exam import moodle, notebook, paper, qti, sheet

    to.parent.mkdir(parents=True, exist_ok=True)
    if form == Form.QTI:
        labels = {q.id: [*(f"topic:{topic}" for topic in q.topics), f"difficulty:{q.difficulty}"] for q in chosen}
        return [qti.package(items, to, title, labels)]
    if form == Form.NOTEBOOK:
        objectives = list(dict.fromkeys(one for question in chosen for one in question.objectives))
        return [notebook.lab(items, to, title, objectives, cover.minutes)]
    if form == Form.PDF:
        to.mkdir(parents=True, exist_ok=True)
        exams = paper.versions(items, versions, seed)
        written = [
            paper.paper(exam, to / f"{letter}.pdf", title=title, version=letter, cover=cover)
            for letter, exam in zip(paper.LETTERS, exams, strict=False)
        ]
        return [
            *written,
            paper.key(exams, to / "key.pdf", title=title, cover=cover, misconceptions=bank.misconceptions),
        ]
    for remark in moodle.remarks(items) if form == Form.MOODLE else ():
        err.print(remark, markup=False)
    to.write_text(moodle.xml(items, title) if form == Form.MOODLE else sheet.json_of(items), "utf-8")
    return [to]


def _write_variants(
    chosen: list[Question],
    students: Path,
    to: Path,
    language: Language,
    title: str,
    cover: Cover,
    bank: Bank,
) -> list[Path]:
    """Write for each student a paper with numbers and orders of her own, and its key; return the two folders."""
    from autograder.exam import paper
    from autograder.exam.blueprint import variant

    secret = os.environ.get("COURSE_EXAM_SECRET", "")
    if not secret:
        raise MisuseError("Set COURSE_EXAM_SECRET to a text that only the graders know; keep it to make a paper again.")
    names = [line.strip() for line in students.read_text("utf-8").splitlines() if line.strip()]
    for number, name in enumerate(names, 1):
        if not re.fullmatch(r"[\w@.+-]+", name) or name.startswith("."):
            raise MisuseError(f"{students}: '{name}' can't be the name of a file: ids are of letters, digits and @.+-_")
        if name in names[: number - 1]:
            raise MisuseError(f"{students}: '{name}' is listed twice.")
    if not names:
        raise MisuseError(f"{students}: names no student; write one id a line.")
    folders = [to / "papers", to / "keys"]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        items = variant(chosen, secret.encode(), name, language)
        own = replace(cover, candidate=name)
        paper.paper(items, folders[0] / f"{name}.pdf", title=title, version="", cover=own)
        paper.key(
            [items], folders[1] / f"{name}.pdf", title=f"{title}, {name}", cover=own, misconceptions=bank.misconceptions
        )
    return folders


def _day(date: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(date) if date else None
    except ValueError as error:
        raise MisuseError(f"--date: '{date}' is no date; write it as 2027-01-28.") from error
