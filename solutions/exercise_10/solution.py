"""A monitor of an event loop's delay, and log lines that say who, tell no secrets and are not lost."""

import contextlib
import json
import math
import threading
import time
from contextvars import ContextVar

current_request = ContextVar("current_request", default=None)
SECRET_KEYS = frozenset({"password", "token", "authorization", "card_number"})


class LoopMonitor:
    """Ticked once per period; how late each tick is."""

    def __init__(self, clock, period_s, warm_up):
        self.clock, self.period_s, self.warm_up = clock, period_s, warm_up
        self.ticks = 0
        self.last = None
        self.lags = []

    def tick(self):
        """Note how late this tick is: the time since the last one, without the period."""
        now = self.clock()
        self.ticks += 1
        # The first tick has nothing to be late against; what comes before the loop is warm does not count.
        if self.last is not None and self.ticks > self.warm_up:
            self.lags.append(max(0, now - self.last - self.period_s))
        self.last = now

    def p99(self):
        """The lag that 99 of 100 stay within (nearest rank); 0 without any."""
        if not self.lags:
            return 0
        return sorted(self.lags)[math.ceil(99 * len(self.lags) / 100) - 1]

    def stalls(self, threshold_s):
        """How many lags were longer than the threshold."""
        return sum(lag > threshold_s for lag in self.lags)


def log_event(sink, event, **fields):
    """Hand one JSON line to the sink, before this returns."""
    thread = threading.current_thread()
    record = {
        "level": "info",
        **redacted(fields),
        # These come last: no field may replace them.
        "time": time.time(),
        "event": event,
        "thread": {"id": threading.get_native_id(), "name": thread.name},
        "request": current_request.get(),
    }
    line = json.dumps(record, default=str)
    # A log that fails must not break what it tells about.
    with contextlib.suppress(Exception):
        sink(line)


def redacted(value):
    """A copy without secrets, at any depth."""
    if isinstance(value, dict):
        return {key: "***" if key in SECRET_KEYS else redacted(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(inner) for inner in value]
    return value
