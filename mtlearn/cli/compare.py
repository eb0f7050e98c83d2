"""The command that runs one demo in every runtime of this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli import completion
from mtlearn.cli.names import demo_named
from mtlearn.cli.shared import JsonOption, packages
from mtlearn.errors import MtlearnError, unknown_name

if TYPE_CHECKING:
    from mtlearn.course.lesson import Column, Demo

commands = typer.Typer()

# What is compared where nobody says: the first column of the first of these forms that the demo has.
_TELLING = ("share", "times", "ns", "bytes", "count")


@commands.command()
def compare(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="The demo, such as race.", autocompletion=completion.demos)
    ],
    column: Annotated[
        str | None, typer.Option(metavar="TITLE", help="Which column of its table (default: the most telling one).")
    ] = None,
    runtime: Annotated[
        list[str] | None,
        typer.Option("--runtime", metavar="python|node|deno|bun|PATH", help="Only these; repeatable."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Run a demo in every runtime that this machine has, and draw one figure of it as bars."""
    from mtlearn.course.content import load
    from mtlearn.experiment import DemoDocument, experiments, find_runtimes
    from mtlearn.lab.machine import runtimes_here
    from mtlearn.render import lesson as draw_lesson
    from mtlearn.render.comparison import comparison
    from mtlearn.render.screen import make_screen, quiet
    from mtlearn.system.documents import written

    lesson, demo = demo_named(load(), name, "compare")
    chosen, screen = _column(demo, column), make_screen()
    if not as_json:
        screen.console.print(draw_lesson.experiment(demo.shows))
    with quiet() if as_json else screen.working("") as working:
        here = find_runtimes(runtime, packages()) if runtime else runtimes_here(packages(), working.now)
        able = [each for each in here if each.kind in demo.runtimes]
        free, runs = experiments(lesson, demo, able, demo.params(None, None), working.now, packages())
    if as_json:
        print(written(DemoDocument(demo=demo.name, cores_free=free, runs=tuple(run.document for run in runs))))
        return
    screen.console.print(comparison(chosen, runs, screen.console.width))
    other = next((each.title for each in _figures(demo) if each != chosen), None)
    screen.console.print(draw_lesson.compared(free, demo.name, other))


def _figures(demo: Demo) -> list[Column]:
    """The columns that bars can show, the most telling first."""
    figures = [column for column in demo.columns if column.form in _TELLING]
    return sorted(figures, key=lambda column: _TELLING.index(column.form))


def _column(demo: Demo, asked: str | None) -> Column:
    """The column to compare. Raises MtlearnError where the demo has no such column, or no figures at all."""
    figures = _figures(demo)
    if not figures:
        raise MtlearnError(
            f"The demo {demo.name} cannot be compared.", "Its table has no figures.", f"mtlearn demo {demo.name}"
        )
    if asked is None:
        return figures[0]
    wanted = asked.strip().lower()
    if found := next((column for column in figures if wanted in (column.title.lower(), column.cell)), None):
        return found
    raise unknown_name("column", asked, [column.title for column in figures], f"mtlearn compare {demo.name} --column")
