"""What a monitor must say, by the rules of the statement."""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from mtlearn.grading.checks import Subject, expect

# Times are counted in these: exact in seconds, in milliseconds and in nanoseconds.
UNIT = {"python": 0.125, "node": 5}
PERIOD = 8


def counted(lags: Sequence[float], warm_up: int) -> list[float]:
    """The lags that count: the first tick has none, and what is early has one of 0."""
    return [max(0, lag) for lag in lags[max(warm_up, 1) :]]


def p99(lags: Sequence[float]) -> float:
    """The nearest rank: the lag that 99 of 100 stay within; 0 without any."""
    return sorted(lags)[math.ceil(99 * len(lags) / 100) - 1] if lags else 0


def says(
    subject: Subject,
    lags: Sequence[float],
    help: str = "A lag is the time since the last tick, minus the period.",
    start: float = 0,
    warm_up: int = 0,
    stalls: Sequence[float] = (),
    ask: Sequence[int] = (),
) -> dict[str, Any]:
    """Tick a monitor with these lags (the first tick has none), all in units, and compare what it says then.

    `stalls` are thresholds, and after so many ticks (`ask`) it is asked for its p99, too. Gives all that was seen.
    """
    unit, count = UNIT[subject.runtime], counted(lags, warm_up)
    times = [now * unit for now in accumulate([start, *(PERIOD + lag for lag in lags[1:])])][: len(lags)]
    params = {"period": PERIOD * unit, "warm_up": warm_up, "times": times, "ask": list(ask)}
    seen: dict[str, Any]
    [seen] = subject.run_calm("watching", **params, thresholds=[each * unit for each in stalls]).returns
    ticked = _ticked(subject, lags, warm_up)
    answers = [(f"p99() after {ticks} ticks", p99(counted(lags[:ticks], warm_up)) * unit) for ticks in ask]
    answers += [("p99()", p99(count) * unit)]
    for (what, want), gave in zip(answers, [*seen["asked"], seen["p99"]], strict=True):
        expect(equal(gave, want), f"{ticked}: {what} should be {_time(subject, want)}; it is {_given(gave)}.", help)
    for threshold, gave in zip(stalls, seen["stalls"], strict=True):
        want = sum(lag > threshold for lag in count)
        what = f"stalls({_time(subject, threshold * unit)})"
        expect(gave == want, f"{ticked}: {what} should be {want}; it is {_given(gave)}.", help)
    return seen


def equal(gave: Any, want: float) -> bool:
    """Whether it is that number, but for rounding."""
    return isinstance(gave, int | float) and math.isclose(gave, want, rel_tol=1e-9, abs_tol=1e-9)


def _ticked(subject: Subject, lags: Sequence[float], warm_up: int) -> str:
    if len(lags) < 2:
        return "After one tick" if lags else "Before the first tick"
    late = ", ".join([*(f"{lag * UNIT[subject.runtime]:g}" for lag in lags[1:7]), *(["..."] if len(lags) > 7 else [])])
    warm = f", a warm-up of {warm_up}" if warm_up else ""
    period = _time(subject, PERIOD * UNIT[subject.runtime])
    return f"A period of {period}{warm}, {len(lags):,} ticks, from the second on late by {late}"


def _time(subject: Subject, value: float) -> str:
    return f"{value:g} {'ms' if subject.runtime == 'node' else 's'}"


def _given(value: Any) -> Any:
    return f"{value:g}" if isinstance(value, int | float) else value
