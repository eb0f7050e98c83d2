"""An interleaving as a picture: a column for each thread, and one sentence on what went wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from mtlearn.interleave.explain import explain
from mtlearn.interleave.trace import Interleaving, Step

NARROW = 60  # columns of text below which threads no longer stand side by side
COLOURS = ("cyan", "magenta", "yellow", "green", "blue", "red")
MANY = 60  # steps: more than that are cut in the middle

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
    marks = _Marks(ascii_only)
    if found.kind in ("check", "exception", "deadlock"):  # who goes round looks at what nobody changes
        found = replace(found, steps=tuple(step for step in found.steps if _matters(step, found.steps)))
    parts: list[RenderableType] = [Text(_TITLES[found.kind], style="bold"), Text("")]
    shown = sorted({step.thread for step in found.steps})
    if found.steps:
        columns = len(shown)
        if width < NARROW or columns > max(1, (width - 4) // 24):
            parts.append(_list(found, marks))
        else:
            parts.append(_columns(found, shown, width, marks))
        parts.append(Text(""))
    for waiting in found.waiting:
        where = f"line {waiting.line}: {waiting.source}"
        parts.append(
            Text.assemble(
                (marks.plain(found.threads[waiting.thread]), _colour(waiting.thread)),
                marks.plain(f" {waiting.told(found.threads)}, {where}"),
            )
        )
    if found.waiting:
        parts.append(Text(""))
    parts.extend(Text(marks.plain(sentence), style="bold") for sentence in _sentences(found))
    return Group(*parts)


def _matters(step: Step, steps: tuple[Step, ...]) -> bool:
    """Whether a step says anything: not a mere look at what nobody changes, such as `len(accounts)`."""
    if step.note or not _looks(step):
        return True
    return any(_within(step.place, _changed(other)) for other in steps if not _looks(other))


def _changed(step: Step) -> str:
    """The place that a step changes: of a method's call, the object."""
    return step.place.rsplit(".", 1)[0] if step.operation == "call" else step.place


def _within(place: str, changed: str) -> bool:
    return place == changed or place.startswith((f"{changed}.", f"{changed}["))


def _looks(step: Step) -> bool:
    return step.operation in ("read", "load") or (step.operation == "call" and "." not in step.place)


def _sentences(found: Interleaving) -> Iterable[str]:
    told = explain(found)
    if told:
        yield told
    # Of a deadlock or an endless loop the message says no more; of a check it is the author's sentence.
    if found.message and (not told or found.kind in ("check", "exception")):
        yield found.message


class _Marks:
    def __init__(self, ascii_only: bool) -> None:
        self.ascii_only = ascii_only
        self.gives = "->" if ascii_only else "→"
        self.cut = "..." if ascii_only else "…"

    def plain(self, text: str) -> str:
        if not self.ascii_only:
            return text
        return text.encode("ascii", "backslashreplace").decode()


def _colour(thread: int) -> str:
    return COLOURS[thread % len(COLOURS)]


def _columns(found: Interleaving, shown: list[int], width: int, marks: _Marks) -> Table:
    column = (width - 3 * (len(shown) - 1)) // len(shown)
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, 3, 0, 0), width=width)
    for thread in shown:
        table.add_column(
            Text(marks.plain(found.threads[thread]), style=f"bold {_colour(thread)}"),
            width=column,
            overflow="fold",
        )
    before: Step | None = None
    for step, times in _few(found.steps):
        if step is None:
            table.add_row(*[Text(marks.cut)] * len(shown))
            continue
        cell = Text(style=_colour(step.thread))
        if before is None or (step.thread, step.line, step.file) != (before.thread, before.line, before.file):
            cell.append(marks.plain(f"{step.line:>3}  {_fit(step.source, column - 5, marks)}\n"), style="bold")
        told = textwrap.wrap(_told(step, times, marks), column - 5) or [""]
        cell.append(marks.plain("\n".join("     " + line for line in told)))
        table.add_row(*[cell if thread == step.thread else Text("") for thread in shown])
        before = step
    return table


def _list(found: Interleaving, marks: _Marks) -> Group:
    lines: list[Text] = []
    before: Step | None = None
    for step, times in _few(found.steps):
        if step is None:
            lines.append(Text(marks.cut))
            continue
        if before is None or (step.thread, step.line) != (before.thread, before.line):
            name = found.threads[step.thread]
            lines.append(
                Text(
                    marks.plain(f"{name}, line {step.line}: {step.source}"),
                    style=f"bold {_colour(step.thread)}",
                )
            )
        lines.append(Text(marks.plain("  " + _told(step, times, marks)), style=_colour(step.thread)))
        before = step
    return Group(*lines)


def _told(step: Step, times: int, marks: _Marks) -> str:
    words = [step.operation, step.place]
    if step.value is not None:
        words += ["=" if step.operation == "write" else marks.gives, step.value]
    text = " ".join(word for word in words if word)
    if step.note:
        text += f" ({step.note})"
    return f"{text}, {times} times" if times > 1 else text


def _fit(text: str, width: int, marks: _Marks) -> str:
    return text if len(text) <= width else text[: max(0, width - len(marks.cut))] + marks.cut


def _few(steps: tuple[Step, ...]) -> list[tuple[Step | None, int]]:
    """Give each step with how often it comes in a row, and None in place of the middle of a long run."""
    runs: list[tuple[Step | None, int]] = [(step, len(list(same))) for step, same in groupby(steps)]
    if len(runs) > MANY:
        return [*runs[: MANY // 2], (None, 1), *runs[-MANY // 2 :]]
    return runs
