"""mtlearn.grading.starvation: a tick that the machine gave to others does not count."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator

import pytest

from mtlearn.grading import starvation
from mtlearn.grading.starvation import Starvation


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, int]]:
    """What the system tells each time it is asked."""
    told: list[dict[str, int]] = []
    answers: Iterator[dict[str, int]] = (told.pop(0) for _ in iter(int, 1))
    monkeypatch.setattr(starvation, "_waits", lambda processes: next(answers))
    return told


@pytest.fixture(autouse=True)
def ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes on by one tick each time it is looked at."""
    seconds = itertools.count(100.0, 0.0625)
    monkeypatch.setattr(starvation, "monotonic", lambda: next(seconds))


def test_the_share_in_which_none_waited(waits: list[dict[str, int]]) -> None:
    """Of a tick, the part in which a thread waited for a processor does not count; at least a fifth does."""
    waits += [{"a": 0, "b": 5}, {"a": 31_250_000, "b": 5}, {"a": 31_250_000, "b": 5}, {"a": 10**10, "c": 7}]
    starved = Starvation()
    assert [starved.fed() for _ in range(3)] == [0.5, 1.0, pytest.approx(0.2)]


def test_threads_that_take_the_processor_from_each_other(waits: list[dict[str, int]]) -> None:
    """Many threads that spin at once do not make a hang last five times as long: the one that waits most counts."""
    waits += [{}, dict.fromkeys("abcdefgh", 12_500_000)]
    assert Starvation().fed() == pytest.approx(0.8)


def test_where_the_system_does_not_tell(waits: list[dict[str, int]]) -> None:
    """Every tick counts where nothing is told of the threads."""
    waits += [{}, {}]
    assert Starvation().fed() == 1.0


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells it in /proc")
def test_what_the_system_tells() -> None:
    """The system tells of this process's threads."""
    assert starvation._waits(["self"])
