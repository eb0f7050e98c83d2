"""The subject where the learner's file is in JavaScript."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from mtlearn.grading.diagnosis import forged, interferes, otherwise
from mtlearn.grading.evidence import Described
from mtlearn.grading.subject import SAMPLED, Subject
from mtlearn.grading.verdict import Failure, Unchecked
from mtlearn.interleave.executor import Executor, Impossible
from mtlearn.interleave.result import Result
from mtlearn.interleave.trace import Runtime

if TYPE_CHECKING:
    from mtlearn.interleave.node import NodeExecutor, NodeHost

HERE = Path(__file__).parent


class NodeSubject(Subject):
    """See `Subject`. What the explorer has to run, it runs in its own process, which gets ready meanwhile."""

    runtime: ClassVar[Runtime] = "node"
    schedules: ClassVar[int] = 5_000
    _explorer: NodeHost | None = None
    _second: NodeHost | None = None  # to make some runs again in, at the end

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._samples: list[NodeExecutor] = []  # explorations that found nothing
        super().__init__(*arguments, **options)

    def _command(self, what: str = "") -> list[str | Path]:
        program = "node_main.mjs" if self._terms.main_thread else "node_subject.mjs"
        scenarios = self._folder / self._scenarios.name
        return [self._executable, "--no-warnings", HERE / program, self._file, scenarios]

    def _lay_out(self) -> None:
        """See `Subject`. The jobs that a learner's worker is to run lie beside the scenarios, in `jobs.mjs`."""
        stateful, starvation = HERE / "stateful" / "play.mjs", HERE / "node_starvation.mjs"
        for name, path in (("exercise", self._file), ("stateful", stateful), ("starvation", starvation)):
            package = self._folder / "node_modules" / name
            package.mkdir(parents=True, exist_ok=True)
            manifest = {"name": name, "type": "module", "exports": f"./{name}.mjs"}
            (package / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
            export = f"export * from {json.dumps(path.as_uri())};\n"
            (package / f"{name}.mjs").write_text(export, encoding="utf-8")
        if (jobs := self._scenarios.with_name("jobs.mjs")).exists():
            shutil.copy(jobs, self._folder)
        shutil.copy(self._scenarios, self._folder)

    def load(self) -> None:
        """See `Subject`."""
        super().load()
        if not self._explorer and self._terms.explores:
            self._host().process()  # it gets ready beside the first real runs

    def executor(self, scenario: str, **params: Any) -> Executor:
        """See `Subject`."""
        from mtlearn.interleave.node import NodeExecutor

        threads, memory = self._described(scenario, params)
        return NodeExecutor(self._host(), threads, memory, fresh=True, stepwise=True)

    def close(self) -> None:
        """See `Subject`."""
        for host in filter(None, (self._explorer, self._second)):
            host.close()
        super().close()

    def doubt(self) -> Failure | None:
        """See `Subject`. Some runs of each exploration are made again, in a process that nothing was run in before."""
        if doubt := super().doubt():
            return doubt
        from mtlearn.interleave.node import LoadError

        try:
            if all(map(self._comes_again, self._samples[:: len(self._samples) // SAMPLED + 1])):
                return None
        except LoadError as error:
            return Unchecked(f"could not be explored: {error}")
        except Impossible:
            return interferes(self._name)
        return otherwise(self._name)

    def _comes_again(self, before: NodeExecutor) -> bool:
        assert self._second
        return before.on(self._second).gives_again(before.sample)

    def _search(
        self, scenario: str, params: dict[str, Any], oracle: Callable[[Any], str | None], budget: Mapping[str, Any]
    ) -> Result:
        from mtlearn.interleave.node import LoadError

        threads, memory = self._described(scenario, params)
        try:
            if again := self._replay:
                return self._host().replay(threads, memory, oracle, again.schedule, again.numbers)
            result = self._host().search(threads, memory, oracle, **budget)
        except LoadError as error:
            raise Unchecked(f"could not be explored: {error}") from error
        except Impossible as error:
            raise interferes(self._name) from error
        if not result.counterexample and (last := self._host().last):
            self._samples.append(last)
            if not self._second:
                self._second = self._new_host()
                self._second.process()  # it gets ready meanwhile
        return result

    def _host(self) -> NodeHost:
        if not self._explorer:
            self._explorer = self._new_host()
        return self._explorer

    def _new_host(self) -> NodeHost:
        from mtlearn.interleave.node import NodeHost

        node, limits = str(self._executable), self._bounds.limits
        scenarios = self._folder / self._scenarios.name
        return NodeHost(scenarios, exercise=self._file, node=node, limits=limits, env=self._env)

    def _described(self, scenario: str, params: dict[str, Any]) -> tuple[list[Any], dict[str, list[int]]]:
        """The threads and the memory of a scenario."""
        described = self._ask({"do": "describe", "scenario": scenario, "params": params})
        if not isinstance(described, Described):
            raise self._over(forged(self._name))
        return [(name, arguments) for name, *arguments in described.threads], described.memory
