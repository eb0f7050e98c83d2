"""Playing a lesson: one step after the other, forwards and back, with the learner's answers kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from mtlearn.course.claim import Measured, NotMeasured
from mtlearn.course.lesson import Demo, Lesson, Outcome, Predict, Quiz, Step, Text
from mtlearn.experiment import Run
from mtlearn.learner.progress import LessonProgress
from mtlearn.render import demo as draw_demo
from mtlearn.render import lesson as draw
from mtlearn.render.pages import Pages
from mtlearn.render.screen import Screen

Experiments = Callable[[Demo], tuple[Run, ...]]


class Keys(Protocol):
    """Where the learner's answers come from."""

    def go_on(self) -> str:
        """ "next", "back" or "quit"."""

    def more(self) -> str:
        """The same, at the end of a page."""

    def choose(self, count: int) -> int | str:
        """The number of a choice (0-based), or "next" (skip), "back" or "quit"."""


class _Left(Exception):
    """A step was left in the middle, for the one that `move` leads to."""

    def __init__(self, move: str) -> None:
        super().__init__(move)
        self.move = move


class Player:
    """Plays one lesson on a screen.

    `experiments` runs a demo in all runtimes, drawing its progress. `keys` None means nobody answers: everything is
    shown and every demo runs. `remember` is told after each step how far the learner has come.
    """

    def __init__(
        self,
        lesson: Lesson,
        screen: Screen,
        experiments: Experiments,
        keys: Keys | None,
        progress: LessonProgress,
        remember: Callable[[LessonProgress], None],
    ) -> None:
        self.lesson = lesson
        self.screen = screen
        self.experiments = experiments
        self.keys = keys
        self.progress = progress
        self.remember = remember
        self.runs: dict[str, tuple[Run, ...]] = {}
        self.pages = Pages(screen.console)

    def play(self) -> bool:
        """Play from where the learner stopped; whether the end was reached."""
        steps = self.lesson.steps
        at = self._start()
        if at:
            self._print(draw.resumed(at + 1, len(steps)))
        while at < len(steps):
            step = steps[at]
            self._keep(step)
            try:
                self._print(draw.step_rule(self.lesson, step, at + 1, len(steps)))
                move = self._show(step)
            except _Left as left:
                move = left.move
                self.pages.begin()
            if move == "quit":
                self._keep(step)
                return False
            at = max(0, at - 1) if move == "back" else at + 1
        if self.keys:
            self.progress.step, self.progress.finished = None, True
            self.remember(self.progress)
        return True

    def _start(self) -> int:
        keys = [step.key for step in self.lesson.steps]
        return keys.index(self.progress.step) if self.keys and self.progress.step in keys else 0

    def _keep(self, step: Step) -> None:
        if self.keys:
            self.progress.step = step.key
            self.remember(self.progress)

    def _show(self, step: Step) -> str:
        if isinstance(step, Text):
            assert self.lesson.words is not None
            self._print(draw.words(self.lesson.words[step.heading]))
            return self._go_on()
        if isinstance(step, Predict):
            return self._predict(step)
        if isinstance(step, Demo):
            return self._demo(step)
        return self._quiz(step)

    def _go_on(self) -> str:
        self.pages.begin()
        return self.keys.go_on() if self.keys else "next"

    def _choose(self, count: int) -> int | str | None:
        self.pages.begin()
        return self.keys.choose(count) if self.keys else None

    def _predict(self, step: Predict) -> str:
        self._print(draw.question(step.question, step.choices))
        answer = self._choose(len(step.choices))
        if answer is None:
            return "next"
        if isinstance(answer, str):
            return answer
        self.progress.answers[step.key] = answer
        self._print(draw.taken(step.choices[answer]))
        return "next"

    def _demo(self, step: Demo) -> str:
        self._print(draw.experiment(step.shows))
        runs = self.runs[step.name] = self.experiments(step)
        self._print(draw_demo.results(step, runs, self.screen))
        self._print(draw_demo.claims(runs))
        measured = tuple(run.measured for run in runs if run.measured.rows)
        for prediction in self._predictions(step):
            outcome, answer = _outcome(prediction, measured), self.progress.answers.get(prediction.key)
            if answer in range(len(prediction.choices)) and outcome.choice is not None:
                self.progress.predicted[prediction.key] = answer == outcome.choice
            self._print(draw.outcome(prediction, answer, outcome))
        self._keep(step)
        return self._go_on()

    def _predictions(self, demo: Demo) -> Sequence[Predict]:
        return [step for step in self.lesson.steps if isinstance(step, Predict) and step.demo == demo.name]

    def _quiz(self, step: Quiz) -> str:
        measured = {name: tuple(run.measured for run in runs) for name, runs in self.runs.items()}
        right = 0
        for number, question in enumerate(step.questions, 1):
            self._print(draw.question(f"{number}. {question.text}", question.choices))
            answer = self._choose(len(question.choices))
            if isinstance(answer, str):
                if answer != "next":
                    return answer
                answer = None
            if answer is not None:
                self.progress.answers[question.text] = answer
                self._keep(step)
                right += answer == question.right
            self._print(draw.answer(question, answer, _figure(question.figure, measured)))
        if self.keys:
            self._print(draw.score(right, len(step.questions)))
        return "next"

    def _print(self, *things: object) -> None:
        if self.keys is None:
            self.screen.console.print(*things)
            return
        for number, piece in enumerate(self.pages.cut(*things)):
            if number and (move := self.keys.more()) != "next":
                raise _Left(move)
            self.screen.write(piece)


def _outcome(prediction: Predict, measured: tuple[Measured, ...]) -> Outcome:
    try:
        return prediction.outcome(measured)
    except NotMeasured as missing:
        return Outcome(None, f"It could not be measured here: {missing}.")


def _figure(
    figure: Callable[[Mapping[str, tuple[Measured, ...]]], str] | None,
    measured: Mapping[str, tuple[Measured, ...]],
) -> str:
    if figure is None:
        return ""
    try:
        return figure(measured)
    except (NotMeasured, KeyError):
        return ""
