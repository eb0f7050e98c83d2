"""Stepping through a program by hand: whoever calls is the scheduler. It knows no runtime.

A position is a value: the moves that led there, and what running them showed. To go on is a longer row of moves, to
take back a shorter one; each position is run anew from the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from mtlearn.errors import MtlearnError
from mtlearn.interleave.executor import Execution, Executor, Plan
from mtlearn.interleave.search import NONDETERMINISTIC, WARM_UPS, Oracle, failure_of, search
from mtlearn.interleave.tally import Tally, tally
from mtlearn.interleave.trace import Interleaving, Step, Waiting

Moves = tuple[int, ...]  # the index of the thread that takes each step


@dataclass(frozen=True, slots=True)
class Standing:
    """One thread at a position: the step it would take next (None: it has ended), and why it cannot take it.

    `local` has its own variables, as (name, value) pairs.
    """

    thread: int
    name: str
    can_go: bool
    next: Step | None = None
    waits: Waiting | None = None
    local: tuple[tuple[str, str], ...] = ()

    @property
    def letter(self) -> str:
        """What stands for it in a row of moves: "A" for Thread A, Task A or Promise A."""
        return self.name.rpartition(" ")[2]


@dataclass(frozen=True, slots=True)
class Position:
    """Where the threads stand after some moves.

    `steps` is what happened so far, `state` what the shared memory holds, as (location, value) pairs. `ended` says that
    nobody can move any more; then `bug` is the interleaving that went wrong, None where all went well.
    """

    moves: Moves
    threads: tuple[Standing, ...]
    steps: tuple[Step, ...]
    state: tuple[tuple[str, str], ...]
    ended: bool = False
    bug: Interleaving | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The threads' names by index."""
        known = {standing.thread: standing.name for standing in self.threads}
        return tuple(known.get(thread, "Main thread") for thread in range(max(known, default=-1) + 1))

    @property
    def told(self) -> str:
        """The moves as a string: "ABBA"."""
        letters = {standing.thread: standing.letter for standing in self.threads}
        return "".join(letters[thread] for thread in self.moves)

    def to_json(self) -> dict[str, Any]:
        """Give the position as a JSON object."""
        return {
            "moves": self.told,
            "threads": [{"letter": standing.letter, **asdict(standing)} for standing in self.threads],
            "steps": [asdict(step) for step in self.steps],
            "state": dict(self.state),
            "ended": self.ended,
            "bug": self.bug.to_json() if self.bug else None,
        }


class Stepper:
    """Runs a program step by step, on an executor that is stepwise. `judge` is asked about the end.

    Whatever makes moves raises MtlearnError where one of them cannot be made, or the program does what cannot be put
    in an order.
    """

    def __init__(self, executor: Executor, judge: Oracle, watched: tuple[str, ...] = (), numbers: int = 0) -> None:
        """Take what an interleaving says was `watched`, and its `numbers`, where one is to be played."""
        self.executor = executor
        self.judge = judge
        self.watched = watched
        self.numbers = numbers
        self.known: dict[Moves, Position] = {}
        self.counted: tuple[Tally | None] | None = None  # what `orders` gives
        self._run(Plan(detail=True))  # so that the executor learns what to watch

    def at(self, moves: Moves) -> Position:
        """Give the position after these moves."""
        if moves not in self.known:
            execution = self._run(Plan(moves, detail=True, pause=True))
            made = len(execution.decisions)
            if made < len(moves):
                raise _not_made(self.at(moves[:made]), moves[made], execution)
            self.known[moves] = self._position(execution)
        return self.known[moves]

    def move(self, position: Position, letter: str) -> Position:
        """Let a thread take its next step."""
        for standing in position.threads:
            if standing.letter == letter and standing.can_go:
                return self.at((*position.moves, standing.thread))
        raise _impossible(position, letter)

    def read(self, moves: str) -> Position:
        """Make the moves of a string such as "ABBA", from the start."""
        position = self.at(())
        for letter in moves:
            position = self.move(position, letter)
        return position

    def way(self, moves: Moves = (), *, max_schedules: int = 2_000, safety_s: float = 20.0) -> Moves:
        """Give the shortest way found that goes wrong, from these moves on. Raises MtlearnError where there is none."""
        onwards = _Onwards(self.executor, Plan(moves, watched=self.watched, numbers=self.numbers))
        result = search(onwards, self.judge, max_schedules=max_schedules, safety_s=safety_s)
        if result.counterexample is None:
            scope = f"{result.scope[0].upper()}{result.scope[1:]}."
            raise MtlearnError("Nothing goes wrong from here.", scope, "Step back, or start again.")
        return (*moves, *result.counterexample.schedule)

    def orders(self) -> Tally | None:
        """Count the orders of steps from the start on, and those that go wrong; None where that takes long."""
        if self.counted is None:
            begin = Plan(watched=self.watched, numbers=self.numbers)
            self.counted = (tally(self.executor, self.judge, begin),)
        return self.counted[0]

    def _run(self, plan: Plan) -> Execution:
        for _ in range(WARM_UPS):
            (execution,) = self.executor.run([replace(plan, watched=self.watched, numbers=self.numbers)])
            self.watched = execution.watched
            if not execution.grown:
                break
            self.known.clear()  # from now on there are more steps
        if execution.ending == "uncontrolled":
            raise MtlearnError(
                "This cannot be played step by step.",
                f"{(execution.reason or 'It does what cannot be put in an order').removesuffix('.')}.",
                "Take that out: threads, locks and shared memory are what can be put in an order.",
            )
        return execution

    def _position(self, run: Execution) -> Position:
        paused = run.ending == "paused"
        steps = {step.thread: step for step in run.next}
        waits = {waiting.thread: waiting for waiting in run.waiting}
        local = dict(run.local)
        failure = None if paused else failure_of(run, self.judge)
        return Position(
            moves=tuple(decision.chosen for decision in run.decisions),
            threads=tuple(
                Standing(
                    thread, name, thread in run.enabled, steps.get(thread), waits.get(thread), local.get(thread, ())
                )
                for thread, name in enumerate(run.threads)
                if name.startswith(("Thread ", "Task ", "Promise "))
            ),
            steps=run.steps,
            state=run.state,
            ended=not paused,
            bug=failure.interleaving(self.executor.runtime) if failure else None,
        )


def _not_made(position: Position, thread: int, run: Execution) -> MtlearnError:
    standing = next((each for each in position.threads if each.thread == thread), None)
    if standing is None or not standing.can_go:
        return _impossible(position, standing.letter if standing else "?")
    return MtlearnError(
        f"Move {len(position.moves) + 1}, {standing.letter}, was not made.",
        f"{(run.message or run.reason or NONDETERMINISTIC).removesuffix('.')}.",
        "Try it again, or start again.",
    )


def _impossible(position: Position, letter: str) -> MtlearnError:
    here = {standing.letter: standing for standing in position.threads}
    possible = [standing.letter for standing in position.threads if standing.can_go]
    standing = here.get(letter)
    if standing is None:
        cause = f"There is no thread {letter} here: the threads are {', '.join(here)}."
    elif standing.waits:
        cause = f"{standing.name} {standing.waits.told(position.names)}."
    elif standing.next:
        cause = f"{standing.name} cannot go on yet: others come first."
    else:
        cause = f"{standing.name} has ended."
    return MtlearnError(
        f"Move {len(position.moves) + 1}, {letter}, cannot be made.",
        cause,
        f"Possible there: {', '.join(possible)}." if possible else "No thread can move there any more.",
    )


class _Onwards:
    """An executor whose every run begins as the same plan says; what it decides comes after that."""

    batch = 1

    def __init__(self, executor: Executor, begin: Plan) -> None:
        self.executor, self.begin = executor, begin
        self.runtime = executor.runtime

    def run(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        made, watched, numbers = self.begin.schedule, self.begin.watched, self.begin.numbers
        begun = [replace(plan, schedule=(*made, *plan.schedule), watched=watched, numbers=numbers) for plan in plans]
        for execution in self.executor.run(begun):
            yield replace(execution, decisions=execution.decisions[len(made) :])

    def close(self) -> None:
        self.executor.close()
