"""The virtual clock of a run: what stands in for `time.sleep`, the clocks of `time`, and `datetime`'s idea of now.

All of them tell one time. Outside a run they tell the time at which the last one ended.
"""

from __future__ import annotations

import datetime
import time
from _thread import get_ident  # the real one
from collections.abc import Callable
from typing import Any

from mtlearn.interleave.python.control import Control, scheduled

EPOCH_S = 1_700_000_000.0  # every run begins at the same moment: 14 November 2023, 22:13:20 UTC, and the clock's start

_real_sleep = time.sleep
_real_localtime, _real_gmtime, _real_strftime = time.localtime, time.gmtime, time.strftime
_real_clock_gettime = getattr(time, "clock_gettime", None)  # not on Windows
_MONOTONIC = {
    getattr(time, name, None)
    for name in ("CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME", "CLOCK_UPTIME_RAW")
} - {None}


def sleep(seconds: float) -> None:
    """Sleep on the virtual clock."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    scheduler, me = scheduled()
    if scheduler is None or me is None:
        if get_ident() != Control.home:  # a thread that was there before, and is none of the program's
            _real_sleep(seconds)
        return
    if scheduler.recorder and not scheduler.steps:
        scheduler.recorder.synchronised(scheduler, me, "sleep", seconds)
    scheduler.wait(me, _never, "sleep", seconds, scheduler.now + seconds, sleeping=True)
    if scheduler.recorder and scheduler.steps:
        scheduler.recorder.synchronised(scheduler, me, "sleep", seconds)


def _never() -> bool:
    return False


def monotonic() -> float:
    """Give the virtual time in seconds."""
    scheduler, me = scheduled()
    return Control.last_time if scheduler is None else scheduler.read_clock(me)


def library_time() -> float:
    """Give the virtual time to the library, which reckons time-outs with it and does not wait for it to pass."""
    scheduler = Control.scheduler
    return Control.last_time if scheduler is None else scheduler.now


def wall_time() -> float:
    """Give the virtual time in seconds since 1970."""
    return EPOCH_S + monotonic()


def monotonic_ns() -> int:
    """Give the virtual time in nanoseconds."""
    return int(monotonic() * 1e9)


def wall_time_ns() -> int:
    """Give the virtual time in nanoseconds since 1970."""
    return int(wall_time() * 1e9)


def clock_gettime(clock: int) -> float:
    """Give the time of one of the system's clocks: the virtual one, but for those that count processor time."""
    if clock in _MONOTONIC:
        return monotonic()
    if clock == time.CLOCK_REALTIME:
        return wall_time()
    assert _real_clock_gettime is not None
    return float(_real_clock_gettime(clock))


def localtime(seconds: float | None = None) -> time.struct_time:
    """Give a moment, or now, in local time."""
    return _real_localtime(wall_time() if seconds is None else seconds)


def gmtime(seconds: float | None = None) -> time.struct_time:
    """Give a moment, or now, in UTC."""
    return _real_gmtime(wall_time() if seconds is None else seconds)


def strftime(form: str, moment: Any = None) -> str:
    """Write a moment, or now, in a form."""
    return _real_strftime(form, localtime() if moment is None else moment)


class _StandsFor(type):
    """The type of a class that stands for one of `datetime`: its instances are the real ones."""

    real: type

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.real)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.real)

    def __call__(cls, *arguments: Any, **named: Any) -> Any:
        return cls.real(*arguments, **named) if cls in (Date, DateTime) else super().__call__(*arguments, **named)


class Date(datetime.date, metaclass=_StandsFor):
    """A `datetime.date` whose today is the virtual clock's."""

    real = datetime.date

    @classmethod
    def today(cls) -> Any:
        """Give today's date, in local time."""
        return cls.fromtimestamp(wall_time())


class DateTime(datetime.datetime, metaclass=_StandsFor):
    """A `datetime.datetime` whose now is the virtual clock's."""

    real = datetime.datetime

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> Any:
        """Give now, in a time zone, or in local time without one."""
        return cls.fromtimestamp(wall_time(), tz)

    @classmethod
    def today(cls) -> Any:
        """Give now in local time."""
        return cls.now()

    @classmethod
    def utcnow(cls) -> Any:
        """Give now in UTC, without a time zone."""
        return cls.now(datetime.UTC).replace(tzinfo=None)


# Each original with what stands in for it: names of the library, by module and name
_NAMES: tuple[tuple[Any, dict[str, Callable[..., Any]]], ...] = (
    (
        time,
        {
            "sleep": sleep,
            "monotonic": monotonic,
            "perf_counter": monotonic,
            "time": wall_time,
            "monotonic_ns": monotonic_ns,
            "perf_counter_ns": monotonic_ns,
            "time_ns": wall_time_ns,
            "clock_gettime": clock_gettime,
            "localtime": localtime,
            "gmtime": gmtime,
            "strftime": strftime,
        },
    ),
    (datetime, {"date": Date, "datetime": DateTime}),
)
MODELS = tuple(
    (module, name, model) for module, models in _NAMES for name, model in models.items() if hasattr(module, name)
)
