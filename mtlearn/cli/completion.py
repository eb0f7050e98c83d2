"""What the shell offers for an argument: the names that there are, each with its title."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mtlearn.errors import MtlearnError

if TYPE_CHECKING:
    from mtlearn.course.content import Course

Names = list[tuple[str, str]]
Offer = tuple[list[str], str]
"""The forms of a name, the usual one first, and its title."""


def completing(known: Callable[[Course], Sequence[Offer]]) -> Callable[[str], Names]:
    """What completes the beginning of a name: the usual names; where none begins so, the other forms of them."""

    def complete(incomplete: str) -> Names:
        from mtlearn.course.content import load

        try:
            offers = known(load())
        except MtlearnError:  # a damaged course is reported by the command itself
            return []
        usual = [(forms[0], title) for forms, title in offers if forms[0].startswith(incomplete)]
        return usual or [(form, title) for forms, title in offers for form in forms if form.startswith(incomplete)]

    return complete


def _lessons(course: Course) -> list[Offer]:
    from mtlearn.course.names import forms

    return [(forms("lesson", lesson.number), lesson.title) for lesson in course.outline().lessons]


def _demos(course: Course) -> list[Offer]:
    return [(_spelt(demo.name), demo.shows) for lesson in course.outline().lessons for demo in lesson.demos]


def _exercises(course: Course) -> list[Offer]:
    from mtlearn.course.names import forms, number_in

    def written(name: str) -> list[str]:
        number = number_in(name)
        return [name, *forms("exercise", number.value)] if number else _spelt(name)

    return [(written(exercise.name), exercise.title) for exercise in course.outline().exercises]


def _played(course: Course) -> list[Offer]:
    explored = {exercise.name for exercise in course.outline().exercises if exercise.explored}
    own = [offer for offer in _exercises(course) if offer[0][0] in explored]
    return [(_spelt(scene.name), scene.shows) for scene in course.outline().scenes] + own


def _terms(course: Course) -> list[Offer]:
    from mtlearn.course.glossary import glossary

    return [(_spelt(name), entry.term.says) for entry in glossary(course) for name in entry.names]


def _spelt(name: str) -> list[str]:
    return [name, name.replace("-", "_"), name.title(), name.upper()]


lessons = completing(_lessons)
demos = completing(_demos)
exercises = completing(_exercises)
played = completing(_played)
terms = completing(_terms)
