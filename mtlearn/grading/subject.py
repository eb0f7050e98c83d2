"""The judge's side of the subject: the process that runs the learner's file, asked over a pipe."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtlearn.grading import segments
from mtlearn.grading.diagnosis import Hang, broken_by, not_loaded, raised_by, unreliable
from mtlearn.grading.process import Bounds, Process
from mtlearn.grading.source import Source
from mtlearn.grading.verdict import Failure, Replay, Settled, Unchecked
from mtlearn.interleave.executor import Execution, Executor, Plan
from mtlearn.interleave.trace import Runtime
from mtlearn.temporary import TemporaryFolder

if TYPE_CHECKING:
    from mtlearn.interleave.node import NodeHost

EXPLORATION_TICKS = 400  # what an exploration may take: it is bounded by its schedules long before
SCHEDULES = {"python": 3_000, "node": 5_000}  # of one exploration: what either runs in a second or two
SAFETY_S = 15.0  # what an exploration may take on the slowest machine
HANGS = 2  # after so many, the rest is not run: a learner waits for a verdict
SOCKET_ROOM = 70  # characters: in a folder with a longer path, the path of a socket may become too long

HERE = Path(__file__).resolve().parent
LOADER = "import sys as _sys\n__file__ = {0!r}\nexec(compile(open(__file__, 'rb').read(), __file__, 'exec'))\n"


@dataclass(frozen=True)
class Ran:
    """What a scenario left when it was run for real.

    memory   the state after the threads have ended, by name
    returns  what each thread's function returned
    threads  each thread's name, its real id, and `raised`: the exception that ended it, or None
    """

    memory: dict[str, Any]
    returns: list[Any]
    threads: list[dict[str, Any]]


@dataclass(frozen=True)
class Refuted:
    """A scenario that an order of steps breaks, and who judges what it leaves.

    `interleaving` is as JSON.
    """

    scenario: str
    params: dict[str, Any]
    judge: Callable[[Any], str | None]
    interleaving: dict[str, Any]


class Subject:
    """Runs scenarios on one file, in a process that is started anew after it ended.

    What the file does wrong comes back as Failure, what could not be found out as Unchecked. The process is
    started by the constructor, so that it loads the file while the judge gets ready. Close it.
    """

    def __init__(
        self,
        file: Path,
        scenarios: Path,
        runtime: str,
        executable: Path,
        replay: Replay | None = None,
        bounds: Bounds | None = None,
    ) -> None:
        self.runtime = runtime
        self._bounds = bounds or Bounds()
        self._replay = replay
        self.source = Source.read(file)
        self._file, self._name = self.source.path, self.source.path.name
        self._executable = executable
        self._temporary = TemporaryFolder()
        self._folder = self._temporary.path
        self._env = {"TMPDIR": str(self._folder)} if len(str(self._folder)) < SOCKET_ROOM else {}
        self._scenarios_file = scenarios
        self._scenarios = self._folder / scenarios.name if runtime == "node" else scenarios  # as the process sees them
        self._ticks = self._bounds.ticks * int(self._declared(r"PATIENCE = (\d+)") or 1)
        self._process: Process | None = None
        self._host: NodeHost | None = None  # explores, where the runtime is Node.js
        self._not_loaded: Unchecked | None = None
        self._hangs = 0
        self.refuted: Refuted | None = None  # what the last exploration found that found something
        self.scopes: list[dict[str, Any]] = []  # how far each exploration went, since somebody last looked
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def load(self) -> None:
        """Wait until the file is imported. Raises Failure when that did not go well."""
        if self._not_loaded:
            raise self._not_loaded
        process = self._process or self._begin()
        if process.loaded:
            return
        answer = process.answer()
        failure = not_loaded(answer, self._name, self.runtime)
        if failure:
            self._not_loaded = Unchecked(f"not run, because {self._name} does not load")
            raise self._over(failure)
        process.loaded = True
        if self.runtime == "node" and not self._host:
            from mtlearn.interleave.node import NodeHost

            node, limits = str(self._executable), self._bounds.limits
            self._host = NodeHost(self._scenarios, exercise=self._file, node=node, limits=limits, env=self._env)
            self._host.process()  # it gets ready beside the first real runs

    def run(self, scenario: str, *, patience: int = 1, **params: Any) -> Ran:
        """Run a scenario for real, on as many threads as it names, started at a barrier.

        `patience` is how many times as long as others it may take: for one that starts real processes, say.

        Raises Failure when the process ended, or when the threads do not end; what a single thread
        raised is left for the check to judge (`Ran.threads`, or `calm`).
        """
        self._be_brief()
        ticks = self._ticks * patience // (1 + self._hangs)
        answer = self._ask({"do": "run", "scenario": scenario, "params": params}, ticks)
        return Ran(answer["memory"], answer["returns"], answer["threads"])

    def _be_brief(self) -> None:
        """A learner waits for the verdict: what has hung before is not tried again and again."""
        if self._hangs >= HANGS:
            raise Unchecked("not run, because the checks before it did not end", "Mend those first.")

    def _ask(self, command: Mapping[str, Any], ticks: int | None = None) -> dict[str, Any]:
        """Ask the process, started anew if need be; Failure where it does not answer properly."""
        self.load()
        assert self._process is not None
        self._process.ask(command, ticks or self._bounds.ticks)
        return self._answer(self._process)

    def _answer(self, process: Process) -> dict[str, Any]:
        answer = process.answer()
        if not isinstance(answer, dict):
            self._hangs += isinstance(answer, Hang) or answer.stopped
            raise self._over(answer.failure(self._name))
        if failure := unreliable(answer, self._name):
            raise self._over(failure)
        if "missing" in answer:  # and was there before
            raise self._over(not_loaded(answer, self._name, self.runtime) or Unchecked("it does not load"))
        if "raised" in answer:
            raise raised_by(answer["raised"])
        return answer

    def _tell(self, value: Any) -> dict[str, Any]:
        """Tell the process what it has asked for; what it answers then."""
        assert self._process is not None
        self._process.reply(value)
        return self._answer(self._process)

    def _over(self, failure: Failure) -> Failure:
        """The process has come to its end; what to tell of that."""
        self._end()
        return self._of_one_file(failure)

    def _of_one_file(self, failure: Failure) -> Failure:
        """The failure, or that nothing can be told, because it is no longer the same file."""
        became = self.source.became()
        return Unchecked(f"not told, because {self._name} {became} meanwhile") if became else failure

    def run_calm(self, scenario: str, *, patience: int = 1, **params: Any) -> Ran:
        """The same, where no thread may end by an exception."""
        ran = self.run(scenario, patience=patience, **params)
        for thread in ran.threads:
            if thread["raised"]:
                raise raised_by(thread["raised"], thread["name"] if len(ran.threads) > 1 else None)
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

        def sentence(observation: Any) -> str | None:
            try:
                judge(Ran(observation["memory"], observation["returns"], []))
            except Failure as failure:
                failures[failure.message] = failure
                return failure.message
            return None

        again = self._replay
        if again and (again.scenario, json.dumps(again.params)) != (scenario, json.dumps(params)):
            return  # another exploration of the same check
        schedules = max_schedules or SCHEDULES[self.runtime]
        budget = {"max_schedules": schedules, "safety_s": SAFETY_S, "max_preemptions": max_preemptions}
        result = self._explored(scenario, params, sentence, budget)
        self.scopes.append({key: result[key] for key in ("outcome", "schedules", "max_preemptions")})
        if result["outcome"] == "unchecked":
            raise Unchecked(f"could not be explored: {result['reason']}")
        if found := result["counterexample"]:
            self._hangs += found["kind"] in ("busy loop", "blocked")
            told = {"scenario": scenario, "params": params, **found}
            known = failures.get(found["message"])
            failure = broken_by(told, known.help if known else "")
            if failure.interleaving:
                self.refuted = Refuted(scenario, params, sentence, found)
            raise self._of_one_file(failure)
        if again:
            raise Settled

    def _explored(
        self,
        scenario: str,
        params: Mapping[str, Any],
        sentence: Callable[[Any], str | None],
        budget: Mapping[str, Any],
    ) -> dict[str, Any]:
        if self.runtime == "node":
            threads, memory = self._described(scenario, params)
            assert self._host
            from mtlearn.interleave.node import LoadError

            try:
                if self._replay:
                    return self._host.replay(threads, memory, sentence, self._replay.schedule).to_json()
                return self._host.search(threads, memory, sentence, **budget).to_json()
            except LoadError as error:
                raise Unchecked(f"could not be explored: {error}") from error
        command: dict[str, Any] = {"do": "explore", "scenario": scenario, "params": params}
        if self._replay:
            command |= {"schedule": self._replay.schedule, "watched": self._replay.watched}
        answer = self._ask({**command, "budget": budget}, EXPLORATION_TICKS)
        while "observed" in answer:
            answer = self._tell(sentence(answer["observed"]))
        explored: dict[str, Any] = answer["explored"]
        return explored

    def _described(self, scenario: str, params: Mapping[str, Any]) -> tuple[list[Any], dict[str, list[int]]]:
        """The threads and the memory of a scenario in Node.js."""
        described = self._ask({"do": "describe", "scenario": scenario, "params": params})["scenario"]
        return [(name, arguments) for name, *arguments in described["threads"]], described["memory"]

    def executor(self, scenario: str, **params: Any) -> Executor:
        """What runs a scenario step by step (`mtlearn.interleave.stepper`). It raises what `run` here does."""
        if self.runtime == "python":
            return _Stepwise(self, {"do": "step", "scenario": scenario, "params": params})
        from mtlearn.interleave.node import NodeExecutor

        threads, memory = self._described(scenario, params)
        assert self._host
        return NodeExecutor(self._host, threads, memory, fresh=True, stepwise=True)

    def close(self) -> None:
        """End the process and whatever it started; remove its folder, and what it left in shared memory.

        Another thread may still be asking: it is told so.
        """
        self._not_loaded = Unchecked("not run, because it was left")
        self._end()
        if self._host:
            self._host.close()
        segments.remove(self._folder)
        self._temporary.remove()

    def _begin(self) -> Process:
        self._lay_out()
        command = [*self._command(), self._file, self._scenarios, self._folder]
        self._process = Process(command, self._env, self._bounds)
        self._process.ask({"do": "load"}, self._bounds.ticks)
        return self._process

    def _end(self) -> None:
        if self._process:
            self._process.end()
            self._process = None

    def _command(self) -> list[str | Path]:
        if self.runtime == "python":
            return [self._executable, "-P", HERE / "python_subject.py"]
        in_main = self._declared(r"MAIN_THREAD = (true)")
        return [self._executable, "--no-warnings", HERE / ("node_main.mjs" if in_main else "node_subject.mjs")]

    def _declared(self, constant: str) -> str | None:
        """What the scenarios declare about themselves, at the beginning of a line; None where they do not."""
        found = re.search(rf"^(?:export const )?{constant}", self._scenarios_file.read_text(encoding="utf-8"), re.M)
        return found[1] if found else None

    def _lay_out(self) -> None:
        """Make the file importable as `exercise`, and the scenarios as `scenarios`, in the process's folder.

        A file loaded by its path alone would not be found by processes it starts; its own name may be anything.
        The jobs that a learner's worker is to run lie beside the scenarios, in `jobs.mjs`, or in them (Python).
        What the process before has changed there, or removed, is put right.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        if self.runtime == "python":
            for name, path in (("exercise", self._file), ("scenarios", self._scenarios_file)):
                (self._folder / f"{name}.py").write_text(LOADER.format(str(path)), encoding="utf-8")
            return
        package = self._folder / "node_modules" / "exercise"
        package.mkdir(parents=True, exist_ok=True)
        manifest = {"name": "exercise", "type": "module", "exports": "./exercise.mjs"}
        (package / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
        export = f"export * from {json.dumps(self._file.as_uri())};\n"
        (package / "exercise.mjs").write_text(export, encoding="utf-8")
        if (jobs := self._scenarios_file.with_name("jobs.mjs")).exists():
            shutil.copy(jobs, self._folder)
        shutil.copy(self._scenarios_file, self._folder)


class _Stepwise:
    """The Python executor that runs in the subject's process."""

    runtime: Runtime = "python"
    batch = 1

    def __init__(self, subject: Subject, command: dict[str, Any]) -> None:
        self._subject = subject
        self._command = command
        self._process: Process | None = None  # that has it

    def run(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        """Run every plan once, in order, lazily."""
        for plan in plans:
            if self._process is None or self._process is not self._subject._process:
                self._subject._ask(self._command)
                self._process = self._subject._process
            yield Execution.from_json(self._subject._tell(asdict(plan))["ran"])

    def close(self) -> None:
        """Nothing: it ends with the subject."""
