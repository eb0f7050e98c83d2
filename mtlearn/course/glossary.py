"""The terms of all lessons, in alphabetical order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mtlearn.course.content import Course
from mtlearn.course.names import plain
from mtlearn.course.summary import Term, terms
from mtlearn.errors import unknown_name


@dataclass(frozen=True)
class Entry:
    """A term, and the lesson that is about it."""

    term: Term
    lesson: int

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called."""
        return (self.term.name, *self.term.also)


def glossary(course: Course) -> tuple[Entry, ...]:
    """Every term. Raises MtlearnError when a lesson's summary.toml is missing or damaged."""
    found = [Entry(term, number) for number in course.lesson_numbers() for term in terms(course.lesson_folder(number))]
    return tuple(sorted(found, key=lambda entry: entry.term.name.casefold()))


def named(entries: Sequence[Entry], typed: str) -> tuple[Entry, ...]:
    """The terms of this name; else those with it in a name; else those whose words in a runtime have it.

    Raises MtlearnError when there is none.
    """
    asked = plain(typed)
    own = [entry for entry in entries if asked in map(plain, entry.names)]
    part = [entry for entry in entries if any(asked in plain(name) for name in entry.names)]
    words = [entry for entry in entries if asked in plain(f"{entry.term.python} {entry.term.node}")]
    if asked and (found := own or part or words):
        return tuple(found)
    names = [name for entry in entries for name in entry.names]
    raise unknown_name("term", typed, names, "mtlearn glossary", "mtlearn glossary")
