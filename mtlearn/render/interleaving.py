"""An interleaving as a picture: a column for each thread, and one sentence on what went wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mtlearn.interleave.explain import explain
from mtlearn.interleave.trace import Interleaving, Step

NARROW = 60  # columns of text below which threads no longer stand side by side
COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red")
MANY = 60  # steps: more than that are cut in the middle
LONG, ROUNDS, PERIOD = 40, 4, 16  # steps in which a loop is told once; its rounds, at least; their steps, at most

_TITLES = {
    "check": "This order of steps gives a wrong result",
    "exception": "This order of steps ends with an exception",
    "deadlock": "This order of steps ends in a deadlock",
    "livelock": "In this order of steps the threads go on for ever without getting anywhere",
    "busy loop": "A thread goes round for ever",
    "blocked": "A thread waits for something outside the program",
}


def interleaving(found: Interleaving, *, width: int = 80, ascii_only: bool = False) -> RenderableType:
    """Draw an interleaving for a terminal of `width` columns. The console decides about colour."""
    marks = Marks(ascii_only)
    if found.kind in ("check", "exception", "deadlock"):  # who goes round looks at what nobody changes
        found = replace(found, steps=tuple(step for step in found.steps if _matters(step, found.steps)))
    parts: list[RenderableType] = [Text(_TITLES[found.kind], style="bold"), Text("")]
    if found.steps:
        named = {thread: found.threads[thread] for thread in sorted({step.thread for step in found.steps})}
        if side_by_side(len(named), width):
            table = columns(named, width, marks)
            add_steps(table, found.steps, named, marks)
            parts.append(table)
        else:
            parts.append(listed(found.steps, named, marks))
        parts.append(Text(""))
    for waiting in found.waiting:
        where = f"line {waiting.line}: {waiting.source}"
        parts.append(
            Text.assemble(
                (marks.plain(found.threads[waiting.thread]), colour(waiting.thread)),
                marks.plain(f" {waiting.told(found.threads)}, {where}"),
            )
        )
    if found.waiting:
        parts.append(Text(""))
    parts.extend(Text(marks.plain(sentence), style="bold") for sentence in sentences(found))
    return Group(*parts)


def _matters(step: Step, steps: tuple[Step, ...]) -> bool:
    """Whether a step says anything: not a mere look at what nobody changes, such as `len(accounts)`."""
    if step.note or not _looks(step):
        return True
    return any(_within(step.location, _changed(other)) for other in steps if not _looks(other))


def _changed(step: Step) -> str:
    """The location that a step changes: of a method's call, the object."""
    return step.location.rsplit(".", 1)[0] if step.operation == "call" else step.location


def _within(location: str, changed: str) -> bool:
    return location == changed or location.startswith((f"{changed}.", f"{changed}["))


def _looks(step: Step) -> bool:
    return step.operation in ("read", "load") or (step.operation == "call" and "." not in step.location)


def sentences(found: Interleaving) -> Iterable[str]:
    """Say what went wrong."""
    told = explain(found)
    if told:
        yield told
    # Of a deadlock or an endless loop the message says no more; of a check it is the author's sentence.
    more = found.kind == "check" or (found.kind == "exception" and found.message not in (told or ""))
    if found.message and (not told or more):
        yield found.message


class Marks:
    """The characters to draw with."""

    def __init__(self, ascii_only: bool) -> None:
        self.ascii_only = ascii_only
        self.gives = "->" if ascii_only else "→"
        self.cut = "..." if ascii_only else "…"

    def plain(self, text: str) -> str:
        """Make a string ASCII, where only that is wanted."""
        if not self.ascii_only:
            return text
        return text.encode("ascii", "backslashreplace").decode()


def colour(thread: int) -> str:
    """Give the colour of a thread."""
    return COLOURS[thread % len(COLOURS)]


def side_by_side(threads: int, width: int) -> bool:
    """Say whether so many threads have room for a column each."""
    return width >= NARROW and threads <= max(1, (width - 4) // 24)


def columns(named: Mapping[int, str], width: int, marks: Marks) -> Table:
    """Make a table with a column for each thread."""
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, 3, 0, 0), width=width)
    for thread, name in named.items():
        heading = Text(marks.plain(name), style=f"bold {colour(thread)}")
        table.add_column(heading, width=column_width(len(named), width), overflow="fold")
    return table


def column_width(threads: int, width: int) -> int:
    """Give the width of one of so many columns."""
    return (width - 3 * (threads - 1)) // threads


def add_steps(table: Table, steps: tuple[Step, ...], named: Iterable[int], marks: Marks) -> None:
    """Add a row for each step, in the column of its thread."""
    column = table.columns[0].width or 0
    before: Step | None = None
    files = _Files(steps)
    for step, times in few(steps):
        if step is None:
            table.add_row(*[Text(marks.cut)] * len(table.columns))
            continue
        cell = Text(style=colour(step.thread))
        if file := files.new(step):
            cell.append(marks.plain(f"     {fit(file, column - 5, marks)}\n"), style="dim")
        if before is None or (step.thread, step.line, step.file) != (before.thread, before.line, before.file):
            cell.append(marks.plain(f"{step.line:>3}  {fit(step.source, column - 5, marks)}\n"), style="bold")
        lines = textwrap.wrap(told(step, times, marks), column - 5) or [""]
        cell.append(marks.plain("\n".join("     " + line for line in lines)))
        table.add_row(*[cell if thread == step.thread else Text("") for thread in named])
        before = step


def listed(steps: tuple[Step, ...], named: Mapping[int, str], marks: Marks) -> Group:
    """Tell one step after the other, for a narrow terminal."""
    lines: list[Text] = []
    before: Step | None = None
    files = _Files(steps)
    for step, times in few(steps):
        if step is None:
            lines.append(Text(marks.cut))
            continue
        file = files.new(step)
        if before is None or file or (step.thread, step.line) != (before.thread, before.line):
            where = f"{named[step.thread]}, {file and f'{file}, '}line {step.line}: {step.source}"
            lines.append(Text(marks.plain(where), style=f"bold {colour(step.thread)}"))
        lines.append(Text(marks.plain("  " + told(step, times, marks)), style=colour(step.thread)))
        before = step
    return Group(*lines)


class _Files:
    """Tells which file a step is in, where there are several, and its thread was in another one before."""

    def __init__(self, steps: Iterable[Step]) -> None:
        self._several = len({step.file for step in steps}) > 1
        self._last: dict[int, str] = {}

    def new(self, step: Step) -> str:
        """The file's name, empty where it need not be told."""
        known, self._last[step.thread] = self._last.get(step.thread), step.file
        return Path(step.file).name if self._several and known != step.file else ""


def told(step: Step, times: int, marks: Marks) -> str:
    """Say what a step does, and how often."""
    words = [step.operation, step.location]
    if step.value is not None:
        arrow = [] if "→" in step.value else [marks.gives]  # it says itself what became of what
        words += [*(["="] if step.operation == "write" else arrow), step.value]
    text = " ".join(word for word in words if word)
    if step.note:
        text += f" ({step.note})"
    return f"{text}, {times} times" if times > 1 else text


def fit(text: str, width: int, marks: Marks) -> str:
    """Cut a string to a width."""
    return text if len(text) <= width else text[: max(0, width - len(marks.cut))] + marks.cut


def few(steps: tuple[Step, ...]) -> list[tuple[Step | None, int]]:
    """Give each step with how often it comes in a row, and None in place of the middle of a long run."""
    runs = [(step, len(list(same))) for step, same in groupby(steps)]
    if len(runs) > LONG:
        runs = _folded(runs)
    if len(runs) > MANY:
        return [*runs[: MANY // 2], (None, 1), *runs[-MANY // 2 :]]
    return list(runs)


def _folded(runs: list[tuple[Step, int]]) -> list[tuple[Step, int]]:
    """Tell two rounds of a loop whose rounds are all the same, and how many there were."""
    told: list[tuple[Step, int]] = []
    at = 0
    while at < len(runs):
        times, period = max(((_rounds(runs, at, each), each) for each in range(2, PERIOD + 1)), key=_covers)
        if times < ROUNDS:
            told.append(runs[at])
            at += 1
            continue
        *first, (step, row) = runs[at : at + 2 * period]
        note = f"and so on, {times:,} times"
        told += [*first, (replace(step, note=f"{step.note}; {note}" if step.note else note), row)]
        at += times * period
    return told


def _rounds(runs: list[tuple[Step, int]], at: int, period: int) -> int:
    end = at + period
    while end < len(runs) and runs[end] == runs[end - period]:
        end += 1
    return (end - at) // period


def _covers(found: tuple[int, int]) -> tuple[int, int]:
    times, period = found
    return (times * period if times >= ROUNDS else 0), -period
