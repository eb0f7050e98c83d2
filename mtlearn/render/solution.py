"""The reference solution beside the learner's own."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from mtlearn.learner.session import Solution
from mtlearn.render.demo import source

BESIDE = 140  # columns: from here on, two files have room side by side
_SYNTAX = {"python": "python", "node": "javascript"}


def solution(shown: Solution, width: int, colour: bool) -> RenderableType:
    """Both files, side by side where there is room, else one below the other; the reference comes last."""
    files = [("The reference solution", shown.reference)]
    if shown.mine is not None:
        files.insert(0, ("Yours", shown.mine))
    codes = [source(code.rstrip("\n"), _SYNTAX[shown.runtime], colour) for _, code in files]
    if len(files) == 1 or width < BESIDE:
        parts = [part for (title, _), code in zip(files, codes, strict=True) for part in (_head(title), code, Text())]
        return Group(*parts[:-1])
    grid = Table.grid(padding=(0, 2, 0, 0), expand=True)
    for _ in files:
        grid.add_column(ratio=1, overflow="fold")
    grid.add_row(*(_head(title) for title, _ in files))
    grid.add_row(*codes)
    return grid


def _head(title: str) -> RenderableType:
    return Rule(Text(title, style="head"), align="left", style="dim", characters="─")
