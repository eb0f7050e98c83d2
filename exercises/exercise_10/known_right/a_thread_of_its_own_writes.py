# A thread of the file's own calls the sinks, and each call waits until its line has been handed over.
import bisect
import json
import queue
import threading
import time
from contextvars import ContextVar
from dataclasses import dataclass, field

current_request = ContextVar("current_request", default=None)
SECRET_KEYS = frozenset({"password", "token", "authorization", "card_number"})


@dataclass
class LoopMonitor:
    clock: object
    period_s: float
    warm_up: int
    lags: list = field(default_factory=list)  # in whole nanoseconds, always in order

    def __post_init__(self):
        self.left, self.last = max(self.warm_up, 1), None

    def tick(self):
        now = round(self.clock() * 1e9)
        if self.left > 0:
            self.left -= 1
        else:
            bisect.insort(self.lags, max(0, now - self.last - round(self.period_s * 1e9)))
        self.last = now

    def p99(self):
        count = len(self.lags)
        return self.lags[(99 * count + 99) // 100 - 1] / 1e9 if count else 0.0

    def stalls(self, threshold_s):
        return len(self.lags) - bisect.bisect_right(self.lags, round(threshold_s * 1e9))


lines = queue.Queue()


def writer():
    while True:
        sink, line = lines.get()
        try:
            sink(line)
        except Exception:
            pass
        finally:
            lines.task_done()


threading.Thread(target=writer, daemon=True).start()


def log_event(sink, event, /, **fields):
    record = hidden(fields)
    record.setdefault("level", "info")
    record |= {"time": time.strftime("%FT%T"), "event": event, "request": current_request.get()}
    record["thread"] = {"id": threading.get_ident(), "name": threading.current_thread().name}
    lines.put((sink, json.dumps(record, ensure_ascii=False, separators=(",", ":"))))
    lines.join()


def hidden(value):
    match value:
        case dict():
            return {key: "***" if key in SECRET_KEYS else hidden(inner) for key, inner in value.items()}
        case list():
            return [hidden(inner) for inner in value]
        case tuple():
            return tuple(hidden(inner) for inner in value)
    return value
