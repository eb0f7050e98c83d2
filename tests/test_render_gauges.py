"""Gauges: what a script reads again and again, from its report to the picture."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from rich.console import Console

from mtlearn.course.claim import Measured
from mtlearn.course.lesson import Column, Demo
from mtlearn.experiment import Run
from mtlearn.lab.recording import Gauge, Recording, chrome_trace, gauges_of
from mtlearn.render import demo as draw
from mtlearn.render.gauges import gauges, sparkline
from mtlearn.render.screen import Working, make_screen
from mtlearn.system.documents import written
from mtlearn.system.encoding import accept_everything


def reading(name: str, value: float, ms: float, form: str = "count") -> dict[str, Any]:
    """One reading of a gauge, as a script reports it."""
    return {"name": name, "ph": "C", "pid": 7, "ts": ms * 1000, "cat": form, "args": {"value": value}}


EVENTS = (
    reading("event loop: delay", 2e6, 100, "ns"),
    reading("busy worker: utilisation", 0.5, 100, "share"),
    reading("event loop: delay", 200e6, 200, "ns"),
    reading("busy worker: utilisation", 1.0, 200, "share"),
    reading("event loop: delay", 0, 300, "ns"),
    reading("busy worker: utilisation", 0.0, 300, "share"),
)
RECORDING = Recording("Python 3.13.0", "python", True, 0.3, ({"variant": "all"},), EVENTS)


def drawn(recording: Recording, width: int = 80) -> list[str]:
    """The lines of the picture, without colour."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(gauges(recording, width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


def test_a_line_for_each_gauge() -> None:
    """Each gauge has its course, its last reading and its highest, each in its own form."""
    assert drawn(RECORDING)[0] == "Gauges, Python 3.13.0"
    first, second = (line.split() for line in drawn(RECORDING)[1:])
    assert first == ["event", "loop:", "delay", "▁█▁", "0", "ns", "highest", "200", "ms"]
    assert second == ["busy", "worker:", "utilisation", "▅█▁", "0", "%", "highest", "100.0", "%"]


def test_nothing_to_draw() -> None:
    """A recording without gauges has no such picture."""
    assert drawn(Recording("Python 3.13.0", "python", True, 0.1)) == []


@pytest.mark.parametrize("width", [30, 40, 59, 60, 80, 200])
def test_it_fits(width: int) -> None:
    """However narrow the screen and long the run, each gauge has one line, which fits and holds the last reading."""
    many = [reading("a gauge of a very long name", number, number) for number in range(1_000)]
    _, line = drawn(Recording("Python 3.13.0", "python", True, 0.1, (), tuple(many)), width)
    assert len(line) <= width
    assert "999" in line


def test_a_course_shows_the_highest() -> None:
    """Where a cell stands for several readings, it shows the highest: a peak is never lost."""
    values = [1.0] * 1_000
    values[437] = 8.0
    assert sparkline(values, 8, 10).count("█") == 1
    assert sparkline([0, 0], 0, 5) == "▁▁   "


def test_an_encoding_without_bars() -> None:
    """Where the encoding has no bars, other characters stand for them, each height for another."""
    kept = io.BytesIO()
    stream = io.TextIOWrapper(kept, encoding="ascii")
    accept_everything(stream)
    stream.write(sparkline(range(8), 7, 8))
    stream.flush()
    assert kept.getvalue() == b"_.-=+*%#"


def test_readings_in_their_order() -> None:
    """The readings of each gauge are kept in their order, with their times; --json writes them."""
    delay = Gauge("event loop: delay", "ns", ((100_000, 2e6), (200_000, 200e6), (300_000, 0)))
    assert gauges_of(EVENTS)[0] == delay
    told = json.loads(written(Run(RECORDING, MEASURED, ()).document))
    assert told["gauges"][0] == {
        "name": "event loop: delay",
        "form": "ns",
        "readings": [[100_000, 2e6], [200_000, 200e6], [300_000, 0]],
    }


def test_counters_in_the_trace() -> None:
    """In a trace file gauges are counters of their process, beside the lanes of its threads."""
    span = {"name": "work", "ph": "X", "pid": 7, "tid": 12, "cat": "running", "ts": 100_000.0, "dur": 10.0}
    events = chrome_trace([Recording("Python 3.13.0", "python", True, 0.1, (), (span, *EVENTS))])["traceEvents"]
    counters = [event for event in events if event["ph"] == "C"]
    assert [(event["ts"], event["args"]["value"]) for event in counters[:3]] == [(0, 2e6), (0, 0.5), (100_000, 200e6)]
    assert {event["pid"] for event in events} == {1}
    assert [event["args"]["name"] for event in events if event["name"] == "thread_name"] == ["thread 12"]


DEMO = Demo("watch", "What is read.", (Column("variant", "variant"),), ())
MEASURED = Measured("Python 3.13.0", "python", True, 2.0, RECORDING.rows)


def test_drawn_once_in_the_end() -> None:
    """Under a demo's table its gauges are drawn once, in a pipe too."""
    screen = make_screen(io.StringIO())
    screen.console.print(draw.details(DEMO, [Run(RECORDING, MEASURED, ())], screen.console.width))
    assert isinstance(screen.console.file, io.StringIO)
    assert screen.console.file.getvalue().count("Gauges, Python 3.13.0") == 1


def test_drawn_while_they_come() -> None:
    """While a demo runs, what was read until now stands below what is under way; a new run begins with nothing."""
    shown: list[object] = []
    working = Working(shown.append, 60)
    working.now("watch in Python")
    working.read(gauges_of(EVENTS[:2]))
    working.now("watch in Python: 1 measured")
    working.read(())
    console = Console(file=io.StringIO(), width=60, color_system=None)
    for each in shown:
        console.print(each)
    assert isinstance(console.file, io.StringIO)
    lines = [line.split()[:3] for line in console.file.getvalue().splitlines()]
    below = [["event", "loop:", "delay"], ["busy", "worker:", "utilis…"]]
    assert lines == [
        ["watch", "in", "Python"],
        *[["watch", "in", "Python"], *below],
        *[["watch", "in", "Python:"], *below],
        ["watch", "in", "Python:"],
    ]
