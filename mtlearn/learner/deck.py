"""What the cards of a review are about: the questions, katas and scenes of the course."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mtlearn.course.content import Course
from mtlearn.course.kata import Kata, katas
from mtlearn.course.lesson import Lesson
from mtlearn.course.quiz import Question, Quiz
from mtlearn.course.scene import Scene
from mtlearn.learner.progress import Card
from mtlearn.learner.reviews import Recall


@dataclass(frozen=True)
class Asked:
    """A card, with the questions that review it (of a kata two: its line, and the belief); or with a scene to win."""

    card: Card
    questions: tuple[Question, ...] = ()
    scene: Scene | None = None

    def recall(self, answers: Mapping[str, int]) -> Recall | None:
        """How well it was remembered, from the choices taken by question; None as long as one is open, or skipped."""
        if any(question.text not in answers for question in self.questions):
            return None
        first, *others = [answers[question.text] == question.right for question in self.questions]
        if not first:
            return Recall.FORGOTTEN
        return Recall.WELL if all(others) else Recall.HARDLY


def asked(course: Course, cards: Iterable[Card]) -> dict[str, Asked]:
    """What each card asks, by its key; what the course has no more is left out. Raises MtlearnError."""
    wanted = {card.key: card for card in cards}
    kinds = {card.kind for card in wanted.values()}
    found: dict[str, Asked] = {}
    if "question" in kinds:
        for lesson in course.lessons():
            for question in questions(lesson):
                _add(found, wanted, f"question: {question.text}", questions=(question,))
    if "kata" in kinds:
        for kata in katas(course):
            _add(found, wanted, f"kata: {name(kata)}", questions=kata.questions)
    for scene in course.scenes():
        _add(found, wanted, f"scene: {scene.name}", scene=scene)
    return found


def questions(lesson: Lesson) -> tuple[Question, ...]:
    """The questions of a lesson's quiz."""
    return tuple(question for step in lesson.steps if isinstance(step, Quiz) for question in step.questions)


def name(kata: Kata) -> str:
    """What a kata's card is called: its number may change, the mutant it is made of does not."""
    return f"{kata.exercise.name}/{kata.mutant.file_name}"


def _add(
    found: dict[str, Asked],
    wanted: Mapping[str, Card],
    key: str,
    questions: tuple[Question, ...] = (),
    scene: Scene | None = None,
) -> None:
    if key in wanted:
        found[key] = Asked(wanted[key], questions, scene)
