"""What one run of a demo script left: its rows and its events. Every picture is drawn from this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mtlearn.lab.runtime import RuntimeKind

Row = Mapping[str, Any]
Event = Mapping[str, Any]


@dataclass(frozen=True)
class Recording:
    """One run of one script.

    rows    the table: cells by name, as the script reported them; a row with `skipped` could not be measured
    events  Chrome trace events, pid and tid as the system calls them, ts and dur in µs: "X" is a span, its `cat` the
            thread's state; "i" a mark; "M" names a thread; `args.scene` is the part of the demo it belongs to;
            "C" is a reading of a gauge, `args.value`, its `cat` the form of that figure
    reason  why there are no rows, or not all: the runtime is missing, the script failed; else None
    """

    runtime: str
    kind: RuntimeKind
    gil: bool | None
    seconds: float
    rows: tuple[Row, ...] = ()
    events: tuple[Event, ...] = ()
    reason: str | None = None

    @property
    def threads(self) -> tuple[int, ...]:
        """The ids of all threads that its rows and events tell of, as the system, or Node.js, calls them."""
        found = {each for row in self.rows for each in row.get("threads") or () if isinstance(each, int)}
        found.update(int(event["tid"]) for event in self.events if "tid" in event)
        return tuple(sorted(found))

    @property
    def gauges(self) -> tuple[Gauge, ...]:
        """What was read again and again."""
        return gauges_of(self.events)


@dataclass(frozen=True)
class Gauge:
    """Something that a script read again and again: its readings, (time in µs, value), and how to write such a value.

    `form` is that of a column: "count", "share", "ns" or "bytes".
    """

    name: str
    form: str
    readings: tuple[tuple[float, float], ...]


def gauges_of(events: Iterable[Event]) -> tuple[Gauge, ...]:
    """What was read again and again, in the order of the first readings."""
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for event in events:
        if event["ph"] == "C":
            found.setdefault((event["name"], event["cat"]), []).append((event["ts"], event["args"]["value"]))
    return tuple(Gauge(name, form, tuple(readings)) for (name, form), readings in found.items())


def chrome_trace(recordings: list[Recording]) -> dict[str, Any]:
    """All recordings as one Chrome trace: a process per recorded process, lanes small, named and numbered.

    Format: https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (ts, dur in µs).
    """
    events: list[dict[str, Any]] = []
    pids: dict[tuple[int, int], int] = {}
    for number, recording in enumerate(recordings):
        happened = [event for event in recording.events if event["ph"] != "M"]
        start = min((event["ts"] for event in happened), default=0.0)
        names = thread_names(recording.events)
        tids: dict[tuple[int, int], int] = {}
        for event in happened:
            # a gauge is of its process, not of one thread: it has no tid
            process, thread = (number, event["pid"]), (event["pid"], event.get("tid", 0))
            if process not in pids:
                pids[process] = len(pids) + 1
                name = f"{recording.runtime} (process {event['pid']})"
                events.append(_named("process_name", pids[process], 0, name))
            if "tid" in event and thread not in tids:
                tids[thread] = len(tids) + 1
                events.append(
                    _named("thread_name", pids[process], tids[thread], f"{names.get(thread, 'thread')} {event['tid']}")
                )
            place = {"pid": pids[process], "tid": tids.get(thread, 0)}
            times = {key: round(event[key] - since, 1) for key, since in (("ts", start), ("dur", 0)) if key in event}
            events.append({**event, **times, **place})
    return {"traceEvents": events, "displayTimeUnit": "ms"}


def thread_names(events: Iterable[Event]) -> dict[tuple[int, int], str]:
    """What the script calls its threads, by (pid, tid), in the order in which it named them."""
    return {(event["pid"], event["tid"]): event["args"]["name"] for event in events if event["ph"] == "M"}


def _named(kind: str, pid: int, tid: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": kind, "pid": pid, "tid": tid, "args": {"name": name}}
