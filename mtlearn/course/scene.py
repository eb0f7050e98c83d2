"""A scene: a little program that the learner is to break, by choosing who takes the next step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtlearn.course.exercise import SUFFIX
from mtlearn.errors import MtlearnError


def _nothing(_memory: dict[str, Any], _returns: list[Any]) -> str | None:
    return None


@dataclass(frozen=True)
class Scene:
    """One scene. `wrong` says what is wrong with a run that has ended: with what it left in memory and returned.

    A deadlock, an exception and the like are wrong by themselves. `safe` says that no order of steps goes wrong: the
    player is to find that out. The program lies in `folder`, in the languages of
    `runtimes`; `task` is the lesson that is about it.
    """

    name: str
    task: int
    about: str
    goal: str
    hint: str
    wrong: Callable[[dict[str, Any], list[Any]], str | None] = _nothing
    runtimes: tuple[str, ...] = ("python", "node")
    folder: Path = Path()
    safe: bool = False

    def file(self, language: str) -> Path:
        """The program in one language. Raises MtlearnError where there is none."""
        if language not in self.runtimes:
            names = {"python": "Python", "node": "JavaScript"}
            raise MtlearnError(
                f"There is no scene {self.name} in {names[language]}.",
                f"It is about {' and '.join(names[each] for each in self.runtimes)} only.",
                f"mtlearn play {self.name} --runtime {self.runtimes[0]}",
            )
        return self.folder / f"{self.name.replace('-', '_')}{SUFFIX[language]}"

    def scenarios(self, language: str) -> Path:
        """What makes a scenario of it."""
        return self.folder / f"scenarios{SUFFIX[language]}"
