"""The subject in Python: loads the learner's file, runs scenarios on it, answers with data.

Commands come as JSON lines on standard input, the first line being a nonce. Evidence goes, one JSON line behind the
nonce, to what was standard output at the start; whatever the learner's code prints goes to standard error. The main
thread only supervises: the learner's code runs in its own threads, so that a hang can be described from outside.

What the main thread needs it takes before the file is loaded, and it says so when that was replaced afterwards.
"""

from __future__ import annotations

import builtins
import contextlib
import functools
import importlib
import json
import os
import queue
import re
import sys
import threading
from _thread import allocate_lock
from collections.abc import Callable, Iterator
from time import sleep
from typing import Any, NamedTuple

from mtlearn.grading import python_unwatched, segments
from mtlearn.grading.intact import Machinery, Scenarios
from mtlearn.grading.python_lines import Progress, awaiting, describe, where
from mtlearn.grading.starvation import Starvation

# A learner's file may replace a builtin function: the functions below keep those they were made with.
globals()["__builtins__"] = dict(vars(builtins))

TICK_S = 0.05  # patience is counted in ticks, as far as the file had a processor for it
UNKNOWN = '"is": "threw", "raised": {"type": "an exception", "message": ""}'
LONGEST_REPR = 10_000  # characters of how a value is written
SIGKILL = 9
LOOKS, LOOK_S = 500, 0.002  # whether the process that has started this one is gone
CUT_OFF = 97  # the exit code when the pipes to the judge were closed


def _written(value: Any) -> str:
    """How a value is written, without its address, which differs from run to run."""
    return re.sub(r" at 0x[0-9a-fA-F]+", "", repr(value)[:LONGEST_REPR])


_dumps, _loads = functools.partial(json.dumps, default=_written), json.loads
_end, _parent = os._exit, os.getppid


def main(file: str, scenarios: str, stubs: str) -> None:
    """Serve until standard input ends."""
    channel = _pipes()
    segments.note(stubs)
    os.kill = _careful(os.kill)
    python_unwatched.install(file)
    serve(channel, file, scenarios)


def serve(channel: Channel, file: str, scenarios: str) -> None:
    """Answer commands, unless what the file has replaced, or done, makes that worth nothing."""
    parent = _parent()
    relied_on = [Machinery(python_unwatched.hidden)]

    def tell(turn: int, answer: str) -> None:
        """Tell the last of an answer."""
        if _parent() != parent:
            answer = '"is": "orphaned"'
        elif replaced := relied_on[-1].replaced() + subject.replaced():
            answer = '"is": "replaced", "names": ["%s"]' % '", "'.join(replaced)  # noqa: UP031 - nothing of json's is needed
        elif python_unwatched.asked:
            answer = '"is": "asked", "line": %d, "what": "%s"' % python_unwatched.asked[0]  # noqa: UP031
        channel.tell('{"turn": %d, %s}' % (turn, answer))  # noqa: UP031

    @contextlib.contextmanager
    def exploring() -> Iterator[None]:
        relied_on.append(Machinery(python_unwatched.hidden))
        try:
            yield
        finally:
            relied_on.pop()

    subject = PythonSubject(file, scenarios, channel, tell, exploring)
    while True:
        command, answer = _loads(channel.hear()), UNKNOWN
        try:
            answer = subject.answer(command)
        except BaseException as error:  # Ctrl-C from the file itself, or what it has replaced
            with contextlib.suppress(BaseException):
                answer = _inside({"is": "threw", "raised": describe(error, file)})
        tell(subject.turn, answer)


def _inside(answer: dict[str, Any]) -> str:
    """An answer as the inside of a JSON object: what is to be told of it comes before."""
    return _dumps(answer)[1:-1]


class Channel(NamedTuple):
    """How to tell the judge a line, and how to hear one."""

    tell: Callable[[str], None]
    hear: Callable[[], str]


def _careful(kill: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Send a signal, unless it would reach every process that the user has; see a parent off that was killed by it."""

    @functools.wraps(kill)
    def careful(pid: int, signal: int, /) -> None:
        if pid == -1:
            raise PermissionError("os.kill(-1) would reach every process you have: mtlearn refuses it")
        parent = _parent()
        kill(pid, signal)
        if pid == parent and signal == SIGKILL:
            for _ in range(LOOKS):  # it takes a moment to die, and the answer is to tell of it
                if _parent() != parent:
                    break
                sleep(LOOK_S)

    return careful


def _pipes() -> Channel:
    """Take over standard input and output.

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

    python_unwatched.Unseen(target=read, daemon=True).start()
    return Channel(tell, inbox.get)


class PythonSubject:
    """Runs what the judge asks for on one file."""

    def __init__(
        self,
        file: str,
        scenarios: str,
        channel: Channel,
        tell: Callable[[int, str], None],
        exploring: Callable[[], contextlib.AbstractContextManager[None]],
    ) -> None:
        self.file = file
        self.scenarios_file = scenarios
        self.channel, self.tell, self.exploring = channel, tell, exploring
        self.turn = self.ticks = 0
        self.left = 0.0
        self.progress = Progress()
        self.waits = False  # for the judge, who may take a while
        self.scenarios: Any = None
        self.replaced: Callable[[], list[str]] = list

    def answer(self, command: dict[str, Any]) -> str:
        """The evidence for one command, as the inside of a JSON object."""
        crew: list[Member] = []
        self.turn, self.ticks = command["turn"], command["ticks"]
        if command["do"] == "load":
            return self.supervise(self.load, crew)
        scenario = functools.partial(self.scenario, command["scenario"], command["params"])
        if command["do"] == "run":
            return self.supervise(lambda: self.run(scenario(), crew), crew)
        return self.supervise(lambda: self.explore(scenario(), stepwise=command["stepwise"]), crew)

    def alive(self) -> None:
        """Begin to count ticks anew."""
        self.left = self.ticks

    def load(self) -> dict[str, Any]:
        """Import the learner's file and the scenarios; which of the names asked for it lacks."""
        exercise = importlib.import_module("exercise")
        with python_unwatched.shown():
            self.scenarios = importlib.import_module("scenarios")
        self.replaced = Scenarios(self.scenarios, self.scenarios_file).replaced
        missing = [name for name in self.scenarios.NAMES if not hasattr(exercise, name)]
        if missing:
            found = [name for name in vars(exercise) if not name.startswith("_")]
            return {"is": "missing", "missing": missing, "found": found}
        return {"is": "loaded"}

    def scenario(self, name: str, params: dict[str, Any]) -> Any:
        """A scenario by its name."""
        return getattr(self.scenarios, name)(**params)

    def explore(self, scenario: Any, *, stepwise: bool) -> dict[str, Any]:
        """Run one scenario under one batch of plans after another, as the judge asks for them."""
        with python_unwatched.shown():
            from mtlearn.grading.python_explorer import Exploration

        files = [self.file, self.scenarios_file]
        with Exploration(scenario, files, plain, _dumps, stepwise) as exploration:
            with self.exploring():
                self.tell(self.turn, '"is": "ready"')
                while (command := self.hear())["do"] == "plans":
                    for piece, last in exploration.run(command["plans"], self.alive):
                        (self.tell if last else self.tell_more)(self.turn, piece)
            watched = exploration.watched
        return {"is": "closed", "watched": watched}

    def tell_more(self, turn: int, answer: str) -> None:
        """Tell what more will follow, and be looked at with that: whether the file has replaced anything."""
        self.channel.tell('{"turn": %d, %s}' % (turn, answer))  # noqa: UP031 - nothing of json's is needed

    def hear(self) -> dict[str, Any]:
        """The judge's next command in the middle of an exploration."""
        self.waits = True
        command: dict[str, Any] = _loads(self.channel.hear())
        self.turn, self.ticks = command["turn"], command["ticks"]
        self.alive()
        self.waits = False
        return command

    def run(self, scenario: Any, crew: list[Member]) -> dict[str, Any]:
        """Run one scenario for real, its threads started at a barrier."""
        state = self.progress.state = scenario.setup()
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
            "is": "ran",
            "memory": scenario.memory(state),
            "returns": [member.returned for member in crew],
            "threads": [member.told() for member in crew],
        }

    def supervise(self, work: Callable[[], dict[str, Any]], crew: list[Member]) -> str:
        """Do the work in a thread; what it gave, what it raised, or where everyone stands when it does not end."""
        before = set(sys._current_frames())
        answers: list[str] = []
        done = allocate_lock()
        done.acquire()

        def body() -> None:
            try:
                # Made into text here: that may call functions of the learner's, which may never return.
                answers.append(_inside(work()))
            except BaseException as error:
                answers.append(_inside({"is": "threw", "raised": describe(error, self.file)}))
            finally:
                done.release()

        it = python_unwatched.Unseen(target=body, name="MainThread", daemon=True)
        it.start()
        self.progress = progress = Progress()
        self.alive()
        starvation = Starvation()
        while self.left > 0:
            if done.acquire(timeout=TICK_S):
                return answers[0] if answers else UNKNOWN
            fed = starvation.fed()
            if not self.waits:
                self.left -= fed
                if progress.moves():
                    self.alive()
                self.channel.tell('{"turn": %d, "is": "ticking"}' % self.turn)  # noqa: UP031
        return _inside(
            {"is": "hang", "busy": starvation.busy(), "moving": progress.seen, **self.standing(before, crew, it)}
        )

    def standing(self, before: set[int], crew: list[Member], it: threading.Thread) -> dict[str, Any]:
        """Where every thread stands that has not ended, every coroutine that awaits, and how the others ended."""
        names = {thread.ident: thread.name for thread in threading.enumerate()} | {it.ident: "It"}
        standing = []
        for ident, frame in sys._current_frames().items():
            if ident not in before and (place := where(frame, self.file)):
                standing.append({"name": names.get(ident, "A thread"), **place})
        ended = [member.told() for member in crew if not member.is_alive() and member.raised]
        return {"standing": standing, "awaiting": awaiting(self.file), "ended": ended}


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
        self._daemonic = False  # as threads are elsewhere, and those that they start
        try:
            self.returned = plain(self.work(self.state))
        except BaseException as error:
            self.raised = describe(error, self.file)

    def told(self) -> dict[str, Any]:
        """This thread as evidence."""
        return {"name": self.name, "id": self.native_id, "raised": self.raised}


Member.__name__ = Member.__qualname__ = "Thread"  # as it is told elsewhere


def plain(value: Any) -> Any:
    """A value as JSON can hold it, or how it is written."""
    if value is None or type(value) in (bool, int, str):
        return value
    try:
        return _loads(_dumps(value))
    except (TypeError, ValueError, RecursionError):
        return _written(value)[:500]
