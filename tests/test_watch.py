"""mtlearn.grading.watch: every save is graded, looked at by hand with a judge that does what it is told."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from conftest import PATIENCE_S

from mtlearn.course.content import load
from mtlearn.course.exercise import Exercise
from mtlearn.errors import MtlearnError
from mtlearn.grading.prewarmed import JudgeEnded
from mtlearn.grading.verdict import CheckResult, Verdict
from mtlearn.grading.watch import (
    DRAWING_LOOKS,
    LONG_LOOKS,
    MISSING_LOOKS,
    Checked,
    Event,
    Finished,
    Started,
    Stopped,
    Task,
    Watch,
)

EXERCISE, OTHER = load().exercises()[:2]
CHECK = CheckResult("loads", "The file loads", "pass")


@dataclass
class Bench:
    """Where the judges of a test sit: how many were made, ended and asked, and what those say that are asked.

    A judge with `go` waits for it before it gives its verdict.
    """

    made: int = 0
    ended: int = 0
    graded: list[str] = field(default_factory=list)
    go: threading.Event | None = None
    fails: MtlearnError | None = None
    none_left: bool = False

    def __call__(self) -> FakeJudge:
        """One more judge."""
        if self.none_left:
            raise OSError(11, "Resource temporarily unavailable")
        self.made += 1
        return FakeJudge(self)


class FakeJudge:
    """Reads the file, tells of one check, and passes it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.over = threading.Event()

    def grade(
        self, exercise: Exercise, file: Path, runtime: str, executable: Path, on_check: Callable[[CheckResult], None]
    ) -> Verdict:
        """The verdict."""
        self.bench.graded.append(file.read_text())
        on_check(CHECK)
        go = self.bench.go
        while go and not go.wait(0.01):
            if self.over.is_set():
                raise JudgeEnded
        if self.bench.fails:
            raise self.bench.fails
        return Verdict(exercise.name, runtime, file, (CHECK,), 0.1)

    def end(self) -> None:
        """Once counts."""
        if not self.over.is_set():
            self.bench.ended += 1
        self.over.set()


class Room:
    """A watch with its file, its judges and what it has told."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "exercise.py"
        self.bench = Bench()
        self.told: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.watch = Watch(self.told.put, self.bench)
        self.task = Task(EXERCISE, self.file, "python", Path("python"), "Python")
        self.saves = 0
        self.save("0")

    def save(self, text: str, in_place: bool = False) -> None:
        """Save the file: another one put in its place, or, `in_place`, written into; its time goes on in any case."""
        target = self.file if in_place else self.file.with_suffix(".new")
        target.write_text(text)
        self.saves += 1
        os.utime(target, ns=(self.saves * 10**9, self.saves * 10**9))
        if not in_place:
            os.replace(target, self.file)

    def next(self) -> Event:
        """What is told next."""
        return self.told.get(timeout=PATIENCE_S)

    def run_to_the_end(self) -> Finished:
        """Look once; a whole run must follow."""
        self.watch.look()
        assert [type(self.next()), self.next()] == [Started, Checked(CHECK)]
        finished = self.next()
        assert isinstance(finished, Finished)
        while not self.watch._run or not self.watch._run.done:
            threading.Event().wait(0.001)
        return finished

    def look(self, times: int) -> None:
        """Look so many times; nothing must be told."""
        for _ in range(times):
            self.watch.look()
        assert self.told.empty()


@pytest.fixture
def room(here: Path) -> Iterator[Room]:
    """A watch at which nobody has looked yet; whatever happens, all of its judges are ended."""
    room = Room(here)
    yield room
    room.watch.close()
    assert room.bench.ended == room.bench.made


def test_the_first_run(room: Room) -> None:
    """What is opened is graded at once; nothing happens as long as it stays the same."""
    room.look(3)
    room.watch.open(room.task)
    finished = room.run_to_the_end()
    assert (finished.task, finished.verdict.status) == (room.task, "pass")
    room.look(200)
    assert room.bench.graded == ["0"]


@pytest.mark.parametrize("in_place", [True, False])
def test_every_save_is_graded(room: Room, in_place: bool) -> None:
    """A save is graded, whether the editor writes into the file or puts another in its place."""
    room.watch.open(room.task)
    room.run_to_the_end()
    for text in ("1", "2", "2"):
        room.save(text, in_place)
        room.run_to_the_end()
    assert room.bench.graded == ["0", "1", "2", "2"]


def test_run_again(room: Room) -> None:
    """When asked to, the file is graded as it is."""
    room.watch.open(room.task)
    room.run_to_the_end()
    room.watch.again()
    room.run_to_the_end()
    assert room.bench.graded == ["0", "0"]


def test_a_save_during_a_run(room: Room) -> None:
    """A save during a run ends that run; nothing more is told of it, and the new one comes to its verdict."""
    room.bench.go = threading.Event()
    room.watch.open(room.task)
    room.watch.look()
    assert [type(room.next()) for _ in range(2)] == [Started, Checked]
    room.save("1")
    room.watch.look()
    assert room.bench.ended == 1
    assert [type(room.next()) for _ in range(2)] == [Started, Checked]
    room.bench.go.set()
    assert isinstance(room.next(), Finished)
    assert room.told.empty()
    assert room.bench.graded == ["0", "1"]


def test_the_judge_for_the_next_run(room: Room) -> None:
    """It gets ready a moment after a verdict, and the old one is ended then; the next save uses it."""
    room.watch.open(room.task)
    room.run_to_the_end()
    room.look(DRAWING_LOOKS - 1)
    assert (room.bench.made, room.bench.ended) == (1, 0)
    room.look(1)
    assert (room.bench.made, room.bench.ended) == (2, 1)
    room.save("1")
    room.run_to_the_end()
    assert room.bench.made == 2


def test_the_judge_for_the_next_run_during_a_long_one(room: Room) -> None:
    """When a run takes long, a judge gets ready for the save that may come."""
    room.bench.go = threading.Event()
    room.watch.open(room.task)
    room.watch.look()
    assert [type(room.next()) for _ in range(2)] == [Started, Checked]
    room.look(LONG_LOOKS - 1)
    assert room.bench.made == 1
    room.look(1)
    assert room.bench.made == 2


def test_a_file_that_is_away_for_a_moment(room: Room) -> None:
    """An editor may take the file away while it saves: nothing is said, and what it puts there is graded."""
    room.watch.open(room.task)
    room.run_to_the_end()
    room.file.unlink()
    room.look(MISSING_LOOKS - 1)
    room.save("1")
    room.run_to_the_end()


def test_a_file_that_is_gone(room: Room) -> None:
    """A file that stays away is told, once, with the way to get it back; when it is back, it is graded."""
    room.watch.open(room.task)
    room.run_to_the_end()
    room.file.unlink()
    room.look(MISSING_LOOKS - 1)
    room.watch.look()
    stopped = room.next()
    assert isinstance(stopped, Stopped)
    assert f"mtlearn reset {EXERCISE.name}" in stopped.error.fix
    room.look(3 * MISSING_LOOKS)
    room.watch.again()
    room.watch.look()
    assert isinstance(room.next(), Stopped)
    room.save("1")
    room.run_to_the_end()


def test_another_exercise(room: Room) -> None:
    """Opening another task ends the run of the one before, and grades the other file."""
    room.bench.go = threading.Event()
    room.watch.open(room.task)
    room.watch.look()
    assert [type(room.next()) for _ in range(2)] == [Started, Checked]
    room.bench.go.set()
    assert isinstance(room.next(), Finished)
    other = room.file.with_name("other.py")
    other.write_text("other")
    task = Task(OTHER, other, "python", Path("python"), "Python")
    room.watch.open(task)
    assert room.run_to_the_end().task == task
    assert room.bench.graded == ["0", "other"]


def test_what_cannot_be_graded(room: Room) -> None:
    """What the judge cannot grade is told, and the next save is graded all the same."""
    room.bench.fails = MtlearnError("It cannot.", "So.", "Thus.")
    room.watch.open(room.task)
    room.watch.look()
    assert [type(room.next()) for _ in range(2)] == [Started, Checked]
    assert room.next() == Stopped(room.bench.fails)
    room.bench.fails = None
    room.save("1")
    room.run_to_the_end()


def test_no_judge(room: Room) -> None:
    """Where no process can be started, that is told, and the next save tries again."""
    room.bench.none_left = True
    room.watch.open(room.task)
    room.watch.look()
    stopped = room.next()
    assert isinstance(stopped, Stopped)
    assert stopped.error.cause == "Resource temporarily unavailable."
    room.bench.none_left = False
    room.save("1")
    room.run_to_the_end()


def test_closed_during_a_run(room: Room) -> None:
    """Closing it ends the run, and waits for its threads; it looks by itself until then."""
    room.bench.go = threading.Event()
    room.watch.open(room.task)
    room.watch.start()
    assert [type(room.next()) for _ in range(2)] == [Started, Checked]
    before = set(threading.enumerate())
    room.watch.close()
    ended = {thread.name for thread in before - set(threading.enumerate())}
    assert ended >= {"watch", "run"}  # a thread of an earlier test may end meanwhile, too
    assert room.told.empty()
