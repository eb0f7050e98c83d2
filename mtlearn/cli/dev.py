"""The commands for those who work on the course."""

from __future__ import annotations

import json
import time
from typing import Annotated

import typer

from mtlearn.cli.shared import JsonOption, packages
from mtlearn.errors import ExitCode

commands = typer.Typer()


@commands.callback()
def dev() -> None:
    """Commands for those who work on the course."""  # without this, `check` would be `mtlearn dev` itself


@commands.command()
def check(
    only: Annotated[
        list[str] | None,
        typer.Option("--only", metavar="PART", help="lesson-5, a demo, exercise-5 or beliefs (repeatable)."),
    ] = None,
    runtime: Annotated[
        list[str] | None, typer.Option("--runtime", metavar="python|node|PATH", help="Repeatable; default: both.")
    ] = None,
    times: Annotated[int, typer.Option("--times", min=1, help="How often in a row a solution must pass.")] = 10,
    quick: Annotated[
        bool, typer.Option("--quick", help="Grade a known-wrong file only in the check that it must fail.")
    ] = False,
    as_json: JsonOption = False,
) -> ExitCode:
    """Check the course itself: its lessons, demos, starters, solutions and known-wrong files, in both runtimes."""
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

        runtimes = find_runtimes(runtime or ["python", "node"])
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
