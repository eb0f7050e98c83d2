"""The Python executor: what it controls, what it leaves behind, and what it tells."""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import PATIENCE_S
from test_python_leaves import Counter, fine, is_two, names

from mtlearn.interleave import Interleaving, explore
from mtlearn.interleave.executor import Plan
from mtlearn.interleave.python import PythonExecutor, patches, replay, watchdog
from mtlearn.interleave.python.carriers import Carrier
from mtlearn.interleave.python.worker import Worker
from mtlearn.interleave.search import search


def test_steps_carry_values() -> None:
    """The steps of a lost update say what each thread read and wrote, by the names of the program."""
    found = explore(Counter, [Counter.add] * 2, is_two).counterexample
    assert found is not None
    told = [(s.thread, s.operation, s.location, s.value) for s in found.steps]
    assert told == [
        (0, "read", "counter.value", "0"),
        (1, "read", "counter.value", "0"),
        (1, "write", "counter.value", "1"),
        (0, "write", "counter.value", "1"),
    ]
    assert {s.source for s in found.steps} == {"self.value += 1"}
    assert found.message == "the counter is 1, not 2"


def test_a_deadlock_says_who_holds_what() -> None:
    """Each thread of a deadlock is reported with its line, the lock by its attribute, and who holds it."""

    def setup() -> SimpleNamespace:
        return SimpleNamespace(accounts=[SimpleNamespace(lock=threading.Lock()) for _ in range(2)])

    def move(source: int, target: int) -> Any:
        def run(state: Any) -> None:
            with state.accounts[source].lock:  # noqa: SIM117 - two lines, to be told apart
                with state.accounts[target].lock:
                    pass

        return run

    found = explore(setup, [move(0, 1), move(1, 0)], fine).counterexample
    assert found is not None
    assert {(w.thread, w.location, w.holder, w.kind) for w in found.waiting} == {
        (0, "accounts[1].lock", 1, "lock"),
        (1, "accounts[0].lock", 0, "lock"),
    }
    assert all("target" in w.source for w in found.waiting)


def test_an_interleaving_replays_from_json() -> None:
    """An interleaving that was written as JSON replays to the same failure."""
    found = explore(Counter, [Counter.add] * 2, is_two).counterexample
    assert found is not None
    read = Interleaving.from_json(json.loads(json.dumps(found.to_json())))
    assert replay(Counter, [Counter.add] * 2, is_two, read).counterexample == found
    assert replay(Counter, [Counter.add], fine, read).outcome == "unchecked"


def test_time_is_virtual() -> None:
    """A program that sleeps for an hour and waits for another is explored at once, by its own clock."""

    def run(state: dict[str, float]) -> None:
        start = time.monotonic()
        time.sleep(3600)
        threading.Event().wait(3600)
        state["passed"] = time.monotonic() - start

    def check(state: dict[str, float]) -> None:
        assert 7200 <= state["passed"] < 7201

    result = explore(dict, [run], check)
    assert result.outcome == "proven"


def start_process(_: Any) -> None:
    """Start a process."""
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def fork(_: Any) -> None:
    """Fork."""
    os.fork()


@pytest.mark.parametrize("thread", [start_process, fork])
def test_what_cannot_be_scheduled_is_unchecked(thread: Any) -> None:
    """A program that starts a process is unchecked, with the reason and the line, and never right."""
    result = explore(lambda: None, [thread], fine)
    assert result.outcome == "unchecked"
    assert result.reason is not None
    assert "process" in result.reason
    assert result.reason.endswith(f"(line {thread.__code__.co_firstlineno + 2})")


def test_a_program_that_remembers_is_nondeterministic() -> None:
    """A failure that does not come again under the same schedule is not shown as if it were found."""
    runs = []

    def run(_: Any) -> None:
        runs.append(1)

    def check(_: Any) -> None:
        assert len(runs) != 2, "only the second run fails"

    result = explore(lambda: None, [run, fine], check)
    assert result.outcome == "unchecked"
    assert "nondeterministic" in (result.reason or "")


def test_a_plain_assert_is_told_by_its_line() -> None:
    """A check that asserts without a sentence is reported by its source."""

    def check(counter: Counter) -> None:
        assert counter.value == 2

    found = explore(Counter, [Counter.add] * 2, check).counterexample
    assert found is not None
    assert "counter.value == 2" in found.message


def test_a_pool_made_by_set_up_works_for_the_threads() -> None:
    """A pool that set-up makes serves the threads, and its idle workers are no deadlock."""

    def setup() -> SimpleNamespace:
        pool = ThreadPoolExecutor(1)
        pool.submit(int).result()
        return SimpleNamespace(pool=pool, seen=[])

    def use(state: Any) -> None:
        state.seen.append(state.pool.submit(int, "7").result())

    def check(state: Any) -> None:
        assert state.seen == [7, 7]
        state.pool.shutdown()

    assert explore(setup, [use, use], check, max_preemptions=1, max_schedules=400).outcome != "refuted"


def test_a_daemon_that_never_stops_is_no_livelock() -> None:
    """A daemon that goes on for ever does not keep a program from ending."""

    def setup() -> SimpleNamespace:
        return SimpleNamespace(beats=0)

    def run(state: Any) -> None:
        def beat() -> None:
            while True:
                state.beats += 1
                time.sleep(1)

        threading.Thread(target=beat, daemon=True).start()

    assert explore(setup, [run], fine, max_schedules=200).outcome in ("proven", "not refuted")


def test_code_that_swallows_everything_is_ended() -> None:
    """A thread that catches every exception for ever does not keep the exploration from ending."""
    before = names()

    def run(state: Any) -> None:
        while True:
            with suppress(BaseException):
                state.event.wait()

    result = explore(lambda: SimpleNamespace(event=threading.Event()), [run], fine)
    assert result.counterexample is not None
    assert result.counterexample.kind == "deadlock"
    assert names() == before


async def nap(value: int) -> int:
    """Sleep a little and give the value."""
    await asyncio.sleep(5)
    return value


def test_an_asyncio_loop_in_a_thread_takes_part() -> None:
    """A thread that runs an asyncio loop is scheduled like any other, and its sleeps are virtual."""

    def run(state: list[int]) -> None:
        state.append(asyncio.run(nap(1)))

    def check(state: list[int]) -> None:
        assert state == [1, 1]

    result = explore(list, [run, run], check, max_preemptions=1, max_schedules=100)
    assert result.outcome in ("proven", "not refuted")


def test_a_thread_that_cannot_be_ended_is_told() -> None:
    """A thread that hangs in a call of C is left behind, and the result says so."""
    result = explore(lambda: None, [lambda _: ctypes.CDLL(None).usleep(2_500_000)], fine)
    assert result.counterexample is not None
    assert result.counterexample.kind == "blocked"
    assert any("left behind" in finding for finding in result.findings)


def test_a_live_judge_sees_data_and_decides() -> None:
    """A judge elsewhere gets each distinct observation once, as JSON, and its sentence is the verdict."""
    asked: list[Any] = []

    def judge(observation: Any) -> str | None:
        asked.append(json.loads(json.dumps(observation)))
        return None if observation == {"value": 2} else "an increment is lost"

    with PythonExecutor(Counter, [Counter.add] * 2, lambda counter: {"value": counter.value}) as executor:
        result = search(executor, judge)
    assert asked == [{"value": 2}, {"value": 1}]
    assert result.counterexample is not None
    assert result.counterexample.message == "an increment is lost"
    assert result.counterexample.outcome == {"value": 1}


def test_three_unlocked_increments_reach_every_outcome() -> None:
    """Two threads that add 1 twice each reach exactly the totals 2, 3 and 4, as they do on paper."""

    def add_twice(counter: Counter) -> None:
        counter.value += 1
        counter.value += 1

    totals = set()

    def judge(observation: Any) -> None:
        totals.add(observation)

    with PythonExecutor(Counter, [add_twice] * 2, lambda counter: counter.value) as executor:
        result = search(executor, judge, max_preemptions=9)
    assert result.outcome == "proven"
    assert totals == {2, 3, 4}


def test_one_run_holds_the_baton_alone() -> None:
    """Under any plan at most one thread runs between two points."""
    inside = 0

    def run(_: Any) -> None:
        nonlocal inside
        for _round in range(3):
            inside += 1
            inside -= 1

    with PythonExecutor(lambda: None, [run] * 3, lambda _: inside) as executor:
        for seed in range(30):
            execution = executor.run_once(Plan(seed=seed))
            assert execution.ending == "finished"


def test_an_exception_that_tells_addresses() -> None:
    """An exception whose text holds the address of an object fails alike in every run."""

    def run(state: Any) -> None:
        if state.value:
            raise ValueError(f"not with {object()}")
        state.value = 1

    found = explore(Counter, [run] * 2, fine).counterexample
    assert found is not None
    assert (found.kind, found.message) == ("exception", "ValueError: not with <object object>")
    assert found.steps[-1].note == "ends: ValueError: not with <object object>"


class Queues:
    """A table whose keys are objects, as a supervisor's from worker to jobs."""

    def __init__(self) -> None:
        self.jobs: dict[Any, list[str]] = {}

    def add(self) -> None:
        """Make a table, where there is none."""
        if not self.jobs:
            self.jobs = {**self.jobs, object(): ["job"]}


def test_a_dict_with_objects_for_keys() -> None:
    """A dict whose keys are objects, which have an address each, is told alike in every run."""

    def one(state: Queues) -> None:
        assert len(state.jobs) == 1, f"{len(state.jobs)} tables"

    result = explore(Queues, [Queues.add] * 2, one)
    assert result.reason is None
    assert result.counterexample is not None


def test_a_check_that_returns_false_says_no() -> None:
    """A check may return False instead of raising; None and True are fine."""
    assert explore(Counter, [Counter.add] * 2, lambda counter: counter.value == 2).outcome == "refuted"
    assert explore(Counter, [Counter.add], lambda counter: counter.value == 1).outcome == "proven"
    assert explore(Counter, [Counter.add], lambda counter: None).outcome == "proven"


def test_a_result_tells_itself() -> None:
    """Printed, a result is its verdict in a sentence, with the interleaving that breaks it."""
    told = str(explore(Counter, [Counter.add] * 2, lambda counter: counter.value == 2))
    assert told.startswith("refuted: the check says no")
    assert "Thread B" in told
    assert str(explore(Counter, [Counter.add], lambda counter: None)).startswith("proven: no order of steps breaks it")


def test_code_of_no_file_is_explored() -> None:
    """Functions made by exec, with no source to read, are the program's own all the same."""
    home: dict[str, Any] = {}
    exec("class S:\n    n = 0\ndef add(s):\n    s.n += 1\ndef check(s):\n    assert s.n == 2, 'one is lost'", home)
    result = explore(home["S"], [home["add"]] * 2, home["check"])
    assert result.counterexample is not None
    assert result.counterexample.message == "one is lost"


def test_a_long_run_is_cut_and_said() -> None:
    """A program with a run of very many steps is not refuted, and the verdict says that there was more."""

    def run(counter: Counter) -> None:
        while counter.value < 150_000:
            counter.value += 1

    result = explore(Counter, [run], lambda counter: None, max_schedules=1)
    assert (result.outcome, result.exhausted) == ("not refuted", False)
    assert "what comes after 200,000 steps of a run" in result.scope


def test_a_thread_that_waits_for_a_processor_does_not_sleep() -> None:
    """On a loaded machine a thread that would go on is not taken for one that waits outside the models."""
    carrier = Carrier()
    worker = Worker(0, "Thread A")
    worker.carrier = carrier
    deadline = time.monotonic() + PATIENCE_S
    while not (waits := watchdog._sleeps(worker)) and time.monotonic() < deadline:
        time.sleep(0)  # it has told that it lives, and is on its way to its wait
    carrier.native = threading.get_native_id()
    runs = watchdog._sleeps(worker)
    carrier.end()
    assert waits
    assert not runs or not sys.platform.startswith("linux")


@pytest.mark.parametrize("task", [{"task": (len, ("ab",), {})}, {"fn": len, "args": ("ab",), "kwargs": {}}])
def test_the_tasks_of_pools_are_known_in_both_their_forms(
    monkeypatch: pytest.MonkeyPatch, task: dict[str, Any]
) -> None:
    """A task of a ThreadPoolExecutor runs as Python up to 3.13 keeps it, and as 3.14 does."""
    answers: list[int] = []

    def run(item: Any, *context: Any) -> None:
        function, *rest = item.task if context else (item.fn, item.args, item.kwargs)
        answers.append(function(*rest[0], **rest[1]))

    monkeypatch.setattr(patches, "_real_run_work_item", run)
    patches._run_work_item(SimpleNamespace(**task), *["context"] * ("task" in task))
    assert answers == [2]


def test_the_seconds_of_a_verdict_are_real_ones() -> None:
    """A verdict says how long it took by the real clock, not by the one that the program sees."""
    began = time.perf_counter()
    result = explore(Counter, [Counter.add, lambda _: time.sleep(30)], lambda _: None)
    assert result.outcome == "proven"
    assert result.seconds is not None
    assert 0 < result.seconds < 30
    assert result.seconds <= time.perf_counter() - began
