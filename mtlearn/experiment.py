"""A demo in the runtimes asked for: its script run, its rows judged by its claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from mtlearn.course.claim import Finding, Measured, findings
from mtlearn.course.lesson import Demo, Lesson
from mtlearn.lab.cores import cores_free
from mtlearn.lab.recording import Event, Gauge, Recording, Row, gauges_of
from mtlearn.lab.run import run
from mtlearn.lab.runtime import NAMES, Runtime, RuntimeMissing, find


@dataclass(frozen=True)
class Run:
    """One demo in one runtime: what was recorded, and whether each claim held."""

    recording: Recording
    measured: Measured
    findings: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """The run as `mtlearn demo --json` writes it."""
        return {
            "runtime": self.recording.runtime,
            "kind": self.recording.kind,
            "seconds": round(self.recording.seconds, 3),
            "rows": list(self.recording.rows),
            "reason": self.recording.reason,
            "gauges": [vars(gauge) for gauge in self.recording.gauges],
            "claims": [{"text": f.text, "holds": f.holds, "detail": f.detail} for f in self.findings],
        }


def find_runtimes(names: Sequence[str]) -> list[Runtime | RuntimeMissing]:
    """The runtimes named. "python" or "node" that is not here is told in its place.

    Raises RuntimeMissing for a path that does not work.
    """
    found: list[Runtime | RuntimeMissing] = []
    for name in names:
        try:
            found.append(find(name))
        except RuntimeMissing as missing:
            if name not in NAMES:
                raise
            found.append(missing)
    return found


def experiment(
    lesson: Lesson,
    demo: Demo,
    runtime: Runtime | RuntimeMissing,
    params: Mapping[str, float | str],
    cores_free: float,
    on_row: Callable[[Row], None] = lambda row: None,
    packages: Path | None = None,
    on_event: Callable[[Event], None] = lambda event: None,
) -> Run:
    """Run a demo in one runtime and judge its claims.

    A runtime that is missing, or that the demo is not about, gives a run without rows. `packages` is where
    `mtlearn setup node` put the npm packages; `on_row` and `on_event` see what is reported as it arrives.
    """
    if runtime.kind not in demo.runtimes:
        about = " and ".join(name for kind, name in NAMES.items() if kind in demo.runtimes)
        recording = Recording(NAMES[runtime.kind], runtime.kind, None, 0.0, reason=f"this is about {about} only")
    elif isinstance(runtime, RuntimeMissing):
        recording = Recording(NAMES[runtime.kind], runtime.kind, None, 0.0, reason=runtime.one_line)
    else:
        script = lesson.script(demo, runtime.kind)
        recording = run(script, runtime, params, on_row=on_row, on_event=on_event, packages=packages)
    measured = Measured(recording.runtime, recording.kind, recording.gil, cores_free, recording.rows, recording.reason)
    return Run(recording, measured, findings(demo.claims, measured))


def experiments(
    lesson: Lesson,
    demo: Demo,
    runtimes: Sequence[Runtime | RuntimeMissing],
    params: Mapping[str, float | str],
    now: Callable[[str], None] = lambda text: None,
    packages: Path | None = None,
    read: Callable[[Sequence[Gauge]], None] = lambda gauges: None,
) -> tuple[float, tuple[Run, ...]]:
    """Run a demo in each runtime, one after the other; the cores that were free before, and the runs.

    `now` is told what is under way, `read` what the gauges of a running script have read until now.
    """
    now("Measuring free cores")
    free = cores_free()
    runs = []
    for runtime in runtimes:
        what = f"{demo.name} in {getattr(runtime, 'label', '')}"
        now(what)
        read(())
        runs.append(experiment(lesson, demo, runtime, params, free, _counting(now, what), packages, _collecting(read)))
    return free, tuple(runs)


def _counting(now: Callable[[str], None], what: str) -> Callable[[Row], None]:
    numbers = count(1)
    return lambda row: now(f"{what}: {next(numbers)} measured, the last: {row['variant']}")


def _collecting(read: Callable[[Sequence[Gauge]], None]) -> Callable[[Event], None]:
    readings: list[Event] = []

    def on_event(event: Event) -> None:
        if event["ph"] == "C":
            readings.append(event)
            read(gauges_of(readings))

    return on_event
