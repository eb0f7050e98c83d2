"""Schedules in the order of their preemptions. It knows no runtime.

Iterative preemption bounding as a frontier: untried prefixes lie in buckets by the preemptions they cost, the lowest
bucket is emptied first, and every run adds the alternatives at and after the end of its own prefix. So each schedule
is run once, "no failure with up to b preemptions" is "bucket b is empty", and "no failure at all" is "every bucket is
empty". The bound goes on rising while there is budget. What the budget does not reach is sampled.

A prefix is dropped where the same steps with the same pasts were done before, at the same cost or less, and the same
thread went on: happens-before caching, which is sound under a bound. M. Musuvathi, S. Qadeer, "Partial-order
reduction for context-bounded state exploration", 2007.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from mtlearn.interleave.executor import Execution


class Untried:
    """A prefix that no run has followed yet, and what it costs."""

    __slots__ = ("after", "cost", "schedule")

    def __init__(self, schedule: tuple[int, ...], cost: int, after: tuple[int, ...] | None = None) -> None:
        self.schedule = schedule
        self.cost = cost
        self.after = after  # what was done before its last choice, and that choice; None where nobody knows


class Frontier:
    """Untried prefixes in buckets by preemptions. A bucket holds iterators: prefixes are built when taken."""

    def __init__(self) -> None:
        self.buckets: list[deque[Iterator[Untried]]] = [deque([iter([Untried((), 0)])])]
        self.tried: set[tuple[int, ...]] = set()

    @property
    def bound(self) -> int | None:
        """Give the lowest cost that has an untried prefix, None where all are tried."""
        for cost, bucket in enumerate(self.buckets):
            while bucket:
                if (first := next(bucket[0], None)) is not None:
                    bucket.appendleft(iter((first,)))  # put back
                    return cost
                bucket.popleft()
        return None

    def take(self, bound: int, count: int) -> list[Untried]:
        """Take up to `count` prefixes of that cost."""
        bucket = self.buckets[bound]
        taken: list[Untried] = []
        while bucket and len(taken) < count:
            if (first := next(bucket[0], None)) is None:
                bucket.popleft()
            elif first.after is None or first.after not in self.tried:
                if first.after is not None:
                    self.tried.add(first.after)
                taken.append(first)
        return taken

    def add(self, tried: Untried, execution: Execution, done: list[tuple[int, ...]] | None = None) -> None:
        """Add the alternatives to what the run decided at and after the end of its prefix.

        `done` tells, of each decision, what had been done before it: what was tried there need not be tried again.
        """
        decisions = execution.decisions
        choices = tuple(decision.chosen for decision in decisions)
        start = len(tried.schedule)
        if done is not None:
            self.tried.update((*before, chosen) for before, chosen in zip(done, choices, strict=True))
        while len(self.buckets) < tried.cost + 2:
            self.buckets.append(deque())

        def alternatives(extra: int) -> Iterator[Untried]:
            for i in range(start, len(decisions)):
                decision = decisions[i]
                for thread in decision.enabled:
                    if thread != decision.chosen and decision.cost(thread) == extra:
                        after = None if done is None else (*done[i], thread)
                        if after is None or after not in self.tried:
                            yield Untried((*choices[:i], thread), tried.cost + extra, after)

        # Beyond its prefix a run does not preempt, so an alternative costs what the prefix cost, or one more.
        self.buckets[tried.cost].append(alternatives(0))
        self.buckets[tried.cost + 1].append(alternatives(1))
