"""The timeline: what happened when, a lane for each thread, on one axis."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from mtlearn.course.claim import Measured
from mtlearn.course.lesson import Column, Demo
from mtlearn.experiment import Run
from mtlearn.lab.recording import Recording, chrome_trace
from mtlearn.render import demo as draw
from mtlearn.render.screen import make_screen
from mtlearn.render.timeline import timeline
from mtlearn.system.encoding import accept_everything

LESSONS = Path(__file__).parent.parent / "lessons"


def span(tid: int, start_ms: float, end_ms: float, state: str = "running", pid: int = 7, **args: str) -> dict[str, Any]:
    """A span, its times in ms."""
    times = {"ts": 5e6 + start_ms * 1000, "dur": (end_ms - start_ms) * 1000}
    return {"name": "work", "ph": "X", "pid": pid, "tid": tid, "cat": state, "args": args, **times}


def mark(tid: int, at_ms: float) -> dict[str, Any]:
    """A mark, its time in ms."""
    return {"name": "told", "ph": "i", "pid": 7, "tid": tid, "ts": 5e6 + at_ms * 1000, "s": "t"}


def lane(tid: int, name: str, pid: int = 7) -> dict[str, Any]:
    """What a thread is called."""
    return {"name": "thread_name", "ph": "M", "pid": pid, "tid": tid, "args": {"name": name}}


def recording(*events: dict[str, Any]) -> Recording:
    """A recording of these events."""
    return Recording("Python 3.13.0", "python", True, 0.1, ({"variant": "all"},), events)


def drawn(*events: dict[str, Any], width: int = 80) -> list[str]:
    """The lines of the picture, without colour."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(timeline(recording(*events), width))
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


HELLO = (
    lane(7, "main"),
    lane(12, "worker"),
    span(12, 0, 20, "starting"),
    span(12, 20, 40),
    span(7, 0, 40, "waiting"),
    mark(7, 20),
)


def test_a_lane_for_each_thread() -> None:
    """Each thread has a lane with its real id, in the order in which they were named, on one axis that starts at 0."""
    assert drawn(*HELLO, width=50) == [
        "When, Python 3.13.0",
        "   main 7 " + "░" * 20 + "◆" + "░" * 19,
        "worker 12 " + "▒" * 20 + "█" * 20,
        "          │0        │10       │20       │30 ms",
        "░ waiting   ▒ starting   █ running   ◆ event",
    ]


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_fits(width: int) -> None:
    """No line is wider than the screen, and the ids stay readable."""
    lines = drawn(lane(4711, "a worker with a very long name"), *HELLO, span(4711, 1, 2), width=width)
    assert all(len(line) <= width for line in lines)
    assert any("4711" in line for line in lines)


def test_the_shortest_run_is_seen() -> None:
    """A run that is shorter than a cell still shows, and hides the waiting around it."""
    lines = drawn(span(1, 0, 1000, "waiting"), span(1, 500, 500.001), width=40)
    assert lines[1].count("█") == 1


def test_scenes_share_a_scale() -> None:
    """Scenes begin at 0 each, and a length is the same time in all of them."""
    lines = drawn(span(1, 0, 40, scene="slow"), span(1, 1000, 1010, scene="fast"), width=49)
    assert lines[1] == "slow"
    assert lines[3] == "fast"
    assert lines[2].count("█") == 4 * lines[4].count("█")
    assert lines[4].startswith("thread 1 █")


def test_processes_are_told_apart() -> None:
    """A thread of another process is named with the process, unless it is that process's only id."""
    lines = drawn(span(7, 0, 1), span(9, 0, 1, pid=9), span(10, 0, 1, pid=9))
    assert [line.split("█")[0].strip() for line in lines[1:4]] == ["thread 7", "thread 9", "thread 9/10"]


def test_many_threads_are_counted() -> None:
    """A crowd of threads does not flood the screen: those beyond the twelfth are counted."""
    lines = drawn(*(span(number, 0, 1) for number in range(20)))
    assert sum("█" in line for line in lines[:-1]) == 12
    assert "and 8 more threads" in lines


@pytest.mark.parametrize(
    ("length_ms", "last"), [(0.0005, " µs"), (0.9, " µs"), (1, " ms"), (999, " ms"), (1_500, " s"), (90_000, " s")]
)
def test_the_axis_says_its_unit(length_ms: float, last: str) -> None:
    """The axis shows round times, with a unit that suits them."""
    axis = drawn(span(1, 0, length_ms))[-2].strip()
    assert axis.startswith("│0")
    assert axis.endswith(last)


def test_without_unicode() -> None:
    """Where the terminal knows only ASCII, every state has its own glyph."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    accept_everything(stream)
    Console(file=stream, width=50, color_system=None).print(timeline(recording(*HELLO), 50))
    stream.flush()
    lines = raw.getvalue().decode("ascii").splitlines()
    assert lines[1] == "   main 7 " + "." * 20 + "*" + "." * 19
    assert lines[2] == "worker 12 " + ":" * 20 + "#" * 20


def test_each_state_has_a_colour() -> None:
    """With colour, every state has one of its own."""
    console = Console(file=io.StringIO(), width=80, force_terminal=True, color_system="standard", _environ={})
    console.print(timeline(recording(*HELLO), 80))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    codes = {glyph: text[: text.index(glyph)].rpartition("\x1b[")[2] for glyph in "░▒█◆"}
    assert len(set(codes.values())) == 4


def test_nothing_recorded() -> None:
    """A recording without events has no timeline, and no empty frame."""
    assert drawn() == []
    assert drawn(lane(7, "main")) == []


def test_under_the_table() -> None:
    """A demo whose point is when something happened shows the timeline under its table; others do not."""
    recorded = recording(*HELLO)
    run = Run(recorded, Measured("Python 3.13.0", "python", True, 2.0, recorded.rows), ())
    for shown in (True, False):
        stream = io.StringIO()
        demo = Demo("hello", "", (Column("variant", "variant"),), (), timeline=shown)
        screen = make_screen(stream)
        screen.console.print(draw.details(demo, [run], screen.console.width))
        assert ("When, Python" in stream.getvalue()) is shown


def test_asked_for() -> None:
    """Asked for, any demo that records times draws them; one that records none says so."""
    demo = Demo("hello", "", (Column("variant", "variant"),), ())
    for events, told in ((HELLO, "When, Python"), ((), "records no times")):
        recorded = recording(*events)
        run = Run(recorded, Measured("Python 3.13.0", "python", True, 2.0, recorded.rows), ())
        stream = io.StringIO()
        screen = make_screen(stream)
        screen.console.print(draw.details(demo, [run], screen.console.width, when=True))
        assert told in stream.getvalue()


def test_trace_file() -> None:
    """The trace file has the same spans, marks and names, in the form that Perfetto opens."""
    events = chrome_trace([recording(*HELLO)])["traceEvents"]
    names = [event["args"]["name"] for event in events if event["name"] == "thread_name"]
    assert names == ["worker 12", "main 7"]
    assert [event["ts"] for event in events if event["ph"] == "i"] == [20_000.0]
    assert [event["dur"] for event in events if event["ph"] == "X"] == [20_000.0, 20_000.0, 40_000.0]


REPORTS = {
    "python": (
        "from reporter import *\nlane(5, 'main')\nspan('a', 5, 1, 3, state='waiting', scene='s')\n"
        "mark('b', 5, at=2)\nspan('c', 5, 1, 3)\n"
    ),
    "node": (
        f"import {{ lane, mark, span }} from {json.dumps((LESSONS / 'reporter.mjs').as_uri())};\n"
        "lane(5, 'main');\nspan('a', 5, 1, 3, { state: 'waiting', scene: 's' });\n"
        "mark('b', 5, { at: 2 });\nspan('c', 5, 1, 3);\n"
    ),
}


@pytest.mark.parametrize("kind", ["python", "node"])
def test_both_reporters_tell_the_same(kind: str, tmp_path: Path) -> None:
    """A script tells of spans, marks and lanes alike in both languages."""
    script = tmp_path / ("script" + {"python": ".py", "node": ".mjs"}[kind])
    script.write_text(REPORTS[kind])
    command = [{"python": sys.executable, "node": "node"}[kind], str(script)]
    environment = {"MTLEARN_PARAMS": "{}", "PYTHONPATH": str(LESSONS), "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=True)
    events = [json.loads(line)["event"] for line in ran.stdout.splitlines()]
    assert [{key: event[key] for key in event if key != "pid"} for event in events] == [
        {"name": "thread_name", "ph": "M", "tid": 5, "args": {"name": "main"}},
        {"name": "a", "ph": "X", "tid": 5, "ts": 1, "dur": 2, "cat": "waiting", "args": {"scene": "s"}},
        {"name": "b", "ph": "i", "tid": 5, "ts": 2, "s": "t"},
        {"name": "c", "ph": "X", "tid": 5, "ts": 1, "dur": 2, "cat": "running"},
    ]
    assert len({event["pid"] for event in events}) == 1
