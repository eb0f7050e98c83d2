"""What a command ends with when the learner goes on to another one by a key: no command calls another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Onwards:
    """The words of the command to go on with, and of the one to come back to when that has ended."""

    words: tuple[str, ...]
    back: tuple[str, ...] = ()
