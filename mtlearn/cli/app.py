"""The command `mtlearn` by itself: its options, and what it shows without a command."""

from __future__ import annotations

import sys
import time
from typing import Annotated

import typer

from mtlearn import __version__
from mtlearn.cli.commands import Commands
from mtlearn.cli.onwards import Onwards

app = typer.Typer(
    cls=Commands,
    add_completion=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        print(f"mtlearn {__version__}")
        raise typer.Exit


@app.callback()
def front(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> Onwards | None:
    """Learn multithreading by seeing it happen, in Python and in Node.js.

    Without a command: where you stand, and the next command.
    """
    if context.invoked_subcommand is not None:
        return None
    from mtlearn.cli.shared import progress_file
    from mtlearn.course.content import load
    from mtlearn.learner.progress import Progress
    from mtlearn.learner.reviews import today
    from mtlearn.learner.standing import standing
    from mtlearn.render import standing as draw
    from mtlearn.render.screen import make_screen

    course, known, screen = load(), progress_file().read(), make_screen()
    new = known == Progress()
    stands = standing(course, known)
    asks = screen.animated and sys.stdin.isatty() and stands.next_item is not None
    if new:
        screen.console.print(draw.welcome(stands))
    else:
        due = today(known, time.time())
        screen.console.print(draw.standing(stands, screen.console.height if screen.animated else None, due))
    screen.console.print(draw.go_on(stands, screen.console.width if asks else None), end="" if asks else "\n")
    if asks and stands.next_item:
        go_on = typer.getchar() in ("\r", "\n", " ")
        print()
        if go_on:
            from mtlearn.cli.standing import go_on_with

            return go_on_with(stands.next_item)
    return None
