"""What a demo measured, as one picture: a bar for each variant, all of them on one scale."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from mtlearn.course.figures import FORMS, short_count
from mtlearn.course.lesson import Column, Demo
from mtlearn.lab.recording import Row
from mtlearn.render.table import wrapped

EIGHTHS = " ▏▎▍▌▋▊▉"
MOST = 8  # variants of a runtime that are drawn: the table has them all
WIDEST = 40  # cells of a bar

Part = tuple[str, Sequence[Row]]  # a runtime, and what it measured


def barred(demo: Demo) -> Column | None:
    """The column that is drawn: the one that the demo names, else the last with figures; None: there is none."""
    figures = [column for column in demo.columns if column.form not in ("text", "ids")]
    named = (column for column in demo.columns if column.cell == demo.bars)
    return next(named, figures[-1] if figures else None)


def bars(demo: Demo, parts: Sequence[Part], width: int) -> RenderableType:
    """The bars in at most `width` columns, runtime by runtime; what is no figure stands there as it is."""
    column = barred(demo)
    if not column:
        return Group()
    shown = [(runtime, rows, rows[:MOST]) for runtime, rows in _with(column, parts)]
    if not shown:
        return Group()
    if column.form == "text":
        return Group(*_texts(column, shown, width))
    return Group(*_bars(column, shown, width))


Shown = Sequence[tuple[str, Sequence[Row], Sequence[Row]]]  # a runtime, its rows, and those that are drawn


def _with(column: Column, parts: Sequence[Part]) -> list[Part]:
    found = [(runtime, [row for row in rows if row.get(column.cell) is not None]) for runtime, rows in parts]
    return [(runtime, rows) for runtime, rows in found if rows]


def _texts(column: Column, shown: Shown, width: int) -> Iterator[Text]:
    label = min(max(cell_len(str(row["variant"])) for _, _, drawn in shown for row in drawn), width * 2 // 5)
    for runtime, rows, drawn in shown:
        yield Text.assemble((runtime, "name"), (f" · {column.title}", "dim"))
        for row in drawn:
            names, texts = wrapped(str(row["variant"]), label), wrapped(str(row[column.cell]), width - label - 2)
            for name, text in zip_longest(names, texts, fillvalue=""):
                yield _line(f"{name:<{label}}  ", (text, "head"))
        yield from _more(rows, drawn)


def _bars(column: Column, shown: Shown, width: int) -> Iterator[Text]:
    write = short_count if column.form == "count" else FORMS[column.form]
    every = [row for _, _, drawn in shown for row in drawn]
    top = max(float(row[column.cell]) for row in every)
    figure = max(cell_len(write(row[column.cell])) for row in every)
    label = min(max(cell_len(str(row["variant"])) for row in every), width // 2)
    cells = max(1, min(width - label - figure - 3, WIDEST))
    for runtime, rows, drawn in shown:
        yield Text.assemble((runtime, "name"), (f" · {column.title}", "dim"))
        for row in drawn:
            first, *others = wrapped(str(row["variant"]), label)
            value = float(row[column.cell])
            style = "bad" if column.cell in ("lost", "lost_share") else "name"
            bar = (bar_of(value / top if top else 0.0, cells), style)
            yield _line(f"{first:<{label}} ", bar, f" {write(row[column.cell])}")
            yield from map(_line, others)
        yield from _more(rows, drawn)


def _more(rows: Sequence[Row], drawn: Sequence[Row]) -> Iterator[Text]:
    if len(rows) > len(drawn):
        yield Text(f"and {len(rows) - len(drawn)} more in the table", style="dim")


def bar_of(share: float, cells: int) -> str:
    """A bar that fills this share of so many cells; what is more than nothing shows."""
    eighths = max(round(share * cells * 8), 1 if share > 0 else 0)
    return "█" * (eighths // 8) + EIGHTHS[eighths % 8].strip()


def _line(*parts: str | tuple[str, str]) -> Text:
    line = Text.assemble(*parts)
    line.no_wrap, line.overflow = True, "crop"
    return line
