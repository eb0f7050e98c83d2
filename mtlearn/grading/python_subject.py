"""The subject in Python: loads the learner's file, runs scenarios on it, answers with data.

Started by `mtlearn.grading.subject` as `python -P python_subject.py FILE SCENARIOS STUBS`.
Commands come as JSON lines on standard input, the first line being a nonce. Evidence goes, one JSON line behind the
nonce, to what was standard output at the start; whatever the learner's code prints goes to standard error. The main
thread only supervises: the learner's code runs in threads of its own, so that a hang can be described from outside.

What the main thread needs it takes before the file is loaded, and it says so when that was replaced afterwards.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import json
import linecache
import os
import queue
import re
import sys
import threading
import traceback
from _thread import allocate_lock
from collections.abc import Callable
from time import process_time
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mtlearn.interleave.python import PythonExecutor

# A learner's file may replace a builtin function: the functions below keep those they were made with.
globals()["__builtins__"] = dict(vars(builtins))

PACKAGE_ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TICK_S = 0.05  # patience is counted in ticks of this process: on a busy machine they stretch with the work
BUSY_TICKS = 10  # how many of the last ticks tell a busy loop from a thread that waits
CUT_OFF = 97  # the exit code when the pipes to the judge were closed


def _written(value: Any) -> str:
    """How a value is written, without its address, which differs from run to run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value))


_dumps = functools.partial(json.dumps, default=_written)
_end, _parent = os._exit, os.getppid


def main() -> None:
    """Serve until standard input ends."""
    file, scenarios, stubs = sys.argv[1:4]
    tell, hear = _pipes()
    sys.argv[:] = [file]
    sys.path.insert(0, PACKAGE_ROOT)
    from mtlearn.grading import segments
    from mtlearn.grading.intact import Machinery

    # behind everything: a helper module must not hide another
    sys.path[:] = [stubs, *sys.path[1:], os.path.dirname(file), PACKAGE_ROOT]
    segments.note(stubs)
    os.kill = _careful(os.kill)
    machinery, parent = Machinery(), _parent()

    def ask(answer: dict[str, Any]) -> Any:
        tell(_dumps(answer))
        return json.loads(hear())

    subject = PythonSubject(file, scenarios, ask, lambda: tell('{"ticking": true}'))
    while True:
        command = json.loads(hear())
        answer, failed = "", None
        try:
            answer = subject.answer(command)
        except BaseException as error:  # Ctrl-C from the file itself, or what it has replaced
            failed = error
        if _parent() != parent:
            answer = '{"orphaned": true}'
        elif replaced := machinery.replaced():
            answer = '{"replaced": ["%s"]}' % '", "'.join(replaced)  # noqa: UP031 - nothing of json's is needed
        elif failed:
            answer = _dumps({"raised": describe(failed, file)})
        tell(answer)


def _careful(kill: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Send a signal, unless it would reach every process that the user has."""

    @functools.wraps(kill)
    def careful(pid: int, signal: int, /) -> None:
        if pid == -1:
            raise PermissionError("os.kill(-1) would reach every process you have: mtlearn refuses it")
        kill(pid, signal)

    return careful


def _pipes() -> tuple[Callable[[str], None], Callable[[], str]]:
    """Take over standard input and output: how to tell the judge a line, and how to hear one.

    The nonce stays in here: what does not know it cannot be taken for an answer.
    """
    evidence = os.dup(1)
    commands = os.fdopen(os.dup(0), encoding="utf-8")
    os.dup2(2, 1)
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    nonce = commands.readline().strip()
    write, look, same = os.write, os.fstat, os.path.samestat
    pipe = look(evidence)
    inbox: queue.SimpleQueue[str] = queue.SimpleQueue()
    one_at_a_time = allocate_lock()

    def read() -> None:
        try:
            for line in commands:
                inbox.put(line)
        except (OSError, ValueError):
            _end(CUT_OFF)
        _end(0)  # the judge is gone, or has no more to ask

    def tell(answer: str) -> None:
        line = f"{nonce} {answer}\n".encode()
        try:
            with one_at_a_time:
                if not same(look(evidence), pipe):
                    _end(CUT_OFF)  # the number belongs to a file of the learner's by now
                while line:
                    line = line[write(evidence, line) :]
        except OSError:
            _end(CUT_OFF)

    threading.Thread(target=read, daemon=True).start()
    return tell, inbox.get


class PythonSubject:
    """Runs what the judge asks for on one file."""

    def __init__(
        self, file: str, scenarios: str, ask: Callable[[dict[str, Any]], Any], beat: Callable[[], None]
    ) -> None:
        self.tell_and_wait, self.beat = ask, beat
        self.waits = False  # for the judge, who may take his time
        self.file = file
        self.scenarios_file = scenarios
        self.scenarios: Any = None

    def answer(self, command: dict[str, Any]) -> str:
        """The evidence for one command, as JSON."""
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
                returns[index] = plain(work(state))

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

    def supervise(self, work: Callable[[], dict[str, Any]], crew: list[Member], ticks: int) -> str:
        """Do the work in a thread; what it gave, what it raised, or where everyone stands when it does not end."""
        before = set(threading.enumerate())
        answers: list[str] = []
        done = allocate_lock()
        done.acquire()

        def body() -> None:
            try:
                # Made into text here: that may call functions of the learner's, which may never return.
                answers.append(_dumps(work()))
            except BaseException as error:
                answers.append(_dumps({"raised": describe(error, self.file)}))
            finally:
                done.release()

        threading.Thread(target=body, name="It", daemon=True).start()
        busy_s: list[float] = []
        left = ticks
        while left > 0:
            cpu = process_time()
            ended = done.acquire(timeout=TICK_S)
            busy_s.append(process_time() - cpu)
            if ended:
                return answers[0] if answers else _dumps({"raised": {"type": "an exception", "message": ""}})
            if self.waits:
                left = ticks
            else:
                left -= 1
                self.beat()
        busy = sum(busy_s[-BUSY_TICKS:]) > 0.05 * TICK_S * BUSY_TICKS
        return _dumps({"hang": self.hang(busy, [t for t in threading.enumerate() if t not in before], crew)})

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
            self.returned = plain(self.work(self.state))
        except BaseException as error:
            self.raised = describe(error, self.file)

    def told(self) -> dict[str, Any]:
        """This thread as evidence."""
        return {"name": self.name, "id": self.native_id, "raised": self.raised}


def plain(value: Any) -> Any:
    """A value as JSON can hold it, or how it is written."""
    if value is None or type(value) in (bool, int, str):
        return value
    try:
        return json.loads(_dumps(value))
    except (TypeError, ValueError, RecursionError):
        return _written(value)[:500]


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
