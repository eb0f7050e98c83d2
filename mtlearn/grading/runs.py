"""An executor whose program runs in the subject's process: plans go there in batches, runs come back in pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Protocol

import msgspec

from mtlearn.grading.evidence import Closed, Evidence, Ready, Runs
from mtlearn.interleave.executor import SAMPLES, Decision, Execution, Impossible, Move, Plan, fits
from mtlearn.interleave.trace import Runtime

MOST_PLANS = 64  # in a batch


class Asked(Protocol):
    """A process that is asked for evidence, and started anew where it has ended."""

    def life(self) -> object:
        """Give what stands for the process that lives now."""

    def ask(self, command: Mapping[str, Any]) -> Evidence:
        """Send a command, and give the first evidence for it."""

    def more(self) -> Evidence:
        """Give the next evidence for the same command."""


@dataclass
class Sample:
    """Some runs of a scenario under plans, and what the explorer had learnt to watch after the last of them."""

    scenario: str
    params: dict[str, Any]
    runs: list[tuple[Plan, Execution]] = field(default_factory=list)
    watched: tuple[str, ...] = ()


class RemoteExecutor:
    """Runs a scenario under plans in the subject's process. See `mtlearn.interleave.executor.Executor`.

    Raises what asking raises, and Impossible where the runs do not fit the plans.
    """

    runtime: Runtime = "python"

    def __init__(self, asked: Asked, scenario: str, params: dict[str, Any], *, stepwise: bool = False) -> None:
        self._most = 1 if stepwise else MOST_PLANS
        self.sample = Sample(scenario, params)
        self._asked = asked
        self._command = {"do": "explore", "scenario": scenario, "params": params, "stepwise": stepwise}
        self._life: object = None  # of the process, in which the scenario is ready
        self._count = self._made = 0

    @property
    def batch(self) -> int:
        """No more than were made before: what is made and not wanted, behind one that fails, does not take long.

        That the whole batch is made all the same lets a program that keeps state be told alike every time.
        """
        return max(1, min(self._most, self._made))

    def run(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        """Run every plan once, in order, some ahead of what is taken."""
        rest = list(plans)
        while rest:
            for execution in self._batch(tuple(rest)):
                plan = rest.pop(0)
                if not fits(plan, execution):
                    raise Impossible
                if execution.grown:
                    self.sample.runs.clear()
                    self._count = 0
                elif not plan.detail:
                    if self._count in SAMPLES:
                        self.sample.runs.append((plan, execution))
                    self._count += 1
                yield execution

    def _batch(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        self._get_ready()
        answer = self._told({"do": "plans", "plans": plans})
        made = 0
        tables = _Tables()
        self._made += len(plans)
        while True:
            if not isinstance(answer, Runs):
                raise Impossible
            for execution in tables.read(answer):
                made += 1
                if made > len(plans):
                    raise Impossible
                yield execution
            if answer.over:
                break
            answer = self._told()
        if not made:
            raise Impossible

    def _get_ready(self) -> None:
        life = self._asked.life()
        if life is not self._life:
            if not isinstance(self._told(self._command), Ready):
                raise Impossible
            self._life = life

    def _told(self, command: Mapping[str, Any] | None = None) -> Evidence:
        life, self._life = self._life, None  # where this raises, the scenario is ready no more
        answer = self._asked.ask(command) if command else self._asked.more()
        self._life = life
        return answer

    def close(self) -> None:
        """Let the process put everything back that it had replaced, if it still lives."""
        if self._life is not None:
            answer = self._told({"do": "close"})
            if isinstance(answer, Closed):
                self.sample.watched = answer.watched
        self._life = None


class _Tables:
    """What a batch has told so far, and later runs of it name by number.

    Of one batch alone: who does not want the rest of one does not read it, either.
    """

    def __init__(self) -> None:
        self._decisions: list[Decision] = []
        self._observed: list[Any] = []
        self._others: list[dict[str, Any]] = []
        self._moves: list[Move] = []

    def read(self, answer: Runs) -> Iterator[Execution]:
        """Give the runs of an answer. Raises Impossible."""
        try:
            self._decisions += map(_decision, answer.decisions)
            self._others += map(_others, answer.others)
            self._observed += answer.observed
            self._moves += map(_move, answer.moves)
            for decisions, observation, other, moves in answer.runs:
                yield Execution(
                    decisions=tuple([self._decisions[number] for number in decisions]),
                    observation=None if observation is None else self._observed[observation],
                    moves=None if moves is None else tuple([self._moves[number] for number in moves]),
                    **self._others[other],
                )
        except (IndexError, TypeError, msgspec.ValidationError) as error:
            raise Impossible from error


def _others(told: dict[str, Any]) -> dict[str, Any]:
    """All of an execution but its decisions and its observation, by name, as it is reported once for many."""
    read = msgspec.convert({**told, "decisions": ()}, Execution)
    return {each.name: getattr(read, each.name) for each in fields(read) if each.name not in APART}


APART = ("decisions", "observation", "moves")


def _decision(told: list[Any]) -> Decision:
    decision = msgspec.convert(told, Decision)
    if decision.chosen not in decision.enabled:
        raise Impossible
    return decision


def _move(told: list[Any]) -> Move:
    return msgspec.convert(told, Move)
