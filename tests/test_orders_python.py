"""All orders of real Python programs: what one run of each class shows, and what all interleavings show."""

from __future__ import annotations

import json
import linecache
import threading
from collections.abc import Callable
from itertools import count
from math import factorial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mtlearn.interleave import Result, explore
from mtlearn.interleave.python import PythonExecutor
from mtlearn.interleave.search import search

Thread = Callable[[Any], None]
LINES = {
    "read x": "seen.append(s.x)",
    "write x": "s.x = {n}",
    "read y": "seen.append(s.y)",
    "write y": "s.y = {n}",
    "add x": "s.x += 1",
    "first": "s.items[0] += 1",
    "second": "s.items[1] += 1",
    "append": "s.items.append({n})",
    "length": "seen.append(len(s.items))",
    "key": "s.table['a'] = {n}",
    "other key": "s.table['b'] = {n}",
    "has key": "seen.append('a' in s.table)",
    "all keys": "seen.append(list(s.table))",
    "global": "seen.append(shared)",
}
numbers = count()


class State:
    """What the threads share."""

    def __init__(self) -> None:
        self.x = self.y = 0
        self.items = [0, 0]
        self.table: dict[str, int] = {}
        self.lock, self.other = threading.Lock(), threading.Lock()
        self.condition = threading.Condition()
        self.ready = False
        self.seen: dict[int, list[Any]] = {0: [], 1: [], 2: []}


def written(threads: list[list[tuple[str, list[str]]]]) -> list[Thread]:
    """Give the functions of a program that is written as blocks: how they are guarded, and their lines."""
    text = "shared = 0\n"
    for t, blocks in enumerate(threads):
        text += f"def thread_{t}(s):\n    seen = s.seen[{t}]\n"
        for n, (guard, lines) in enumerate(blocks):
            indent = "    "
            if guard == "wait":
                text += "    with s.condition:\n        while not s.ready:\n            s.condition.wait()\n"
            elif guard == "notify":
                text += "    with s.condition:\n        s.ready = True\n        s.condition.notify_all()\n"
            elif guard:
                text += f"    with {guard}:\n"
                indent += "    "
            text += "".join(f"{indent}{LINES[line].format(n=10 * t + n + 1)}\n" for line in lines)
    file = f"<orders {next(numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names: dict[str, Any] = {"__name__": "orders"}
    exec(compile(text, file, "exec"), names)
    return [names[f"thread_{t}"] for t in range(len(threads))]


def look(s: State) -> Any:
    """Give all that can be seen in the end."""
    return [s.x, s.y, s.items, list(s.table.items()), list(s.seen.items())]


def outcomes(threads: list[Thread], *, tells: bool) -> tuple[set[str], Result]:
    """Explore to the end; with `tells` one run of each class, else every interleaving."""
    found: set[str] = set()

    def note(observation: Any) -> None:
        found.add(json.dumps(observation))

    with PythonExecutor(State, threads, look) as executor:
        executor.watch.tells = tells
        result = search(executor, note, max_schedules=4_000, safety_s=600)
    return found, result


line = st.sampled_from(sorted(LINES))
block = st.tuples(st.sampled_from(["", "", "s.lock", "s.lock", "s.other"]), st.lists(line, min_size=1, max_size=2))
signal = st.just(("notify", ["read x"]))
program = st.one_of(
    st.lists(st.lists(block, min_size=1, max_size=2), min_size=2, max_size=2),
    st.tuples(st.just([("wait", ["read x"])]), st.tuples(block, signal).map(list)).map(list),
    st.lists(
        st.lists(st.tuples(st.just("s.lock"), st.lists(line, min_size=1, max_size=1)), max_size=1),
        min_size=3,
        max_size=3,
    ),
)


@settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(program)
def test_one_run_of_each_class_shows_all_that_can_be_seen(blocks: list[list[tuple[str, list[str]]]]) -> None:
    """What the classes show is what all interleavings show; only the number of runs differs."""
    every, all_of_them = outcomes(written(blocks), tells=False)
    if not all_of_them.exhausted:
        return
    found, result = outcomes(written(blocks), tells=True)
    assert result.exhausted
    assert found == every
    assert result.classes is not None
    assert result.classes <= result.schedules <= all_of_them.schedules + 1


def locked(rounds: int) -> Thread:
    """Add to a counter under a lock."""

    def add(s: State) -> None:
        for _ in range(rounds):
            with s.lock:
                s.x += 1

    return add


@pytest.mark.parametrize(("threads", "rounds"), [(2, 1), (2, 3), (3, 1), (3, 2)])
def test_a_locked_counter_needs_one_run_for_each_order_of_its_sections(threads: int, rounds: int) -> None:
    """As many schedules as there are orders of critical sections, and the verdict says so."""
    result = explore(State, [locked(rounds)] * threads, lambda s: s.x == threads * rounds, safety_s=600)
    expected = factorial(threads * rounds) // factorial(rounds) ** threads
    assert (result.outcome, result.classes, result.schedules) == ("proven", expected, expected)
    assert f"all {expected} that differ were run" in str(result)


def test_threads_that_share_nothing_need_one_run() -> None:
    """Two threads that write different things have one order."""

    def left(s: State) -> None:
        s.x += 1
        s.items[0] = 1

    def right(s: State) -> None:
        s.y += 1
        s.items[1] = 1

    result = explore(State, [left, right], look_at, safety_s=600)
    assert (result.outcome, result.classes) == ("proven", 1)
    assert "no two differ" in str(result)


def look_at(_: State) -> None:
    """Find everything right."""


def test_what_cannot_be_told_is_searched_as_before() -> None:
    """A program whose time-outs are choices gets its verdict by bounds, and no number of classes."""

    def wait(s: State) -> None:
        s.lock.acquire(timeout=0.1)

    result = explore(State, [wait, wait], look_at, safety_s=600)
    assert result.classes is None


def test_an_order_that_the_classes_hide_is_found() -> None:
    """A fault that needs four switches is found without a bound."""

    def log(name: str) -> Thread:
        def thread(s: State) -> None:
            for _ in range(3):
                s.items.append(name)  # type: ignore[arg-type]

        return thread

    def alternate(s: State) -> None:
        assert "".join(map(str, s.items[2:])) != "ababab", "they alternate"

    result = explore(State, [log("a"), log("b")], alternate, safety_s=600)
    assert result.outcome == "refuted"
