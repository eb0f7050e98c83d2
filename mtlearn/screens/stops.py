"""Where a walk through a lesson stops, one screen each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtlearn.course.lesson import Step
from mtlearn.course.quiz import Quiz


@dataclass(frozen=True)
class Stop:
    """A place where a walk stops: a step of the lesson, one question of its quiz, or what comes after all of them."""

    step: Step | None
    question: int | None = None


def stops(steps: Sequence[Step], ends: bool) -> list[Stop]:
    """Where a walk through these steps stops: in a quiz at each question and at the score; at the end, if it `ends`."""
    found: list[Stop] = []
    for step in steps:
        if isinstance(step, Quiz):
            found += [Stop(step, number) for number in range(len(step.questions))]
        found.append(Stop(step))
    return [*found, Stop(None)] if ends else found
