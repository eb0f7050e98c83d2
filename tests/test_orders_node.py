"""All orders of real Node.js programs: what one run of each class shows, and what all interleavings show."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import factorial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from nodes import NODES

from mtlearn.interleave import Result, explore_node
from mtlearn.interleave.node.executor import NodeExecutor
from mtlearn.interleave.node.process import Host
from mtlearn.interleave.search import search

PROGRAM = Path(__file__).parent / "node_programs" / "orders.mjs"
WORDS = {"words": [0, 0]}

pytestmark = [pytest.mark.process, pytest.mark.skipif(not NODES, reason="there is no Node.js here")]

Program = list[list[list[Any]]]  # of each thread, what it does: [name, word, value]

names = st.sampled_from(["read", "write", "halves", "load", "store", "add", "swap", "fill", "sum", "notify"])
step = st.tuples(names, st.integers(0, 1), st.integers(1, 2)).map(list)
sleep = st.tuples(st.just("wait"), st.integers(0, 1)).map(list)
awaits, tells = ["await", 0], ["tell", 0, 3]
program = st.one_of(
    st.lists(st.lists(step, min_size=1, max_size=3), min_size=2, max_size=2),
    st.lists(st.lists(step, min_size=1, max_size=2), min_size=3, max_size=3),
    st.builds(lambda before, after: [[awaits, after], [before, tells]], step, step),
    st.builds(lambda after: [[awaits], [awaits, after], [tells]], step),
    st.lists(st.lists(st.one_of(step, sleep), min_size=1, max_size=3), min_size=2, max_size=2),
)


def outcomes(host: Host, threads: Sequence[list[Any]], *, tells: bool) -> tuple[set[str], Result]:
    """Explore to the end; with `tells` one run of each class, else every interleaving."""
    found: set[str] = set()

    def note(observation: Any) -> None:
        found.add(json.dumps(observation))

    executor = NodeExecutor(host, [("thread", [steps]) for steps in threads], WORDS, tells=tells)
    try:
        return found, search(executor, note, max_schedules=4_000, safety_s=600)
    finally:
        executor.close()


def test_one_run_of_each_class_shows_all_that_can_be_seen() -> None:
    """What the classes show is what all interleavings show, deadlocks too; only the number of runs differs."""
    with Host(PROGRAM, node=NODES[-1]) as host:

        @settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
        @given(program)
        def look(threads: Program) -> None:
            every, all_of_them = outcomes(host, threads, tells=False)
            if all_of_them.outcome == "not refuted":  # they are too many
                return
            found, result = outcomes(host, threads, tells=True)
            assert result.outcome == all_of_them.outcome
            if all_of_them.exhausted:
                assert found == every
                assert result.classes is not None
                assert result.classes <= result.schedules <= all_of_them.schedules

        look()


@pytest.mark.parametrize(("threads", "rounds"), [(2, 1), (2, 3), (3, 2)])
def test_atomic_steps_need_one_run_for_each_order_of_them(threads: int, rounds: int) -> None:
    """As many schedules as there are orders of atomic steps on one word, and the verdict says so."""
    result = explored("adds", threads, rounds)
    expected = factorial(threads * rounds) // factorial(rounds) ** threads
    assert (result.outcome, result.classes, result.schedules) == ("proven", expected, expected)
    assert f"all {expected} that differ were run" in str(result)


def test_threads_that_share_no_word_need_one_run() -> None:
    """Two threads that write to different words have one order."""
    assert "no two differ" in str(explored("apart", 2))


@pytest.mark.parametrize("function", ["timed", "draws", "looksAtTheClock"])
def test_what_cannot_be_told_is_searched_as_before(function: str) -> None:
    """A time-out, a random number, a look at the clock: such a program is searched by bounds, without classes."""
    result = explored(function, 2)
    assert result.outcome != "refuted"
    assert result.classes is None


def explored(function: str, threads: int, *arguments: Any) -> Result:
    """Explore so many threads of a function, and find everything right."""
    return explore_node(
        PROGRAM, [(function, arguments)] * threads, WORDS, lambda memory: None, safety_s=600, node=NODES[-1]
    )
