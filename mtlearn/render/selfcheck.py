"""What came of the course's check of itself."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mtlearn.lab.runtime import NAMES
from mtlearn.selfcheck.point import Point

_MARKS = {True: ("✓", "good"), False: ("✗", "bad"), None: ("?", "open")}


def one(point: Point) -> RenderableType:
    """A point in full: what holds or does not, and what was seen."""
    mark, style = _MARKS[point.holds]
    where = f"{point.part}, {NAMES[point.kind]}" if point.kind in NAMES else point.part
    text = Text.assemble((f"{mark} ", style), (where, "head"), f": {point.what}")
    return Group(text, Text(f"  {point.detail}", style="dim")) if point.detail else text


def summary(points: Sequence[Point], seconds: float) -> RenderableType:
    """A row for each part with what holds, is undecided and does not; then what is undecided, and the sum."""
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("part", style="head")
    for title in ("holds", "undecided", "wrong"):
        table.add_column(title, justify="right")
    for part in dict.fromkeys(point.part for point in points):
        counts = [sum(p.holds is holds for p in points if p.part == part) for holds in (True, None, False)]
        styles = ("good", "open", "bad")
        table.add_row(part, *(Text(str(n), style=s if n else "dim") for n, s in zip(counts, styles, strict=True)))
    undecided = [one(point) for point in points if point.holds is None]
    wrong = sum(point.holds is False for point in points)
    told = f"{len(points)} points in {seconds:,.0f} s: "
    told += f"{wrong} wrong" if wrong else "nothing wrong" + (f", {len(undecided)} undecided here" if undecided else "")
    return Group(*undecided, Text(), table, Text(), Text(told, style="bad" if wrong else "good"))
