"""The event loop of a Node thread: exactly the orders that Node leaves open are explored, and every one replays."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from nodes import CORPUS, NODES, Case

from mtlearn.interleave import Interleaving
from mtlearn.interleave.node import NodeHost

CHAINS = Path(__file__).parent / "node_programs" / "chains.mjs"
LONGEST = 12  # things that one program puts off

pytestmark = pytest.mark.skipif(not NODES, reason="there is no Node.js here")


@dataclass(frozen=True)
class Put:
    """Something put off: by which chain, for how many ms (0: an immediate), when it is due, in which turn, as which."""

    chain: int
    at: int
    ms: int
    due: int
    turn: int
    number: int


@dataclass(frozen=True)
class Loop:
    """An event loop by the rules that docs give, written down a second time."""

    chains: tuple[tuple[int, ...], ...]
    waiting: tuple[Put, ...] = ()
    now: int = 0
    turn: int = 0
    number: int = 0
    batch: int = 0  # immediates up to this number go before anything else
    order: tuple[int, ...] = ()

    def put(self, chain: int, at: int) -> Loop:
        """Put off what a chain does next."""
        if at == len(self.chains[chain]):
            return self
        ms = self.chains[chain][at]
        put = Put(chain, at, ms, self.now + ms, self.turn, self.number + 1)
        return replace(self, waiting=(*self.waiting, put), number=self.number + 1)

    def possible(self) -> Iterator[Put]:
        """Give what may be done next."""
        immediates = [put for put in self.waiting if put.ms == 0]
        if immediates and immediates[0].number <= self.batch:
            yield immediates[0]  # all that was there when the first one went goes in one round
            return
        yield from immediates[:1]
        timers = [put for put in self.waiting if put.ms]
        for put in timers:
            before = [each for each in timers if (each.due, each.number) < (put.due, put.number)]
            in_time = not immediates or put.turn < self.turn or put.ms == 1
            if in_time and all(each.turn > put.turn for each in before):  # those may have been set late
                yield put

    def after(self, put: Put) -> Loop:
        """Do it."""
        batch = self.batch
        if put.ms == 0 and put.number > batch:
            batch = max(each.number for each in self.waiting if each.ms == 0)
        waiting = tuple(each for each in self.waiting if each != put)
        done = replace(
            self,
            waiting=waiting,
            now=max(self.now, put.due),
            turn=self.turn + 1,
            batch=batch,
            order=(*self.order, put.chain + 1),
        )
        return done.put(put.chain, put.at + 1)

    def orders(self) -> set[tuple[int, ...]]:
        """Give every order from here to the end."""
        if not self.waiting:
            return {self.order}
        return {order for put in self.possible() for order in self.after(put).orders()}


def by_brute_force(chains: list[list[int]]) -> set[tuple[int, ...]]:
    """Give every order that the rules allow."""
    loop = Loop(tuple(map(tuple, chains)))
    for chain in range(len(chains)):
        loop = loop.put(chain, 0)
    return loop.orders()


def explored(host: NodeHost, function: str, argument: Any) -> set[tuple[int, ...]]:
    """Give every order that the explorer finds; it must have tried them all."""
    found = set()

    def judge(observation: Any) -> None:
        count, *order = observation["memory"]["order"]
        found.add(tuple(order[:count]))

    result = host.search([(function, [argument])], {"order": [0] * (LONGEST + 1)}, judge, max_preemptions=None)
    assert result.outcome == "proven", result.scope
    return found


def some_chains(seed: int) -> list[list[int]]:
    """Give two or three short chains."""
    draw = random.Random(seed)
    return [[draw.choice((0, 1, 5, 10, 20)) for _ in range(draw.randint(1, 2))] for _ in range(draw.randint(2, 3))]


@pytest.mark.parametrize("node", NODES)
def test_orders_are_those_of_the_rules(node: str) -> None:
    """Timers and immediates are tried in every order that Node may take, and in no other."""
    known = [[[10], [5]], [[5, 5], [20]], [[1], [0]], [[5], [0]], [[0, 0], [0]], [[10, 1], [5, 5, 5]]]
    with NodeHost(CHAINS, node=node) as host:
        for chains in (*known, *map(some_chains, range(12))):
            assert explored(host, "chains", chains) == by_brute_force(chains), chains


@pytest.mark.parametrize("node", NODES)
def test_an_await_may_take_long(node: str) -> None:
    """Whichever of some functions awaits least may still be the last: all orders are tried."""
    with NodeHost(CHAINS, node=node) as host:
        assert explored(host, "awaiting", [1, 2, 3]) == set(permutations((1, 2, 3)))


Pending = tuple[int, int, int, int, int]  # the chain, ms (0: it may go on), when it is due, in which turn set, as which


def awaited_by_hand(chains: list[list[int]]) -> set[tuple[int, ...]]:
    """Give every order in which chains of awaits may go on, where each await may take long and no timer fires early."""
    orders = set()

    def put(chain: int, at: int, now: int, turn: int, number: int) -> Pending:
        return chain, chains[chain][at], now + chains[chain][at], turn, number

    def go_on(order: tuple[int, ...], pending: frozenset[Pending], now: int, turn: int, number: int) -> None:
        if not pending:
            orders.add(order)
        ready = [each for each in pending if not each[1]]
        for each in pending:
            chain, ms, due, since, _ = each
            others = pending - {each}
            if not ms:
                at = order.count(chain + 1) + 1
                more = {put(chain, at, now, turn + 1, number)} if at < len(chains[chain]) else set()
                go_on((*order, chain + 1), others | more, now, turn + 1, number + 1)
            elif all(other[3] > since or (other[2], other[4]) > (due, each[4]) for other in others if other[1]) and (
                not ready or since < turn or ms == 1
            ):
                settled = (chain, 0, 0, turn + 1, number)
                go_on(order, others | {settled}, max(now, due), turn + 1, number + 1)

    go_on((), frozenset(put(chain, 0, 0, 0, chain) for chain in range(len(chains))), 0, 0, len(chains))
    return orders


def some_pauses(seed: int) -> list[list[int]]:
    """Give two or three short chains of awaits."""
    draw = random.Random(seed)
    most = draw.randint(2, 3)
    return [[draw.choice((0, 0, 1, 10, 20)) for _ in range(draw.randint(1, 4 - most))] for _ in range(most)]


@pytest.mark.parametrize("node", NODES)
def test_orders_across_await_are_those_of_the_rules(node: str) -> None:
    """Functions that await timers and settled promises go on in every order that may be, and in no other."""
    known = [[[0], [10]], [[10], [5]], [[0, 0], [0, 0]], [[0, 10], [5]], [[10, 0], [20, 0]]]
    with NodeHost(CHAINS, node=node) as host:
        for chains in (*known, *map(some_pauses, range(12))):
            assert explored(host, "pausing", chains) == awaited_by_hand(chains), chains


REPLAYED = [
    "await_between_check_and_act", "random_slots_clash", "sleeps_in_chains", "poll_by_timer_gives_up",
    "time_out_or_immediate", "semaphore_slot_leaks", "wait_async_takes_the_only_wake_up", "retry_and_late_answer",
]  # fmt: skip


@pytest.mark.parametrize("node", NODES)
@pytest.mark.parametrize("name", REPLAYED)
def test_replays_byte_for_byte(name: str, node: str) -> None:
    """An interleaving with timers, awaits or random numbers is written down, read and run again: it is the same."""
    case = Case(CORPUS / "wrong" / f"{name}.mjs")
    with case.host(node) as host:
        found = case.explored(host).counterexample
        assert found is not None
        kept = Interleaving.from_json(found.to_json())
        again = host.replay(case.threads, case.head["memory"], case.judge, kept.schedule, kept.numbers)
    assert again.counterexample is not None
    assert again.counterexample.to_json() == found.to_json()


def test_deadlock_names_the_await_that_hangs() -> None:
    """A promise that nothing can settle is reported as a deadlock, with the line that awaits it."""
    case = Case(CORPUS / "wrong" / "semaphore_slot_leaks.mjs")
    with case.host(NODES[0]) as host:
        found = case.explored(host).counterexample
    assert found is not None
    assert [(each.kind, each.source) for each in found.waiting] == [
        ("await", "else await new Promise((go) => queue.push(go));")
    ]


def test_a_poll_is_told_once() -> None:
    """A loop that looks a thousand times and gives up is reported by two rounds, and how many there were."""
    case = Case(CORPUS / "wrong" / "poll_of_two_gives_up.mjs")
    with case.host(NODES[0]) as host:
        found = case.explored(host).counterexample
    assert found is not None
    assert len(found.steps) < 12
    assert [step.note for step in found.steps if step.note] == ["and so on, 200 times"]
