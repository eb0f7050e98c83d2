"""The judge's side of the subject: the process that runs the learner's file, asked over a pipe."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import secrets
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from mtlearn.grading import segments
from mtlearn.grading.diagnosis import Death, Hang, broken_by, not_loaded, raised_by
from mtlearn.grading.verdict import Failure, Replay, Settled, Unchecked
from mtlearn.interleave.executor import Execution, Executor, Plan
from mtlearn.interleave.trace import Runtime
from mtlearn.processes import end_tree, start

if TYPE_CHECKING:
    from mtlearn.interleave.node import NodeHost

PRINTED_LIMIT = 1_000_000  # bytes that a file may print while it is graded
PRINTED_KEPT = 4_000  # bytes of it that are kept, to be shown
EVIDENCE_LIMIT = 50_000_000  # bytes of one line of evidence
TICKS = 40  # how long one scenario may take, in ticks of 50 ms of the subject (2 s on a quiet machine)
EXPLORATION_TICKS = 400  # the same for an exploration, which is bounded by its schedules long before
SCHEDULES = {"python": 3_000, "node": 5_000}  # of one exploration: what either runs in a second or two
SAFETY_S = 15.0  # what an exploration may take on the slowest machine
HANGS = 2  # after so many, the rest is not run: a learner waits for a verdict
SILENCE_S = 20.0  # after this the subject itself does not answer any more

HERE = Path(__file__).resolve().parent


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
        self, file: Path, scenarios: Path, runtime: str, executable: Path, replay: Replay | None = None
    ) -> None:
        self.runtime = runtime
        self._replay = replay
        self._file = file.resolve()
        self._executable = executable
        self._folder = Path(tempfile.mkdtemp(prefix="mtlearn-"))
        self._scenarios = _lay_out(self._folder, self._file, scenarios, runtime)
        self._ticks = TICKS * int(self._declared(r"PATIENCE = (\d+)") or 1)
        self._process: _Process | None = None
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
        failure = not_loaded(answer, self._file.name, self.runtime)
        if failure:
            self._end()
            self._not_loaded = Unchecked(f"not run, because {self._file.name} does not load")
            raise failure
        process.loaded = True
        if self.runtime == "node" and not self._host:
            from mtlearn.interleave.node import NodeHost

            self._host = NodeHost(self._scenarios, exercise=self._file, node=str(self._executable))
            self._host.process()  # it gets ready beside the first real runs

    def run(self, scenario: str, *, patience: int = 1, **params: Any) -> Ran:
        """Run a scenario for real, on as many threads as it names, started at a barrier.

        `patience` is how many times as long as others it may take: for one that starts real processes, say.

        Raises Failure when the process ended, or when the threads do not end; what a single thread
        raised is left for the check to judge (`Ran.threads`, or `calm`).
        """
        self._be_brief()
        ticks = self._ticks * patience // (1 + self._hangs)
        answer = self._ask({"do": "run", "scenario": scenario, "params": params, "ticks": ticks})
        return Ran(answer["memory"], answer["returns"], answer["threads"])

    def _be_brief(self) -> None:
        """A learner waits for the verdict: what has hung before is not tried again and again."""
        if self._hangs >= HANGS:
            raise Unchecked("not run, because the checks before it did not end", "Mend those first.")

    def _ask(self, command: Any) -> dict[str, Any]:
        """Ask the process, started anew if need be; Failure where it does not answer properly."""
        self.load()
        assert self._process is not None
        self._process.ask(command)
        answer = self._process.answer()
        if not isinstance(answer, dict):
            self._hangs += isinstance(answer, Hang)
            self._end()
            raise answer.failure(self._file.name)
        if "raised" in answer:
            raise raised_by(answer["raised"])
        return answer

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
            raise failure
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
        command = {"do": "explore", "scenario": scenario, "params": params, "ticks": EXPLORATION_TICKS}
        if self._replay:
            command |= {"schedule": self._replay.schedule, "watched": self._replay.watched}
        answer = self._ask({**command, "budget": budget})
        while "observed" in answer:
            answer = self._ask(sentence(answer["observed"]))
        explored: dict[str, Any] = answer["explored"]
        return explored

    def _described(self, scenario: str, params: Mapping[str, Any]) -> tuple[list[Any], dict[str, list[int]]]:
        """The threads and the memory of a scenario in Node.js."""
        command = {"do": "describe", "scenario": scenario, "params": params, "ticks": TICKS}
        described = self._ask(command)["scenario"]
        return [(name, arguments) for name, *arguments in described["threads"]], described["memory"]

    def executor(self, scenario: str, **params: Any) -> Executor:
        """What runs a scenario step by step (`mtlearn.interleave.stepper`). It raises what `run` here does."""
        if self.runtime == "python":
            return _Stepwise(self, {"do": "step", "scenario": scenario, "params": params, "ticks": TICKS})
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
        shutil.rmtree(self._folder, ignore_errors=True)

    def _begin(self) -> _Process:
        self._process = _Process(self._command(), [self._file, self._scenarios, self._folder])
        self._process.ask({"do": "load", "ticks": TICKS})
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
        found = re.search(rf"^(?:export const )?{constant}", self._scenarios.read_text(encoding="utf-8"), re.M)
        return found[1] if found else None


class _Stepwise:
    """The Python executor that runs in the subject's process."""

    runtime: Runtime = "python"
    batch = 1

    def __init__(self, subject: Subject, command: dict[str, Any]) -> None:
        self._subject = subject
        self._command = command
        self._process: _Process | None = None  # that has it

    def run(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        """Run every plan once, in order, lazily."""
        for plan in plans:
            if self._process is None or self._process is not self._subject._process:
                self._subject._ask(self._command)
                self._process = self._subject._process
            yield Execution.from_json(self._subject._ask(asdict(plan))["ran"])

    def close(self) -> None:
        """Nothing: it ends with the subject."""


class _Process:
    """One life of the subject."""

    def __init__(self, command: list[str | Path], arguments: list[Path]) -> None:
        self._nonce = secrets.token_hex(8)
        self.loaded = False
        self._answers: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._printed = bytearray()
        self._printed_bytes = 0
        self._flooded = False
        self._process = start(
            [*command, self._nonce, *arguments],
            stderr=subprocess.PIPE,
            extra_env={"PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "utf-8:replace"},
        )
        self._readers = [
            threading.Thread(target=self._read_evidence, args=(self._process.stdout,), daemon=True),
            threading.Thread(target=self._read_printed, args=(self._process.stderr,), daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    def ask(self, command: Any) -> None:
        """Send a command; a process that is dead already will show in the answer."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()

    def answer(self) -> dict[str, Any] | Death | Hang:
        """The evidence for the last command, or how the process ended instead."""
        try:
            answer = self._answers.get(timeout=SILENCE_S)
        except queue.Empty:
            return Hang(busy=False, standing=[], ended=[])
        if answer is None:
            code = self.end()
            return Death(code, self._printed.decode(errors="replace"), self._flooded)
        if "exited" in answer:
            return Death(answer["exited"], self._printed.decode(errors="replace"), self._flooded)
        if "hang" in answer:
            return Hang(**answer["hang"])
        return answer

    def end(self) -> int:
        """End it with all it started; its exit code."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()  # tells it to end, unless it is dead already
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.5)
        code = end_tree(self._process)
        for reader in self._readers:
            reader.join(timeout=0.2)
        return code

    def _read_evidence(self, stream: IO[bytes]) -> None:
        mark = self._nonce.encode() + b" "
        with contextlib.suppress(OSError):
            while line := stream.readline(EVIDENCE_LIMIT):
                before, found, evidence = line.partition(mark)
                self._note(before)
                if found:
                    self._answers.put(json.loads(evidence))
        self._answers.put(None)

    def _read_printed(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(stream.fileno(), 65_536):
                self._note(data)

    def _note(self, printed: bytes) -> None:
        self._printed_bytes += len(printed)
        self._printed += printed[: PRINTED_KEPT - len(self._printed)] if len(self._printed) < PRINTED_KEPT else b""
        if self._printed_bytes > PRINTED_LIMIT and not self._flooded:
            self._flooded = True
            self._process.kill()


def _lay_out(folder: Path, file: Path, scenarios: Path, runtime: str) -> Path:
    """Make the file importable as `exercise`, and the scenarios as `scenarios`; where the scenarios are now.

    A file loaded by its path alone would not be found by processes it starts; its own name may be anything.
    The jobs that a learner's worker is to run lie beside the scenarios, in `jobs.mjs`, or in them (Python).
    """
    if runtime == "python":
        loader = "import sys as _sys\n__file__ = {0!r}\nexec(compile(open(__file__, 'rb').read(), __file__, 'exec'))\n"
        for name, path in (("exercise", file), ("scenarios", scenarios)):
            (folder / f"{name}.py").write_text(loader.format(str(path)), encoding="utf-8")
        return scenarios
    package = folder / "node_modules" / "exercise"
    package.mkdir(parents=True)
    manifest = {"name": "exercise", "type": "module", "exports": "./exercise.mjs"}
    (package / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    (package / "exercise.mjs").write_text(f"export * from {json.dumps(file.as_uri())};\n", encoding="utf-8")
    if (jobs := scenarios.with_name("jobs.mjs")).exists():
        shutil.copy(jobs, folder)
    return Path(shutil.copy(scenarios, folder))
