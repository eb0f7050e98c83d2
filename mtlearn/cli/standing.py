"""Commands that show how far the learner has come: list, progress."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from mtlearn.cli.onwards import Onwards
from mtlearn.cli.shared import JsonOption, PlainOption, home, interactive, progress_file, short, show, write_file

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
) -> Onwards | None:
    """List every lesson, demo and exercise with its state. In a terminal, / searches and Enter opens."""
    from mtlearn.course.content import load
    from mtlearn.learner.standing import ListDocument, standing
    from mtlearn.render import overview
    from mtlearn.system.documents import written

    items = [item for item in standing(load(), progress_file().read()).items if item.matches(" ".join(words or ()))]
    if as_json:
        print(written(ListDocument.of(items)))
    elif interactive(plain):
        from mtlearn.screens.app import show as show_screen
        from mtlearn.screens.listing import Listing

        chosen = show_screen(Listing(items))
        if chosen:
            return go_on_with(chosen)
    else:
        show(overview.listing(items))
    return None


@commands.command()
def progress(as_json: JsonOption = False) -> None:
    """Show what you have done, what you learnt, and how long it took: lesson by lesson."""
    from mtlearn.course.content import load
    from mtlearn.learner.standing import standing
    from mtlearn.render import overview
    from mtlearn.render.screen import make_screen
    from mtlearn.system.documents import written

    stands, screen = standing(load(), progress_file().read()), make_screen()
    if as_json:
        print(written(stands.document))
    else:
        screen.console.print(overview.progress(stands, screen.narrow))


@commands.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The page to write.")] = Path("mtlearn.html"),
) -> None:
    """Write what you have done, and the orders of steps that were found, as one web page."""
    from mtlearn.course.content import load
    from mtlearn.learner.replays import kept
    from mtlearn.learner.standing import standing
    from mtlearn.render.web import learner_page

    page = learner_page(standing(load(), progress_file().read()), kept(home()))
    write_file(file, page, "Name another file: mtlearn export FILE")
    print(f"Your page: {short(file)}")


def go_on_with(item: Item) -> Onwards:
    """Open the lesson, run the demo, or watch the exercise."""
    return Onwards(("watch" if item.kind == "exercise" else item.kind, item.name))
