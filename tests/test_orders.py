"""The orders of steps that differ: the search beside brute force, on models of small programs."""

from __future__ import annotations

from math import comb, factorial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from modelled import Model, Operation, class_of

from mtlearn.interleave.executor import Plan
from mtlearn.interleave.orders import Orders

MANY = 1_500  # orders by brute force, at most


def all_classes(model: Model) -> tuple[list[Any], bool]:
    """Run every class: those that were run, and whether one of them was a deadlock."""
    orders = Orders()
    run: list[Any] = []
    (first,) = model.run([Plan()])
    orders.add(first.moves or ())
    run.append(first)
    while (wanted := orders.next()) is not None:
        (execution,) = model.run([Plan(moves=wanted.moves)])
        assert execution.ending != "diverged"
        orders.add(execution.moves or (), wanted)
        run.append(execution)
    # What a try touches depends on whether it succeeds, so an order that it is asked for may turn out to be known.
    tries = any(operation[0] == "try" for each in model.threads for operation in each)
    assert orders.classes == len(run) or tries
    return run, any(each.ending == "deadlock" for each in run)


def section(lock: str, *within: Operation) -> list[Operation]:
    """Hold a lock around some operations."""
    return [("take", lock), *within, ("free", lock)]


access = st.tuples(st.sampled_from(["read", "write"]), st.sampled_from(["x", "y"]))
block = st.one_of(
    access.map(lambda a: [a]),
    st.lists(access, max_size=2).map(lambda within: section("l", *within)),
    st.lists(access, max_size=1).map(lambda within: section("m", *within)),
    access.map(lambda a: section("l", ("take", "m"), a, ("free", "m"))),
    st.lists(access, max_size=1).map(lambda w: [("try", "l", len(w) + 1), *w, ("free", "l")]),
    access.map(lambda a: section("l", a, ("notify", "l"))),
    st.just([("take", "l"), ("wait", "l"), ("wake",), ("take", "l"), ("free", "l")]),
)
thread = st.lists(block, min_size=1, max_size=2).map(lambda blocks: [each for block in blocks for each in block])


@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(thread, min_size=2, max_size=3))
def test_every_class_is_run(threads: list[list[Operation]]) -> None:
    """What brute force finds over all interleavings is found by a run of each class, and by hardly any other."""
    model = Model(threads)
    every: dict[Any, Any] = {}
    for count, (order, touched) in enumerate(model.everything()):
        if count > MANY:
            return
        every[class_of(order, touched)] = order
    run, deadlock = all_classes(model)
    found = {class_of([m.thread for m in r.moves], [m.touched for m in r.moves]) for r in run}
    assert len(run) <= 2 * len(found)
    assert found <= set(every)
    deadlocks = any(not model.ended(_at(model, order)) for order in every.values())
    assert deadlock == deadlocks
    if not deadlocks:
        assert found == set(every)


def _at(model: Model, order: tuple[int, ...]) -> Any:
    state = model.begin()
    for t in order:
        model.step(state, t)
    return state


@pytest.mark.parametrize(("threads", "rounds"), [(2, 1), (2, 3), (2, 5), (3, 1), (3, 2)])
def test_a_locked_counter_has_as_many_orders_as_its_sections(threads: int, rounds: int) -> None:
    """Only the order of the critical sections counts."""
    program = section("l", ("read", "n"), ("write", "n")) * rounds
    run, _ = all_classes(Model([program] * threads))
    assert len(run) == factorial(threads * rounds) // factorial(rounds) ** threads


def test_steps_that_share_nothing_have_one_order() -> None:
    """Threads that touch different things need one run; brute force has many."""
    model = Model([[("write", "x")] * 4, [("write", "y")] * 4, [("read", "z")] * 4])
    assert len(all_classes(model)[0]) == 1


def test_the_orders_of_a_plain_counter() -> None:
    """Two threads that read and write once: four orders differ, of six interleavings."""
    add: list[Operation] = [("read", "n"), ("write", "n")]
    assert sum(1 for _ in Model([add, add]).everything()) == comb(4, 2)
    assert len(all_classes(Model([add, add]))[0]) == 4
