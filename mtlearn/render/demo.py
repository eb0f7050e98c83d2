"""A demo's runs as one table and its claims as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mtlearn.course.claim import Finding
from mtlearn.course.figures import FORMS, short_count
from mtlearn.course.lesson import Column, Demo, Lesson
from mtlearn.experiment import Run
from mtlearn.lab.recording import Row
from mtlearn.render.gauges import gauges
from mtlearn.render.screen import Screen
from mtlearn.render.timeline import has_times, timeline

WIDE = 100  # columns: from here on, counts are written out


def demo_list(lessons: Iterable[Lesson]) -> RenderableType:
    """Every demo with its lesson and what it shows."""
    lines: list[RenderableType] = []
    for lesson in lessons:
        lines.append(Text(f"Lesson {lesson.number} · {lesson.title}", style="head"))
        grid = Table.grid(padding=(0, 2, 0, 0))
        for demo in lesson.demos:
            grid.add_row(Text(demo.name, style="name"), Text(demo.shows))
        lines.append(Padding(grid, (0, 0, 0, 2)))
    return Group(*lines, Text("\nRun one: mtlearn demo race"))


def results(demo: Demo, runs: Sequence[Run], screen: Screen, when: bool = False) -> RenderableType:
    """One table of all runs, or, on a narrow screen, a list; what is missing says why in its place.

    Below it the timeline of each run, where the demo has one, or `when` asks for it; and the course of its gauges.
    """
    width = screen.console.width
    table = _list(demo, runs) if screen.narrow else _table(demo, runs, exact=width >= WIDE)
    lines: list[RenderableType] = []
    for run in runs:
        if has_times(run.recording) and (demo.timeline or when):
            lines += [timeline(run.recording, width), Text()]
        elif when and run.recording.rows:
            lines += [_note(run.recording.runtime, "this demo records no times, so there is no timeline"), Text()]
    lines += [part for run in runs if run.recording.gauges for part in (gauges(run.recording, width), Text())]
    return Group(table, *lines)


def _table(demo: Demo, runs: Sequence[Run], exact: bool) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="head")
    for column in demo.columns:
        numeric = column.form not in ("text", "ids")
        table.add_column(
            column.title,
            justify="right" if numeric else "left",
            no_wrap=numeric,
            max_width=11 if column.form == "ids" else None,  # two ids of the system
            overflow="fold",
        )
    notes: list[Text] = []
    for number, run in enumerate(runs):
        if number:
            table.add_section()
        empty = [""] * (len(demo.columns) - 1)
        table.add_row(Text(run.recording.runtime, style="name"), *empty)
        for row in run.recording.rows:
            if "skipped" in row:
                notes.append(_note(f"{run.recording.runtime}, {row['variant']}", str(row["skipped"])))
                table.add_row(Text(str(row["variant"]), style="dim"), Text("not here ¹", style="dim"), *empty[1:])
            else:
                table.add_row(*(Text(_cell(column, row, exact), style=_style(column, row)) for column in demo.columns))
        if run.recording.reason:
            notes.append(_note(run.recording.runtime, run.recording.reason))
    return Group(table, *notes)


def _list(demo: Demo, runs: Sequence[Run]) -> RenderableType:
    lines: list[RenderableType] = []
    first, *others = demo.columns
    for run in runs:
        lines.append(Text(run.recording.runtime, style="name"))
        for row in run.recording.rows:
            lines.append(Padding(Text(_cell(first, row), style="head"), (0, 0, 0, 1)))
            if "skipped" in row:
                lines.append(Padding(Text(f"not here: {row['skipped']}", style="dim"), (0, 0, 0, 3)))
                continue
            for column in others:
                if row.get(column.cell) is None:
                    continue
                line = Text.assemble(f"{column.title}: ", (_cell(column, row), _style(column, row)))
                lines.append(Padding(line, (0, 0, 0, 3)))
        if run.recording.reason:
            lines.append(_note(run.recording.runtime, run.recording.reason))
    return Group(*lines)


def _cell(column: Column, row: Row, exact: bool = True) -> str:
    value = row.get(column.cell)
    form = short_count if column.form == "count" and not exact else FORMS[column.form]
    return "" if value is None else form(value)


def _style(column: Column, row: Row) -> str:
    if column.cell in ("lost", "lost_share"):
        return "bad" if row.get(column.cell) else "good"
    return ""


def _note(where: str, what: str) -> Text:
    return Text.assemble((f"{where}: ", "head"), (what, "open"))


_MARKS = {
    True: ("✓", "good", "holds"),
    False: ("✗", "bad", "does not hold here"),
    None: ("?", "open", "undecided"),
}


def claims(runs: Sequence[Run]) -> RenderableType:
    """Each claim with whether it held, runtime by runtime, with its figures."""
    lines: list[RenderableType] = []
    for run in runs:
        if not run.findings:
            continue
        lines.append(Text.assemble(("Claims, ", "head"), (run.recording.runtime, "name")))
        lines.extend(_claim(finding) for finding in run.findings)
    return Group(*lines)


def _claim(finding: Finding) -> RenderableType:
    mark, style, word = _MARKS[finding.holds]
    told = Text.assemble((f"{mark} {word}: ", style), finding.text, (f" ({finding.detail})", "dim"))
    return Padding(_hanging(told), (0, 0, 0, 1))


def _hanging(text: Text) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column()
    grid.add_row(text[:1], text[2:])
    return grid


def cores(free: float) -> Text:
    """The line under every demo's table."""
    return Text(f"Cores free when this ran: {free:.1f}.", style="dim")


def source(code: str, language: str, colour: bool) -> RenderableType:
    """A script to read: highlighted where there is colour, else as it is."""
    if not colour:
        return Text(code)
    from rich.syntax import Syntax

    return Syntax(code, language, theme="ansi_dark", background_color="default", word_wrap=True)
