"""The command line, ``course``: 0 when all is well, 1 when something failed, 2 when it was asked the wrong way."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

# jsonschema, which nbformat imports, would build a grammar of internet addresses when it is imported, which takes most
# of a second and a half. It does without where the package is missing, and nothing here checks such an address.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
# nbgrader and its libraries make some hundred thousand objects that stay; to look through them all again and again for
# what could be thrown away takes a fifth of the start.
gc.set_threshold(50_000)

from autograder.course import Course  # noqa: E402
from autograder.errors import CourseError  # noqa: E402
from autograder.exam.command import app as exam  # noqa: E402
from autograder.measures import measures  # noqa: E402

if TYPE_CHECKING:
    from autograder.grade import Outcome
    from autograder.run import Run

app = typer.Typer(
    help="Build the ELMED219 course: run its notebooks, render its site, release and grade its labs.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.add_typer(exam, name="exam")
out = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


class Profile(StrEnum):
    """How much a notebook computes."""

    QUICK = "quick"
    FULL = "full"


class Device(StrEnum):
    """Where torch computes."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


class Form(StrEnum):
    """What reads the exported grades."""

    CSV = "csv"
    CANVAS = "canvas"
    MOODLE = "moodle"


Lab = Annotated[str, typer.Argument(metavar="LAB", help="The lab, such as ml.", show_default=False)]
Workers = Annotated[int | None, typer.Option(min=1, help="How many run at once.", show_default="the cores")]
Cluster = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="A Dask scheduler, tcp://HOST:8786.", show_default="none")
]
Student = Annotated[list[str] | None, typer.Option(help="Only this student; may be repeated.", show_default="everyone")]
Unsafe = Annotated[bool, typer.Option("--unsafe", help="Run student code with your own rights if there is no sandbox.")]


def main() -> None:
    """Run the command line; the user's mistakes end in a sentence, not in a traceback."""
    try:
        app()
    except CourseError as error:
        err.print(str(error), style="red", markup=False)
        sys.exit(error.exit_code)


@app.command()
def build(workers: Workers = None) -> None:
    """Run what changed and render the site."""
    from autograder import site

    course = Course.find()
    index = site.current(course)
    if index:
        out.print("Nothing has changed.")
    else:
        _run(course, course.notebooks(), Profile.QUICK, Device.AUTO, workers)
        # Bound to the terminal: while it renders, what is written elsewhere is kept for the error message
        with Console(file=sys.stderr).status("Rendering the site"):
            index = site.build(course)
    out.print(f"The site is at {index}")


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Serve the site on this machine; when a source changes, build it and reload the open pages."""
    from autograder import serve as serving

    serving.serve(Course.find(), host, port, lambda sentence: out.print(sentence, markup=False))


@app.command()
def run(
    notebooks: Annotated[
        list[str] | None,
        typer.Argument(metavar="[NOTEBOOK]…", help="Such as ml/diagnosis, or a whole lab: ml.", show_default="all"),
    ] = None,
    profile: Annotated[Profile, typer.Option(help="Minutes on two cores, or the real thing on a GPU.")] = Profile.QUICK,
    device: Annotated[Device, typer.Option(help="Where torch computes; auto is a GPU if there is one.")] = Device.AUTO,
    workers: Workers = None,
    cluster: Cluster = None,
    explain: Annotated[bool, typer.Option("--explain", help="Only say what would run, and why.")] = False,
) -> None:
    """Run notebooks with papermill, skipping what has not changed."""
    course = Course.find()
    sources = course.chosen(notebooks or []) or course.notebooks()
    if explain:
        from autograder import run as running

        for source in sources:
            out.print(running.explain(course, source, profile.value, device.value), markup=False)
        return
    _run(course, sources, profile, device, workers, cluster)


@app.command()
def clean(
    everything: Annotated[bool, typer.Option("--all", help="Forget every run, not only the oldest.")] = False,
) -> None:
    """Delete kept runs that were not used for longest, until they take no more than 2 GB."""
    from autograder import run as running
    from autograder.store import LIMIT

    course = Course.find()
    stores = (running.store(course), running.failures(course))
    deleted = sum(store.clean(0 if everything else LIMIT) for store in stores)
    out.print(f"Deleted {deleted} kept runs.")


@app.command()
def release(
    lab: Lab,
    force: Annotated[bool, typer.Option("--force", help="Replace what is in the exchange already.")] = False,
) -> None:
    """Make the student's version of a lab and put it into the exchange."""
    from autograder import release as releasing

    out.print(releasing.release(Course.find(), lab, force=force))


@app.command()
def collect(
    lab: Lab,
    archive: Annotated[
        Path | None,
        typer.Option("--zip", exists=True, dir_okay=False, help="A learning platform's archive.", show_default=False),
    ] = None,
) -> None:
    """Collect the submissions of a lab from the exchange, or from an archive."""
    from autograder import collect as collecting

    course = Course.find()
    students = collecting.from_zip(course, lab, archive) if archive else collecting.from_exchange(course, lab)
    names = f" ({', '.join(students)})" if students else ""
    out.print(f"Submissions of {lab}: {len(students)}{names}", markup=False)


@app.command()
def grade(
    lab: Lab,
    student: Student = None,
    force: Annotated[bool, typer.Option("--force", help="Grade again what is graded and has not changed.")] = False,
    workers: Workers = None,
    cluster: Cluster = None,
    unsafe: Unsafe = False,
) -> None:
    """Grade the submissions of a lab, each in a sandbox of its own."""
    from autograder import collect as collecting
    from autograder import grade as grading
    from autograder import log

    course = Course.find()
    for line in log.altered(course):
        err.print(f"grading/log.jsonl was changed before its line {line}.", style="red", markup=False)
    with _progress("Grading") as progress:
        task = progress.add_task(lab, total=len(student or collecting.submitted(course, lab)) or None)
        done = lambda _: progress.advance(task)  # noqa: E731
        outcomes = grading.grade(
            course, lab, student, force=force, workers=workers, cluster=cluster, unsafe=unsafe, done=done
        )
    out.print(_outcomes(lab, outcomes))
    faults = [outcome for outcome in outcomes if outcome.fault]
    for outcome in faults:
        err.print(f"{outcome.student}: {outcome.fault}", style="red", markup=False)
    for outcome in outcomes:
        for trace in outcome.evidence:
            out.print(f"To look at, {outcome.student}: {trace}", markup=False)
    if any(outcome.by_hand for outcome in outcomes):
        out.print("Essays wait for points by hand: open the formgrader (see the README).")
    if faults:
        raise typer.Exit(1)


@app.command()
def regrade(
    lab: Lab,
    diff: Annotated[bool, typer.Option("--diff", help="Only say whose points would change, and why.")] = False,
    student: Student = None,
    workers: Workers = None,
    cluster: Cluster = None,
    unsafe: Unsafe = False,
) -> None:
    """Grade the submissions of a lab again, all of them; points and comments given by hand are kept."""
    from autograder import collect as collecting
    from autograder import grade as grading

    if not diff:
        grade(lab, student, force=True, workers=workers, cluster=cluster, unsafe=unsafe)
        return
    course = Course.find()
    with _progress("Comparing") as progress:
        task = progress.add_task(lab, total=len(student or collecting.submitted(course, lab)) or None)
        faults: list[Outcome] = []

        def done(outcome: Outcome) -> None:
            progress.advance(task)
            faults.extend([outcome] if outcome.fault else [])

        found = grading.compare(course, lab, student, workers=workers, cluster=cluster, unsafe=unsafe, done=done)
    for outcome in faults:
        err.print(f"{outcome.student}: {outcome.fault}", style="red", markup=False)
    if faults and not found:
        raise typer.Exit(1)
    if not found:
        out.print("Nobody's points would change.")
        return
    table = Table("Student", "Cell", "now", "then", "because", box=None, pad_edge=False)
    for one in found:
        for cell in sorted({*one.before, *one.after}):
            points = (f"{side[cell]:g}" if cell in side else "–" for side in (one.before, one.after))
            table.add_row(one.student, cell, *points, "; ".join(one.reasons))
    out.print(table)
    out.print(f"Nothing was written. To grade them so: course regrade {lab}.")
    if faults:
        raise typer.Exit(1)


@app.command()
def feedback(lab: Lab) -> None:
    """Make the feedback of a lab and put it into the exchange."""
    from autograder import feedback as giving

    out.print(giving.feedback(Course.find(), lab))


@app.command()
def export(
    to: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")] = Path("grades.csv"),
    form: Annotated[
        Form, typer.Option("--format", help="nbgrader's table, or what Canvas or Moodle imports.")
    ] = Form.CSV,
    lab: Annotated[str | None, typer.Option(help="Only this lab.", show_default="all")] = None,
    roster: Annotated[
        Path | None,
        typer.Option(
            exists=True, dir_okay=False, help="What Canvas or Moodle exported, to be filled.", show_default=False
        ),
    ] = None,
) -> None:
    """Write the grades as CSV: of nbgrader, or for Canvas or Moodle to import."""
    from autograder import export as exporting

    report = exporting.export(Course.find(), to, form.value, lab, roster)
    for remark in report.remarks:
        out.print(remark, markup=False)
    out.print(f"Rows written to {to}: {report.rows}", markup=False)


@app.command()
def summary(lab: Lab) -> None:
    """Say how a lab went: scores, exercises, checks, what looks odd."""
    from autograder import summary as summing

    page, said = summing.write(Course.find(), lab)
    table = Table("Exercise", box=None, pad_edge=False)
    for heading in ("Share", "Attempted", "of"):
        table.add_column(heading, justify="right")
    for one in said.exercises:
        attempted = "–" if one.attempted is None else str(one.attempted)
        table.add_row(one.name, f"{one.share:.0%}", attempted, str(one.n))
    out.print(table)
    for flag in said.flags:
        out.print(flag, markup=False)
    out.print(f"Submissions graded: {len(said.scores)}. The summary is at {page}", markup=False)


@app.command()
def similarity(lab: Lab) -> None:
    """Say which submissions of a lab are alike: evidence for a human."""
    from rich.text import Text

    from autograder import similarity as comparing

    page, found = comparing.write(Course.find(), lab)
    table = Table("Student", "Student", box=None, pad_edge=False)
    table.add_column("Alike", justify="right")
    for pair in found.pairs[:10]:
        table.add_row(Text(pair.left.student), Text(pair.right.student), f"{pair.share:.0%}")
    out.print(table)
    out.print(f"Submissions compared: {found.students}. Side by side: {page}", markup=False)


@app.command()
def doctor() -> None:
    """Say what this machine can do: versions, GPU, sandbox layers."""
    from autograder import doctor as examining

    table = Table(box=None, pad_edge=False)
    for column in ("", "here", ""):
        table.add_column(column)
    for finding in examining.examine():
        table.add_row(finding.subject, "[green]yes[/]" if finding.present else "[yellow]no[/]", finding.note)
    out.print(table)


def _run(
    course: Course,
    sources: list[Path],
    profile: Profile,
    device: Device,
    workers: int | None,
    cluster: str | None = None,
) -> None:
    from autograder import report
    from autograder import run as running

    with _progress("Running") as progress:
        task = progress.add_task("notebooks", total=len(sources))
        done = lambda _: progress.advance(task)  # noqa: E731
        runs = running.run(course, sources, profile.value, device.value, workers, cluster, done)
    out.print(_runs(runs))
    page = report.write(course, runs)
    failed = [one for one in runs if one.error]
    for one in failed:
        err.print(f"{one.name} failed: {one.error}", style="red", markup=False)
    if failed:
        err.print(f"The whole story is in {page}", style="red", markup=False)
        raise typer.Exit(1)


def _runs(runs: list[Run]) -> Table:
    table = Table("Notebook", "Profile", "Device", box=None, pad_edge=False)
    for heading in ("Seconds", "CPU s", "Memory", "GPU", "Energy"):
        table.add_column(heading, justify="right")
    table.add_column("")
    for one in runs:
        state = "[red]failed[/]" if one.error else "unchanged" if one.cached else "[green]run[/]"
        table.add_row(one.name, one.profile, one.device, *measures(one), state)
    return table


def _outcomes(lab: str, outcomes: list[Outcome]) -> Table:
    table = Table("Student", lab, "of", "", box=None, pad_edge=False)
    for one in outcomes:
        remarks = ["[red]see below[/]"] if one.fault else []
        remarks += ["essay waits for points by hand"] if one.by_hand else []
        remarks += ["unchanged"] if one.cached else []
        points = (f"{one.points:g}", f"{one.max_points:g}") if one.max_points else ("–", "–")
        table.add_row(one.student, *points, ", ".join(remarks))
    return table


@contextmanager
def _progress(verb: str) -> Iterator[Progress]:
    columns = (SpinnerColumn(), TextColumn(f"{verb} {{task.description}}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err, transient=True) as progress:
        yield progress


if __name__ == "__main__":
    main()
