"""What was read again and again while a demo ran: for each gauge its course, its last reading and its highest.

The same lines are drawn while the readings come and when all are there.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from mtlearn.course.figures import FORMS
from mtlearn.lab.recording import Gauge, Recording

BARS = "▁▂▃▄▅▆▇█"
LABEL = 24  # columns for a gauge's name, and never more than a third of the screen
FIGURE = 8  # columns for a reading
WIDEST = 60  # cells of a course: more tell no more


def gauges(recording: Recording, width: int) -> RenderableType:
    """Every gauge of one run in at most `width` columns; nothing when it has none."""
    if not recording.gauges:
        return Group()
    return Group(
        Text.assemble(("Gauges, ", "head"), (recording.runtime, "name")), *gauge_lines(recording.gauges, width)
    )


def gauge_lines(found: Sequence[Gauge], width: int) -> list[Text]:
    """A line for each gauge."""
    label = min(max(len(gauge.name) for gauge in found), LABEL, width // 3)
    highest = width >= 60  # a narrow screen shows the last reading only
    cells = max(1, min(width - label - 2 - FIGURE - (FIGURE + 9 if highest else 0), WIDEST))
    return [_line(gauge, label, cells, highest) for gauge in found]


def _line(gauge: Gauge, label: int, cells: int, highest: bool) -> Text:
    values, form = [value for _, value in gauge.readings], FORMS[gauge.form]
    top = 1.0 if gauge.form == "share" else max(values)
    name = gauge.name if len(gauge.name) <= label else gauge.name[: label - 1] + "…"
    line = Text.assemble(
        name.rjust(label), " ", (sparkline(values, top, cells), "green"), " ", form(values[-1]).rjust(FIGURE)
    )
    if highest:
        line.append(f" highest {form(max(values)).rjust(FIGURE)}", "dim")
    line.no_wrap, line.overflow = True, "crop"
    return line


def sparkline(values: Sequence[float], top: float, cells: int) -> str:
    """The values as bars from 0 to `top`, in so many cells; one that stands for several shows the highest of them."""
    shown = min(len(values), cells)
    parts = (values[len(values) * cell // shown : len(values) * (cell + 1) // shown] for cell in range(shown))
    return "".join(_bar(max(part), top) for part in parts).ljust(cells)


def _bar(value: float, top: float) -> str:
    share = min(max(value / top, 0.0), 1.0) if top > 0 else 0.0
    return BARS[round(share * (len(BARS) - 1))]
