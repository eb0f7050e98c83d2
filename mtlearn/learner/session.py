"""The learner at work on the exercises: what `check`, `hint`, `solution`, `reset` and `watch` do with progress."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mtlearn.course.exercise import SUFFIX, Exercise
from mtlearn.course.files import read
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.grading.verdict import Verdict
from mtlearn.learner import replays
from mtlearn.learner.progress import ExerciseProgress, Progress, ProgressFile
from mtlearn.learner.workspace import Workspace


@dataclass(frozen=True)
class Hint:
    """One hint of so many."""

    level: int
    count: int
    text: str

    @property
    def last(self) -> bool:
        """Whether there is no further one."""
        return self.level == self.count


@dataclass(frozen=True)
class Solution:
    """The reference solution beside the learner's own file (None: there is none), in one language."""

    runtime: str
    mine: str | None
    reference: str


@dataclass(frozen=True)
class ExerciseSession:
    """Where the learner works: their workspace and their progress; `home` is where interleavings are kept."""

    workspace: Workspace
    progress: ProgressFile
    home: Path
    notice: Callable[[str], None]
    clock: Callable[[], float] = time.time

    def known(self, exercise: Exercise) -> ExerciseProgress:
        """What is remembered of an exercise."""
        return self.progress.read().exercise(exercise.name)

    def touch(self, exercise: Exercise) -> None:
        """Remember that the learner is at it."""
        self._change(exercise, lambda known: None)

    def note(self, verdict: Verdict, exercise: Exercise) -> Path | None:
        """Remember a verdict on the learner's own file; where its interleaving is kept, if it has one."""
        self._change(exercise, lambda known: known.note(verdict.runtime, verdict.status))
        return replays.keep(verdict, self.home, self.notice)

    def next_hint(self, exercise: Exercise) -> Hint:
        """The next of the hints; the last one stays."""
        hints = exercise.hints()
        level = min(self.known(exercise).hints + 1, len(hints))
        self._change(exercise, lambda known: setattr(known, "hints", level))
        return Hint(level, len(hints), hints[level - 1])

    def solution(self, exercise: Exercise, runtime: str | None, anyway: bool = False) -> Solution:
        """The reference solution; without a runtime, in the language that was passed, else Python.

        Raises MtlearnError when the exercise was not passed in that language, unless `anyway`.
        """
        passed = [name for name, status in self.known(exercise).status.items() if status == "pass"]
        chosen = runtime or next((name for name in SUFFIX if name in passed), "python")
        if chosen not in passed and not anyway:
            option = "" if chosen == "python" else f" --runtime {chosen}"
            raise MtlearnError(
                f"{exercise.name} is not passed yet.",
                "The solution is shown once your own passes, so that you get to find one first.",
                f"mtlearn hint {exercise.name}; or, to see it anyway: "
                f"mtlearn solution {exercise.name}{option} --anyway",
                ExitCode.FAILED,
            )
        file = self.workspace.file(exercise, chosen)
        mine = file.read_text(encoding="utf-8", errors="replace") if file.is_file() else None
        return Solution(chosen, mine, read(exercise.solution(chosen)))

    def reset(self, exercise: Exercise, runtimes: tuple[str, ...]) -> dict[Path, Path]:
        """Put the starters back in place of the learner's files, and begin the hints again; each file with its copy."""
        stamp = time.strftime("%Y%m%d-%H%M%S", time.localtime(self.clock()))
        files = {self.workspace.file(exercise, name): self.workspace.reset(exercise, name, stamp) for name in runtimes}
        self._change(exercise, lambda known: setattr(known, "hints", 0))
        return files

    def _change(self, exercise: Exercise, change: Callable[[ExerciseProgress], None]) -> None:
        def both(known: Progress) -> None:
            change(known.exercise(exercise.name))
            known.exercise(exercise.name).touch(self.clock())

        self.progress.change(both)
