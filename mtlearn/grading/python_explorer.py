"""In the subject's process: one scenario under the explorer. Plans come from the judge, runs go back."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, fields
from json import dumps
from time import monotonic
from typing import Any

from mtlearn.grading.python_unwatched import shown
from mtlearn.interleave.executor import Execution, Plan
from mtlearn.interleave.python.executor import PythonExecutor

PIECE_S = 0.05  # so often a batch that is being run tells what there is
APART = ("decisions", "observation", "moves")
DEFAULTS = {each.name: each.default for each in fields(Execution) if each.name not in APART}


class Exploration:
    """Runs a scenario under plans, and observes its memory and what its threads returned. Use it as a context manager.

    `plain` gives what a thread returned as JSON can hold it; `written` gives an observation as JSON.
    """

    def __init__(
        self,
        scenario: Any,
        files: list[str],
        plain: Callable[[Any], Any],
        written: Callable[[Any], str],
        stepwise: bool,
    ) -> None:
        self._written = written
        self._decisions: dict[Any, int] = {}
        self._observed: dict[str, int] = {}
        self._others: dict[str, int] = {}
        self._moves: dict[Any, int] = {}
        returns: list[Any] = []

        @functools.wraps(scenario.setup)
        def setup() -> Any:
            returns[:] = [None] * len(scenario.threads)
            return scenario.setup()

        def thread(index: int, work: Callable[[Any], Any]) -> Callable[[Any], Any]:
            @functools.wraps(work)
            async def task(state: Any) -> None:
                returns[index] = plain(await work(state))

            if inspect.iscoroutinefunction(work):
                return task

            @functools.wraps(work)
            def body(state: Any) -> None:
                returns[index] = plain(work(state))

            return body

        @functools.wraps(scenario.memory)
        def observe(state: Any) -> Any:
            return {"memory": scenario.memory(state), "returns": list(returns)}

        threads = [thread(index, work) for index, work in enumerate(scenario.threads)]
        self._executor = PythonExecutor(setup, threads, observe, files=files, stepwise=stepwise)

    def __enter__(self) -> Exploration:
        with shown():  # it may have more to import
            self._executor.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._executor.close()

    @property
    def watched(self) -> list[str]:
        """What the explorer has learnt to watch."""
        return list(self._executor.watch.learnt)

    def run(self, told: list[dict[str, Any]], alive: Callable[[], None]) -> Iterator[tuple[str, bool]]:
        """Run plans in order, and give in pieces, as JSON, what became of them, and which piece is the last.

        It stops early behind a run that ended badly, or that changes what the others mean.
        `alive` is called after each run.
        """
        for table in (self._decisions, self._observed, self._others, self._moves):
            table.clear()  # of the batch before, some may not have been read
        runs: list[str] = []
        new: dict[str, list[str]] = {"decisions": [], "observed": [], "others": [], "moves": []}
        since = monotonic()
        for plan in told:
            execution = self._executor.run_once(_plan(plan))
            alive()
            runs.append(self._told(execution, new))
            if execution.grown or execution.ending != "finished":
                break
            if monotonic() - since > PIECE_S:
                yield _piece(runs, new, over=False), False
                since = monotonic()
        yield _piece(runs, new, over=True), True

    def _told(self, execution: Execution, new: dict[str, list[str]]) -> str:
        decisions = _numbers(self._decisions, execution.decisions, new["decisions"])
        moves = None if execution.moves is None else _numbers(self._moves, execution.moves, new["moves"])
        observation = None
        if execution.ending == "finished":
            observation = _number(self._observed, self._written(execution.observation), new["observed"])
        special = {name: held for name, usual in DEFAULTS.items() if (held := getattr(execution, name)) != usual}
        whole = asdict(execution) if special.keys() - USUAL else special
        other = _number(self._others, dumps({name: whole[name] for name in special}), new["others"])
        return dumps([decisions, observation, other, moves])


USUAL = {"ending", "threads"}  # what differs from its default in a run of which there is nothing to be told


def _plan(told: dict[str, Any]) -> Plan:
    return Plan(**{**told, "schedule": tuple(told["schedule"]), "moves": tuple(told["moves"])})


def _numbers(known: dict[Any, int], rows: Iterable[Any], new: list[str]) -> list[int]:
    """Give the numbers of decisions or steps in a table, where new ones are put at the end."""
    numbers = []
    for row in rows:
        if (number := known.get(row)) is None:
            number = known[row] = len(known)
            new.append(dumps(row))
        numbers.append(number)
    return numbers


def _number(known: dict[str, int], text: str, new: list[str]) -> int:
    if (number := known.get(text)) is None:
        number = known[text] = len(known)
        new.append(text)
    return number


def _piece(runs: list[str], new: dict[str, list[str]], *, over: bool) -> str:
    tables = ", ".join(f'"{name}": [{", ".join(rows)}]' for name, rows in new.items())
    piece = f'"is": "runs", "runs": [{", ".join(runs)}], {tables}, "over": {"true" if over else "false"}'
    runs.clear()
    for rows in new.values():
        rows.clear()
    return piece
