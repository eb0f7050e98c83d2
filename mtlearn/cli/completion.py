"""What the shell offers for an argument: the names that there are, each with its title."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from mtlearn.errors import MtlearnError

if TYPE_CHECKING:
    from mtlearn.course.content import Course

Names = list[tuple[str, str]]


def completing(known: Callable[[Course], Names]) -> Callable[[str], Names]:
    """What completes the beginning of a name."""

    def complete(incomplete: str) -> Names:
        from mtlearn.course.content import load

        try:
            return [(name, title) for name, title in known(load()) if name.startswith(incomplete)]
        except MtlearnError:  # a damaged course is told by the command itself
            return []

    return complete


def _played(course: Course) -> Names:
    explored = [(exercise.name, exercise.title) for exercise in course.exercises() if exercise.explored]
    return [(scene.name, scene.about) for scene in course.scenes()] + explored


lessons = completing(lambda course: [(str(lesson.number), lesson.title) for lesson in course.lessons()])
demos = completing(lambda course: [(demo.name, demo.shows) for lesson in course.lessons() for demo in lesson.demos])
exercises = completing(lambda course: [(exercise.name, exercise.title) for exercise in course.exercises()])
played = completing(_played)
