"""What was handed in: one student's file for one exercise; and what could not be placed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Submission:
    """One file to grade.

    exercise  its name: "exercise-5"
    runtime   the language it is in: "python" or "node"
    shown     where it was found, seen from the folder that was given; an archive counts as a folder
    path      where it can be read now
    note      what is to be told of it, such as the older file that it was taken for
    """

    student: str
    exercise: str
    runtime: str
    shown: str
    path: Path
    note: str = ""


@dataclass(frozen=True)
class Unplaced:
    """Something that was found and is not graded, and why. `lost`: it may be somebody's work."""

    shown: str
    why: str
    lost: bool = True


@dataclass(frozen=True)
class Roll:
    """All that was found in a folder: what is to be graded, by student and exercise, and what is not."""

    submissions: tuple[Submission, ...]
    unplaced: tuple[Unplaced, ...]

    @property
    def students(self) -> tuple[str, ...]:
        """Their names, each once, in order."""
        return tuple(dict.fromkeys(each.student for each in self.submissions))

    @property
    def lost(self) -> tuple[Unplaced, ...]:
        """What may be somebody's work, and cannot be graded."""
        return tuple(each for each in self.unplaced if each.lost)

    def of(self, exercise: str) -> Roll:
        """The files for one exercise alone; what could not be placed may be for it, too."""
        return Roll(tuple(each for each in self.submissions if each.exercise == exercise), self.unplaced)
