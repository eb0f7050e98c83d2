"""Real threads that serve one schedule after another look new to every schedule."""

from __future__ import annotations

import contextvars
import ctypes
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from mtlearn.interleave import explore
from mtlearn.interleave.executor import Plan
from mtlearn.interleave.python import PythonExecutor
from mtlearn.interleave.python.carriers import Carrier

MINE = threading.local()
TAG = contextvars.ContextVar("tag", default=0)
TIMES = 20


def by_local(_state: Any) -> int:
    """Count this thread's visits in a `threading.local`."""
    MINE.visits = getattr(MINE, "visits", 0) + 1
    return int(MINE.visits)


def by_context(_state: Any) -> int:
    """Count this thread's visits in a context variable."""
    TAG.set(TAG.get() + 1)
    return TAG.get()


def by_thread(_state: Any) -> int:
    """Count this thread's visits on its `threading.Thread`."""
    thread: Any = threading.current_thread()
    thread.visits = getattr(thread, "visits", 0) + 1
    return int(thread.visits)


@pytest.mark.parametrize("visit", [by_local, by_context, by_thread])
def test_a_thread_keeps_nothing_between_schedules(visit: Callable[[Any], int]) -> None:
    """What a thread keeps for itself is gone in the next schedule, as with a thread that was started for it."""
    seen: list[int] = []

    def run(state: Any) -> None:
        seen.append(visit(state))

    with PythonExecutor(SimpleNamespace, [run, run], lambda _: None) as executor:
        for _ in range(TIMES):
            assert executor.run_once(Plan()).ending == "finished"
    assert seen == [1] * 2 * TIMES


def test_a_value_of_a_thread_dies_with_it() -> None:
    """An object that only a `threading.local` holds is finalised when its thread has ended, in every schedule."""
    died: list[int] = []

    class Dies:
        def __del__(self) -> None:
            died.append(1)

    def run(_: Any) -> None:
        MINE.dies = Dies()

    with PythonExecutor(SimpleNamespace, [run], lambda _: None) as executor:
        for number in range(TIMES):
            executor.run_once(Plan())
            assert len(died) == number + 1


def test_threads_of_one_schedule_have_idents_of_their_own() -> None:
    """Threads that a program starts one after another never share an ident, and the next schedule is alike."""
    runs: list[list[int]] = []

    def run(idents: list[int]) -> None:
        for _ in range(3):
            thread = threading.Thread(target=lambda: idents.append(threading.get_ident()))
            thread.start()
            thread.join()
            assert thread.ident == idents[-1]

    def check(idents: list[int]) -> None:
        runs.append(list(idents))
        assert len(set(idents)) == 3

    assert explore(list, [run], check).outcome == "proven"
    assert all(idents == runs[0] for idents in runs)


def test_a_thread_that_was_left_behind_is_not_used_again() -> None:
    """After a schedule that had to give up a thread, the next one gets another and runs to its end."""
    waits = [3.0]  # seconds; only the first schedule finds one

    def run(_: Any) -> None:
        if waits:
            ctypes.CDLL(None).usleep(int(waits.pop() * 1e6))  # a call that is not modelled

    with PythonExecutor(SimpleNamespace, [run], lambda _: None) as executor:
        assert executor.run_once(Plan()).ending == "blocked"
        assert [executor.run_once(Plan()).ending for _ in range(3)] == ["finished"] * 3


def test_a_carrier_ends_when_told() -> None:
    """A carrier does its job, and says so when it has ended because it was told to."""
    carrier = Carrier()
    done: list[int] = []
    carrier.job = lambda: done.append(1)
    carrier.go.release()
    assert carrier.ended.acquire(timeout=5)
    carrier.end()
    assert done == [1]
    assert carrier.ended.acquire(timeout=5)
