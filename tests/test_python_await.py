"""Time and `await` under the explorer: against brute force over small models, and what a learner is told."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Iterator
from functools import cache
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from mtlearn.interleave import Interleaving, explore
from mtlearn.interleave.python import PythonExecutor, replay
from mtlearn.interleave.search import search
from mtlearn.render.interleaving import interleaving

BUDGET = 6_000
small = settings(derandomize=True, deadline=None, database=None, max_examples=12)

# -- coroutines, against every order that asyncio could take ------------------------

Programs = tuple[tuple[int, ...], ...]  # of each coroutine, how long it sleeps after each step: 0, or some time


async def play(state: Any, me: int, pauses: tuple[int, ...]) -> None:
    """Run a small program: it adds its number to the order, and sleeps."""
    for pause in pauses:
        state.order += str(me)
        await asyncio.sleep(pause * 0.05)


def awaited_by_hand(programs: Programs) -> set[str]:
    """Every order there is: at each await another may go on, but who sleeps lets those go first that are ready."""
    orders = set()

    def go(order: str, at: tuple[int, ...], behind: tuple[frozenset[tuple[int, int]], ...]) -> None:
        going = [t for t, pauses in enumerate(programs) if at[t] <= len(pauses)]
        ready = {(t, at[t]) for t in going if at[t] == 0 or programs[t][at[t] - 1] == 0}
        if not going:
            orders.add(order)
        for t in going:
            if behind[t] & ready:
                continue
            others = frozenset(each for each in ready if each[0] != t)
            after = order + str(t) if at[t] < len(programs[t]) else order
            go(after, (*at[:t], at[t] + 1, *at[t + 1 :]), (*behind[:t], others, *behind[t + 1 :]))

    go("", (0,) * len(programs), (frozenset(),) * len(programs))
    return orders


PAUSES = st.sampled_from([0, 1, 2])
PROGRAMS = st.one_of(
    st.tuples(*[st.lists(PAUSES, min_size=1, max_size=3).map(tuple)] * 2),
    st.tuples(*[st.lists(PAUSES, min_size=1, max_size=2).map(tuple)] * 3),
)


@small
@given(PROGRAMS)
def test_every_order_across_await_is_found(programs: Programs) -> None:
    """The explorer finds the orders in which tasks can go on across their awaits, all of them and no other."""

    def task(me: int, pauses: tuple[int, ...]) -> Any:
        async def run(state: Any) -> None:
            await play(state, me, pauses)

        return run

    found: set[str] = set()
    tasks = [task(me, pauses) for me, pauses in enumerate(programs)]
    with PythonExecutor(lambda: SimpleNamespace(order=""), tasks, lambda state: state.order) as executor:
        result = search(executor, found.add, max_schedules=BUDGET, safety_s=300)
    assert result.outcome == "proven"
    assert found == awaited_by_hand(programs)


# -- threads that wait with time-outs, against every order ---------------------------

Move = tuple[str, float]
NEAR, FAR = 0.1, 5.0


def wait_and_see(state: Any, number: int, moves: tuple[Move, ...]) -> None:
    """Run a small program of a thread: it waits for an event with a time-out, sets it, or stores a number."""
    for what, length in moves:
        if what == "set":
            state.event.set()
        elif what == "wait":
            state.seen[number] = state.event.wait(timeout=length)
        else:
            state.x = number + 2


@cache
def timed_by_hand(programs: tuple[tuple[Move, ...], ...]) -> frozenset[str]:
    """Every outcome there is: a near time-out may pass at any time, a far one only where nobody else can go on."""
    ends = set()

    def moves(at: tuple[int, ...], is_set: bool) -> Iterator[tuple[int, str, bool | None]]:
        far = []
        for t, program in enumerate(programs):
            if at[t] == len(program):
                continue
            what, length = program[at[t]]
            if what != "wait" or is_set:
                yield t, what, True
            elif length == NEAR:
                yield t, what, False
            else:
                far.append(t)
        if far and not any(
            at[t] < len(program) and (program[at[t]][0] != "wait" or is_set or program[at[t]][1] == NEAR)
            for t, program in enumerate(programs)
        ):
            yield from ((t, "wait", False) for t in far)

    def go(x: int, seen: tuple[Any, ...], at: tuple[int, ...], is_set: bool) -> None:
        if all(at[t] == len(program) for t, program in enumerate(programs)):
            ends.add(json.dumps([x, list(seen)]))
        for t, what, came in moves(at, is_set):
            new_at = (*at[:t], at[t] + 1, *at[t + 1 :])
            new_seen = (*seen[:t], came, *seen[t + 1 :]) if what == "wait" else seen
            go(t + 2 if what == "store" else x, new_seen, new_at, is_set or what == "set")

    go(1, (None,) * 4, (0,) * len(programs), False)
    return frozenset(ends)


MOVES = st.sampled_from([("set", 0.0), ("store", 0.0), ("wait", NEAR), ("wait", FAR)])
THREADS = st.tuples(st.lists(MOVES, min_size=1, max_size=2).map(tuple), st.tuples(MOVES))


@small
@given(THREADS)
def test_every_order_of_time_outs_is_found(programs: tuple[tuple[Move, ...], ...]) -> None:
    """The explorer finds the outcomes of short time-outs that pass first or do not, and none of long ones that do."""

    def setup() -> Any:
        return SimpleNamespace(x=1, seen=[None] * 4, event=threading.Event())

    found: set[str] = set()
    threads = [lambda s, n=number, p=program: wait_and_see(s, n, p) for number, program in enumerate(programs)]
    with PythonExecutor(setup, threads, lambda s: [s.x, s.seen]) as executor:
        result = search(executor, lambda outcome: found.add(json.dumps(outcome)), max_schedules=BUDGET, safety_s=300)
    assert result.outcome == "proven"
    assert found == timed_by_hand(programs)


# -- what a learner is told -----------------------------------------------------------


class Account:
    """Holds money that is taken after an await."""

    def __init__(self) -> None:
        self.balance = 100

    async def withdraw(self) -> None:
        """Check, await, act."""
        if self.balance >= 100:
            await asyncio.sleep(0.1)
            self.balance -= 100


class Pair:
    """Two locks, taken in two orders."""

    def __init__(self) -> None:
        self.left = asyncio.Lock()
        self.right = asyncio.Lock()

    async def forth(self) -> None:
        """Take left, then right."""
        async with self.left:
            await asyncio.sleep(0)
            async with self.right:
                pass

    async def back(self) -> None:
        """Take right, then left."""
        async with self.right:
            await asyncio.sleep(0)
            async with self.left:
                pass


def nothing(_: Any) -> None:
    """Find everything right."""


def solvent(account: Account) -> None:
    """Complain of debts."""
    assert account.balance >= 0, f"the balance is {account.balance}"


def test_the_interleaving_names_tasks_and_the_lines_that_await() -> None:
    """A race across an await is reported as steps of tasks, with the await that let the other one in."""
    found = explore(Account, [Account.withdraw, Account.withdraw], solvent).counterexample
    assert found is not None
    assert found.threads[:2] == ("Task A", "Task B")
    told = [(step.thread, step.operation, step.location) for step in found.steps]
    assert told[:4] == [
        (0, "read", "account.balance"),
        (0, "await", "asyncio.sleep(0.1)"),
        (1, "read", "account.balance"),
        (1, "await", "asyncio.sleep(0.1)"),
    ]


def test_a_deadlock_of_tasks_names_the_lock_each_awaits() -> None:
    """Where tasks wait for each other, each is reported with the line and the lock that it awaits."""
    found = explore(Pair, [Pair.forth, Pair.back], nothing).counterexample
    assert found is not None
    assert found.kind == "deadlock"
    assert [(w.thread, w.kind, w.location) for w in found.waiting] == [
        (0, "await", "pair.right"),
        (1, "await", "pair.left"),
    ]
    assert all(w.source.startswith("async with self.") for w in found.waiting)


def test_coroutines_and_threads_run_side_by_side() -> None:
    """A program may have coroutines in one event loop and threads beside it; they race for what they share."""

    def thread(account: Account) -> None:
        account.balance -= 100

    found = explore(Account, [Account.withdraw, thread], solvent).counterexample
    assert found is not None
    assert found.message == "the balance is -100"
    assert found.threads[:2] == ("Task A", "Thread B")


def test_an_exception_of_a_task_ends_the_run() -> None:
    """What a coroutine raises is reported as what a thread raises, with the task's name."""

    async def fails(_: Any) -> None:
        await asyncio.sleep(0)
        raise ValueError("no")

    found = explore(SimpleNamespace, [fails], nothing).counterexample
    assert found is not None
    assert (found.kind, found.message, found.threads[0]) == ("exception", "ValueError: no", "Task A")


@pytest.mark.parametrize("threads", [[Account.withdraw] * 2, [lambda account: asyncio.run(both(account))]])
def test_an_order_of_tasks_replays_to_the_letter(threads: list[Any]) -> None:
    """An interleaving of tasks, written as JSON and read again, gives the same steps to the last letter."""
    found = explore(Account, threads, solvent).counterexample
    assert found is not None
    text = json.dumps(found.to_json())
    again = replay(Account, threads, solvent, Interleaving.from_json(json.loads(text))).counterexample
    assert again is not None
    assert json.dumps(again.to_json()) == text


async def both(account: Account) -> None:
    """Let two withdraw at once, and leave a third one unfinished."""
    lasting = asyncio.create_task(asyncio.sleep(3600))
    await asyncio.gather(account.withdraw(), account.withdraw())
    lasting.cancel()


async def numbers() -> AsyncIterator[int]:
    """Count, for whoever stops listening."""
    for number in range(3):
        yield number
        await asyncio.sleep(0)


async def hangs_and_complains(_: Any) -> None:
    """Wait for what nobody does, and print whatever it is ended by."""
    try:
        async for _number in numbers():
            await asyncio.Event().wait()
    except BaseException as error:
        print(error, file=sys.stderr)
        traceback.print_exc()
        raise


async def swallows(state: Any) -> None:
    """Wait for what nobody does, and complain and go on, whatever it is ended by."""
    for _ in range(20):
        try:
            await asyncio.get_running_loop().create_future()
        except BaseException as error:
            print(error, file=sys.stderr)
            state.error = error


def test_nothing_of_it_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    """Runs that are cut short print nothing: no task destroyed, no coroutine never awaited, no exception ignored."""
    explore(Pair, [Pair.forth, Pair.back], nothing)
    explore(Account, [lambda account: asyncio.run(both(account))], solvent)
    explore(SimpleNamespace, [hangs_and_complains] * 2, nothing)
    explore(SimpleNamespace, [swallows] * 2, nothing)
    gc.collect()
    assert capfd.readouterr() == ("", "")


def test_setup_and_check_may_be_coroutines() -> None:
    """State that is made in the loop, and a check that awaits, are run in it, on the virtual clock."""

    async def setup() -> Any:
        await asyncio.sleep(3600)
        return SimpleNamespace(came=asyncio.get_running_loop().create_future())

    async def give(state: Any) -> None:
        state.came.set_result(1)

    async def take(state: Any) -> None:
        state.seen = await state.came

    async def check(state: Any) -> None:
        await asyncio.sleep(3600)
        assert state.seen == 1

    assert explore(setup, [give, take], check).outcome == "proven"


async def poll(state: Any) -> None:
    """Look thirty times whether it is ready, and give up."""
    for _ in range(30):
        if state.ready:
            return
        await asyncio.sleep(0.01)
    state.gave_up = True


async def prepare(state: Any) -> None:
    """Be ready after a while."""
    await asyncio.sleep(0.1)
    state.ready = True


def test_a_poll_across_await_is_drawn_once() -> None:
    """A task that looks thirty times and gives up is drawn with two rounds, and how many there were."""

    def patient(state: Any) -> None:
        assert not state.gave_up

    def setup() -> Any:
        return SimpleNamespace(ready=False, gave_up=False)

    found = explore(setup, [poll, prepare], patient).counterexample
    assert found is not None
    console = Console(width=100, file=StringIO())
    console.print(interleaving(found, width=100))
    drawn = " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]
    assert "and so on, 29 times" in drawn
    assert drawn.count("await asyncio.sleep(0.01)") < 8
