"""An experiment that runs beside a screen: what it tells, as it tells it, and an end to it at any moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mtlearn.course.lesson import Demo
from mtlearn.experiment import Run
from mtlearn.lab.recording import Gauge, Row
from mtlearn.lab.run import Cancel, Cancelled


class Experiment(Protocol):
    """Runs a demo in all runtimes."""

    def __call__(
        self,
        demo: Demo,
        now: Callable[[str], None],
        read: Callable[[Sequence[Gauge]], None],
        measured: Callable[[str, Row], None],
        cancel: Cancel,
    ) -> tuple[Run, ...]:
        """The runs; what is under way, each row and each reading is told meanwhile. May raise Cancelled."""


@dataclass
class SoFar:
    """What has come until now: what is under way, the rows of each runtime, the last readings."""

    now: str = ""
    parts: dict[str, list[Row]] = field(default_factory=dict)
    gauges: Sequence[Gauge] = ()


class Measuring:
    """One experiment under way, in its own thread.

    `changed` is called when there is more to show, `done` at the end, with the runs or with what went wrong; both in
    that thread. After `stop` neither is called.
    """

    def __init__(
        self,
        demo: Demo,
        experiment: Experiment,
        changed: Callable[[], object],
        done: Callable[[tuple[Run, ...] | Exception], object],
    ) -> None:
        self.so_far = SoFar()
        self._demo = demo
        self._experiment = experiment
        self._changed = changed
        self._done = done
        self._cancel = Cancel()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it, and wait until nothing of it is left."""
        self._changed, self._done = lambda: None, lambda result: None
        self._cancel.now()
        self._thread.join()

    def _run(self) -> None:
        try:
            result: tuple[Run, ...] | Exception
            result = self._experiment(self._demo, self._now, self._read, self._measured, self._cancel)
        except Cancelled:
            return
        except Exception as error:  # told on the screen
            result = error
        self._done(result)

    def _now(self, text: str) -> None:
        self._cancel.check()
        self.so_far.now = text
        self._changed()

    def _read(self, gauges: Sequence[Gauge]) -> None:
        self.so_far.gauges = gauges
        self._changed()

    def _measured(self, runtime: str, row: Row) -> None:
        self.so_far.parts.setdefault(runtime, []).append(row)
        self._changed()
