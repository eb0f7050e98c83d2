"""One figure of a demo in many runtimes, as bars."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from mtlearn.course.figures import FORMS
from mtlearn.course.lesson import Column
from mtlearn.experiment import Run
from mtlearn.render.table import wrapped

LEAST = 8  # cells of a bar, where the screen is narrow


def comparison(column: Column, runs: Sequence[Run], width: int) -> RenderableType:
    """For each variant a bar for each runtime; the longest bar of a variant is its greatest figure, or a share of 1.

    Runtimes of two languages have their own variants, so no bar is compared with one of another language's.
    """
    form = FORMS[column.form]
    figures = [form(value) for run in runs for _, value in _measured(column, run)]
    label = max((len(run.recording.runtime) for run in runs), default=0)
    figure = max(map(len, figures), default=0)
    room = max(LEAST, width - label - figure - 5)
    lines: list[Text] = []
    for variant in dict.fromkeys(variant for run in runs for variant, _ in _measured(column, run)):
        values = [(run.recording.runtime, value) for run in runs for name, value in _measured(column, run)
                  if name == variant]  # fmt: skip
        most = 1 if column.form == "share" else max(value for _, value in values) or 1
        lines += [Text(), *(Text(part, style="head") for part in wrapped(f"{variant}: {column.title}", width))]
        for runtime, value in values:
            bar = "█" * round(min(value / most, 1) * room) or "▌" * bool(value)
            lines.append(
                Text.assemble(f" {runtime:<{label}}  ", (f"{bar:<{room}}", "name"), f" {form(value):>{figure}}")
            )
    return Group(*lines, *_without(column, runs, width))


def _measured(column: Column, run: Run) -> list[tuple[str, float]]:
    rows = [row for row in run.recording.rows if "skipped" not in row]
    return [(str(row["variant"]), row[column.cell]) for row in rows if isinstance(row.get(column.cell), int | float)]


def _without(column: Column, runs: Sequence[Run], width: int) -> list[Text]:
    """A line for what each runtime could not measure, and why."""
    told = []
    for run in runs:
        whys: dict[str, list[str]] = {}
        for row in run.recording.rows:
            if "skipped" in row:
                whys.setdefault(str(row["skipped"]), []).append(str(row["variant"]))
        if run.recording.reason:
            whys.setdefault(run.recording.reason, [])
        told += [": ".join(filter(None, (run.recording.runtime, ", ".join(names), why))) for why, names in whys.items()]
    lines = [line for text in told for line in wrapped(text, width)]
    return [Text(), *(Text(line, style="open") for line in lines)] if lines else []
