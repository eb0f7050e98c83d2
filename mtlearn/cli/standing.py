"""Commands that show how far the learner has come: list, progress."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli.lessons import demo, lesson
from mtlearn.cli.shared import JsonOption, PlainOption, interactive, progress_file, show
from mtlearn.cli.watch import watch

if TYPE_CHECKING:
    from mtlearn.learner.standing import Item

commands = typer.Typer()


@commands.command("list")
def list_(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="WORDS", help="Only what has all of these words in it.")
    ] = None,
    plain: PlainOption = False,
    as_json: JsonOption = False,
) -> None:
    """List every lesson, demo and exercise with its state. In a terminal, / searches and Enter opens."""
    from mtlearn.course.content import load
    from mtlearn.learner.standing import standing
    from mtlearn.render import overview

    items = [item for item in standing(load(), progress_file().read()).items if item.matches(" ".join(words or ()))]
    if as_json:
        listed = [{**asdict(item), "command": item.command} for item in items]
        print(json.dumps({"version": 1, "items": listed}))
    elif interactive(plain):
        from mtlearn.screens.app import show as show_screen
        from mtlearn.screens.listing import Listing

        chosen = show_screen(Listing(items))
        if chosen:
            _open(chosen)
    else:
        show(overview.listing(items))


@commands.command()
def progress(as_json: JsonOption = False) -> None:
    """Show what you have done: lessons, predictions, quizzes, exercises, what you learnt, and how long it took."""
    from mtlearn.course.content import load
    from mtlearn.learner.standing import standing
    from mtlearn.render import overview
    from mtlearn.render.screen import make_screen

    stands, screen = standing(load(), progress_file().read()), make_screen()
    if as_json:
        print(json.dumps(stands.to_json()))
    else:
        screen.console.print(overview.progress(stands, screen.narrow))


def _open(item: Item) -> None:
    """Go on with what was chosen."""
    if item.kind == "lesson":
        lesson(item.name)
    elif item.kind == "demo":
        demo(item.name)
    else:
        watch(item.name)
