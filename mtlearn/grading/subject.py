"""The judge's side of the subject: the process that runs the learner's file, asked over a pipe."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from mtlearn.course.exercise import Terms
from mtlearn.grading import segments
from mtlearn.grading.diagnosis import (
    Death,
    Forged,
    TooLarge,
    broken_by,
    forged,
    hang_failure,
    not_loaded,
    raised_by,
    unreliable,
)
from mtlearn.grading.evidence import Evidence, Hang, Missing, Ran, Threw
from mtlearn.grading.process import Bounds, Process
from mtlearn.grading.source import Source
from mtlearn.grading.verdict import Failure, NoAnswer, Replay, Settled, Unchecked
from mtlearn.interleave.executor import Executor
from mtlearn.interleave.result import Result
from mtlearn.interleave.trace import Interleaving, Runtime
from mtlearn.system.clock import LoadedClock
from mtlearn.system.temporary import TemporaryFolder

EXPLORATION_TICKS = 200  # what one run of an exploration may take: its own watchdog looks at it long before
# Seconds of a LoadedClock.
SAFETY_S = 15.0  # what an exploration may take on the slowest machine, while less than TOGETHER_S are gone
TOGETHER_S = 30.0  # what all explorations of a file may take: then each gets LEAST_S, and tells how far it came
LEAST_S = 1.0
SAMPLED = 3  # explorations of which some runs are made again
HANGS = 2  # after so many, the rest is not run: a learner waits for a verdict
SOCKET_ROOM = 70  # characters: in a folder with a longer path, the path of a socket may become too long


@dataclass(frozen=True)
class Refuted:
    """A scenario that an order of steps breaks, and who judges what it leaves."""

    scenario: str
    params: dict[str, Any]
    oracle: Callable[[Any], str | None]
    interleaving: Interleaving


class Subject(ABC):
    """Runs scenarios on one file, in a process that is started anew after it ended.

    What the file does wrong comes back as Failure, what could not be found out as Unchecked. The process is
    started by the constructor, so that it loads the file while the judge gets ready; none is where `unknown` says why
    nothing could be found out. Close it.
    """

    runtime: ClassVar[Runtime]
    schedules: ClassVar[int]  # of one exploration: what the runtime does in a second or two

    def __init__(
        self,
        file: Path,
        scenarios: Path,
        executable: Path,
        replay: Replay | None = None,
        bounds: Bounds | None = None,
        terms: Terms | None = None,
        unknown: Unchecked | None = None,
    ) -> None:
        self._bounds = bounds or Bounds()
        self._replay = replay
        self.source = Source.read(file)
        self._file, self._name = self.source.path, self.source.path.name
        self._executable = executable
        self._temporary = TemporaryFolder()
        self._folder = self._temporary.path
        self._env = {"TMPDIR": str(self._folder)} if len(str(self._folder)) < SOCKET_ROOM else {}
        self._scenarios = scenarios
        self._terms = terms or Terms()
        self._ticks = self._bounds.ticks * self._terms.patience
        self._process: Process | None = None
        self._not_loaded = unknown
        self._hangs = 0
        self._clock, self._explored_s = LoadedClock(), 0.0
        self.failed = False  # whether a check before has failed
        self.refuted: Refuted | None = None  # what the last exploration found that found something
        self.scopes: list[Result] = []  # how far each exploration went, since somebody last looked
        if unknown:
            return
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    @abstractmethod
    def _command(self, what: str = "") -> list[str | Path]:
        """What starts the process; `what` is what it is for, where that is not the usual."""

    @abstractmethod
    def _lay_out(self) -> None:
        """Make the file importable as `exercise`, and the scenarios as `scenarios`, in the process's folder.

        A file loaded by its path alone would not be found by processes it starts; its own name may be anything.
        What the process before has changed there, or removed, is put right.
        """

    @abstractmethod
    def _search(
        self, scenario: str, params: dict[str, Any], oracle: Callable[[Any], str | None], budget: Mapping[str, Any]
    ) -> Result:
        """Run a scenario through its orders of steps; or, where there is a replay, in that one."""

    @abstractmethod
    def executor(self, scenario: str, **params: Any) -> Executor:
        """What runs a scenario step by step (`mtlearn.interleave.stepper`). It raises what `run` here does."""

    def load(self) -> None:
        """Wait until the file is imported. Raises Failure when that did not go well."""
        if self._not_loaded:
            raise self._not_loaded
        process = self._process or self._begin()
        if process.loaded:
            return
        failure = not_loaded(process.answer(), self._name, self.runtime)
        if failure:
            self._not_loaded = Unchecked(f"not run, because {self._name} does not load")
            raise self._over(failure)
        process.loaded = True

    def run(self, scenario: str, *, patience: int = 1, **params: Any) -> Ran:
        """Run a scenario for real, on as many threads as it names, started at a barrier.

        `patience` is how many times as long as others it may take: for one that starts real processes, say.

        Raises Failure when the process ended, or when the threads do not end; what a single thread
        raised is left for the check to judge (`Ran.threads`, or `run_calm`).
        """
        self._be_brief()
        ticks = self._ticks * patience // (1 + self._hangs)
        ran = self._ask({"do": "run", "scenario": scenario, "params": params}, ticks)
        if not isinstance(ran, Ran):
            raise self._over(forged(self._name))
        return ran

    def _be_brief(self) -> None:
        """A learner waits for the verdict: what has hung before is not tried again and again."""
        if self._hangs >= HANGS:
            raise Unchecked("not run, because the checks before it did not end", "Fix those first.")

    def _ask(self, command: Mapping[str, Any], ticks: int | None = None) -> Evidence:
        """Ask the process, started anew if need be; Failure where it does not answer properly."""
        self.load()
        assert self._process is not None
        self._process.ask(command, ticks or self._bounds.ticks)
        return self._answer(self._process)

    def _answer(self, process: Process) -> Evidence:
        answer = process.answer()
        if isinstance(answer, Death | Hang):
            self._hangs += isinstance(answer, Hang) or answer.stopped
            told = hang_failure(answer, self._name) if isinstance(answer, Hang) else answer.failure(self._name)
            raise self._over(NoAnswer(told.message, told.help))
        if failure := unreliable(answer, self._name):
            raise self._over(failure)
        assert not isinstance(answer, Forged | TooLarge)
        if isinstance(answer, Missing):  # and was there before
            raise self._over(not_loaded(answer, self._name, self.runtime) or Unchecked("it does not load"))
        if isinstance(answer, Threw):
            raise raised_by(answer.raised)
        return answer

    def _over(self, failure: Failure) -> Failure:
        """The process has come to its end; what to tell of that."""
        self._end()
        return self._of_one_file(failure)

    def _of_one_file(self, failure: Failure) -> Failure:
        """The failure, or that nothing can be told, because it is no longer the same file."""
        became = self.source.became()
        return Unchecked(f"not decided, because {self._name} {became} meanwhile") if became else failure

    def run_calm(self, scenario: str, *, patience: int = 1, **params: Any) -> Ran:
        """The same, where no thread may end by an exception."""
        ran = self.run(scenario, patience=patience, **params)
        for thread in ran.threads:
            if thread.raised:
                raise raised_by(thread.raised, thread.name if len(ran.threads) > 1 else None)
        return ran

    def explore(
        self,
        scenario: str,
        judge: Callable[[Ran], None],
        max_preemptions: int = 2,
        max_schedules: int | None = None,
        **params: Any,
    ) -> None:
        """Run a scenario through every order of steps that matters, up to so many preemptions.

        `max_schedules` is for a scenario whose single run is long: fewer of them then.
        `judge` sees each new outcome (its `threads` are empty) and raises Failure when it is wrong; a deadlock, an
        exception and the like are failures by themselves. Raises Failure with the interleaving, or Unchecked where
        the code does what cannot be controlled. How far it went is added to `scopes`.
        """
        self._be_brief()
        failures: dict[str, Failure] = {}

        def oracle(observation: Any) -> str | None:
            try:
                judge(Ran(memory=observation["memory"], returns=observation["returns"]))
            except Failure as failure:
                failures[failure.message] = failure
                return failure.message
            return None

        again = self._replay
        if again and (again.scenario, json.dumps(again.params)) != (scenario, json.dumps(params)):
            return  # another exploration of the same check
        schedules = max_schedules or self.schedules
        safety_s = max(LEAST_S, min(SAFETY_S, TOGETHER_S - self._explored_s))
        budget = {
            "max_schedules": schedules,
            "safety_s": safety_s,
            "max_preemptions": max_preemptions,
            "clock": self._clock,
        }
        began = self._clock()
        result = self._search(scenario, params, oracle, budget)
        self.scopes.append(result)
        self._explored_s += self._clock() - began
        if result.outcome == "unchecked":
            raise Unchecked(f"could not be explored: {result.reason}")
        if found := result.counterexample:
            self._hangs += found.kind in ("busy loop", "blocked")
            known = failures.get(found.message)
            failure = broken_by(self._told(found), scenario, params, known.help if known else "")
            if failure.interleaving:
                self.refuted = Refuted(scenario, params, oracle, found)
            raise self._of_one_file(failure)
        if again:
            raise Settled

    def _told(self, found: Interleaving) -> Interleaving:
        """The same, the scenarios' files by name alone: on each machine, and in each grading, they lie elsewhere."""
        places = {folder.resolve() for folder in (self._folder, self._scenarios.parent)}

        def named(file: str) -> str:
            path = Path(file)
            return path.name if path != self._file and path.parent.resolve() in places else file

        return replace(
            found,
            steps=tuple(replace(step, file=named(step.file)) for step in found.steps),
            waiting=tuple(replace(waiting, file=named(waiting.file)) for waiting in found.waiting),
        )

    def doubt(self) -> Failure | None:
        """Why checks that all passed prove nothing; None where they do."""
        if not self._process:
            return None
        try:
            self._ask({"do": "load"})  # so that all that was sent before is here, and what was replaced is told
        except Failure as failure:
            return failure
        return forged(self._name) if self._process and self._process.forged else None

    def close(self) -> None:
        """End the process and whatever it started; remove its folder, and what it left in shared memory.

        Another thread may still be asking: it is told so.
        """
        self._not_loaded = Unchecked("not run, because grading was stopped")
        self._end()
        segments.remove(self._folder)
        self._temporary.remove()

    def _begin(self) -> Process:
        self._process = self._started()
        return self._process

    def _started(self, what: str = "") -> Process:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._lay_out()
        process = Process(self._command(what), self._env, self._bounds)
        process.ask({"do": "load"}, self._bounds.ticks)
        return process

    def _end(self) -> None:
        if self._process:
            self._process.end()
            self._process = None
