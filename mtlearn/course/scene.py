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

    A deadlock, an exception and the like are wrong by themselves. The program lies in `folder`, in the languages of
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

    def file(self, kind: str) -> Path:
        """The program in one language. Raises MtlearnError where there is none."""
        if kind not in self.runtimes:
            language = {"python": "Python", "node": "JavaScript"}
            raise MtlearnError(
                f"The scene {self.name} is not there in {language[kind]}.",
                f"It is about {' and '.join(language[each] for each in self.runtimes)} only.",
                f"mtlearn play {self.name} --runtime {self.runtimes[0]}",
            )
        return self.folder / f"{self.name.replace('-', '_')}{SUFFIX[kind]}"

    def scenarios(self, kind: str) -> Path:
        """What makes a scenario of it."""
        return self.folder / f"scenarios{SUFFIX[kind]}"
