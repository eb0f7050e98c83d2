"""The commands for those who work on the course."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated

import typer

from mtlearn.cli.names import exercise_named
from mtlearn.cli.shared import ExerciseArgument, JsonOption, packages
from mtlearn.errors import ExitCode, MtlearnError, reason

commands = typer.Typer()


@commands.callback()
def dev() -> None:
    """Commands for those who work on the course."""  # without this, `check` would be `mtlearn dev` itself


@commands.command()
def check(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PART", help="lesson-5, a demo, exercise-5 or misconceptions (repeatable)."),
    ] = None,
    runtime: Annotated[
        list[str] | None, typer.Option("--runtime", metavar="python|node|PATH", help="Repeatable; default: both.")
    ] = None,
    times: Annotated[int, typer.Option("--times", min=1, help="How often in a row a solution must pass.")] = 10,
    quick: Annotated[bool, typer.Option("--quick", help="Grade a mutant only in the check that it must fail.")] = False,
    as_json: JsonOption = False,
) -> ExitCode:
    """Check the course itself: its lessons, demos, starters, solutions and mutants, in both runtimes."""
    from mtlearn import selfcheck
    from mtlearn.course.content import load
    from mtlearn.experiment import find_runtimes
    from mtlearn.render.screen import make_screen, quiet
    from mtlearn.render.selfcheck import one, summary

    screen = make_screen()
    started = told = time.monotonic()
    points = []
    with quiet() if as_json else screen.working("Looking at the course") as working:

        def now(what: str) -> None:
            nonlocal told
            working.now(what)
            if not screen.animated and not as_json and time.monotonic() - told > 10:
                told = time.monotonic()
                screen.console.print(f"{what} ({told - started:.0f} s)")

        runtimes = find_runtimes(runtime or ["python", "node"], packages())
        for point in selfcheck.check(load(), runtimes, packages(), only or (), times, quick, now):
            points.append(point)
            if point.holds is False and not as_json:
                screen.console.print(one(point))
    holds = all(point.holds is not False for point in points)
    if as_json:
        told_points = [point.to_json() for point in points]
        print(json.dumps({"version": 1, "holds": holds, "points": told_points}, indent=1))
    else:
        screen.console.print(summary(points, time.monotonic() - started))
    return ExitCode.OK if holds else ExitCode.FAILED


@commands.command()
def facts(
    runtime: Annotated[
        list[str] | None, typer.Option("--runtime", metavar="python|node|PATH", help="Repeatable; default: both.")
    ] = None,
    as_json: JsonOption = False,
) -> ExitCode:
    """Run the small programs that the lessons' facts rest on, in the runtimes at hand."""
    from mtlearn.course.content import load
    from mtlearn.experiment import find_runtimes
    from mtlearn.lab.runtime import Runtime
    from mtlearn.render.screen import make_screen, quiet
    from mtlearn.render.selfcheck import one, summary
    from mtlearn.selfcheck.facts import fact_points
    from mtlearn.selfcheck.facts import facts as known

    screen, started, points = make_screen(), time.monotonic(), []
    here = [each for each in find_runtimes(runtime or ["python", "node"], packages()) if isinstance(each, Runtime)]
    with quiet() if as_json else screen.working("") as working:
        for point in fact_points(known(load().root / "lessons"), here, working.now):
            points.append(point)
            if not point.holds and not as_json:
                screen.console.print(one(point))
    holds = all(point.holds for point in points)
    if as_json:
        told = [point.to_json() for point in points]
        print(json.dumps({"version": 1, "holds": holds, "points": told}, indent=1))
    else:
        screen.console.print(summary(points, time.monotonic() - started))
    return ExitCode.OK if holds else ExitCode.FAILED


@commands.command()
def show(
    exercise: ExerciseArgument = None,
    name: Annotated[
        str | None, typer.Argument(metavar="MUTANT", help="A wrong solution; without a name, they are listed.")
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="What differs from the right solution it changes.")] = False,
) -> ExitCode:
    """Show a wrong solution that the course keeps: its code, or its difference to a right one."""
    from mtlearn.course.content import load
    from mtlearn.course.exercise import SUFFIX
    from mtlearn.course.mutants import find, mutants

    found = exercise_named(load(), exercise, "dev show")
    if name is None:
        for mutant in (each for runtime in SUFFIX for each in mutants(found, runtime)):
            print(f"{mutant.file_name}: {mutant.misconception}")
        return ExitCode.OK
    mutant = find(found, name)
    print(mutant.diff() if diff else mutant.source(), end="")
    return ExitCode.OK


@commands.command()
def schemas(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write them.")] = Path("docs/schemas"),
) -> None:
    """Write the JSON Schemas of all that mtlearn writes as JSON, a file each."""
    from mtlearn.selfcheck.schemas import schemas

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in schemas().items():
            (folder / f"{name}.json").write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"The schemas cannot be written into {folder}."
        raise MtlearnError(message, f"{reason(error)}.", "Name a folder that you may write into.") from error


@commands.command()
def errors(as_json: JsonOption = False) -> None:
    """Print every message there is for something that went wrong, with its cause and its fix, to be read at once."""
    from mtlearn.selfcheck.errors import errors as known

    if as_json:
        print(json.dumps({"version": 1, "errors": [vars(told) for told in known()]}, indent=1))
        return
    for told in known():
        print(f"{told.where}\n  {told.message}")
        if told.cause:
            print(f"    cause: {told.cause}\n    fix:   {told.fix}")
