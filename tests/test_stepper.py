"""Stepping through a program by hand, in both runtimes."""

from __future__ import annotations

import asyncio
import json
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from nodes import NODES, Case
from test_corpus import program

from mtlearn.errors import MtlearnError
from mtlearn.interleave.executor import Execution, Plan
from mtlearn.interleave.node import NodeExecutor
from mtlearn.interleave.python import PythonExecutor
from mtlearn.interleave.stepper import Position, Stepper
from mtlearn.interleave.trace import Step

CORPUS_NODE = Path(__file__).parent / "corpus_node"

WALKED = ["wrong_augmented", "wrong_check_then_act", "wrong_condition_if", "wrong_lost_wakeup", "wrong_two_locks",
          "wrong_lock_order", "wrong_pool_sentinels", "wrong_event_early", "right_condition", "right_queue",
          "right_semaphore", "right_barrier", "right_join", "right_rlock", "right_executor"]  # fmt: skip
WALKED_NODE = ["wrong/abba.mjs", "wrong/bounded_buffer_one_notify.mjs", "right/cas_loop.mjs",
               "right/flag_by_spinning.mjs"]  # fmt: skip
WALKS = 2  # of each program


class Counter:
    """A counter with a lock that it does not use."""

    def __init__(self) -> None:
        self.value = 0
        self.lock = threading.Lock()

    def add(self) -> None:
        """Add 1."""
        self.value += 1


def is_two(seen: Any) -> str | None:
    """Judge a counter that two threads raised."""
    return None if seen == 2 else f"the counter is {seen}"


def fine(_seen: Any) -> None:
    """Judge everything right."""


@contextmanager
def stepping(
    setup: Callable[[], Any], *threads: Callable[[Any], Any], judge: Callable[[Any], str | None] = fine
) -> Iterator[Stepper]:
    """Step through a Python program in this process; what is observed is its `value`."""
    with PythonExecutor(setup, threads, lambda counter: getattr(counter, "value", None), stepwise=True) as executor:
        yield Stepper(executor, judge)


def told(step: Step | None) -> tuple[str, str, str | None] | None:
    """What a step does."""
    return (step.operation, step.location, step.value) if step else None


def test_every_thread_says_what_it_would_do() -> None:
    """At the start each thread stands before its first step, and a read tells the value it would give now."""
    with stepping(Counter, Counter.add, Counter.add) as stepper:
        start = stepper.at(())
        assert [told(standing.next) for standing in start.threads] == [("read", "counter.value", "0")] * 2
        assert [(standing.letter, standing.can_go) for standing in start.threads] == [("A", True), ("B", True)]
        assert start.steps == ()
        assert ("counter.value", "0") in start.state
        assert stepper.read("AA").threads[1].next == Step(
            1, __file__, Counter.add.__code__.co_firstlineno + 2, "self.value += 1", "read", "counter.value", "1"
        )


def test_a_bug_is_brought_about_by_hand() -> None:
    """Two reads, then two writes: the end tells what is wrong, and the moves that led there."""
    with stepping(Counter, Counter.add, Counter.add, judge=is_two) as stepper:
        end = stepper.read("ABBA")
        assert end.ended
        assert end.bug is not None
        assert (end.bug.kind, end.bug.message) == ("check", "the counter is 1")
        assert end.told == "ABBA"
        assert [standing.next for standing in end.threads] == [None, None]
        assert stepper.read("AABB").bug is None


def test_to_take_back_is_a_shorter_row_of_moves() -> None:
    """A position is the same however it was reached."""
    with stepping(Counter, Counter.add, Counter.add) as stepper:
        before = stepper.read("AB")
        stepper.read("ABBA")
        assert stepper.at(before.moves) == before


def test_a_lock_that_is_held_is_waited_for() -> None:
    """Who comes to a lock that another holds cannot move, and says who holds it; giving it back is a step."""

    def work(counter: Counter) -> None:
        with counter.lock:
            counter.value += 1

    with stepping(Counter, work, work) as stepper:
        held = stepper.read("A").threads[1]
        assert not held.can_go
        assert held.waits is not None
        assert (held.waits.location, held.waits.kind, held.waits.holder) == ("counter.lock", "lock", 0)
        with pytest.raises(MtlearnError) as impossible:
            stepper.read("AAB")
        error = impossible.value
        assert error.message == "Move 3, B, cannot be made."
        assert error.cause == "Thread B waits for counter.lock, held by Thread A."
        assert error.fix == "Possible there: A."
        assert [told(stepper.read("A" * moves).threads[0].next) for moves in (2, 3)] == [
            ("write", "counter.value", None),
            ("release", "counter.lock", None),
        ]


def test_a_thread_that_is_not_there() -> None:
    """A letter without a thread is told, with those that there are; so is a thread that has ended."""
    with stepping(Counter, Counter.add, Counter.add) as stepper:
        with pytest.raises(MtlearnError) as missing:
            stepper.read("AC")
        assert missing.value.cause == "There is no thread C here: the threads are A, B."
        with pytest.raises(MtlearnError) as ended:
            stepper.read("AAA")
        assert (ended.value.cause, ended.value.fix) == ("Thread A has ended.", "Possible there: B.")
        with pytest.raises(MtlearnError) as over:
            stepper.read("AABBA")
        assert over.value.fix == "No thread can move there any more."


def test_a_call_of_the_library_is_one_step() -> None:
    """What a queue does with its own locks is no business of the learner's: putting and getting is a step each."""

    def put(jobs: queue.Queue[int]) -> None:
        jobs.put(1)

    def get(jobs: queue.Queue[int]) -> None:
        jobs.get()

    with stepping(queue.Queue, put, get) as stepper:
        end = stepper.read("AB")
        assert end.ended
        assert [step.operation for step in end.steps] == ["call", "call"]
        waiting = stepper.read("B").threads[1]
        assert waiting.waits is not None
        assert (waiting.can_go, waiting.waits.location) == (False, "jobs")
        woken = stepper.read("BA").threads[1]
        assert (woken.can_go, told(woken.next)) == (True, ("wake", "jobs", None))
        assert stepper.read("BAB").ended


def test_a_condition_is_taken_and_given_back() -> None:
    """`with condition:` is a step at its beginning and at its end; the state says who holds it and how many wait."""

    def wait(bell: threading.Condition) -> None:
        with bell:
            bell.wait()

    def ring(bell: threading.Condition) -> None:
        with bell:
            bell.notify()

    with stepping(threading.Condition, wait, ring) as stepper:
        assert stepper.read("A").state == (("bell", "held by Thread A"),)
        assert stepper.read("AA").state == (("bell", "free, 1 waiting"),)
        steps = stepper.read("AABBBAA").steps
        assert [(step.thread, step.operation) for step in steps] == [
            (0, "acquire"), (0, "call"), (1, "acquire"), (1, "call"), (1, "release"), (0, "wake"), (0, "release"),
        ]  # fmt: skip


def test_a_deadlock_is_an_end() -> None:
    """When nobody can move the game is over, and each thread says what it waits for."""

    def one_way(counters: list[Counter]) -> None:
        with counters[0].lock, counters[1].lock:
            pass

    def the_other(counters: list[Counter]) -> None:
        with counters[1].lock, counters[0].lock:
            pass

    with stepping(lambda: [Counter(), Counter()], one_way, the_other) as stepper:
        end = stepper.read("AB")
        assert end.bug is not None
        assert (end.ended, end.bug.kind) == (True, "deadlock")
        assert [standing.waits and standing.waits.holder for standing in end.threads] == [1, 0]


def test_an_exception_is_an_end() -> None:
    """A thread that ends with an exception ends the game."""

    def work(items: list[int]) -> None:
        if items:
            items.pop()

    with stepping(lambda: [1], work, work) as stepper:
        end = stepper.at(stepper.way())
        assert end.bug is not None
        assert (end.bug.kind, end.bug.message) == ("exception", "IndexError: pop from empty list")


def test_threads_that_are_started_take_part() -> None:
    """A thread that the program starts itself has a letter, and can be moved, once it is there."""

    def start(counter: Counter) -> None:
        other = threading.Thread(target=counter.add)
        other.start()
        counter.add()
        other.join()

    with stepping(Counter, start, judge=is_two) as stepper:
        assert [standing.letter for standing in stepper.at(()).threads] == ["A"]
        assert told(stepper.at(()).threads[0].next) == ("start", "other", None)
        assert [standing.letter for standing in stepper.read("A").threads] == ["A", "B"]
        end = stepper.read("AABBAA")
        assert end.bug is not None
        assert end.bug.message == "the counter is 1"


def test_time_passes_only_for_who_sleeps() -> None:
    """A thread that sleeps may be let go on before the others: it sleeps on a clock that nobody waits for."""

    def late(counter: Counter) -> None:
        time.sleep(3600)
        counter.value = 2

    with stepping(Counter, late, Counter.add, judge=is_two) as stepper:
        position = stepper.at(())
        asleep = position.threads[0]
        assert (told(asleep.next), asleep.can_go) == (("sleep", "3600 s", None), True)
        assert stepper.read("AABB").bug is not None
        assert stepper.read("BBAA").bug is None


def test_a_loop_that_waits_is_told_as_such() -> None:
    """Who goes round until another thread changes something cannot be moved any more, and is not left out."""

    class Flag:
        up = False

    def wait(flag: Flag) -> None:
        while not flag.up:
            pass

    def set_up(flag: Flag) -> None:
        flag.up = True

    with stepping(Flag, wait, set_up) as stepper:
        position = stepper.at(())
        while position.threads[0].can_go:
            position = stepper.move(position, "A")
        assert position.threads[0].waits is not None
        assert position.threads[0].waits.kind == "loop"
        assert stepper.move(stepper.move(position, "B"), "A").ended


def test_the_shortest_way_goes_on_from_here() -> None:
    """The way shown begins with the moves made so far, and there is none where it is too late."""
    with stepping(Counter, Counter.add, Counter.add, judge=is_two) as stepper:
        for begun in ("", "A", "B", "AB", "ABB"):
            end = stepper.at(stepper.way(stepper.read(begun).moves))
            assert end.told.startswith(begun)
            assert len(end.told) == 4
            assert end.bug is not None
        with pytest.raises(MtlearnError, match="Nothing goes wrong from here") as told_so:
            stepper.way(stepper.read("AA").moves)
        assert told_so.value.cause.startswith("No order of steps breaks it")


def test_what_cannot_be_controlled_is_said() -> None:
    """A program that starts a process cannot be stepped through, and says why."""
    import subprocess

    def work(_: Any) -> None:
        subprocess.run(["true"], check=False)

    with pytest.raises(MtlearnError, match="step by step") as told_so, stepping(lambda: None, work):
        pass
    assert "starts a process" in told_so.value.cause


def test_an_execution_survives_json() -> None:
    """What a paused run tells can be sent as JSON and read back."""
    with PythonExecutor(Counter, [Counter.add] * 2, lambda counter: [counter.value], stepwise=True) as executor:
        for plan in (Plan((0, 1), detail=True, pause=True), Plan(detail=True)):
            execution = executor.run_once(plan)
            execution = replace(execution, decisions=list(execution.decisions))
            assert msgspec.convert(json.loads(json.dumps(asdict(execution))), Execution) == execution


# -- walks ----------------------------------------------------------------------


def walk(stepper: Stepper, seed: int) -> list[Position]:
    """Move at random until the end; the positions on the way."""
    chance = random.Random(seed)
    positions = [stepper.at(())]
    while not positions[-1].ended and len(positions) < 120:
        able = [standing.letter for standing in positions[-1].threads if standing.can_go]
        positions.append(stepper.move(positions[-1], chance.choice(able)))
    return positions


def honest(before: Position, after: Position) -> bool:
    """Whether the thread that moved did what it was said to be about to do, and nobody did anything else."""
    thread = after.moves[-1]
    done = after.steps[len(before.steps) :]
    promised = next(standing.next for standing in before.threads if standing.thread == thread)
    if promised is None or any(step.thread != thread for step in done):
        return False
    if not done:  # a look at a lock leaves no trace, nor does what the library does once it is woken
        return promised.operation in ("wait", "look", "go on")
    first = done[0]
    if (first.operation, first.file, first.line) != (promised.operation, promised.file, promised.line):
        return False
    if first.operation == "start":  # who is started has a letter only afterwards
        return True
    return first.location == promised.location and (
        first.operation not in ("read", "load") or first.value == promised.value
    )


@pytest.mark.parametrize("name", WALKED)
def test_what_is_said_is_what_happens(name: str) -> None:
    """Whatever the order: a move does what its thread was said to do next, and only that."""
    module = program(name)
    with PythonExecutor(module.setup, module.THREADS, lambda _: None, stepwise=True) as executor:
        stepper = Stepper(executor, fine)
        for seed in range(WALKS):
            positions = walk(stepper, seed)
            for before, after in pairwise(positions):
                assert honest(before, after), (after.told, before.threads, after.steps[len(before.steps) :])


@pytest.mark.parametrize("name", WALKED_NODE)
@pytest.mark.parametrize("node", NODES)
def test_what_is_said_is_what_happens_in_node(name: str, node: str) -> None:
    """The same in Node.js."""
    case = Case(CORPUS_NODE / name)
    with case.host(node) as host:
        stepper = Stepper(NodeExecutor(host, case.threads, case.head["memory"], stepwise=True), fine)
        for seed in range(WALKS):
            positions = walk(stepper, seed)
            for before, after in pairwise(positions):
                assert honest(before, after), (after.told, before.threads, after.steps[len(before.steps) :])


def test_a_move_of_a_task_is_its_step_up_to_the_next_await() -> None:
    """Of coroutines, one chooses which goes on, and it does so until it awaits: the others cannot come in before."""

    class Server:
        token: int | None = None
        value = 0  # how often it was asked

    async def request(server: Server) -> None:
        if server.token is None:
            await asyncio.sleep(0)
            server.value += 1
            server.token = server.value

    with stepping(Server, request, request, judge=is_once) as stepper:
        position = stepper.at(())
        assert [(each.name, each.can_go) for each in position.threads] == [("Task A", True), ("Task B", True)]
        position = stepper.move(position, "A")
        assert [each.can_go for each in position.threads] == [False, True]  # who sleeps lets go first who is ready
        assert told(position.threads[0].next) == ("go on", "asyncio.sleep(0)", None)
        assert stepper.read("ABAB").bug is not None


def is_once(asked: Any) -> str | None:
    """Judge how often the server was asked."""
    return None if asked == 1 else f"asked {asked} times"
