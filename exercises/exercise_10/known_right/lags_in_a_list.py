# The lags are kept in a list, and a percentile sorts them; what is logged is a copy without secrets.
import json
import math
import threading
import time
from contextvars import ContextVar

current_request = ContextVar("current_request", default=None)
SECRET_KEYS = frozenset({"password", "token", "authorization", "card_number"})


class LoopMonitor:
    def __init__(self, clock, period_s, warm_up):
        self.clock, self.period_s, self.warm_up = clock, period_s, warm_up
        self.ticks, self.last, self.lags = 0, None, []

    def tick(self):
        now = self.clock()
        self.ticks += 1
        if self.last is not None and self.ticks > self.warm_up:
            self.lags.append(max(0, now - self.last - self.period_s))
        self.last = now

    def p99(self):
        lags = sorted(self.lags)
        return lags[math.ceil(99 * len(lags) / 100) - 1] if lags else 0

    def stalls(self, threshold_s):
        return sum(lag > threshold_s for lag in self.lags)


def log_event(sink, event, **fields):
    line = json.dumps({"level": "info", **redacted(fields), **about(event)})
    try:
        sink(line)
    except Exception:
        pass


def about(event):
    thread = {"id": threading.get_native_id(), "name": threading.current_thread().name}
    return {"time": time.time(), "event": event, "thread": thread, "request": current_request.get()}


def redacted(value):
    if isinstance(value, dict):
        return {key: "***" if key in SECRET_KEYS else redacted(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [redacted(inner) for inner in value]
    return value
