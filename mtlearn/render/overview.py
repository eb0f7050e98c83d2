"""Where the learner stands, and what this machine has."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from mtlearn.learner.standing import KINDS, Item, Standing, Studied

LABEL = 15  # columns for a name in a list of one line each
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


def item(item: Item) -> Text:
    """One thing to learn by, in one line."""
    mark, style = _MARKS[True if item.done else None]
    name = f"{_indented(item):<{LABEL}}"
    return Text.assemble((mark, style), " ", (name, "head"), " ", item.title, (f" ({item.state})", "dim"))


def listing(items: Sequence[Item]) -> RenderableType:
    """Everything there is to learn by, with its state."""
    if not items:
        return Text("Nothing in the course matches that.")
    return facts([_row(item, _indented(item)) for item in items])


def _indented(item: Item) -> str:
    return item.label if item.kind == "lesson" else f"  {item.label}"


def _row(item: Item, label: str) -> tuple[bool | None, str, str]:
    return True if item.done else None, label, f"{item.title} ({item.state})"


def progress(standing: Standing, narrow: bool) -> RenderableType:
    """What was done about each task, what was learnt, and the command to go on with."""
    parts = [_list(standing.studied) if narrow else _table(standing.studied), Text()]
    if standing.learnt:
        parts.append(Text("What you know better than many", style="head"))
        for misconception in standing.learnt:
            grid = Table.grid(padding=(0, 1, 0, 0))
            grid.add_row(Text("✗", style="bad"), Text(misconception.says, style="dim"))
            grid.add_row(Text("✓", style="good"), Text(misconception.so))
            parts.append(Padding(grid, (0, 0, 0, 2)))
        parts.append(Text())
    counts = [f"{done} of {all_} {kind}s" for kind in KINDS for done, all_ in [standing.count(kind)]]
    right, made = (sum(task.predicted[n] for task in standing.studied) for n in (0, 1))
    seconds = sum(task.seconds for task in standing.studied)
    told = f"Done: {', '.join(counts)}."
    told += f" Predicted right: {right} of {made}." if made else ""
    told += f" Time, without pauses: {_spent(seconds)}." if seconds else ""
    return Group(*parts, Text(told), Text.assemble("Go on: ", (standing.next_command, "name")))


def _table(studied: Sequence[Studied]) -> RenderableType:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="head")
    table.add_column("task", overflow="fold")
    table.add_column("lesson", no_wrap=True)
    for title in ("predicted", "quiz"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("exercise", max_width=18)
    table.add_column("time", justify="right", no_wrap=True)
    for task in studied:
        cells = (task.lesson, _right(task.predicted), _right(task.answered), _tried(task), _time(task))
        table.add_row(f"{task.task} · {task.title}", *cells)
    return table


def _list(studied: Sequence[Studied]) -> RenderableType:
    lines: list[RenderableType] = []
    for task in studied:
        lines.append(Text(f"{task.task} · {task.title}", style="head"))
        told = {"lesson": task.lesson, "predicted": _right(task.predicted), "quiz": _right(task.answered),
                "exercise": _tried(task), "time": _time(task)}  # fmt: skip
        lines += [Padding(Text(f"{title}: {cell}"), (0, 0, 0, 2)) for title, cell in told.items() if cell]
    return Group(*lines)


def _right(share: tuple[int, int]) -> str:
    right, made = share
    return f"{right} of {made}" if made else ""


def _tried(task: Studied) -> str:
    counts = [f"{n} {what}{'' if n == 1 else 's'}" for n, what in ((task.attempts, "check"), (task.hints, "hint")) if n]
    return ", ".join(filter(None, (task.exercise, *counts)))


def _time(task: Studied) -> str:
    return _spent(task.seconds) if task.seconds else ""


def _spent(seconds: float) -> str:
    """ "40 s", "25 min", "1 h 20 min"."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
