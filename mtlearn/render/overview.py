"""Where the learner stands, and what this machine has."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

_MARKS = {True: ("✓", "good"), False: ("✗", "bad"), None: ("·", "dim")}


def facts(rows: Sequence[tuple[bool | None, str, str]]) -> RenderableType:
    """Lines of (good, bad or neither; what; how it is)."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(no_wrap=True, style="head")
    grid.add_column(overflow="fold")
    for good, what, how in rows:
        mark, style = _MARKS[good]
        grid.add_row(Text(mark, style=style), Text(what), Text(how))
    return grid


def standing(rows: Sequence[tuple[bool | None, str, str]], next_command: str) -> RenderableType:
    """The lessons and exercises with how far each has come, and the command to go on with."""
    head = Text.assemble(("mtlearn", "name"), " · learn multithreading by seeing it happen, in Python and Node.js\n")
    return Group(head, facts(rows), Text.assemble("\nGo on: ", (next_command, "name")))
