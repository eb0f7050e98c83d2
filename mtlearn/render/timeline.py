"""What happened when: a lane for each thread, all on one time axis, drawn from a recording's events.

A cell of a lane stands for a stretch of time and shows the most telling of what the thread did in it, so that even
the shortest run leaves a trace. Scenes (the variants of a demo, say) begin at 0 each and share one scale.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rich.console import Group, RenderableType
from rich.text import Text

from mtlearn.lab.recording import Event, Recording, thread_names

WIDEST = 100  # cells of a lane: more tell no more
LABEL = 22  # columns for a lane's name and id, and never more than a third of the screen
LANES = 12  # of one scene; what is beyond is only counted
TICK = 10  # cells at least between two figures of the axis

Lane = tuple[int, int]  # pid, tid


@dataclass(frozen=True)
class State:
    """What a thread does, and how that looks without colour and with it."""

    glyph: str
    style: str
    word: str


# In rising order: where two fall into one cell, the later one is shown.
STATES = {
    "waiting": State("░", "yellow", "waiting"),
    "starting": State("▒", "blue", "starting"),
    "running": State("█", "green", "running"),
    "mark": State("◆", "bold magenta", "event"),
}
_RANK = {name: rank for rank, name in enumerate(STATES)}


def has_times(recording: Recording) -> bool:
    """Whether there is anything to draw."""
    return bool(_happened(recording))


def timeline(recording: Recording, width: int) -> RenderableType:
    """The recording's spans and marks in at most `width` columns; nothing when it has none."""
    events = _happened(recording)
    if not events:
        return Group()
    names, own = thread_names(recording.events), events[0]["pid"]
    lanes = {lane: _label(lane, names.get(lane, ""), own) for lane in [*names, *map(_lane, events)]}
    label = min(max(map(len, lanes.values())), LABEL, width // 3)
    cells = max(1, min(width - label - 1, WIDEST))
    scenes = _scenes(events)
    length = max((_end(event) - start for start, scene in scenes.values() for event in scene), default=0.0)
    per_cell = max(length, 1.0) / cells
    lines = [Text.assemble(("When, ", "head"), (recording.runtime, "name"))]
    for title, (start, scene) in scenes.items():
        if title:
            lines.append(_line(Text(title, style="head")))
        seen = set(map(_lane, scene))
        shown = [lane for lane in lanes if lane in seen]
        for lane in shown[:LANES]:
            states = _states((event for event in scene if _lane(event) == lane), start, per_cell, cells)
            lines.append(_line(_cropped(lanes[lane], label), Text(" "), _drawn(states)))
        if len(shown) > LANES:
            lines.append(_line(Text(f"and {len(shown) - LANES} more threads", style="dim")))
    lines.append(_line(Text(" " * (label + 1) + _axis(per_cell, cells), style="dim")))
    return Group(*lines, _legend(set(map(_state, events)), gap=3 if width >= 50 else 1))


def _happened(recording: Recording) -> list[Event]:
    return [event for event in recording.events if event["ph"] in ("X", "i")]


def _scenes(events: Sequence[Event]) -> dict[str, tuple[float, list[Event]]]:
    """The scenes in the order of their first event, each with when it began and its events."""
    scenes: dict[str, list[Event]] = {}
    for event in events:
        scenes.setdefault(event.get("args", {}).get("scene", ""), []).append(event)
    return {title: (min(event["ts"] for event in scene), scene) for title, scene in scenes.items()}


def _lane(event: Event) -> Lane:
    return event["pid"], event["tid"]


def _end(event: Event) -> float:
    return float(event["ts"] + event.get("dur", 0.0))


def _state(event: Event) -> str:
    if event["ph"] == "i":
        return "mark"
    state = event.get("cat", "running")
    return state if state in STATES else "running"


def _label(lane: Lane, name: str, own: int) -> str:
    """ "main 4711"; a thread of another process than the first has that process's id too, unless they are the same."""
    pid, tid = lane
    place = str(tid) if pid in (own, tid) else f"{pid}/{tid}"
    return f"{name or 'thread'} {place}"


def _cropped(label: str, width: int) -> Text:
    """The label in so many columns; the id at its end stays whole as long as it can."""
    if len(label) > width:
        name, _, place = label.rpartition(" ")
        room = width - len(place) - 1
        label = f"{name[:room]} {place}" if room > 0 else place[-width:]
    return Text(label.rjust(width))


def _states(events: Iterable[Event], start: float, per_cell: float, cells: int) -> list[str]:
    """What each cell shows, "" for nothing."""
    states = [""] * cells
    for event in events:
        state = _state(event)
        first = min(int((event["ts"] - start) / per_cell), cells - 1)
        last = min(max(math.ceil((_end(event) - start) / per_cell) - 1, first), cells - 1)
        for cell in range(first, last + 1):
            if _RANK[state] >= _RANK.get(states[cell], -1):
                states[cell] = state
    return states


def _drawn(states: Sequence[str]) -> Text:
    lane = Text()
    for state, run in groupby(states):
        count = len(list(run))
        lane.append(*(STATES[state].glyph * count, STATES[state].style) if state else (" " * count, None))
    return lane


def _axis(per_cell: float, cells: int) -> str:
    """ "│0         │20        │40 ms": a figure at each round time, the unit behind the last."""
    unit, size = next((u, s) for u, s in (("s", 1e6), ("ms", 1e3), ("µs", 1.0)) if per_cell * cells >= s or s == 1.0)
    step = _round_up(per_cell * TICK / size)
    axis = ""
    for number in range(int(per_cell * cells / size / step) + 1):
        figure = f"│{number * step:.6g}"
        column = int(number * step * size / per_cell)
        if column + len(figure) + len(unit) + 1 > cells:
            break
        axis = axis.ljust(column) + figure
    return f"{axis} {unit}"


def _round_up(value: float) -> float:
    """The next of 1, 2, 5, 10, 20, 50 ... that is not smaller."""
    power = 10.0 ** math.floor(math.log10(value))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= value * 0.999999)


def _legend(states: set[str], gap: int) -> Text:
    legend = Text()
    for name, state in STATES.items():
        if name in states:
            legend.append(state.glyph, state.style).append(f" {state.word}" + " " * gap)
    legend.rstrip()
    return legend


def _line(*parts: Text) -> Text:
    line = Text.assemble(*parts)
    line.no_wrap, line.overflow = True, "crop"
    return line
