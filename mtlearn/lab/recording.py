"""What one run of a demo script left: its rows and its events. Every picture is drawn from this."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mtlearn.lab.runtime import Kind

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Recording:
    """One run of one script.

    rows    the table: cells by name, as the script reported them; a row with `skipped` could not be measured
    events  Chrome trace events, pid and tid as the system calls them, ts and dur in µs: "X" is a span, its `cat` the
            thread's state; "i" a mark; "M" names a thread; `args.scene` is the part of the demo it belongs to
    reason  why there are no rows, or not all: the runtime is missing, the script failed; else None
    """

    runtime: str
    kind: Kind
    gil: bool | None
    seconds: float
    rows: tuple[Row, ...] = ()
    events: tuple[Mapping[str, Any], ...] = ()
    reason: str | None = None


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
            process, thread = (number, event["pid"]), (event["pid"], event["tid"])
            if process not in pids:
                pids[process] = len(pids) + 1
                name = f"{recording.runtime} (process {event['pid']})"
                events.append(_named("process_name", pids[process], 0, name))
            if thread not in tids:
                tids[thread] = len(tids) + 1
                events.append(
                    _named("thread_name", pids[process], tids[thread], f"{names.get(thread, 'thread')} {event['tid']}")
                )
            place = {"pid": pids[process], "tid": tids[thread]}
            times = {key: round(event[key] - since, 1) for key, since in (("ts", start), ("dur", 0)) if key in event}
            events.append({**event, **times, **place})
    return {"traceEvents": events, "displayTimeUnit": "ms"}


def thread_names(events: Iterable[Mapping[str, Any]]) -> dict[tuple[int, int], str]:
    """What the script calls its threads, by (pid, tid), in the order in which it named them."""
    return {(event["pid"], event["tid"]): event["args"]["name"] for event in events if event["ph"] == "M"}


def _named(kind: str, pid: int, tid: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": kind, "pid": pid, "tid": tid, "args": {"name": name}}
