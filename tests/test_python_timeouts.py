"""Time-outs of asyncio tasks under the explorer: against every order that the rules of docs/verdict.md allow."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mtlearn.interleave.python import PythonExecutor
from mtlearn.interleave.search import search

NEAR, FAR = 0.1, 5.0
Move = tuple[str, float]
Programs = tuple[tuple[Move, ...], tuple[Move, ...]]
Seen = tuple[bool | None, ...]
Ready = frozenset[tuple[int, int]]


async def wait_and_see(state: Any, me: int, moves: tuple[Move, ...]) -> None:
    """Run a small program of a task: it waits for an event with a time-out, sets it, or stores a number."""
    for what, length in moves:
        if what == "set":
            state.event.set()
        elif what == "store":
            state.x = me + 2
        else:
            try:
                async with asyncio.timeout(length):
                    await state.event.wait()
                state.seen[me] = True
            except TimeoutError:
                state.seen[me] = False


class ByHand:
    """Every outcome there is.

    A near time-out may pass also where the event has come, but lets those go first who were ready when it began. A far
    one passes where nobody else can go on.
    """

    def __init__(self, programs: Programs) -> None:
        self.programs = programs
        self.ends: set[str] = set()
        self.go(1, (None, None), (0, 0), frozenset(), False, (frozenset(), frozenset()))

    def ready(self, at: tuple[int, ...], waits: frozenset[int], is_set: bool) -> Ready:
        """Who could go on at once, with where: it has not begun, or what it waited for has come."""
        return frozenset((t, at[t]) for t in (0, 1) if (is_set if t in waits else at[t] == 0))

    def go(
        self, x: int, seen: Seen, at: tuple[int, ...], waits: frozenset[int], is_set: bool, behind: tuple[Ready, ...]
    ) -> None:
        """Let each go on that can."""
        ready = self.ready(at, waits, is_set)
        able: list[tuple[int, bool | None]] = [(t, True if t in waits else None) for t, _ in ready]
        near = [t for t in waits if self.programs[t][at[t]][1] == NEAR]
        able += [(t, False) for t in near if not behind[t] & ready]
        for t, came in able or [(t, False) for t in waits]:
            self.run(t, came, x, seen, at, waits, is_set, behind)
        if not able and not waits:
            self.ends.add(json.dumps([x, list(seen)]))

    def run(
        self,
        t: int,
        came: bool | None,
        x: int,
        seen: Seen,
        at: tuple[int, ...],
        waits: frozenset[int],
        is_set: bool,
        behind: tuple[Ready, ...],
    ) -> None:
        """Let a task run up to its next wait, or its end. `came` says how its wait has ended, if it has waited."""

        def put(values: tuple[Any, ...], value: Any) -> tuple[Any, ...]:
            return (*values[:t], value, *values[t + 1 :])

        begin = at[t]
        if came is not None:
            seen, begin, waits = put(seen, came), begin + 1, waits - {t}
        for i in range(begin, len(self.programs[t])):
            what, _ = self.programs[t][i]
            if what == "set":
                is_set = True
            elif what == "store":
                x = t + 2
            elif is_set:
                seen = put(seen, True)
            else:
                at = put(at, i)
                others = frozenset(each for each in self.ready(at, waits | {t}, is_set) if each[0] != t)
                self.go(x, seen, at, waits | {t}, is_set, put(behind, others))
                return
        self.go(x, seen, put(at, len(self.programs[t])), waits, is_set, behind)


MOVES = st.sampled_from([("set", 0.0), ("store", 0.0), ("wait", NEAR), ("wait", FAR)])
TASK = st.lists(MOVES, min_size=1, max_size=2).map(tuple)
ONE_FAR = st.tuples(TASK, TASK).filter(lambda both: not all(("wait", FAR) in moves for moves in both))


@settings(derandomize=True, deadline=None, database=None, max_examples=25)
@given(ONE_FAR)
def test_every_order_of_time_outs_of_tasks_is_found(programs: Programs) -> None:
    """The explorer finds what tasks may see where their time-outs pass first or do not, all of it and nothing else."""

    def task(me: int) -> Any:
        async def run(state: Any) -> None:
            await wait_and_see(state, me, programs[me])

        return run

    def setup() -> Any:
        return SimpleNamespace(x=1, seen=[None, None], event=asyncio.Event())

    found: set[str] = set()
    with PythonExecutor(setup, [task(0), task(1)], lambda state: [state.x, state.seen]) as executor:
        result = search(executor, lambda outcome: found.add(json.dumps(outcome)), max_schedules=6_000, safety_s=300)
    assert result.outcome == "proven"
    assert found == ByHand(programs).ends
