"""Numbers as people read them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any


def count(value: float) -> str:
    """ "1,234,567"."""
    return f"{value:,.0f}"


def short_count(value: float) -> str:
    """The same in at most 7 characters: "99,999", "951k", "4.74M"; 0 stays 0."""
    for unit, size in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if value >= size and value >= 100_000:
            return f"{value / size:.3g}{unit}" if value / size < 999.5 else f"{value / size:.0f}{unit}"
    return count(value)


def percent(value: float) -> str:
    """A share from 0 to 1 in percent: "40.6 %", and "0 %" only for nothing at all."""
    if value == 0:
        return "0 %"
    if abs(value) < 0.0005:
        return "<0.1 %"
    return f"{value * 100:.1f} %"


def duration(value: float) -> str:
    """Nanoseconds: "26 ns", "1.2 µs", "3.4 ms", "1.1 s"."""
    for unit, size in (("ns", 1), ("µs", 1_000), ("ms", 1_000_000)):
        if value < size * 1_000:
            return f"{value / size:.3g} {unit}" if value / size < 100 else f"{value / size:.0f} {unit}"
    return f"{value / 1e9:.3g} s"


def roughly(seconds: float) -> str:
    """How long something will take, where it took that many seconds before: "about 15 s", never less than it took."""
    return f"about {next((step for step in (1, 2, 3, 5, 7, 10, 15, 20, 30) if seconds <= step), 60)} s"


def memory(value: float) -> str:
    """Bytes: "100 B", "16.4 kB", "2.05 MB"."""
    for unit, factor in (("B", 1), ("kB", 1e3), ("MB", 1e6)):
        if value < factor * 1_000:
            return f"{value / factor:.3g} {unit}" if value / factor < 100 else f"{value / factor:.0f} {unit}"
    return f"{value / 1e9:.3g} GB"


def times(value: float) -> str:
    """A ratio: "×0.98", "×20,000"."""
    return f"×{value:.2f}" if abs(value) < 10 else f"×{value:,.0f}"


def ids(values: Sequence[Any]) -> str:
    """Thread ids, as the system calls them."""
    return " ".join(map(str, values))


def text(value: Any) -> str:
    """Anything else."""
    return str(value)


FORMS: dict[str, Callable[[Any], str]] = {
    "text": text,
    "count": count,
    "share": percent,
    "ns": duration,
    "bytes": memory,
    "times": times,
    "ids": ids,
}
