"""TraceDecoder a loop that touches nothing shared from a wait outside the models, by a thread's processor time."""

from __future__ import annotations

import sys
import time

from mtlearn.interleave.python.worker import Worker

BUSY_S = 0.5  # processor time a thread may use between two points
ASLEEP_S = 0.5  # wall-clock time a thread may sleep outside the models, seen asleep each time


class Watchdog:
    """Watches one thread between two points."""

    def __init__(self, worker: Worker, points: int) -> None:
        self.worker, self.points = worker, points
        self.cpu = _cpu_time(worker.ident)
        self.last = self.cpu or 0.0
        self.since = self.computed = time_monotonic()
        self.where: tuple[int, int] | None = None
        self.moved = False

    def look(self) -> str | None:
        """Give "busy loop" or "blocked" once that is sure, by the thread's own processor time."""
        frame = sys._current_frames().get(self.worker.ident)
        where = (id(frame), frame.f_lasti) if frame is not None else None
        used = _cpu_time(self.worker.ident)
        self.moved = self.moved or (self.where is not None and where != self.where)
        still = where == self.where
        self.where = where
        if used is None or self.cpu is None:
            return "blocked" if still and time_monotonic() - self.since > 4 * ASLEEP_S else None
        if used - self.cpu > BUSY_S:
            return "busy loop" if self.moved or used - self.cpu > 4 * BUSY_S else None
        if not _sleeps(self.worker):
            self.since = self.computed = time_monotonic()  # it would go on: on a loaded machine it has to wait
            return None
        if used - self.last > 0.001:
            self.last, self.computed = used, time_monotonic()  # it computes: on a loaded machine that takes longer
            return None
        if used - self.cpu > 0.01 or not still:
            return "blocked" if time_monotonic() - self.computed > 20 * ASLEEP_S else None
        return "blocked" if time_monotonic() - self.since > ASLEEP_S else None


time_monotonic = time.monotonic  # the real one: the name in `time` is replaced during a run


def _sleeps(worker: Worker) -> bool:
    """Say whether a thread waits for something other than a processor or a disk; True where nobody knows."""
    carrier = worker.host.carrier
    try:
        with open(f"/proc/self/task/{carrier.native if carrier else 0}/stat", encoding="ascii") as stat:
            return stat.read().rpartition(")")[2].split()[0] not in ("R", "D")
    except (OSError, IndexError):
        return True


def _cpu_time(ident: int) -> float | None:
    try:
        return time.clock_gettime(time.pthread_getcpuclockid(ident))
    except (AttributeError, OSError, ValueError):
        return None
