"""mtlearn.grading.starvation: a tick that the machine gave to others does not count."""

from __future__ import annotations

import itertools
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from mtlearn.grading import starvation
from mtlearn.grading.starvation import Starvation

LOOP_AND_WAIT = """
import threading
from mtlearn.grading.starvation import spins
threading.Thread(target=threading.Event().wait, daemon=True).start()
print(spins())
def loop():
    while True:
        pass
threading.Thread(target=loop, daemon=True).start()
print(spins())
"""


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


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells it in /proc")
def test_a_loop_that_gets_no_processor_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thread that could run is told from one that waits, whether or not the machine lets it run."""
    monkeypatch.setattr(starvation, "_read", lambda file: b"7 (a (b) R c) R 1")
    stop, waits = threading.Event(), threading.Thread(target=lambda: stop.wait())
    waits.start()
    assert starvation.spins()
    monkeypatch.setattr(starvation, "_read", lambda file: b"7 (a (b) R c) S 1")
    assert not starvation.spins()
    stop.set()
    waits.join()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux tells it in /proc")
def test_threads_that_run_and_that_wait() -> None:
    """A thread in a loop is found to be busy, and none where all others wait."""
    found = subprocess.run(
        [sys.executable, "-c", LOOP_AND_WAIT],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )
    assert found.stdout.split() == ["False", "True"]
