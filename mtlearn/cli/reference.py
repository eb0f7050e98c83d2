"""Commands to look something up: summary, glossary."""

from __future__ import annotations

from typing import Annotated

import typer

from mtlearn.cli import completion
from mtlearn.cli.names import lesson_named
from mtlearn.cli.shared import LessonArgument, show

commands = typer.Typer()


@commands.command()
def summary(number: LessonArgument = None) -> None:
    """Show a lesson on one page: what to remember, and its terms in both runtimes."""
    from mtlearn.course.content import load
    from mtlearn.course.summary import summary as summary_of
    from mtlearn.render import reference as draw
    from mtlearn.render.screen import make_screen

    course, screen = load(), make_screen()
    found = summary_of(course, lesson_named(course, number, "summary"))
    screen.console.print(draw.summary(found, screen.console.width))


@commands.command()
def glossary(
    term: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TERM",
            help="A term, or a word of Python or Node.js such as Atomics.wait (default: all of them, in a line each).",
            autocompletion=completion.terms,
        ),
    ] = None,
) -> None:
    """Look up a term: what it means, and what it is called in Python and in Node.js."""
    from mtlearn.course.content import load
    from mtlearn.course.glossary import glossary as glossary_of
    from mtlearn.course.glossary import named
    from mtlearn.render import reference as draw

    entries = glossary_of(load())
    if term:
        show(draw.terms(named(entries, " ".join(term))))
    else:
        show(draw.glossary(entries))
