"""What an exploration in Python leaves behind: nothing."""

from __future__ import annotations

import gc
import os
import queue
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest

from mtlearn.interleave import explore

MODULE_LOCK = threading.Lock()


class Counter:
    """A counter without a lock."""

    def __init__(self) -> None:
        self.value = 0

    def add(self) -> None:
        """Add 1."""
        self.value += 1


def is_two(counter: Counter) -> None:
    """Check the counter."""
    assert counter.value == 2, f"the counter is {counter.value}, not 2"


def fine(_state: Any) -> None:
    """Accept everything."""


def names() -> list[Any]:
    """Give everything that a run replaces."""
    places = [
        (threading, ("Lock", "RLock", "_allocate_lock", "_time", "_counter")),
        (threading.Thread, ("start", "join", "is_alive", "__init__", "__hash__")),
        (time, ("sleep", "monotonic", "time", "perf_counter", "monotonic_ns", "time_ns")),
        (queue, ("SimpleQueue", "time")),
        (os, ("fork", "system", "kill")),
        (subprocess.Popen, ("__init__",)),
        (ThreadPoolExecutor, ("_counter",)),
    ]
    return [getattr(owner, name) for owner, all_ in places for name in all_] + [
        gc.isenabled(),
        type(MODULE_LOCK),
    ]


def test_no_name_stays_replaced() -> None:
    """After an exploration, also of a deadlock, every name of the standard library is its own again."""
    before = names()

    def twice(_: Any) -> None:
        with MODULE_LOCK:
            MODULE_LOCK.acquire()

    result = explore(lambda: None, [twice], fine)
    assert result.outcome == "refuted"
    assert names() == before
    assert not MODULE_LOCK.locked()
    explore(Counter, [Counter.add] * 2, is_two)
    assert names() == before
    if sys.version_info >= (3, 12):
        assert "mtlearn" not in [sys.monitoring.get_tool(tool) for tool in range(6)]


def test_no_thread_is_left() -> None:
    """After an exploration that found a deadlock no thread of the program is left."""
    before = set(sys._current_frames())  # a thread of an earlier test may still end meanwhile

    def setup() -> SimpleNamespace:
        return SimpleNamespace(left=threading.Lock(), right=threading.Lock())

    def one(state: Any) -> None:
        with state.left, state.right:
            pass

    def other(state: Any) -> None:
        try:
            with state.right, state.left:
                pass
        finally:
            state.right.acquire()

    result = explore(setup, [one, other], fine)
    assert result.counterexample is not None
    assert result.counterexample.kind == "deadlock"
    assert set(sys._current_frames()) <= before


def test_a_big_module_does_not_cost_the_state_its_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module with thousands of objects leaves the learner's own places their names."""
    monkeypatch.setattr(sys.modules[__name__], "table", [[n] for n in range(5_000)], raising=False)
    found = explore(Counter, [Counter.add] * 2, is_two).counterexample
    assert found is not None
    assert {s.location for s in found.steps} == {"counter.value"}
