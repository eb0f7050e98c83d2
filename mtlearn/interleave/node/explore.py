"""Exploring a Node program: what the grader and the tests call."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from os import PathLike
from typing import Any

from mtlearn.interleave.node.executor import NodeExecutor, Thread
from mtlearn.interleave.node.process import Host
from mtlearn.interleave.result import Result
from mtlearn.interleave.search import NONDETERMINISTIC, Oracle, replay, search

Path = str | PathLike[str]


class NodeHost(Host):
    """Explores several programs of one script, one after the other, in one Node process. Close it.

    A program is some exported functions as threads and their memory, as for `explore_node`.
    """

    last: NodeExecutor | None = None  # what the last search has run

    def search(
        self, threads: Sequence[Thread], memory: Mapping[str, Sequence[int]], judge: Oracle, **budget: Any
    ) -> Result:
        """Run a program through its schedules; `budget` is that of `mtlearn.interleave.search.search`.

        `judge` gets `{"memory": {name: [words]}, "returns": [value of each thread]}`, once for each observation
        that is new, and gives the sentence that is wrong with it, or None.

        Modules are evaluated once and called for every schedule; where they turn out to keep state from one run
        to the next, the search is made again with modules evaluated anew each time.
        """
        for fresh in (False, True):
            self.last = executor = NodeExecutor(self, threads, memory, fresh=fresh)
            result = search(executor, judge, **budget)
            # A replay in new modules differed, or the first run cannot be had again.
            if result.reason != NONDETERMINISTIC and not (
                result.outcome in ("proven", "not refuted") and executor.keeps_state()
            ):
                break
        return result

    def replay(
        self,
        threads: Sequence[Thread],
        memory: Mapping[str, Sequence[int]],
        judge: Oracle,
        schedule: tuple[int, ...],
        numbers: int = 0,
    ) -> Result:
        """Run one schedule again, as an interleaving holds it with its `numbers`: "refuted" if it still fails."""
        return replay(NodeExecutor(self, threads, memory, fresh=True), judge, schedule, numbers=numbers)


def explore_node(
    script: Path,
    threads: Sequence[Thread],
    memory: Mapping[str, Sequence[int]],
    check: Callable[[dict[str, list[int]]], None],
    *,
    exercise: Path | None = None,
    max_preemptions: int | None = None,
    max_schedules: int = 5_000,
    safety_s: float = 10.0,
    seed: int = 0,
    node: str = "node",
) -> Result:
    """Run functions of a Node module as Workers through the orders of steps that matter.

    `script` exports the functions that `threads` names, each called as `fn(memory, index)`, or with the JSON
    arguments of `(name, [arguments])` behind; `memory` is `{"counter": [0]}`, an Int32Array over a
    SharedArrayBuffer each, set afresh before every schedule. `check` gets the words after a run and raises
    AssertionError with the sentence the learner will read; `exercise` is what the script imports as
    "exercise".

    Raises LoadError or NodeMissing where nothing can be run.
    """

    def judge(observation: Any) -> str | None:
        try:
            check(observation["memory"])
        except AssertionError as error:
            return str(error) or "the check after the run fails"
        return None

    return search_node(
        script,
        threads,
        memory,
        judge,
        exercise=exercise,
        max_preemptions=max_preemptions,
        max_schedules=max_schedules,
        safety_s=safety_s,
        seed=seed,
        node=node,
    )


def search_node(
    script: Path,
    threads: Sequence[Thread],
    memory: Mapping[str, Sequence[int]],
    judge: Oracle,
    *,
    exercise: Path | None = None,
    node: str = "node",
    **budget: Any,
) -> Result:
    """Do the same with a judge, who also sees what the functions returned. See `NodeHost.search`."""
    with NodeHost(script, exercise=exercise, node=node) as host:
        return host.search(threads, memory, judge, **budget)


def replay_node(
    script: Path,
    threads: Sequence[Thread],
    memory: Mapping[str, Sequence[int]],
    judge: Oracle,
    schedule: tuple[int, ...],
    *,
    exercise: Path | None = None,
    node: str = "node",
    numbers: int = 0,
) -> Result:
    """Run one schedule again. See `NodeHost.replay`."""
    with NodeHost(script, exercise=exercise, node=node) as host:
        return host.replay(threads, memory, judge, schedule, numbers)
