"""Time as it would pass on a machine that has nothing else to do."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

MOST = 10.0  # times slower than the clock on the wall, at most


def load() -> float:
    """How many threads of this machine run, or want to: the system's average over the last minute."""
    if hasattr(os, "getloadavg"):
        return os.getloadavg()[0]
    import psutil  # it has one for Windows, too

    return float(psutil.getloadavg()[0])


class LoadedClock:
    """Seconds, of which each counts the less, the more the machine has to do beyond its processors.

    A budget in these seconds is spent after about the same work on a busy machine as on a quiet one. `now` gives
    seconds of real time.
    """

    def __init__(
        self,
        load: Callable[[], float] = load,
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._load = load
        self._now = now
        self._processors = os.cpu_count() or 1
        self._last = now()
        self._passed = 0.0

    def __call__(self) -> float:
        """The seconds since it was made."""
        now = self._now()
        self._passed += (now - self._last) / min(max(self._load() / self._processors, 1.0), MOST)
        self._last = now
        return self._passed
