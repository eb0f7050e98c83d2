"""The subject where the learner's file is in Python."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from mtlearn.grading.diagnosis import interferes, otherwise, watched_for
from mtlearn.grading.evidence import Evidence
from mtlearn.grading.process import Process
from mtlearn.grading.runs import RemoteExecutor, Sample
from mtlearn.grading.subject import EXPLORATION_TICKS, SAMPLED, Subject
from mtlearn.grading.verdict import Failure
from mtlearn.interleave.executor import Executor, Impossible, Plan
from mtlearn.interleave.result import Result
from mtlearn.interleave.search import WARM_UPS, replay, search
from mtlearn.interleave.trace import Runtime

MAIN = Path(__file__).with_name("python_main.py")
LOADER = "import sys as _sys\n__file__ = {0!r}\nexec(compile(open(__file__, 'rb').read(), __file__, 'exec'))\n"


class PythonSubject(Subject):
    """See `Subject`. What the explorer has to run, it runs in the process that runs the file for real."""

    runtime: ClassVar[Runtime] = "python"
    schedules: ClassVar[int] = 3_000

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._samples: list[Sample] = []
        self._second: Process | None = None  # to make some runs again in, at the end
        super().__init__(*arguments, **options)

    def _command(self, what: str = "") -> list[str | Path]:
        what = what or ("explores" if self._terms.explores else "runs")
        return [self._executable, "-P", MAIN, self._file, self._scenarios, self._folder, what]

    def _lay_out(self) -> None:
        """See `Subject`. The jobs that a learner's worker is to run lie in the scenarios."""
        for name, path in (("exercise", self._file), ("scenarios", self._scenarios)):
            (self._folder / f"{name}.py").write_text(LOADER.format(str(path)), encoding="utf-8")

    def executor(self, scenario: str, **params: Any) -> Executor:
        """See `Subject`."""
        return RemoteExecutor(self, scenario, params, stepwise=True)

    def _search(
        self, scenario: str, params: dict[str, Any], oracle: Callable[[Any], str | None], budget: Mapping[str, Any]
    ) -> Result:
        executor = RemoteExecutor(self, scenario, params)
        try:
            with closing(executor):
                if again := self._replay:
                    return replay(executor, oracle, again.schedule, again.watched, again.numbers)
                result = search(executor, oracle, **budget)
        except Impossible as error:
            raise self._over(interferes(self._name)) from error
        if not result.counterexample:
            self._samples.append(executor.sample)
            self._second = self._second or self._started("confirms")  # it gets ready meanwhile
        return result

    def doubt(self) -> Failure | None:
        """See `Subject`. Some runs of each exploration are made again, in a process that nothing was run in before."""
        if doubt := super().doubt():
            return doubt
        if asks := self.source.asks():
            return watched_for(self._name, *asks)
        self._end()
        self._process, self._second = self._second, None
        try:
            if all(map(self._comes_again, self._samples[:: len(self._samples) // SAMPLED + 1])):
                return super().doubt()
        except Failure as failure:
            return failure
        except Impossible:
            return interferes(self._name)
        return otherwise(self._name)

    def _comes_again(self, sample: Sample) -> bool:
        with closing(RemoteExecutor(self, sample.scenario, sample.params)) as executor:
            for _ in range(WARM_UPS):
                (run,) = executor.run([Plan(watched=sample.watched)])
                if not run.grown:
                    break
            plans = [replace(plan, watched=sample.watched) for plan, _ in sample.runs]
            for again, (_, before) in zip(executor.run(plans), sample.runs, strict=True):
                if again.ending != "diverged" and (again.ending, again.observation) != (
                    before.ending,
                    before.observation,
                ):
                    return False
        return True

    def close(self) -> None:
        """See `Subject`."""
        if self._second:
            self._second.end()
        super().close()

    def life(self) -> object:
        """See `mtlearn.grading.runs.Asked`."""
        self.load()
        return self._process

    def ask(self, command: Mapping[str, Any]) -> Evidence:
        """See `mtlearn.grading.runs.Asked`."""
        return self._ask(command, EXPLORATION_TICKS)

    def more(self) -> Evidence:
        """See `mtlearn.grading.runs.Asked`."""
        assert self._process
        return self._answer(self._process)
