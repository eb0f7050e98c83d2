"""The lines of a script that matter, Python beside Node.js; the line that decides is marked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from mtlearn.course.excerpt import Excerpt

WIDE = 100  # columns: from here on, the languages stand side by side
_LANGUAGES = {"python": ("Python", "python"), "node": ("Node.js", "javascript")}

Code = Sequence[tuple[str, Sequence[Excerpt]]]
"""What is to be shown, by the kind of runtime."""


def code(shown: Code, width: int, coloured: bool) -> RenderableType:
    """The excerpts of each language, without their comments, which tell too much before a prediction."""
    columns = [_column(kind, excerpts, coloured) for kind, excerpts in shown if excerpts]
    if width < WIDE or len(columns) < 2:
        return Group(*columns)
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for _ in columns:
        grid.add_column(ratio=1)
    grid.add_row(*columns)
    return grid


def _column(kind: str, excerpts: Sequence[Excerpt], coloured: bool) -> RenderableType:
    name, language = _LANGUAGES[kind]
    parts: list[RenderableType] = []
    for excerpt in excerpts:
        parts += [Text.assemble((name, "name"), (f" · {excerpt.name}", "dim")), _lines(excerpt, language, coloured)]
    return Group(*parts)


def _lines(excerpt: Excerpt, language: str, coloured: bool) -> RenderableType:
    bare = list(excerpt.bare)
    text = "\n".join(line for line, _ in bare)
    drawn = Syntax("", language, theme="ansi_dark").highlight(text) if coloured else Text(text)
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    for line, (_, decides) in zip(drawn.split("\n", allow_blank=True), bare, strict=False):
        grid.add_row(Text("›" if decides else " ", style="name"), line)
    return grid
