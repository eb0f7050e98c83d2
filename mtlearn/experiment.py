"""A demo in the runtimes asked for: its script run, its rows judged by its claims."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Literal

import msgspec

from mtlearn.course.claim import Finding, Measured, findings
from mtlearn.course.lesson import Demo, Lesson
from mtlearn.lab.cores import cores_free as cores_free_now
from mtlearn.lab.recording import Event, Gauge, Recording, Row, gauges_of
from mtlearn.lab.run import Cancel, run
from mtlearn.lab.runtime import NAMES, Runtime, RuntimeKind, RuntimeMissing, find


@dataclass(frozen=True)
class Run:
    """One demo in one runtime: what was recorded, and whether each claim held."""

    recording: Recording
    measured: Measured
    findings: tuple[Finding, ...]

    @property
    def document(self) -> RunDocument:
        """The run as it is written."""
        recording = self.recording
        return RunDocument(
            runtime=recording.runtime,
            kind=recording.kind,
            seconds=round(recording.seconds, 3),
            threads=recording.threads,
            rows=recording.rows,
            reason=recording.reason,
            gauges=recording.gauges,
            claims=tuple(Judged(each.text, each.holds, each.detail) for each in self.findings),
        )


class Judged(msgspec.Struct, frozen=True):
    """A claim, whether it holds (None: this cannot be told here), and the figures it was judged by."""

    text: str
    holds: bool | None
    detail: str


class RunDocument(msgspec.Struct, frozen=True):
    """A demo in one runtime. See `mtlearn.lab.recording.Recording`."""

    runtime: str
    kind: RuntimeKind
    seconds: float
    threads: tuple[int, ...]
    rows: tuple[Row, ...]
    reason: str | None
    gauges: tuple[Gauge, ...]
    claims: tuple[Judged, ...]


class DemoDocument(msgspec.Struct, frozen=True, kw_only=True):
    """What `mtlearn demo --json` writes; `cores_free` is how many cores were free when it began."""

    version: Literal[1] = 1
    demo: str
    cores_free: float
    runs: tuple[RunDocument, ...]


def find_runtimes(names: Sequence[str], packages: Path | None = None) -> list[Runtime | RuntimeMissing]:
    """The runtimes named. "python" or "node" that is not here is reported in its place.

    `packages` is where `mtlearn setup` puts what npm has. Raises RuntimeMissing for a path that does not work.
    """
    found: list[Runtime | RuntimeMissing] = []
    for name in names:
        try:
            found.append(find(name, packages))
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
    cancel: Cancel | None = None,
) -> Run:
    """Run a demo in one runtime and judge its claims.

    A runtime that is missing, or that the demo is not about, gives a run without rows. `packages` is where
    `mtlearn setup node` put the npm packages; `on_row` and `on_event` see what is reported as it arrives.
    `cores_free` is how many were free before. Where a claim about cores did not show, they are counted once more, and
    the fewer are what it had: another program may have begun meanwhile. Where one that hangs on luck did not show, the
    script is run once more, and that run is the one that counts.
    """
    if runtime.kind not in demo.runtimes:
        about = " and ".join(name for kind, name in NAMES.items() if kind in demo.runtimes)
        return _without_rows(demo, runtime, f"this is about {about} only", cores_free)
    if isinstance(runtime, RuntimeMissing):
        return _without_rows(demo, runtime, runtime.one_line, cores_free)
    recorded = partial(run, lesson.script(demo, runtime.kind), runtime, params, packages=packages, cancel=cancel)
    judged = _judged(demo, runtime, recorded(on_row=on_row, on_event=on_event), cores_free)
    if any(each.unseen for each in judged.findings):
        return _judged(demo, runtime, recorded(), cores_free)
    return judged


def _without_rows(demo: Demo, runtime: Runtime | RuntimeMissing, reason: str, cores_free: float) -> Run:
    recording = Recording(NAMES[runtime.kind], runtime.kind, None, 0.0, reason=reason)
    return _judged(demo, runtime, recording, cores_free)


def _judged(demo: Demo, runtime: Runtime | RuntimeMissing, recording: Recording, cores_free: float) -> Run:
    version = runtime.numbers if isinstance(runtime, Runtime) else ()
    measured = Measured(
        recording.runtime, recording.kind, recording.gil, cores_free, recording.rows, recording.reason, version
    )
    found = findings(demo.claims, measured)
    if any(claim.cores for claim in demo.claims) and any(each.holds is False for each in found):
        measured = replace(measured, cores_free=min(cores_free, cores_free_now()))
        found = findings(demo.claims, measured)
    return Run(recording, measured, found)


def experiments(
    lesson: Lesson,
    demo: Demo,
    runtimes: Sequence[Runtime | RuntimeMissing],
    params: Mapping[str, float | str],
    now: Callable[[str], None] = lambda text: None,
    packages: Path | None = None,
    read: Callable[[Sequence[Gauge]], None] = lambda gauges: None,
    measured: Callable[[str, Row], None] = lambda runtime, row: None,
    cancel: Cancel | None = None,
) -> tuple[float, tuple[Run, ...]]:
    """Run a demo in each runtime, one after the other; the cores that were free before, and the runs.

    `now` is told what is under way, `measured` each row as it comes, with its runtime, `read` what the gauges of a
    running script have read until now. `cancel` ends it early, and then lab.run.Cancelled is raised.
    """
    now("Measuring free cores")
    free = cores_free_now()
    runs = []
    for runtime in runtimes:
        label = getattr(runtime, "label", "")
        what = f"{demo.name} in {label}"
        now(what)
        read(())
        on_row = _counting(now, what, partial(measured, label))
        runs.append(experiment(lesson, demo, runtime, params, free, on_row, packages, _collecting(read), cancel))
    return free, tuple(runs)


def _counting(now: Callable[[str], None], what: str, measured: Callable[[Row], None]) -> Callable[[Row], None]:
    numbers = count(1)

    def on_row(row: Row) -> None:
        now(f"{what}: {next(numbers)} measured, the last: {row['variant']}")
        measured(row)

    return on_row


def _collecting(read: Callable[[Sequence[Gauge]], None]) -> Callable[[Event], None]:
    readings: list[Event] = []

    def on_event(event: Event) -> None:
        if event["ph"] == "C":
            readings.append(event)
            read(gauges_of(readings))

    return on_event
