"""Playing a lesson as text, one step after the other: into a pipe, for a screen reader, on a simple terminal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from mtlearn.course.lesson import Demo, Predict, Step, Text
from mtlearn.course.quiz import Quiz
from mtlearn.experiment import Run
from mtlearn.render import code as draw_code
from mtlearn.render import demo as draw_demo
from mtlearn.render import lesson as draw
from mtlearn.render.pages import Pages
from mtlearn.render.screen import Screen
from mtlearn.screens.walk import Walk

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
    """Plays one walk on a screen.

    `experiments` runs a demo in all runtimes, drawing its progress. `keys` None means nobody answers: everything is
    shown and every demo runs.
    """

    def __init__(self, walk: Walk, screen: Screen, experiments: Experiments, keys: Keys | None) -> None:
        self.walk = walk
        self.screen = screen
        self.experiments = experiments
        self.keys = keys
        self.pages = Pages(screen.console)

    def play(self) -> bool:
        """Play from where the learner stopped; whether the end was reached."""
        steps = self.walk.lesson.steps
        at = self.walk.start()
        if at:
            self._print(draw.resumed(at + 1, len(steps)))
        while at < len(steps):
            step = steps[at]
            if not isinstance(step, Quiz):
                self.walk.keep(step)
            try:
                self._print(draw.step_rule(self.walk.lesson, step, at + 1, len(steps)))
                move = self._show(step)
            except _Left as left:
                move = left.move
                self.pages.begin()
            if move == "quit":
                return False
            at = max(0, at - 1) if move == "back" else at + 1
        if self.keys:
            self.walk.finish()
        return True

    def _show(self, step: Step) -> str:
        if isinstance(step, Text):
            assert self.walk.lesson.words is not None
            self._print(draw.words(self.walk.lesson.words[step.heading]))
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
        if self.walk.opens(step):
            self._print(draw_code.code(self.walk.code(step.demo), self.screen.console.width, self.screen.coloured))
        answer = self._choose(len(step.choices))
        if answer is None:
            return "next"
        if isinstance(answer, str):
            if answer == "next":
                self.walk.skip(step)
            return answer
        self.walk.predict(step, answer)
        self._print(draw.taken(step.choices[answer]))
        return "next"

    def _demo(self, step: Demo) -> str:
        self._print(draw.experiment(step.about))
        runs = self.experiments(step)
        self.walk.ran(step, runs)
        width = self.screen.console.width
        for judged in self.walk.judged(step):
            self._print(draw.outcome(judged.prediction, judged.taken, judged.happened))
        self._print(draw_demo.results(step, runs, width))
        self._print(draw_demo.claims(runs))
        self._print(draw_demo.details(step, runs, width))
        return self._go_on()

    def _quiz(self, step: Quiz) -> str:
        at = self.walk.resume_quiz(step.questions)
        if at:
            self._print(draw.resumed_quiz(at + 1, len(step.questions)))
        while at < len(step.questions):
            question = step.questions[at]
            self.walk.keep(step, at)
            self._print(draw.question(f"{at + 1}. {question.text}", [choice.says for choice in question.choices]))
            answer = self._choose(len(question.choices))
            if answer == "quit" or (answer == "back" and at == 0):
                return str(answer)
            if answer == "back":
                at -= 1
                continue
            chosen = answer if isinstance(answer, int) else None
            self.walk.answer(question, chosen)
            self._print(draw.answer(question, chosen, self.walk.figure(question)))
            at += 1
        if self.keys:
            right, skipped = self.walk.score(step.questions)
            self._print(draw.score(right, len(step.questions), skipped))
        return "next"

    def _print(self, *things: object) -> None:
        if self.keys is None:
            self.screen.console.print(*things)
            return
        for number, piece in enumerate(self.pages.cut(*things)):
            if number and (move := self.keys.more()) != "next":
                raise _Left(move)
            self.screen.write(piece)
