"""Playing: a scene, or the learner's own file where an order of steps breaks it, ready to be stepped through."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mtlearn.course.exercise import Exercise, Terms
from mtlearn.course.scene import Scene
from mtlearn.errors import MtlearnError
from mtlearn.grading.judge import until_refuted
from mtlearn.grading.subject import Refuted, Subject
from mtlearn.grading.subjects import subject as open_subject
from mtlearn.grading.verdict import CheckResult, Failure, Replay
from mtlearn.interleave.executor import Execution, Executor, Plan
from mtlearn.interleave.search import replay
from mtlearn.interleave.stepper import Moves, Stepper
from mtlearn.interleave.trace import Interleaving, Step

HINT = "Where does a thread go on with something that was true when it looked? `mtlearn hint {}` says more."


@dataclass(frozen=True)
class Game:
    """A program to be stepped through, what for, and the moves to begin with."""

    name: str
    goal: str
    hint: str
    stepper: Stepper
    begin: Moves = ()


@contextmanager
def play_scene(scene: Scene, runtime: str, executable: Path) -> Iterator[Game]:
    """Play a scene in its own process, which ends with the block."""
    file = scene.file(runtime)
    with _subject(file, scene.scenarios(runtime), runtime, executable) as subject:
        executor = _Told(subject.executor("scene"), file.name)
        stepper = Stepper(executor, lambda seen: scene.wrong(seen["memory"], seen["returns"]))
        yield Game(scene.name, scene.goal, scene.hint, stepper)


@contextmanager
def play_exercise(
    exercise: Exercise,
    file: Path,
    runtime: str,
    executable: Path,
    on_check: Callable[[CheckResult], None],
    known: Replay | None = None,
) -> Iterator[Game]:
    """Play the order of steps that breaks the file: the `known` one where it does so still, else what the checks find.

    `on_check` sees each result. Raises MtlearnError where no check finds one.
    """
    if not exercise.explored:
        raise MtlearnError(
            f"{exercise.name} cannot be played.",
            "Its checks do not look for an order of steps that breaks it.",
            "mtlearn play, which lists what can be played",
        )
    results: list[CheckResult] = []

    def see(result: CheckResult) -> None:
        results.append(result)
        on_check(result)

    with ExitStack() as opened:

        def look(replay: Replay | None) -> tuple[Subject, Refuted] | None:
            scenarios, terms = exercise.scenarios(runtime), exercise.terms(runtime)
            subject = opened.enter_context(_subject(file, scenarios, runtime, executable, terms, replay))
            until_refuted(exercise.checks, subject, see, replay.check if replay else None)
            return (subject, subject.refuted) if subject.refuted else None

        looked = None
        if known:
            with suppress(MtlearnError):  # of a course that was another one
                looked = look(known)
        if not looked:
            opened.close()
            results.clear()
            looked = look(None)
        if not looked:
            raise _nothing_found(exercise, runtime, results)
        subject, found = looked
        executor = _Told(subject.executor(found.scenario, **found.params), file.name)
        stepper = Stepper(executor, found.oracle, found.interleaving.watched, found.interleaving.numbers)
        goal = f"An order of steps breaks it. {results[-1].message}"
        yield Game(exercise.name, goal, HINT.format(exercise.name), stepper, _begin(stepper, found.interleaving))


def _begin(stepper: Stepper, found: Interleaving) -> Moves:
    """The moves of an interleaving that the explorer has found; a step of its trace is a move."""
    moves = tuple(step.thread for step in found.steps if not _no_move(step))
    shown = replay(stepper.executor, stepper.judge, moves, stepper.watched, stepper.numbers).counterexample
    if shown:
        return shown.schedule
    with suppress(MtlearnError):
        return stepper.way()
    return ()


def _no_move(step: Step) -> bool:
    """A thread that ends, or comes to a lock that is held, is reported as a step, too."""
    return step.event == "ends" or (step.operation, step.event) == ("acquire", "blocks")


def _nothing_found(exercise: Exercise, runtime: str, results: Sequence[CheckResult]) -> MtlearnError:
    failed = next((result for result in results if result.status != "pass"), None)
    if failed is None:
        return MtlearnError(
            f"There is nothing to play in your {exercise.name}.",
            "It passes every check: no order of steps was found that breaks it.",
            "mtlearn play, which lists scenes that break",
        )
    return MtlearnError(
        f"There is no order of steps to play in your {exercise.name}.",
        f"It fails without one: {failed.message.rstrip('.')}.",
        f"mtlearn check {exercise.name} --runtime {runtime}",
    )


@contextmanager
def _subject(
    file: Path,
    scenarios: Path,
    runtime: str,
    executable: Path,
    terms: Terms | None = None,
    replay: Replay | None = None,
) -> Iterator[Subject]:
    with _telling(file.name):
        subject = open_subject(runtime, file, scenarios, executable, terms=terms, replay=replay)
        try:
            yield subject
        finally:
            subject.close()


@contextmanager
def _telling(file: str) -> Iterator[None]:
    """Tell what goes wrong with the file itself as any other error."""
    from mtlearn.interleave.node import LoadError

    try:
        yield
    except Failure as failure:
        raise MtlearnError(
            f"{file} cannot be played.", failure.message, failure.help or "Fix that first, then play."
        ) from failure
    except LoadError as error:
        raise MtlearnError(f"{file} cannot be played.", f"{error}.", "Fix that first, then play.") from error


class _Told:
    """An executor whose failures are reported as errors."""

    def __init__(self, executor: Executor, file: str) -> None:
        self._executor, self._file = executor, file
        self.runtime, self.batch = executor.runtime, executor.batch

    def run(self, plans: Sequence[Plan]) -> Iterator[Execution]:
        with _telling(self._file):
            yield from self._executor.run(plans)

    def close(self) -> None:
        self._executor.close()
