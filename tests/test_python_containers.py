"""Plain containers that nobody changes: where threads are stopped, and where not."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from mtlearn.interleave.executor import Plan
from mtlearn.interleave.python import PythonExecutor

CONTAINERS: list[Callable[[], Any]] = [lambda: [7, 8], lambda: {0: 7, 1: 8}, lambda: deque((7, 8))]


def read(state: Any) -> None:
    """Read two items."""
    held = state.held
    state.out.append(held[0] + held[1])


def decisions(setup: Callable[[], Any], threads: list[Callable[[Any], None]]) -> int:
    """Give how many decisions one run has once it has learnt what changes."""
    with PythonExecutor(setup, threads, lambda _: None) as executor:
        for _ in range(5):
            run = executor.run_once(Plan())
            if not run.grown:
                return len(run.decisions)
    raise AssertionError("it never stops learning")


@pytest.mark.parametrize("make", CONTAINERS)
def test_reads_of_what_nobody_changes_are_no_decisions(make: Callable[[], Any]) -> None:
    """Reading items of a container that nobody changes leaves only the decisions of the program's own writes."""

    def setup() -> Any:
        return SimpleNamespace(held=make(), out=[])

    def only_writes(state: Any) -> None:
        state.out.append(15)

    assert decisions(setup, [read, read]) == decisions(setup, [only_writes, only_writes])


@pytest.mark.parametrize("make", CONTAINERS)
def test_reads_of_what_somebody_changes_are_decisions(make: Callable[[], Any]) -> None:
    """One thread that changes an item and takes it back makes every read of that container a decision."""

    def setup() -> Any:
        return SimpleNamespace(held=make(), out=[])

    def blink(state: Any) -> None:
        state.held[0] = 1
        state.held[0] = 7

    def blink_elsewhere(state: Any) -> None:
        other = {0: 0}
        other[0] = 1
        other[0] = 7

    assert decisions(setup, [read, blink]) == decisions(setup, [read, blink_elsewhere]) + 2


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a thread choose its cores")
def test_the_cores_are_given_back() -> None:
    """After an exploration the process may use the cores it could use before."""
    before = os.sched_getaffinity(0)
    with PythonExecutor(SimpleNamespace, [lambda _: None], lambda _: None) as executor:
        executor.run_once(Plan())
    assert os.sched_getaffinity(0) == before
