"""The subject in Python: loads the learner's file, runs scenarios on it, answers with data.

Started by `mtlearn.grading.subject` as `python -P python_subject.py NONCE FILE SCENARIOS STUBS`.
Commands come as JSON lines on standard input. Evidence goes, one JSON line behind the nonce, to what was
standard output at the start; whatever the learner's code prints goes to standard error. The main thread only
supervises: the learner's code runs in threads of its own, so that a hang can be described from outside.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import json
import linecache
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtlearn.interleave.python import PythonExecutor

PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TICK_S = 0.05  # patience is counted in ticks of this process: on a busy machine they stretch with the work
BUSY_TICKS = 10  # how many of the last ticks tell a busy loop from a thread that waits


def main() -> None:
    """Serve until standard input ends."""
    nonce, file, scenarios, stubs = sys.argv[1:5]
    evidence = os.fdopen(os.dup(1), "w", encoding="utf-8")
    commands = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(2, 1)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    sys.argv[:] = [file]
    sys.path.insert(0, stubs)
    sys.path += [
        os.path.dirname(file),
        PACKAGE_ROOT,
    ]  # behind everything: a helper module must not hide another
    from mtlearn.grading import segments

    segments.note(stubs)
    inbox: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(commands, inbox), daemon=True).start()

    def tell(answer: dict[str, Any]) -> None:
        evidence.write(f"{nonce} {json.dumps(answer, default=repr)}\n")
        evidence.flush()

    def ask(answer: dict[str, Any]) -> Any:
        tell(answer)
        return json.loads(inbox.get())

    subject = PythonSubject(file, scenarios, ask)
    while True:
        tell(subject.answer(json.loads(inbox.get())))


def _read(commands: Any, inbox: queue.SimpleQueue[str]) -> None:
    for line in commands:
        inbox.put(line)
    os._exit(0)  # the judge is gone, or has no more to ask


class PythonSubject:
    """Runs what the judge asks for on one file."""

    def __init__(self, file: str, scenarios: str, ask: Callable[[dict[str, Any]], Any]) -> None:
        self.tell_and_wait = ask
        self.waits = False  # for the judge, who may take his time
        self.file = file
        self.scenarios_file = scenarios
        self.scenarios: Any = None

    def answer(self, command: dict[str, Any]) -> dict[str, Any]:
        """The evidence for one command."""
        crew: list[Member] = []
        if command["do"] == "load":
            return self.supervise(self.load, crew, command["ticks"])
        scenario = functools.partial(self.scenario, command["scenario"], command["params"])
        if command["do"] == "run":
            return self.supervise(lambda: self.run(scenario(), crew), crew, command["ticks"])
        work = {"explore": self.explore, "step": self.step}[command["do"]]
        return self.supervise(lambda: work(scenario(), command), crew, command["ticks"])

    def ask(self, answer: dict[str, Any]) -> Any:
        """Tell the judge something in the middle of a command, and wait for what he says to it."""
        self.waits = True
        try:
            return self.tell_and_wait(answer)
        finally:
            self.waits = False

    def load(self) -> dict[str, Any]:
        """Import the learner's file and the scenarios; which of the names asked for it lacks."""
        exercise = importlib.import_module("exercise")
        self.scenarios = importlib.import_module("scenarios")
        missing = [name for name in self.scenarios.NAMES if not hasattr(exercise, name)]
        if missing:
            return {
                "missing": missing,
                "found": [name for name in vars(exercise) if not name.startswith("_")],
            }
        return {"loaded": True}

    def scenario(self, name: str, params: dict[str, Any]) -> Any:
        """A scenario by its name."""
        return getattr(self.scenarios, name)(**params)

    def explore(self, scenario: Any, command: dict[str, Any]) -> dict[str, Any]:
        """Run one scenario through its orders of steps; the judge is asked about each new observation.

        With a `schedule`, only that one is run, as an earlier exploration told it.
        """
        from mtlearn.interleave.search import replay, search

        def judge(observation: Any) -> str | None:
            sentence: str | None = self.ask({"observed": observation})
            return sentence

        with self.executor(scenario) as executor:
            if "schedule" in command:
                result = replay(executor, judge, tuple(command["schedule"]), tuple(command["watched"]))
            else:
                result = search(executor, judge, **command["budget"])
        return {"explored": result.to_json()}

    def step(self, scenario: Any, _command: dict[str, Any]) -> dict[str, Any]:
        """Run one scenario stepwise, under one plan after another, as the judge asks for them."""
        from mtlearn.interleave.executor import Plan

        answer: dict[str, Any] = {"ready": True}
        with self.executor(scenario, stepwise=True) as executor:
            while True:
                plan = Plan(**self.ask(answer))
                answer = {"ran": executor.run_once(plan).to_json()}

    def executor(self, scenario: Any, *, stepwise: bool = False) -> PythonExecutor:
        """What runs a scenario under plans, and observes its memory and what its threads returned."""
        from mtlearn.interleave.python import PythonExecutor

        returns: list[Any] = []

        @functools.wraps(scenario.setup)
        def setup() -> Any:
            returns[:] = [None] * len(scenario.threads)
            return scenario.setup()

        def thread(index: int, work: Callable[[Any], Any]) -> Callable[[Any], None]:
            @functools.wraps(work)
            def body(state: Any) -> None:
                returns[index] = work(state)

            return body

        @functools.wraps(scenario.memory)
        def observe(state: Any) -> Any:
            return {"memory": scenario.memory(state), "returns": list(returns)}

        threads = [thread(index, work) for index, work in enumerate(scenario.threads)]
        return PythonExecutor(setup, threads, observe, files=[self.file, self.scenarios_file], stepwise=stepwise)

    def run(self, scenario: Any, crew: list[Member]) -> dict[str, Any]:
        """Run one scenario for real, its threads started at a barrier."""
        state = scenario.setup()
        barrier = threading.Barrier(len(scenario.threads))
        crew.extend(
            Member(f"Thread {chr(ord('A') + index)}", work, state, barrier, self.file)
            for index, work in enumerate(scenario.threads)
        )
        for member in crew:
            member.start()
        for member in crew:
            member.join()
        return {
            "memory": scenario.memory(state),
            "returns": [member.returned for member in crew],
            "threads": [member.told() for member in crew],
        }

    def supervise(self, work: Callable[[], dict[str, Any]], crew: list[Member], ticks: int) -> dict[str, Any]:
        """Do the work in a thread; what it gave, what it raised, or where everyone stands when it does not end."""
        before = set(threading.enumerate())
        answers: list[dict[str, Any]] = []

        def body() -> None:
            try:
                answers.append(work())
            except BaseException as error:
                answers.append({"raised": describe(error, self.file)})

        worker = threading.Thread(target=body, name="It", daemon=True)
        worker.start()
        busy_s: list[float] = []
        left = ticks
        while left > 0:
            cpu = time.process_time()
            worker.join(TICK_S)
            busy_s.append(time.process_time() - cpu)
            if not worker.is_alive():
                return answers[0]
            left = ticks if self.waits else left - 1
        busy = sum(busy_s[-BUSY_TICKS:]) > 0.05 * TICK_S * BUSY_TICKS
        return {"hang": self.hang(busy, [t for t in threading.enumerate() if t not in before], crew)}

    def hang(self, busy: bool, threads: list[threading.Thread], crew: list[Member]) -> dict[str, Any]:
        """Where every thread stands that has not ended, and how the others ended."""
        frames = sys._current_frames()
        standing = []
        for thread in threads:
            place = where(frames.get(thread.ident or 0), self.file)
            if place:
                standing.append({"name": thread.name, **place})
        ended = [member.told() for member in crew if not member.is_alive() and member.raised]
        return {"busy": busy, "standing": standing, "ended": ended}


class Member(threading.Thread):
    """One thread of a scenario that runs for real."""

    def __init__(
        self, name: str, work: Callable[[Any], Any], state: Any, barrier: threading.Barrier, file: str
    ) -> None:
        super().__init__(name=name, daemon=True)
        self.work, self.state, self.barrier, self.file = work, state, barrier, file
        self.returned: Any = None
        self.raised: dict[str, Any] | None = None

    def run(self) -> None:
        """Wait for the others, then do the work."""
        self.barrier.wait()
        try:
            self.returned = self.work(self.state)
        except BaseException as error:
            self.raised = describe(error, self.file)

    def told(self) -> dict[str, Any]:
        """This thread as evidence."""
        return {"name": self.name, "id": self.native_id, "raised": self.raised}


def where(frame: FrameType | None, file: str) -> dict[str, Any] | None:
    """The innermost line of the learner's file on a stack."""
    while frame is not None:
        if frame.f_code.co_filename == file:
            return _line(file, frame.f_lineno, frame.f_code.co_name)
        frame = frame.f_back
    return None


def describe(error: BaseException, file: str) -> dict[str, Any]:
    """An exception as evidence: type, message, and the line of the learner's file it came from."""
    told: dict[str, Any] = {"type": type(error).__name__, "message": _text(error)}
    if isinstance(error, SyntaxError) and error.filename == file:
        return {**told, "message": error.msg, **_line(file, error.lineno or 1, "")}
    places = [entry for entry in traceback.extract_tb(error.__traceback__) if entry.filename == file]
    if places:
        told.update(_line(file, places[-1].lineno or 1, places[-1].name))
    return told


def _text(error: BaseException) -> str:
    with contextlib.suppress(Exception):
        return str(error)[:500]
    return "(its text cannot be read)"


def _line(file: str, line: int, function: str) -> dict[str, Any]:
    return {"line": line, "source": linecache.getline(file, line).strip()[:200], "function": function}


if __name__ == "__main__":
    main()
