"""The Node executor: plans in, executions out, over a Node process that holds the threads."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Any

from mtlearn.interleave.executor import SAMPLES, Decision, Execution, Impossible, Move, Plan, Touch, fits
from mtlearn.interleave.node.decoder import TraceDecoder, threads_in
from mtlearn.interleave.node.process import Host, HostEnded, HostProcess
from mtlearn.interleave.trace import Runtime, thread_name

# The name of an exported function; with it, the JSON arguments it gets behind (memory, index).
Thread = str | tuple[str, Sequence[Any]]

ROUND = 16  # plans per line: the process runs the next ones while the last ones are judged here
MAX_THREADS = 12

Rounds = list[Sequence[Plan]]


class NodeExecutor:
    """Runs exported functions of a host's script as real Workers, once per plan.

    `threads` names the functions, each called as `fn(memory, index, *arguments)`; `memory` gives the words of
    each shared Int32Array, set afresh before every schedule. The observation of a finished run is
    `{"memory": {name: [words]}, "returns": [value or None of each thread]}`.

    The modules are evaluated anew for every executor. `fresh` does so for every schedule: slower, for a module
    that keeps state. With `stepwise` every step is a decision, even where only one thread can go on. Runs that hang on
    nothing but who moves tell what their steps touched (`Execution.moves`), unless they are not to. The host is not
    closed with the executor: it may serve others, one after the other.
    `run` raises LoadError where the modules cannot be loaded and NodeMissing where there is no Node.
    """

    runtime: Runtime = "node"
    batch = 64

    def __init__(
        self,
        host: Host,
        threads: Sequence[Thread],
        memory: Mapping[str, Sequence[int]],
        *,
        fresh: bool = False,
        stepwise: bool = False,
        tells: bool = True,
    ) -> None:
        if not 1 <= len(threads) <= MAX_THREADS:
            raise ValueError(f"1 to {MAX_THREADS} threads can be explored, not {len(threads)}")
        self.host, self.threads, self.memory, self.fresh = host, threads, memory, fresh
        self.program = {
            "threads": [[item, []] if isinstance(item, str) else [item[0], list(item[1])] for item in threads],
            "memory": {name: list(words) for name, words in memory.items()},
            "fresh": fresh,
            "stepwise": stepwise,
            "tells": tells,
        }
        self.names = tuple(thread_name(index) for index in range(len(threads)))
        self.telling = TraceDecoder(tuple(memory), self.names)
        self.process: HostProcess | None = None  # that has loaded the program
        self.observed: list[Any] = []
        self.touched: list[tuple[Touch, ...]] = []
        self.told = 0  # plans sent so far
        self.first: tuple[Plan, Execution] | None = None
        self.made = 0
        self.sample: list[tuple[Plan, Execution]] = []  # runs that another process must give again

    def run(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        """Run every plan once, in order, some ahead of what is taken."""
        rounds: Rounds = [plans[i : i + ROUND] for i in range(0, len(plans), ROUND)]
        while rounds:
            rounds = yield from self._ahead(rounds)

    def keeps_state(self) -> bool:
        """Run the first plan of all once more: a difference says that the modules keep state."""
        if self.first is None:
            return False
        return not self.gives_again([self.first])

    def gives_again(self, sample: Sequence[tuple[Plan, Execution]]) -> bool:
        """Run plans again: whether each run is what it was."""
        for after, (_, before) in zip(self.run([plan for plan, _ in sample]), sample, strict=True):
            if (after.ending, after.decisions, after.observation) != (
                before.ending,
                before.decisions,
                before.observation,
            ):
                return False
        return True

    def on(self, host: Host) -> NodeExecutor:
        """The same program, on another host."""
        return NodeExecutor(host, self.threads, self.memory, fresh=self.fresh)

    def close(self) -> None:
        """Let go of the process: another executor may load its program."""
        self.process = None

    def _ahead(self, rounds: Rounds) -> Generator[Execution, None, Rounds]:
        """Send all rounds, give what comes back; returns the rounds that are still to be run."""
        process = self._ready()
        for plans in rounds:
            told = [
                [plan.moves or plan.schedule, plan.seed, plan.detail, plan.pause, plan.numbers, bool(plan.moves)]
                for plan in plans
            ]
            process.send({"plans": told, "first": self.told})
            self.told += len(plans)
        for i, plans in enumerate(rounds):
            try:
                answer = self._answer(process)
            except HostEnded as ended:
                return (yield from self._without_process(ended, rounds[i:]))
            runs = answer["runs"]
            for plan, run in zip(plans, runs, strict=False):
                execution = self._execution(run)
                if plan.numbers:
                    execution = replace(execution, numbers=plan.numbers)
                if not fits(plan, execution):
                    raise Impossible
                self.first = self.first or (plan, execution)
                if self.made in SAMPLES and not plan.detail:
                    self.sample.append((plan, execution))
                self.made += 1
                yield execution
            if len(runs) < len(plans):
                return [plans[len(runs) :], *rounds[i + 1 :]]
            if answer["gone"]:
                return rounds[i + 1 :]
        return []

    def _without_process(self, ended: HostEnded, rounds: Rounds) -> Generator[Execution, None, Rounds]:
        """The process died: run its plans one by one to see which of them kills it."""
        if len(rounds[0]) > 1:
            return [*([plan] for plan in rounds[0]), *rounds[1:]]
        yield Execution((), "exception", message=str(ended), threads=self.names, spent=True)
        return rounds[1:]

    def _ready(self) -> HostProcess:
        """Give a process that has loaded the program, and owes no answers."""
        while True:
            process = self.host.process()
            with suppress(HostEnded):  # while it was asked for what nobody took: then another one
                if process is not self.process:
                    process.load(self.program)
                    self.process, self.observed, self.touched = process, [], []
                while process.pending:
                    self._answer(process)
                if not process.ended:
                    return process

    def _answer(self, process: HostProcess) -> dict[str, Any]:
        answer = process.answer()
        self.observed += map(json.loads, answer["observed"])
        self.touched += map(_touched, answer["touched"])
        return answer

    def _execution(self, run: Any) -> Execution:
        if isinstance(run, list):  # the usual case, kept short: decisions, number of the observation
            decisions, observation, drew, moves = run
            return Execution(
                _decisions(decisions),
                "finished",
                self.observed[observation],
                threads=self.names,
                drew=bool(drew),
                moves=self._moves(moves),
            )
        number = run.get("observation")
        observed = None if number is None else self.observed[number]
        execution = self.telling.execution(run, _decisions(run["decisions"]), observed)
        return replace(execution, moves=self._moves(run.get("moves")))

    def _moves(self, words: Iterable[int] | None) -> tuple[Move, ...] | None:
        """Read moves as `footprints.mjs` packs them; None where they cannot be told."""
        if words is None:
            return None
        return tuple(
            Move(word & 15, self.touched[word >> 6], bool(word >> 4 & 1), bool(word >> 5 & 1)) for word in words
        )


def _touched(told: Iterable[Any]) -> tuple[Touch, ...]:
    return tuple(Touch(tuple(location), how) for how, *location in told)


def _decisions(words: Iterable[int]) -> tuple[Decision, ...]:
    return tuple(map(_decision, words))


@lru_cache(maxsize=4096)
def _decision(word: int) -> Decision:
    """Read a decision as `scheduler.mjs` packs it: chosen, current (15: none), enabled as bits."""
    current = (word >> 4) & 15
    mask = word >> 8 & (1 << MAX_THREADS) - 1  # above it stands whether it was forced
    forced = bool(word >> 30 & 1)
    return Decision(word & 15, threads_in(mask), None if current == 15 else current, forced)
