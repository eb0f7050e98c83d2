"""The search over schedules. It knows no runtime.

Iterative preemption bounding as a frontier: untried prefixes lie in buckets by the preemptions they cost, the
lowest bucket is emptied first, and every run adds the alternatives at and after the end of its own prefix. So
each schedule is run once, and "no failure with up to b preemptions" is "bucket b is empty".

Prefixes are taken first in, first out, and results are judged in that order, so that neither the outcome nor
the count depends on the executor's batch or on the machine's speed.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from mtlearn.interleave.executor import Execution, Executor, Plan
from mtlearn.interleave.result import Outcome, Result
from mtlearn.interleave.simplify import Failure, Grown, counterexample

Judge = Callable[[Any], str | None]

RANDOM_SHARE = 5  # one schedule in so many is kept for random ones when the budget does not suffice
WARM_UPS = 5  # runs before a replay, at most
NONDETERMINISTIC = (
    "the program is nondeterministic: the same schedule did not give the same run (does it keep state "
    "between runs, or use random numbers, real time or sets of objects?)"
)

__all__ = ["NONDETERMINISTIC", "Judge", "replay", "search"]


def search(
    executor: Executor,
    judge: Judge,
    *,
    max_preemptions: int = 2,
    max_schedules: int = 5_000,
    safety_s: float = 10.0,
    seed: int = 0,
    clock: Callable[[], float] = time.perf_counter,
) -> Result:
    """Run the program through its schedules until one fails, the bound is completed or the budget is spent.

    `judge` is called once for each distinct observation and gives the sentence that is wrong, or None.
    `safety_s` (seconds) only keeps a slow machine from waiting for ever; a result it cut says so.
    """
    return _Search(executor, judge, safety_s, seed, clock).run(max_preemptions, max_schedules)


class _Search:
    def __init__(
        self, executor: Executor, judge: Judge, safety_s: float, seed: int, clock: Callable[[], float]
    ) -> None:
        self.executor = executor
        self.verdict = _remember(judge)
        self.safety_s = safety_s
        self.seed = seed
        self.clock = clock
        self.started = clock()
        self.schedules = 0
        self.findings: dict[str, None] = {}  # a set that keeps its order
        self.completed: int | None = None

    def run(self, max_preemptions: int, max_schedules: int) -> Result:
        systematic = max_schedules - max_schedules // RANDOM_SHARE
        frontier = _Frontier()
        while (bound := frontier.bound) is not None and bound <= max_preemptions:
            if bound:
                self.completed = bound - 1
            if (room := systematic - self.schedules) <= 0:
                return self.run_random(max_schedules)
            plans = frontier.take(bound, min(self.executor.batch, room))
            try:
                for plan, execution in zip(plans, self.executor.run([p.plan for p in plans]), strict=False):
                    if ended := self.weigh(execution):
                        return ended
                    frontier.add(plan, execution)
            except Grown:
                frontier, self.completed = _Frontier(), None
        self.completed = max_preemptions
        return self.result("proven")

    def run_random(self, max_schedules: int) -> Result:
        while (room := max_schedules - self.schedules) > 0:
            size = min(self.executor.batch, room)
            plans = [Plan(seed=self.seed + self.schedules + i) for i in range(size)]
            for execution in self.executor.run(plans):
                try:
                    ended = self.weigh(execution)
                except Grown:
                    continue  # the schedules that follow watch more
                if ended:
                    return ended
        return self.result("not refuted", reason="the budget of schedules was spent")

    def weigh(self, execution: Execution) -> Result | None:
        """Count one execution; give a result where it ends the search. Raises Grown where it begins again."""
        self.schedules += 1
        self.findings.update(dict.fromkeys(execution.findings))
        if execution.ending == "uncontrolled":
            return self.result("unchecked", reason=execution.reason)
        if execution.ending == "diverged":
            return self.result("unchecked", reason=execution.reason or NONDETERMINISTIC)
        if execution.grown:
            if self.clock() - self.started > self.safety_s:
                return self.out_of_time()
            raise Grown  # more places are watched from now on, so decisions lie elsewhere
        if failure := failure_of(execution, self.verdict):
            if execution.spent:
                return self.result("refuted", found=failure.interleaving(self.executor.runtime))
            found = counterexample(self.executor, lambda run: failure_of(run, self.verdict), failure)
            if found is None:
                return self.result("unchecked", reason=NONDETERMINISTIC)
            return self.result("refuted", found=found)
        if self.clock() - self.started > self.safety_s:
            return self.out_of_time()
        return None

    def out_of_time(self) -> Result:
        return self.result("not refuted", reason=f"stopped by the clock after {self.safety_s:g} s")

    def result(self, outcome: Outcome, reason: str | None = None, found: Any = None) -> Result:
        return Result(
            outcome=outcome,
            schedules=self.schedules,
            seconds=self.clock() - self.started,
            max_preemptions=self.completed,
            reason=reason,
            findings=tuple(self.findings),
            counterexample=found,
        )


class _Untried:
    """A prefix that no run has followed yet, and what it costs."""

    __slots__ = ("cost", "plan")

    def __init__(self, schedule: tuple[int, ...], cost: int) -> None:
        self.plan = Plan(schedule)
        self.cost = cost


class _Frontier:
    """Untried prefixes in buckets by preemptions. A bucket holds iterators: prefixes are built when taken."""

    def __init__(self) -> None:
        self.buckets: list[deque[Iterator[_Untried]]] = [deque([iter([_Untried((), 0)])])]

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

    def take(self, bound: int, count: int) -> list[_Untried]:
        """Take up to `count` prefixes of that cost."""
        bucket = self.buckets[bound]
        taken: list[_Untried] = []
        while bucket and len(taken) < count:
            if (first := next(bucket[0], None)) is None:
                bucket.popleft()
            else:
                taken.append(first)
        return taken

    def add(self, tried: _Untried, execution: Execution) -> None:
        """Add the alternatives to what the run decided at and after the end of its prefix."""
        decisions = execution.decisions
        choices = tuple(decision.chosen for decision in decisions)
        start = len(tried.plan.schedule)
        while len(self.buckets) < tried.cost + 2:
            self.buckets.append(deque())

        def alternatives(extra: int) -> Iterator[_Untried]:
            for i in range(start, len(decisions)):
                decision = decisions[i]
                for thread in decision.enabled:
                    if thread != decision.chosen and decision.cost(thread) == extra:
                        yield _Untried((*choices[:i], thread), tried.cost + extra)

        # Beyond its prefix a run does not preempt, so an alternative costs what the prefix cost, or one more.
        self.buckets[tried.cost].append(alternatives(0))
        self.buckets[tried.cost + 1].append(alternatives(1))


def _remember(judge: Judge) -> Judge:
    """Ask the judge only once about equal observations (equal as JSON)."""
    known: dict[str, str | None] = {}

    def verdict(observation: Any) -> str | None:
        key = json.dumps(observation, sort_keys=True)
        if key not in known:
            known[key] = judge(observation)
        return known[key]

    return verdict


def failure_of(execution: Execution, verdict: Judge) -> Failure | None:
    """Say what is wrong with an execution, None where nothing is."""
    if execution.ending == "finished":
        sentence = verdict(execution.observation)
        return Failure("check", sentence, execution) if sentence is not None else None
    if execution.ending == "diverged" or execution.ending == "uncontrolled" or execution.ending == "paused":
        return None
    return Failure(execution.ending, execution.message, execution)


def replay(executor: Executor, judge: Judge, schedule: tuple[int, ...], watched: tuple[str, ...] = ()) -> Result:
    """Run one schedule again, for example one read from JSON: "refuted" if it fails, else "not refuted".

    A schedule that no longer fits the program gives "unchecked". `watched` is `Interleaving.watched`.
    """
    started = time.perf_counter()
    for _ in range(WARM_UPS):  # as the search did before it: the executor learns what to watch
        (execution,) = executor.run([Plan(watched=watched)])
        if not execution.grown:
            break
    (execution,) = executor.run([Plan(schedule, detail=True, watched=watched)])
    seconds = time.perf_counter() - started
    misfit = execution.ending == "diverged" or len(execution.decisions) < len(schedule)
    if execution.ending == "uncontrolled" or misfit:
        reason = execution.reason or "the schedule does not fit this program: has the file changed since?"
        return Result("unchecked", 1, seconds, reason=reason)
    failure = failure_of(execution, _remember(judge))
    if failure is None:
        return Result("not refuted", 1, seconds, reason="the schedule was run and nothing went wrong")
    found = failure.interleaving(executor.runtime)
    return Result("refuted", 1, seconds, counterexample=found)
