"""A demo's runs as one table and its claims as sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mtlearn.course.claim import Finding
from mtlearn.course.figures import FORMS, duration, short_count
from mtlearn.course.lesson import Column, Demo, Lesson
from mtlearn.experiment import Run
from mtlearn.lab.recording import Row
from mtlearn.render.bars import bars
from mtlearn.render.gauges import gauges
from mtlearn.render.table import Cell, Layout, layout, wrapped
from mtlearn.render.timeline import has_times, timeline

WIDE = 100  # columns: from here on, counts are written out
SCREEN = 24  # lines of a demo before its details
RANGES = 6  # of thread ids, in the line under the table


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


def results(demo: Demo, runs: Sequence[Run], width: int) -> RenderableType:
    """What was measured, and which threads ran. With the question above it a screen at most; `details` has the rest."""
    table = _layout(demo, runs, width)
    lines: list[RenderableType] = [Text(), *table.head()]
    for number, (run, count) in enumerate(zip(runs, _shown(demo, runs, table), strict=True)):
        lines += [Text()] if number else []
        lines.append(Text(run.recording.runtime, style="name"))
        lines += [line for row in _measured(run)[:count] for line in table.row(_cells(demo, row, width))]
        lines += [Text(part, style="open") for part in wrapped(run.recording.reason or "", width) if part]
    return Group(*lines, Text(), *(Text(line, style="dim") for line in _ran(runs, width)))


def details(demo: Demo, runs: Sequence[Run], width: int, when: bool = False) -> RenderableType:
    """The rows that `results` had no room for, what could not be measured and why, and what happened when.

    The timeline is drawn where the demo has one, or where `when` asks for it.
    """
    table = _layout(demo, runs, width)
    parts: list[RenderableType] = []
    for run, count in zip(runs, _shown(demo, runs, table), strict=True):
        rest = _measured(run)[count:]
        if rest:
            parts += [Text(), Text.assemble(("The other rows, ", "head"), (run.recording.runtime, "name"))]
            parts += [*table.head(), *(line for row in rest for line in table.row(_cells(demo, row, width)))]
    parts += [note for run in runs for note in _skipped(run)]
    for run in runs:
        if has_times(run.recording) and (demo.timeline or when):
            parts += [Text(), timeline(run.recording, width)]
        elif when and run.recording.rows:
            parts.append(_note(run.recording.runtime, "this demo records no times, so there is no timeline"))
    parts += [part for run in runs if run.recording.gauges for part in (Text(), gauges(run.recording, width))]
    return Group(*parts)


def so_far(demo: Demo, parts: Sequence[tuple[str, Sequence[Row]]], width: int) -> RenderableType:
    """The rows that have come until now, runtime by runtime."""
    cells = [[_cells(demo, row, width) for row in rows if "skipped" not in row] for _, rows in parts]
    table = _table(demo, [row for rows in cells for row in rows], width)
    lines: list[RenderableType] = [*table.head()]
    for (runtime, _), rows in zip(parts, cells, strict=True):
        lines += [Text(runtime, style="name"), *(line for row in rows for line in table.row(row))]
    return Group(*lines)


def _layout(demo: Demo, runs: Sequence[Run], width: int) -> Layout:
    return _table(demo, [_cells(demo, row, width) for run in runs for row in _measured(run)], width)


def _table(demo: Demo, rows: Sequence[Sequence[Cell]], width: int) -> Layout:
    figures = [column.form not in ("text", "ids") for column in demo.columns]
    return layout([column.title for column in demo.columns], figures, rows, width)


def _shown(demo: Demo, runs: Sequence[Run], table: Layout) -> list[int]:
    """How many rows of each run fit on a screen: one more of each in turn, as long as there is room."""
    width = table.width
    reasons = sum(len(wrapped(run.recording.reason, width)) for run in runs if run.recording.reason)
    # a blank line above the table and one below it, and for each run its name, and a blank one between two
    others = len(wrapped(demo.shows, width)) + len(table.head()) + len(_ran(runs, width)) + 2 * len(runs) + 1 + reasons
    room = SCREEN - others
    heights = [[len(table.row(_cells(demo, row, width))) for row in _measured(run)] for run in runs]
    shown = [0] * len(runs)
    turns = [(number, run) for number in range(max(map(len, heights), default=0)) for run in range(len(runs))]
    for number, run in turns:
        if number == shown[run] and number < len(heights[run]) and heights[run][number] <= room:
            room -= heights[run][number]
            shown[run] += 1
    return shown


def _measured(run: Run) -> list[Row]:
    return [row for row in run.recording.rows if "skipped" not in row]


def _cells(demo: Demo, row: Row, width: int) -> list[Cell]:
    return [Cell(_cell(column, row, width >= WIDE), _style(column, row)) for column in demo.columns]


def _skipped(run: Run) -> list[Text]:
    """What could not be measured: the variants that share a reason, and the reason."""
    reasons: dict[str, list[str]] = {}
    for row in run.recording.rows:
        if "skipped" in row:
            reasons.setdefault(str(row["skipped"]), []).append(str(row["variant"]))
    return [_note(f"{run.recording.runtime}, {', '.join(names)}", why) for why, names in reasons.items()]


def _ran(runs: Sequence[Run], width: int) -> list[str]:
    """Lines such as "Python 3.11.7 ran on threads 4998–5001 in 0.41 s."; a Worker is reported by its threadId."""
    lines = []
    for run in runs:
        if run.recording.rows:
            found = run.recording.threads
            on = f" on thread{'s' * (len(found) > 1)} {ranges(found)}" if found else ""
            took = duration(run.recording.seconds * 1e9)
            lines += wrapped(f"{run.recording.runtime} ran{on} in {took}.", width)
    return lines


def ranges(numbers: Sequence[int]) -> str:
    """ "4998–5001, 5003": sorted numbers, those in a row together; at most as many as a line holds."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    parts = [f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs]
    more = sum(map(len, runs[RANGES:]))
    return ", ".join(parts[:RANGES]) + (f" and {more} more" if more else "")


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


# What holds is no reason for joy where it says that updates are lost: it was measured as said, no more.
_MARKS = {
    True: ("=", "name", "as said"),
    False: ("✗", "bad", "does not hold here"),
    None: ("?", "open", "undecided"),
}


def claims(runs: Sequence[Run]) -> RenderableType:
    """Each claim with whether it held, and its figures; what both runtimes show stands there once."""
    found: dict[str, list[tuple[str, Finding]]] = {}
    for run in runs:
        for finding in run.findings:
            found.setdefault(finding.text, []).append((run.recording.runtime, finding))
    lines: list[RenderableType] = []
    told: tuple[str, ...] = ()
    for findings in sorted(found.values(), key=lambda each: (-len(each), [runtime for runtime, _ in each])):
        if (named := tuple(runtime for runtime, _ in findings)) != told:
            told = named
            lines += [Text(), Text.assemble(("Claims, ", "head"), (" and ".join(named), "name"))]
        lines.extend(_claim(findings))
    return Group(*lines)


def _claim(findings: Sequence[tuple[str, Finding]]) -> Iterator[RenderableType]:
    """A line for a claim on which all agree, else one for each runtime."""
    held = {finding.holds for _, finding in findings}
    for group in [findings] if len(held) == 1 else [[each] for each in findings]:
        mark, style, word = _MARKS[group[0][1].holds]
        who = f"{group[0][0]}: " if len(group) < len(findings) else ""
        details = [f"{runtime}: {finding.detail}" for runtime, finding in group]
        figures = "; ".join(details) if len(group) > 1 else group[0][1].detail
        line = Text.assemble((f"{mark} {word}: ", style), (who, "name"), group[0][1].text, (f" ({figures})", "dim"))
        yield Padding(_hanging(line), (0, 0, 0, 1))


def _hanging(text: Text) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column()
    grid.add_row(text[:1], text[2:])
    return grid


def ending(free: float, lesson: Lesson) -> RenderableType:
    """How busy the machine was, and the lesson that the demo is from."""
    told = Text(f"Cores free when this ran: {free:.1f}.", style="dim")
    return Group(Text(), told, Text.assemble("Go on: ", (f"mtlearn lesson {lesson.number}", "name")))


def evidence(demo: Demo, runs: Sequence[Run], width: int) -> RenderableType:
    """All that was measured: the table, the claims, and what happened when."""
    return Group(experiment_head(demo), results(demo, runs, width), claims(runs), details(demo, runs, width))


def experiment_head(demo: Demo) -> RenderableType:
    """What the demo asks."""
    return Text(demo.shows, style="head")


def picture(demo: Demo, runs: Sequence[Run], width: int) -> RenderableType:
    """What was measured in one look: when it happened, where that is the point, else bars; and what is missing."""
    parts: list[RenderableType] = []
    if demo.timeline:
        parts = [timeline(run.recording, width) for run in runs if has_times(run.recording)]
    if not parts:
        parts = [bars(demo, [(run.recording.runtime, run.recording.rows) for run in runs], width)]
    missing = [_note(run.recording.runtime, run.recording.reason) for run in runs if run.recording.reason]
    return Group(*parts, *missing)


def scripts(found: Sequence[tuple[str, str]], colour: bool) -> RenderableType:
    """Whole scripts, one below the other, each under the name of its runtime."""
    names = {"python": "Python", "node": "Node.js"}
    languages = {"python": "python", "node": "javascript"}
    parts: list[RenderableType] = []
    for kind, script in found:
        parts += [Text(names[kind], style="name"), source(script, languages[kind], colour), Text()]
    return Group(*parts)


def source(code: str, language: str, colour: bool) -> RenderableType:
    """A script to read: highlighted where there is colour, else as it is."""
    if not colour:
        return Text(code)
    from rich.syntax import Syntax

    return Syntax(code, language, theme="ansi_dark", background_color="default", word_wrap=True)
