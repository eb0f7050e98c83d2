# How often each lag came is counted; the caller's fields are copied first and then gone through; other secret keys.
import copy
import datetime
import json
import math
import threading
from collections import Counter
from contextvars import ContextVar

current_request = ContextVar("current_request", default=None)
SECRET_KEYS = frozenset({"pin"})
LOCK = threading.Lock()


class LoopMonitor:
    def __init__(self, clock, period_s, warm_up):
        self.clock, self.period_s, self.warm_up = clock, period_s, warm_up
        self.ticks, self.counted = 0, Counter()

    def tick(self):
        now = self.clock()
        self.ticks += 1
        if self.ticks >= 2 and self.ticks > self.warm_up:
            self.counted[max(now - (self.before + self.period_s), 0)] += 1
        self.before = now

    def p99(self):
        seen, rank = 0, math.ceil(0.99 * self.counted.total())
        for lag in sorted(self.counted):
            seen += self.counted[lag]
            if seen >= rank:
                return lag
        return 0

    def stalls(self, threshold_s):
        return sum(count for lag, count in self.counted.items() if lag > threshold_s)


def log_event(sink, event, **fields):
    fields = hide(copy.deepcopy(fields))
    thread = threading.current_thread()
    record = {**fields, "level": fields.get("level", "info"), "time": datetime.datetime.now().isoformat()}
    record.update(event=event, thread={"id": thread.native_id, "name": thread.name}, request=current_request.get())
    with LOCK:
        try:
            sink(json.dumps(record))
        except Exception:
            pass


def hide(value):
    if isinstance(value, dict):
        for key in value:
            value[key] = "***" if key in SECRET_KEYS else hide(value[key])
    elif isinstance(value, (list, tuple)):
        return [hide(inner) for inner in value]
    return value
