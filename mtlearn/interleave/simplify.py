"""From a failing execution to the counterexample to show: fewer switches, replayed twice with detail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from mtlearn.interleave.executor import Decision, Execution, Executor, Plan
from mtlearn.interleave.trace import FailureKind, Interleaving, Runtime, thread_name

ATTEMPTS = 200  # runs spent on simplifying; a limit, for a failure with hundreds of switches
MOST_DECISIONS = 300_000  # of these runs together, for a program whose single run is long
SLOW: tuple[FailureKind, ...] = (
    "livelock",
    "busy loop",
    "blocked",
)  # a run that ends so costs a step limit or a watchdog


@dataclass(frozen=True, slots=True)
class FailedRun:
    """What is wrong with an execution."""

    kind: FailureKind
    message: str
    execution: Execution

    def interleaving(self, runtime: Runtime, name: Callable[[int], str] = thread_name) -> Interleaving:
        """Tell it as a value."""
        run = self.execution
        seen = {s.thread for s in run.steps} | {w.thread for w in run.waiting}
        seen |= {thread for d in run.decisions for thread in d.enabled}
        threads = run.threads or tuple(name(index) for index in range(max(seen, default=-1) + 1))
        schedule = tuple(decision.chosen for decision in run.decisions)
        return Interleaving(
            runtime=runtime,
            kind=self.kind,
            message=self.message,
            threads=threads,
            steps=run.steps,
            waiting=run.waiting,
            schedule=schedule,
            outcome=run.observation,
            watched=run.watched,
            thrown=run.thrown,
            numbers=run.numbers,
        )


class Grown(Exception):
    """A run met something shared that was not watched before: schedules of earlier runs no longer fit."""


Examine = Callable[[Execution], FailedRun | None]


def counterexample(executor: Executor, examine: Examine, failure: FailedRun) -> Interleaving | None:
    """Simplify a failure and replay it twice; None if the replays differ or do not fail.

    A slow one is replayed once: with the run that found it there are two that hang alike. A watchdog stops them
    wherever they are, so where a thread stood may differ; what was decided before may not.
    Raises Grown where the failure cannot be replayed because more is watched now.
    """
    simple = simplified(executor, examine, failure)
    plan = Plan(_choices(simple.execution.decisions), detail=True, numbers=simple.execution.numbers)
    shown = examine(_run(executor, plan))
    if shown is None or shown.kind != simple.kind:
        return None
    told = shown.interleaving(executor.runtime)
    if shown.kind in SLOW:
        return told if told.schedule == plan.schedule else None
    again = examine(_run(executor, plan))
    return told if again and _course(told) == _course(again.interleaving(executor.runtime)) else None


def _course(found: Interleaving) -> tuple[object, ...]:
    """What of an interleaving must be the same in every run: who did what in which line, not the values, which may be
    addresses, nor what is made of them.
    """
    steps = [(step.thread, step.file, step.line, step.operation, step.event) for step in found.steps]
    waiting = [(each.thread, each.file, each.line, each.kind, each.holder) for each in found.waiting]
    return found.kind, found.schedule, found.threads, steps, waiting


def simplified(executor: Executor, examine: Examine, failure: FailedRun) -> FailedRun:
    """Drop the switches that do not matter, as long as the failure stays of the same kind."""
    best = failure
    if failure.kind in SLOW:
        return best
    tried: set[tuple[int, ...]] = set()
    decisions = 0
    progress = True
    while progress:
        progress = False
        for schedule in _simpler(best.execution.decisions):
            if schedule in tried:
                continue
            if len(tried) == ATTEMPTS or decisions > MOST_DECISIONS:
                return best
            tried.add(schedule)
            execution = _run(executor, Plan(schedule, numbers=failure.execution.numbers))
            decisions += len(execution.decisions)
            found = examine(execution)
            if found and found.kind == best.kind and _weight(execution) < _weight(best.execution):
                best, progress = found, True
                break
    return best


def _run(executor: Executor, plan: Plan) -> Execution:
    (execution,) = executor.run([plan])
    if execution.grown:
        raise Grown
    return execution


def _choices(decisions: Sequence[Decision]) -> tuple[int, ...]:
    return tuple(decision.chosen for decision in decisions)


def _weight(execution: Execution) -> tuple[int, int, int]:
    """Measure how hard a run is to read: preemptions, then switches, then decisions."""
    decisions = execution.decisions
    preemptions = sum(d.cost(d.chosen) for d in decisions)
    switches = sum(1 for _ in groupby(d.chosen for d in decisions))
    return preemptions, switches, len(decisions)


def _simpler(decisions: Sequence[Decision]) -> Iterator[tuple[int, ...]]:
    """Propose schedules: the start alone; then with one stretch of a thread put behind the next one."""
    choices = _choices(decisions)
    for i, decision in enumerate(decisions):
        if decision.cost(decision.chosen):
            yield choices[:i]
    stretches = [tuple(stretch) for _, stretch in groupby(choices)]
    for i in range(1, len(stretches) - 1):
        before, moved, joined, after = (
            stretches[:i],
            stretches[i],
            stretches[i + 1],
            stretches[i + 2 :],
        )
        if before[-1][-1] == joined[0]:
            yield tuple(thread for stretch in (*before, joined, moved, *after) for thread in stretch)
