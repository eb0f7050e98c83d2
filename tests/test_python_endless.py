"""Long loops that write shared memory: which of them go on for ever."""

from __future__ import annotations

from itertools import repeat
from types import SimpleNamespace
from typing import Any

from mtlearn.interleave import Result, explore
from mtlearn.interleave.explain import explain


class Plain:
    """A counter, and a flag."""

    def __init__(self) -> None:
        self.stop = False
        self.n = 0


class Setter:
    """A counter whose setter tells it to stop."""

    def __init__(self) -> None:
        self.value = 0
        self.stop = False

    @property
    def n(self) -> int:
        """Give the count."""
        return self.value

    @n.setter
    def n(self, value: int) -> None:
        self.value = value
        self.stop = value == 11_000


def explored(setup: Any, run: Any) -> Result:
    """Run it once."""
    return explore(setup, [run], lambda _: None, max_schedules=1, safety_s=120)


def test_a_loop_that_ends_itself_late_is_no_livelock() -> None:
    """A loop of 24,000 steps that sets its own flag in the end is not accused."""

    def run(state: Any) -> None:
        while not state.stop:
            state.n += 1
            if state.n == 8_000:
                state.stop = True

    assert explored(lambda: SimpleNamespace(stop=False, n=0), run).outcome != "refuted"


def test_a_setter_may_end_a_loop() -> None:
    """What a setter does is part of the loop that stores."""

    def run(state: Setter) -> None:
        while not state.stop:
            state.n += 1

    assert explored(Setter, run).outcome != "refuted"


def test_an_iterator_may_count_in_secret() -> None:
    """Steps that repeat themselves are no livelock where something unseen may count them."""

    def run(state: Any) -> None:
        for _ in repeat(None, 11_000):
            state.on = not state.on

    assert explored(lambda: SimpleNamespace(on=False), run).outcome != "refuted"


def test_a_loop_that_nothing_ends_is_a_livelock() -> None:
    """A loop that writes for ever, and whose flag nobody sets, is told in a few steps and a true sentence."""

    def run(state: Any) -> None:
        while not state.stop:
            state.n += 1

    result = explored(Plain, run)
    found = result.counterexample
    assert found is not None
    assert found.kind == "livelock"
    assert len(found.steps) < 100
    assert explain(found).endswith("(while not state.stop:), and what it writes leads nowhere.")
