"""How many orders of steps a program has: counted, and by brute force over a model."""

from __future__ import annotations

from math import comb

import pytest
from modelled import Model

from mtlearn.interleave.executor import Plan
from mtlearn.interleave.tally import Tally, tally

READ, WRITE = ("read", "x"), ("write", "x")


def last_wins(observation: object) -> str | None:
    """Find it wrong where thread 0 has written last."""
    return "thread 0 was last" if "(0, " in str(observation).rpartition("'x'")[2] else None


@pytest.mark.parametrize("steps", [1, 2, 3])
def test_all_orders_are_counted(steps: int) -> None:
    """Of all orders of two threads, those in which the first ends last go wrong: half of them."""
    model = Model([[WRITE] * steps] * 2)
    orders = comb(2 * steps, steps)
    assert len(list(model.everything())) == orders
    assert tally(model, last_wins, Plan()) == Tally(orders, orders // 2, None)


def test_a_deadlock_is_an_order_that_goes_wrong() -> None:
    """Two threads that take two locks in opposite sequence: the orders in which both get their first are wrong."""
    threads = [[("take", a), ("take", b), ("free", b), ("free", a)] for a, b in ("lm", "ml")]
    found = tally(Model(threads), lambda seen: None, Plan())
    assert found is not None
    assert (found.bound, found.wrong) == (None, 2)


def test_where_there_are_too_many_the_last_whole_bound_is_told() -> None:
    """With three threads of six steps there are 17 million orders: those with few interruptions are counted."""
    model = Model([[READ] * 6] * 3)
    found = tally(model, lambda seen: None, Plan(), most=20, clock=lambda: 0.0)
    assert found is not None
    assert (found.bound, found.wrong) == (0, 0)
    assert found.orders == 6  # who begins, and who follows


def test_time_that_is_up_ends_it() -> None:
    """Nothing is told where not even the first bound was completed in time."""
    times = iter([0.0, 9.0])
    assert tally(Model([[READ]] * 3), lambda seen: None, Plan(), clock=lambda: next(times)) is None
