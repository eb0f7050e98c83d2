"""The search, on a simulated runtime."""

from __future__ import annotations

import itertools
from collections.abc import Generator
from dataclasses import replace
from math import comb
from typing import Any

import pytest
from toy import State, ToyExecutor, ToyThread

from mtlearn.interleave.executor import Decision, Execution, Plan
from mtlearn.interleave.search import replay, search

Points = Generator[Any, None, None]


def add_racily(state: State) -> Points:
    """Read, then write, with a point between."""
    yield
    seen = state["n"]
    yield
    state["n"] = seen + 1


def add_at_once(state: State) -> Points:
    """One step."""
    yield
    state["n"] += 1


def steps(count: int) -> ToyThread:
    """A thread of so many steps that does nothing."""

    def thread(_state: State) -> Points:
        for _ in range(count):
            yield

    return thread


def two(observation: Any) -> str | None:
    """Judge a counter that two threads raised."""
    return None if observation["n"] == 2 else f"the counter is {observation['n']}, not 2"


def fine(_observation: Any) -> None:
    """Judge everything right."""


def fresh() -> State:
    """A counter at 0."""
    return {"n": 0}


def test_a_lost_update_is_refuted_with_one_preemption() -> None:
    """A read and a write with a gap between are shown to lose an update, with the sentence of the judge."""
    result = search(ToyExecutor(fresh, [add_racily, add_racily]), two)
    assert result.outcome == "refuted"
    assert result.max_preemptions == 0
    found = result.counterexample
    assert found is not None
    assert (found.kind, found.message) == ("check", "the counter is 1, not 2")
    assert found.outcome == {"n": 1}
    assert found.steps


def test_a_right_program_is_proven_where_no_order_is_left() -> None:
    """A program that no order breaks is proven once all were run, and the result names the bound."""
    result = search(ToyExecutor(fresh, [add_at_once, add_at_once]), two, max_preemptions=2)
    assert (result.outcome, result.max_preemptions, result.reason) == ("proven", 2, None)
    assert result.exhausted


def test_a_completed_bound_is_no_proof() -> None:
    """Where orders with more preemptions are left, a completed bound is named and nothing is proven."""
    result = search(ToyExecutor(dict, [steps(4)] * 2), fine, max_preemptions=1)
    assert (result.outcome, result.max_preemptions, result.exhausted) == ("not refuted", 1, False)
    assert "up to 1 preemption" in result.scope
    assert str(result).startswith("not refuted, exhausted up to 1 preemption: ")


def test_the_bound_rises_while_there_is_budget() -> None:
    """A fault that needs four preemptions is found where nobody sets a bound, and missed where one is set."""

    def log(name: str) -> ToyThread:
        def thread(state: State) -> Points:
            for _ in range(3):
                yield
                state["log"] += name

        return thread

    def alternate(seen: Any) -> str | None:
        return "they alternate" if seen["log"] == "ababab" else None

    executor = ToyExecutor(lambda: {"log": ""}, [log("a"), log("b")])
    assert search(executor, alternate, max_preemptions=3).outcome == "not refuted"
    assert search(executor, alternate).outcome == "refuted"


def test_what_no_schedule_decides_is_said() -> None:
    """A program that draws random numbers is tried with several seeds and never proven."""

    class Drawing(ToyExecutor):
        def run_once(self, plan: Plan) -> Execution:
            return replace(super().run_once(plan), drew=True, numbers=plan.numbers)

    executor = Drawing(fresh, [add_at_once] * 2)
    result = search(executor, two)
    assert (result.outcome, result.exhausted) == ("not refuted", False)
    assert "for these random numbers" in result.scope
    assert len({plan.numbers for plan in executor.plans}) > 1


def test_a_failure_keeps_its_random_numbers() -> None:
    """A failure that only some random numbers show is replayed under them."""

    class Drawing(ToyExecutor):
        def run_once(self, plan: Plan) -> Execution:
            run = super().run_once(plan)
            return replace(run, drew=True, numbers=plan.numbers, observation={"n": 2 + (plan.numbers == 3)})

    executor = Drawing(fresh, [add_at_once] * 2)
    found = search(executor, two).counterexample
    assert found is not None
    assert found.numbers == 3
    assert replay(executor, two, found.schedule, numbers=found.numbers).outcome == "refuted"


def test_a_failure_of_one_draw_in_many_is_found() -> None:
    """Where few orders differ, a fifth of the budget draws other random numbers in each schedule, and no more."""

    class Drawing(ToyExecutor):
        rare = 20

        def run_once(self, plan: Plan) -> Execution:
            run = super().run_once(plan)
            unlucky = plan.numbers % self.rare == self.rare - 1
            return replace(run, drew=True, numbers=plan.numbers, observation={"n": 2 + unlucky})

    found = search(Drawing(fresh, [add_at_once] * 2), two).counterexample
    assert found is not None
    assert found.numbers % 20 == 19
    right = Drawing(fresh, [add_at_once] * 2)
    right.rare = 1_000_000
    result = search(right, two, max_schedules=500)
    assert (result.outcome, result.reason) == ("not refuted", None)
    assert 100 <= result.schedules < 150
    assert len({plan.numbers for plan in right.plans}) > 100


def test_a_run_that_is_cut_proves_nothing() -> None:
    """Where a run is too long to be run to its end, nothing is proven."""

    class Cut(ToyExecutor):
        def run_once(self, plan: Plan) -> Execution:
            return replace(super().run_once(plan), ending="truncated", left_out=("what comes after 9 steps",))

    result = search(Cut(fresh, [add_at_once] * 2), two)
    assert (result.outcome, result.exhausted) == ("not refuted", False)
    assert "what comes after 9 steps" in result.scope


@pytest.mark.parametrize("length", [1, 3, 5])
def test_without_a_bound_every_interleaving_is_run_once(length: int) -> None:
    """With a bound that is never reached, each order of two threads is run exactly once."""
    executor = ToyExecutor(dict, [steps(length), steps(length)])
    result = search(executor, fine, max_preemptions=99)
    # A thread of n points takes n + 1 steps, and its last is the only one left once the other has ended.
    assert result.outcome == "proven"
    assert result.schedules == comb(2 * (length + 1), length + 1)
    assert len({plan.schedule for plan in executor.plans}) == len(executor.plans)


@pytest.mark.parametrize("bound", [0, 1, 2, 3])
def test_a_bound_runs_exactly_the_schedules_within_it(bound: int) -> None:
    """The schedules run at bound b are those with at most b preemptions, counted another way."""
    length = 4
    # Every order of AAAA and BBBB; a switch is a preemption if the thread left behind has steps left.
    orders = set(itertools.permutations("A" * (length + 1) + "B" * (length + 1)))
    expected = 0
    for order in orders:
        left = {"A": length + 1, "B": length + 1}
        preemptions = 0
        for before, after in itertools.pairwise((*order, "")):
            left[before] -= 1
            preemptions += after != "" and before != after and left[before] > 0
        expected += preemptions <= bound
    result = search(ToyExecutor(dict, [steps(length)] * 2), fine, max_preemptions=bound)
    assert result.schedules == expected


@pytest.mark.parametrize("batch", [2, 7, 64])
def test_the_verdict_does_not_depend_on_the_batch(batch: int) -> None:
    """An executor that takes many schedules at once gives the same verdict, count and counterexample."""

    def late(observation: Any) -> str | None:
        return "wrong" if observation["log"] == list("ABABBA") else None

    def write(name: str) -> ToyThread:
        def thread(state: State) -> Points:
            for _ in range(3):
                yield
                state["log"].append(name)

        return thread

    def run(size: int) -> Any:
        executor = ToyExecutor(lambda: {"log": []}, [write("A"), write("B")], batch=size)
        result = search(executor, late, max_preemptions=4)
        return result.outcome, result.schedules, result.max_preemptions, result.counterexample

    assert run(batch) == run(1)
    assert run(1)[0] == "refuted"


def test_a_spent_budget_is_never_proven() -> None:
    """A budget that ends before the bound gives "not refuted", and a part of it went to random schedules."""
    executor = ToyExecutor(dict, [steps(20)] * 3)
    result = search(executor, fine, max_schedules=100)
    assert (result.outcome, result.schedules) == ("not refuted", 100)
    assert result.max_preemptions == 0
    assert result.reason
    assert sum(plan.seed is not None for plan in executor.plans) == 20


def test_the_clock_only_cuts_and_says_so() -> None:
    """A search that the safety net ends says that the clock stopped it."""
    ticks = itertools.count()
    result = search(ToyExecutor(dict, [steps(9)] * 2), fine, safety_s=10, clock=lambda: float(next(ticks)))
    assert result.outcome == "not refuted"
    assert result.reason is not None
    assert "clock" in result.reason
    assert result.schedules < 20


def test_the_judge_sees_each_distinct_outcome_once() -> None:
    """The judge is asked once about each outcome, however many schedules lead to it."""
    asked = []
    search(ToyExecutor(fresh, [add_racily] * 2), lambda seen: asked.append(seen["n"]))
    assert sorted(asked) == [1, 2]


def lock(name: str, state: State) -> Points:
    """Take a lock."""
    yield lambda: name not in state["held"]
    state["held"].append(name)


def test_two_locks_in_two_orders_deadlock() -> None:
    """Threads that take two locks in opposite orders are refuted by a deadlock with one preemption."""

    def take(first: str, second: str) -> ToyThread:
        def thread(state: State) -> Points:
            yield from lock(first, state)
            yield from lock(second, state)
            state["held"].clear()

        return thread

    result = search(ToyExecutor(lambda: {"held": []}, [take("x", "y"), take("y", "x")]), fine)
    assert result.outcome == "refuted"
    assert result.counterexample is not None
    assert result.counterexample.kind == "deadlock"


def test_a_random_failure_is_simplified() -> None:
    """A failure that only a random schedule met is shown without the switches that do not matter."""

    def log(name: str, count: int) -> ToyThread:
        def thread(state: State) -> Points:
            for i in range(count):
                yield
                state["log"].append(f"{name}{i}")

        return thread

    def judge(seen: Any) -> str | None:
        log = seen["log"]
        bad = log.index("b5") < log.index("a9") < log.index("b6") and log.index("b9") < log.index("a15")
        return "b5 < a9 < b6" if bad else None

    executor = ToyExecutor(lambda: {"log": []}, [log("a", 20), log("b", 20)])
    result = search(executor, judge, max_preemptions=3, max_schedules=250)
    assert result.outcome == "refuted"
    assert result.schedules > 200  # the systematic part did not meet it
    assert result.counterexample is not None
    shown = result.counterexample.schedule
    assert len(list(itertools.groupby(shown))) <= 5


def test_a_program_that_changes_between_runs_is_unchecked() -> None:
    """A failure that its own schedule does not repeat is called nondeterministic, not wrong."""
    coin = iter([False, True, False, False, False, False])

    def flaky(state: State) -> Points:
        yield
        state["n"] = 1 if next(coin) else 2

    result = search(ToyExecutor(fresh, [flaky, steps(0)]), two)
    assert result.outcome == "unchecked"
    assert result.reason is not None
    assert "nondeterministic" in result.reason


def test_what_cannot_be_controlled_is_unchecked() -> None:
    """A program that leaves the executor's control is never right or wrong."""

    class Uncontrolled(ToyExecutor):
        def run_once(self, plan: Plan) -> Execution:
            return Execution((), "uncontrolled", reason="it starts a process")

    result = search(Uncontrolled(fresh, []), fine)
    assert (result.outcome, result.reason) == ("unchecked", "it starts a process")


def test_a_run_that_watches_more_begins_the_search_again() -> None:
    """When a run met something new to watch, what was tried before is tried again."""

    class Growing(ToyExecutor):
        def run_once(self, plan: Plan) -> Execution:
            grown = len(self.plans) == 3
            run = super().run_once(plan)
            return Execution(run.decisions, run.ending, run.observation, grown=grown)

    plain = search(ToyExecutor(fresh, [add_at_once] * 2), fine)
    growing = search(Growing(fresh, [add_at_once] * 2), fine)
    assert growing.outcome == "proven"
    assert growing.schedules == plain.schedules + 3


def test_a_forced_switch_costs_no_preemption() -> None:
    """A switch made for fairness is free, and going on instead costs like a preemption."""
    forced = Decision(chosen=1, enabled=(0, 1), current=0, forced=True)
    assert (forced.cost(0), forced.cost(1)) == (1, 0)
    assert Decision(chosen=1, enabled=(0, 1), current=0).cost(1) == 1
    assert Decision(chosen=1, enabled=(0, 1)).cost(0) == 0


def test_a_counterexample_replays_from_its_schedule() -> None:
    """The schedule of a counterexample gives the same failure again; one that does not fit is unchecked."""
    executor = ToyExecutor(fresh, [add_racily, add_racily])
    found = search(executor, two).counterexample
    assert found is not None
    assert replay(executor, two, found.schedule).counterexample == found
    assert replay(executor, two, (0, 0, 0)).outcome == "not refuted"
    assert replay(executor, two, (7,)).outcome == "unchecked"


def test_the_same_seed_gives_the_same_result() -> None:
    """Two searches with one seed run the same random schedules."""

    def plans(seed: int) -> list[Plan]:
        executor = ToyExecutor(dict, [steps(20)] * 3)
        search(executor, fine, max_schedules=50, seed=seed)
        return executor.plans

    assert plans(3) == plans(3)
    assert plans(3) != plans(4)
