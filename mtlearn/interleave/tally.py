"""How many orders of steps a program has, and in how many of them it goes wrong. It knows no runtime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from mtlearn.interleave.executor import Executor, Plan
from mtlearn.interleave.frontier import Frontier
from mtlearn.interleave.search import Oracle, failure_of
from mtlearn.system.clock import LoadedClock


@dataclass(frozen=True, slots=True)
class Tally:
    """How many orders there are, and how many are wrong: in all, or with `bound` interruptions of a thread at most."""

    orders: int
    wrong: int
    bound: int | None


def tally(
    executor: Executor,
    oracle: Oracle,
    begin: Plan,
    *,
    most: int = 500,
    safety_s: float = 1.0,
    clock: Callable[[], float] | None = None,
) -> Tally | None:
    """Run a program through its orders, one bound after the other, and count those that go wrong.

    It ends where all were run, after `most` of them, or after `safety_s` seconds of `clock`, and gives the count for
    the last bound that was completed: None where there is none, or where the runs cannot be told from one another.
    `begin` says what is watched, and the seed of random numbers.
    """
    clock = clock or LoadedClock()
    started = clock()
    frontier, orders, wrong = Frontier(), 0, 0
    completed: Tally | None = None
    at = 0
    while (bound := frontier.bound) is not None:
        if bound > at:
            completed, at = Tally(orders, wrong, at), bound
        if orders >= most or clock() - started > safety_s:
            return completed
        untried = frontier.take(bound, executor.batch)
        plans = [replace(begin, schedule=each.schedule) for each in untried]
        runs = list(executor.run(plans))
        for tried, run in zip(untried, runs, strict=False):
            if run.grown or run.spent or run.ending in ("diverged", "uncontrolled"):
                return None
            orders += 1
            wrong += failure_of(run, oracle) is not None
            frontier.add(tried, run)
    return Tally(orders, wrong, None)
