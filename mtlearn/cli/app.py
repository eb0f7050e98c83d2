"""The command `mtlearn` by itself: its options, and what it shows without a command."""

from __future__ import annotations

from typing import Annotated

import typer

from mtlearn import __version__
from mtlearn.cli.shared import progress_file, show

app = typer.Typer(
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
) -> None:
    """Learn multithreading by seeing it happen, in Python and in Node.js.

    Without a command: where you stand, and the next command.
    """
    if context.invoked_subcommand is not None:
        return
    from mtlearn.course.content import load
    from mtlearn.learner.standing import standing
    from mtlearn.render import overview

    stands = standing(load(), progress_file().read())
    items = [item for kind in ("lesson", "exercise") for item in stands.items if item.kind == kind]
    show(overview.standing(items, stands.next_command))
