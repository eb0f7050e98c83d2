"""A walk through a lesson: what was answered and measured on it, and where it goes on next time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from mtlearn.course.claim import NotMeasured
from mtlearn.course.excerpt import Excerpt
from mtlearn.course.lesson import Demo, Lesson, Outcome, Predict, Step
from mtlearn.course.quiz import Question
from mtlearn.experiment import Run
from mtlearn.learner.progress import LessonProgress


@dataclass(frozen=True)
class Judged:
    """A prediction, the number of the choice taken (0-based; None: it was skipped), and what happened."""

    prediction: Predict
    taken: int | None
    happened: Outcome


END = "the end"  # the place behind the last step; it is no key of a step


class Walk:
    """One learner in one lesson. `remember` is told of every change; None: nobody answers, and nothing is kept."""

    def __init__(
        self, lesson: Lesson, progress: LessonProgress, remember: Callable[[LessonProgress], None] | None
    ) -> None:
        self.lesson = lesson
        self.progress = progress
        self.runs: dict[str, tuple[Run, ...]] = {}
        self.taken: dict[str, int | None] = {}  # by question, in this round of the quiz; None: it was skipped
        self._remember = remember

    def start(self) -> int:
        """The number of the step to begin with (0-based): where the learner stopped."""
        keys = [step.key for step in self.lesson.steps]
        return keys.index(self.progress.step) if self._remember and self.progress.step in keys else 0

    @property
    def at_end(self) -> bool:
        """Whether the learner left the end of the lesson to come back to it."""
        return self.progress.step == END

    def resume_quiz(self, questions: Sequence[Question]) -> int:
        """The number of the question to begin with (0-based); the answers before it count."""
        at = self.progress.question if self._remember and self.progress.question < len(questions) else 0
        for question in questions[:at]:
            self.taken[question.text] = self.progress.answers.get(question.text)
        return at

    def keep(self, step: Step, question: int = 0) -> None:
        """The learner is at this step, and in a quiz at this question."""
        self.progress.step, self.progress.question = step.key, question
        self._note()

    def finish(self) -> None:
        """The learner has come to the end."""
        self.progress.step, self.progress.question, self.progress.finished = None, 0, True
        self._note()

    def leave_end(self) -> None:
        """The learner leaves the end of the lesson, and will come back to it."""
        self.progress.step = END
        self._note()

    def predict(self, step: Predict, choice: int) -> None:
        """The learner predicts this choice."""
        self.progress.answers[step.key] = choice
        self._note()

    def skip(self, step: Predict) -> None:
        """The learner predicts nothing."""
        self.progress.answers.pop(step.key, None)
        self._note()

    def answer(self, question: Question, choice: int | None) -> None:
        """The learner takes this choice; None: skips the question."""
        self.taken[question.text] = choice
        if choice is not None:
            self.progress.answers[question.text] = choice
        self._note()

    def score(self, questions: Sequence[Question]) -> tuple[int, int]:
        """How many of the questions were answered rightly in this round, and how many were skipped."""
        right = sum(self.taken.get(question.text) == question.right for question in questions)
        return right, sum(self.taken.get(question.text) is None for question in questions)

    def ran(self, demo: Demo, runs: tuple[Run, ...]) -> None:
        """The demo has measured this: it answers the predictions."""
        self.runs[demo.name] = runs
        for judged in self.judged(demo):
            if judged.taken is not None and judged.happened.choice is not None:
                self.progress.predicted[judged.prediction.key] = judged.taken == judged.happened.choice
        self._note()

    def opens(self, step: Predict) -> bool:
        """Whether it is the first prediction about its experiment."""
        return next(each for each in self.lesson.steps if isinstance(each, Predict) and each.demo == step.demo) is step

    def demo(self, name: str) -> Demo:
        """The experiment of that name."""
        return next(each for each in self.lesson.demos if each.name == name)

    def code(self, demo: str) -> list[tuple[str, tuple[Excerpt, ...]]]:
        """The lines that an experiment measures, by the kind of runtime."""
        found = self.demo(demo)
        return [(kind, self.lesson.excerpts(found, kind)) for kind in found.runtimes]

    def judged(self, demo: Demo) -> tuple[Judged, ...]:
        """The predictions about a demo that has run, each against what happened."""
        measured = tuple(run.measured for run in self.runs[demo.name] if run.measured.rows)
        found = []
        for prediction in self.lesson.predictions(demo):
            taken = self.progress.answers.get(prediction.key)
            try:
                happened = prediction.outcome(measured)
            except NotMeasured as missing:
                happened = Outcome(None, f"It could not be measured here: {missing}.")
            found.append(Judged(prediction, taken if taken in range(len(prediction.choices)) else None, happened))
        return tuple(found)

    def figure(self, question: Question) -> str:
        """What an experiment of this walk measured about a question; empty where none did."""
        if question.figure is None:
            return ""
        try:
            return question.figure({name: tuple(run.measured for run in runs) for name, runs in self.runs.items()})
        except (NotMeasured, KeyError):
            return ""

    def _note(self) -> None:
        if self._remember:
            self._remember(self.progress)
