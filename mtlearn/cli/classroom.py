"""Commands for who teaches: what a class has handed in, graded in one go."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli.shared import JsonOption, write_file
from mtlearn.errors import ExitCode, MtlearnError, tell

if TYPE_CHECKING:
    from mtlearn.classroom.results import ClassDocument
    from mtlearn.classroom.submission import Roll

commands = typer.Typer()
ClassArgument = Annotated[
    Path,
    typer.Argument(
        metavar="DIR",
        readable=False,  # `scan` tells better what cannot be read
        help="Where the students' folders or files are, or the zip of your platform.",
    ),
]


@commands.callback()
def classroom() -> None:
    """Commands for who teaches: grade the files of a whole class."""  # without this, `scan` would be all of it


CheckOption = Annotated[
    str | None, typer.Option("--check", metavar="EXERCISE", help="Only the files for this exercise.")
]
LedgerOption = Annotated[
    Path | None,
    typer.Option("--ledger", metavar="FILE", help="Where verdicts are kept (default: .mtlearn-class.sqlite in DIR)."),
]
SlotsOption = Annotated[
    int | None, typer.Option("--slots", min=1, help="How many files to grade at once (default: one per core).")
]
SchedulerOption = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS", help="A Dask cluster to use: tcp://HOST:8786.")
]


@contextmanager
def _found(folder: Path, exercise: str | None = None) -> Iterator[Roll]:
    """What was handed in, for one exercise or for all; what lies in archives is there meanwhile."""
    from mtlearn.classroom.scan import scan
    from mtlearn.cli.names import exercise_named
    from mtlearn.course.content import load
    from mtlearn.system.temporary import TemporaryFolder

    course = load()
    only = exercise_named(course, exercise, "class grade DIR --check").name if exercise else None
    with TemporaryFolder() as work:
        roll = scan(folder, course.exercises(), work)
        yield roll.of(only) if only else roll


@commands.command()
def scan(folder: ClassArgument, as_json: JsonOption = False) -> ExitCode:
    """Show what would be graded, and what could not be placed. Exit code 1: something may be somebody's work."""
    from mtlearn.render import classroom as draw
    from mtlearn.render.screen import make_screen

    with _found(folder) as roll:
        if as_json:
            files = [
                {"student": each.student, "exercise": each.exercise, "runtime": each.runtime, "file": each.shown}
                for each in roll.submissions
            ]
            unplaced = [vars(each) for each in roll.unplaced]
            print(json.dumps({"version": 1, "submissions": files, "unplaced": unplaced}))
        else:
            console = make_screen().console
            console.print(draw.roll(roll, console.width), soft_wrap=False)
    return ExitCode.FAILED if roll.lost else ExitCode.OK


@commands.command()
def grade(
    folder: ClassArgument,
    check: CheckOption = None,
    write: Annotated[
        list[Path] | None,
        typer.Option(
            "--write", metavar="FILE", help="Write the results: .html, .csv, .json, .xml (JUnit) (repeatable)."
        ),
    ] = None,
    gradescope: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write a results.json for Gradescope, for each student.")
    ] = None,
    exercism: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write a results.json as exercism's, for each file.")
    ] = None,
    slots: SlotsOption = None,
    scheduler: SchedulerOption = None,
    sandboxed: Annotated[
        bool, typer.Option("--sandbox", help="Grade under bubblewrap: no network, no files but its own.")
    ] = False,
    again: Annotated[bool, typer.Option("--again", help="Grade everything, also what was graded before.")] = False,
    ledger: LedgerOption = None,
    as_json: JsonOption = False,
) -> ExitCode:
    """Grade what is new or changed. Exit code 0: everything was graded, whatever the verdicts; 1: something was not."""
    from mtlearn.classroom import formats, sandbox
    from mtlearn.classroom.engine import Engine
    from mtlearn.classroom.grading import grade, ledger_of
    from mtlearn.course.content import load
    from mtlearn.lab.cores import cores_allowed
    from mtlearn.render import classroom as draw
    from mtlearn.render.screen import make_screen

    writers = {file: _writer(file) for file in write or ()}  # first: a wrong name is told before the work
    if sandboxed and scheduler is None:  # each worker of a cluster looks for its own
        sandbox.needed()
    screen = make_screen()
    with _found(folder, check) as roll:
        engine = Engine(slots or cores_allowed(), scheduler, notice=tell)
        with draw.unwatched() if as_json else draw.watched(screen) as look:
            place = ledger or ledger_of(folder)
            document = grade(roll, load(), place, engine, sandbox=sandboxed, again=again, look=look)
    if as_json:
        print(formats.as_json(document), end="")
    else:
        screen.console.print(draw.results(document, screen.console.width))
    for file, writer in writers.items():
        _written(file, writer(document))
    for base, files in ((gradescope, formats.gradescope), (exercism, formats.exercism)):
        for name, text in files(document) if base else ():
            _written((base or Path()) / name, text)
    return ExitCode.FAILED if document.ungraded else ExitCode.OK


@commands.command()
def feedback(
    folder: ClassArgument,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help="Where (default: DIR/feedback).")] = None,
    check: CheckOption = None,
    ledger: LedgerOption = None,
) -> ExitCode:
    """Write a Markdown file for each student: what passed, what failed, with the order of steps and the first hint."""
    from mtlearn.classroom.formats import file_names
    from mtlearn.classroom.grading import known, ledger_of
    from mtlearn.course.content import load
    from mtlearn.render.feedback import feedback

    course = load()
    with _found(folder, check) as roll:
        document = known(roll, course, ledger or ledger_of(folder))
    hints = {exercise.name: exercise.hints()[0] for exercise in course.exercises()}
    beside = folder.with_suffix("") if folder.is_file() else folder
    place = out or (beside / "feedback")
    written = 0
    for student, name in file_names(document.students).items():
        theirs = [each for each in document.results if each.student == student and each.verdict]
        if theirs:
            _written(place / f"{name}.md", feedback(student, theirs, hints))
            written += 1
    without = sum(each.verdict is None for each in document.results)
    print(f"{written} {'file is' if written == 1 else 'files are'} in {place}.")
    if without:
        print(f"{without} {'file is' if without == 1 else 'files are'} not graded yet: mtlearn class grade {folder}")
    return ExitCode.FAILED if without else ExitCode.OK


@commands.command()
def similar(
    folder: ClassArgument,
    check: CheckOption = None,
    least: Annotated[int, typer.Option("--least", min=1, max=100, metavar="PERCENT", help="From which share on.")] = 30,
    write: Annotated[
        Path | None,
        typer.Option("--write", metavar="FILE.html", help="The results as a page, with alike lines marked."),
    ] = None,
    ledger: LedgerOption = None,
) -> None:
    """Rank pairs of files for one exercise that are alike; what starter and reference solution have does not count."""
    from mtlearn.classroom.alike import alike
    from mtlearn.classroom.grading import known, ledger_of
    from mtlearn.course.content import load
    from mtlearn.render import classroom as draw
    from mtlearn.render.screen import make_screen
    from mtlearn.render.web import class_page

    course, screen = load(), make_screen()
    with _found(folder, check) as roll:
        with screen.working("Comparing"):
            pairs = alike(roll.submissions, course, least / 100)
        if write:
            _written(write, class_page(known(roll, course, ledger or ledger_of(folder)), pairs))
    screen.console.print(draw.pairs(pairs, screen.console.width))


def _writer(file: Path) -> Callable[[ClassDocument], str]:
    """What makes a file of that name. Raises MtlearnError for a suffix that means nothing."""
    from mtlearn.classroom.formats import FORMATS
    from mtlearn.render.web import class_page

    writers = {**FORMATS, ".html": class_page}
    if writer := writers.get(file.suffix.lower()):
        return writer
    raise MtlearnError(
        f"What should be written into {file}?",
        "Its name does not end in a suffix that tells.",
        f"Name it with one of {', '.join(writers)}.",
    )


def _written(file: Path, text: str) -> None:
    write_file(file, text, "Name another place, and run the same command again: what was graded is kept.")
