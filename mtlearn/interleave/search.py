"""The search over schedules. It knows no runtime.

Where runs tell what their steps touch, one run of each class of orders is enough (see `orders`): a program with few
classes is proven by as many runs. One with many is first searched up to a bound, and the classes that are still
missing are run after that. Where runs do not tell, the search by bounds is all there is.

Prefixes are taken first in, first out, and results are judged in that order, so that neither the outcome nor the
count depends on the executor's batch or on the machine's speed.

The bound is that of CHESS: M. Musuvathi and S. Qadeer, "Iterative context bounding for systematic testing of
multithreaded programs", PLDI 2007. That most faults need few preemptions, and that random schedules find much of the
rest: P. Thomson, A. Donaldson, A. Betts, "Concurrency testing using controlled schedulers: an empirical study", ACM
TOPC 2016. Fairness for programs that spin: M. Musuvathi and S. Qadeer, "Fair stateless model checking", PLDI 2008.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from time import perf_counter  # the real one: the name in `time` is another while a program runs
from typing import Any

from mtlearn.interleave.executor import Execution, Executor, Plan
from mtlearn.interleave.frontier import Frontier
from mtlearn.interleave.orders import Orders, Unsteady, Wanted
from mtlearn.interleave.result import Outcome, Result
from mtlearn.interleave.simplify import FailedRun, Grown, counterexample
from mtlearn.system.clock import LoadedClock

Oracle = Callable[[Any], str | None]
Progress = Callable[[int, int | None], None]

CLASSES_SHARE = 5  # one schedule in so many is for the classes of orders, before there is a bound
FEW_CLASSES = 64  # where more are wanted than that, and than were run, a bound comes first
RANDOM_SHARE = 5  # one schedule in so many is kept for random ones when the budget does not suffice
WARM_UPS = 5  # runs before a replay, at most
MOST_STEPS = 1_000_000  # decisions of all runs together, for programs whose single run is long
TOLD = 16  # schedules after which it is told how far it is
SEEDS = 8  # seeds that all orders of a program which draws random numbers are tried with; then each order has its own
USUAL_BOUND = 2  # the bound that a search without one gives where it ran out of orders before
NONDETERMINISTIC = (
    "the program is nondeterministic: the same schedule did not give the same run (does it keep state "
    "between runs, or use real time?)"
)
RANDOM_NUMBERS = "for these random numbers"

__all__ = ["NONDETERMINISTIC", "Oracle", "replay", "search"]


def search(
    executor: Executor,
    oracle: Oracle,
    *,
    max_preemptions: int | None = None,
    max_schedules: int = 5_000,
    safety_s: float = 10.0,
    seed: int = 0,
    clock: Callable[[], float] | None = None,
    progress: Progress | None = None,
) -> Result:
    """Run the program through its schedules until one fails, all were run or the budget is spent.

    With `max_preemptions` it stops where that bound is completed; otherwise the bound rises while `max_schedules`
    last. `oracle` is called once for each distinct observation and gives the sentence that is wrong, or None.
    `safety_s` (seconds of `clock`, which goes slower while the machine is busy with other things) only keeps a slow
    machine from waiting for ever; a result it cut says so. `progress` is told now and then how many schedules were run,
    and up to which bound they are, None where they are one of each class.
    """
    search_ = _Search(executor, oracle, safety_s, seed, clock or LoadedClock(), progress)
    return search_.run(max_preemptions, max_schedules)


class _Search:
    def __init__(
        self,
        executor: Executor,
        oracle: Oracle,
        safety_s: float,
        seed: int,
        clock: Callable[[], float],
        progress: Progress | None,
    ) -> None:
        self.executor = executor
        self.verdict = _remember(oracle)
        self.safety_s = safety_s
        self.seed = seed
        self.clock = clock
        self.started, self.began = clock(), perf_counter()
        self.schedules = 0
        self.findings: dict[str, None] = {}  # a set that keeps its order
        self.left_out: dict[str, None] = {}
        self.drew = False  # random numbers
        self.steps = 0
        self.completed: int | None = None
        self.progress = progress
        self.bound: int | None = None  # that is searched now
        self.orders: Orders | None = Orders()  # None where runs do not tell their steps
        self.first: Execution | None = None  # the run without a plan, if no bound was searched since
        self.done_first: list[tuple[int, ...]] | None = None
        self.ahead: dict[int, Execution] = {}  # by the number of the order that was wanted

    def run(self, max_preemptions: int | None, max_schedules: int) -> Result:
        systematic = max_schedules - max_schedules // RANDOM_SHARE
        if ended := self.run_classes(max_schedules // CLASSES_SHARE, max_preemptions, if_few=True):
            return ended
        for numbers in range(SEEDS):
            frontier = Frontier()
            if self.first is not None:
                frontier.add(frontier.take(0, 1)[0], self.first, self.done_first)
                self.first = None
            while (bound := frontier.bound) is not None and (max_preemptions is None or bound <= max_preemptions):
                if bound and not numbers:
                    self.completed = bound - 1
                if bound > USUAL_BOUND and self.orders is not None:
                    self.bound = None
                    if ended := self.run_classes(systematic, max_preemptions):
                        return ended
                    if self.orders is not None:
                        return self.run_random(max_schedules)
                self.bound = bound
                if (room := systematic - self.schedules) <= 0:
                    return self.run_random(max_schedules)
                untried = frontier.take(bound, min(self.executor.batch, room))
                plans = [Plan(each.schedule, numbers=numbers) for each in untried]
                try:
                    for tried, execution in zip(untried, self.executor.run(plans), strict=False):
                        if ended := self.weigh(execution):
                            return ended
                        frontier.add(tried, execution, self.learn(execution))
                    if self.orders is not None and self.orders.complete:
                        return self.proven(max_preemptions)
                except Grown:
                    frontier = Frontier()
                    self.forget()
            if not numbers:
                highest = len(frontier.buckets) - 2
                self.completed = max(USUAL_BOUND, highest) if max_preemptions is None else max_preemptions
            if not self.drew:
                break
        if self.drew:
            self.bound = None
            room = min(max_schedules, self.schedules + max_schedules // RANDOM_SHARE)
            return self.random_failure(room) or self.result("not refuted")
        exhausted = bound is None and not self.left_out
        return self.result("proven" if exhausted else "not refuted")

    def run_classes(self, most: int, max_preemptions: int | None, *, if_few: bool = False) -> Result | None:
        """Run one order of each class that is missing, until `most` schedules were run; None if that proves nothing.

        With `if_few` it ends as soon as there seem to be many of them: then a bound is searched first.
        """
        while self.orders is not None and self.schedules < most:
            if if_few and (self.orders.vague or self.orders.wanted > max(FEW_CLASSES, self.orders.classes)):
                return None
            wanted = None
            if self.orders.classes and (wanted := self.orders.next()) is None:
                return self.proven(max_preemptions)
            try:
                execution = self.made(self.orders, wanted)
                if wanted is not None and execution.ending == "diverged":
                    self.orders = None
                    self.schedules += 1
                elif ended := self.weigh(execution):
                    return ended
                else:
                    done = self.learn(execution, wanted)
                    if wanted is None:
                        self.first, self.done_first = execution, done
            except Grown:
                self.forget()
        return None

    def made(self, orders: Orders, wanted: Wanted | None) -> Execution:
        """Give the run of an order, and of those wanted next some ahead: what comes of them is not looked at yet."""
        if wanted is None:
            (execution,) = self.executor.run([Plan()])
            return execution
        if wanted.number not in self.ahead:
            batch = [wanted]
            while len(batch) < self.executor.batch and (another := orders.next()) is not None:
                batch.append(another)
            for another in batch[1:]:
                orders.put_back(another)
            batch = [each for each in batch if each.number not in self.ahead]
            runs = self.executor.run([Plan(moves=each.moves) for each in batch])
            for each, execution in zip(batch, runs, strict=False):
                self.ahead[each.number] = execution
                if execution.grown and each is not wanted:
                    raise Grown
                if execution.grown or execution.ending != "finished":
                    break
        return self.ahead.pop(wanted.number)

    def learn(self, execution: Execution, wanted: Wanted | None = None) -> list[tuple[int, ...]] | None:
        """Add a run to those of its class; give what had been done before each of its decisions."""
        if self.orders is None:
            return None
        try:
            if execution.moves is not None and execution.ending == "finished":
                done = self.orders.add(execution.moves, wanted)
                if len(done) == len(execution.decisions):
                    return done
        except Unsteady:
            pass
        self.orders = None
        return None

    def forget(self) -> None:
        """Begin again: what was run lies elsewhere now."""
        self.completed = self.first = None
        self.ahead.clear()
        if self.orders is not None:
            self.orders = Orders()

    def proven(self, max_preemptions: int | None) -> Result:
        self.completed = USUAL_BOUND if max_preemptions is None else max_preemptions
        return self.result("proven" if not self.left_out else "not refuted")

    def run_random(self, max_schedules: int) -> Result:
        return self.random_failure(max_schedules) or self.result(
            "not refuted", reason="the budget of schedules was spent"
        )

    def random_failure(self, max_schedules: int) -> Result | None:
        """Run random schedules, each with random numbers of its own; None where so many were run without an end."""
        while (room := max_schedules - self.schedules) > 0:
            size = min(self.executor.batch, room)
            seeds = [self.seed + self.schedules + i for i in range(size)]
            plans = [Plan(seed=seed, numbers=seed if self.drew else 0) for seed in seeds]
            for execution in self.executor.run(plans):
                try:
                    ended = self.weigh(execution)
                except Grown:
                    continue  # the schedules that follow watch more
                if ended:
                    return ended
        return None

    def weigh(self, execution: Execution) -> Result | None:
        """Count one execution; give a result where it ends the search. Raises Grown where it begins again."""
        self.schedules += 1
        self.steps += len(execution.decisions)
        if self.progress and self.schedules % TOLD == 0:
            self.progress(self.schedules, self.bound)
        self.findings.update(dict.fromkeys(execution.findings))
        self.left_out.update(dict.fromkeys(execution.left_out))
        self.drew |= execution.drew
        if execution.ending == "uncontrolled":
            return self.result("unchecked", reason=self.detailed(execution).reason)
        if execution.ending == "diverged":
            return self.result("unchecked", reason=execution.reason or NONDETERMINISTIC)
        if execution.grown:
            if self.clock() - self.started > self.safety_s:
                return self.out_of_time()
            raise Grown  # there are more yield points from now on, so decisions lie elsewhere
        if failure := failure_of(execution, self.verdict):
            if execution.spent:
                return self.result("refuted", found=failure.interleaving(self.executor.runtime))
            found = counterexample(self.executor, lambda run: failure_of(run, self.verdict), failure)
            if found is None:
                return self.result("unchecked", reason=NONDETERMINISTIC)
            return self.result("refuted", found=found)
        if self.clock() - self.started > self.safety_s:
            return self.out_of_time()
        if self.steps > MOST_STEPS:
            return self.result("not refuted", reason=f"stopped after {self.steps:,} steps")
        return None

    def detailed(self, execution: Execution) -> Execution:
        """Run it again in detail, which tells lines that were not asked for before."""
        schedule = tuple(decision.chosen for decision in execution.decisions)
        (again,) = self.executor.run([Plan(schedule, detail=True, numbers=execution.numbers)])
        return again if again.ending == execution.ending else execution

    def out_of_time(self) -> Result:
        return self.result("not refuted", reason=f"stopped by the clock after {self.safety_s:g} s")

    def result(self, outcome: Outcome, reason: str | None = None, found: Any = None) -> Result:
        return Result(
            outcome=outcome,
            schedules=self.schedules,
            seconds=perf_counter() - self.began,
            max_preemptions=self.completed,
            exhausted=outcome == "proven",
            classes=self.orders.classes if outcome == "proven" and self.orders is not None else None,
            reason=reason,
            findings=tuple(self.findings),
            left_out=(*self.left_out, *((RANDOM_NUMBERS,) if self.drew else ())),
            counterexample=found,
        )


def _remember(oracle: Oracle) -> Oracle:
    """Ask the oracle only once about equal observations (equal as JSON)."""
    known: dict[str, str | None] = {}

    def verdict(observation: Any) -> str | None:
        key = json.dumps(observation, sort_keys=True)
        if key not in known:
            known[key] = oracle(observation)
        return known[key]

    return verdict


def failure_of(execution: Execution, verdict: Oracle) -> FailedRun | None:
    """Say what is wrong with an execution, None where nothing is."""
    if execution.ending == "finished":
        sentence = verdict(execution.observation)
        return FailedRun("check", sentence, execution) if sentence is not None else None
    ending = execution.ending
    if ending == "diverged" or ending == "uncontrolled" or ending == "paused" or ending == "truncated":
        return None
    return FailedRun(ending, execution.message, execution)


def replay(
    executor: Executor,
    oracle: Oracle,
    schedule: tuple[int, ...],
    watched: tuple[str, ...] = (),
    numbers: int = 0,
) -> Result:
    """Run one schedule again, for example one read from JSON: "refuted" if it fails, else "not refuted".

    A schedule that no longer fits the program gives "unchecked". `watched` is `Interleaving.watched`, `numbers` is
    `Interleaving.numbers`.
    """
    for _ in range(WARM_UPS):  # as the search did before it: the executor learns what to watch
        (execution,) = executor.run([Plan(watched=watched, numbers=numbers)])
        if not execution.grown:
            break
    (execution,) = executor.run([Plan(schedule, detail=True, watched=watched, numbers=numbers)])
    misfit = execution.ending == "diverged" or len(execution.decisions) < len(schedule)
    if execution.ending == "uncontrolled" or misfit:
        reason = execution.reason or "the schedule does not fit this program: has the file changed since?"
        return Result("unchecked", 1, None, reason=reason)
    failure = failure_of(execution, _remember(oracle))
    if failure is None:
        return Result("not refuted", 1, None, reason="the schedule was run and nothing went wrong")
    found = failure.interleaving(executor.runtime)
    return Result("refuted", 1, None, counterexample=found)
