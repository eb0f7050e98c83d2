"""Exercise 10: watch an event loop, and log what happens. README.md says what it must do."""

from contextvars import ContextVar

current_request = ContextVar("current_request", default=None)  # the id of the request that is served
SECRET_KEYS = frozenset({"password", "token", "authorization", "card_number"})


class LoopMonitor:
    """Ticked once per period; how late the ticks are."""

    def __init__(self, clock, period_s, warm_up):
        raise NotImplementedError("LoopMonitor is not written yet")

    def tick(self):
        """Read the clock, and note how late this tick is."""

    def p99(self):
        """Give the lag that 99 of 100 stay within."""

    def stalls(self, threshold_s):
        """Give how many lags were longer than the threshold."""


def log_event(sink, event, **fields):
    """Hand one JSON line to the sink, before this returns."""
    raise NotImplementedError("log_event is not written yet")
