"""What the learner has done so far: one JSON file in the user's data directory."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import msgspec

from mtlearn.errors import reason
from mtlearn.learner.files import locked, write_whole

VERSION = 2  # 1 had no times, attempts, predictions or demos
VARIABLE = "MTLEARN_HOME"
PAUSE_S = 900.0  # who does nothing for longer does something else


class Timed(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """How long the learner was at it, in seconds, pauses left out; and when last (since the epoch)."""

    seconds: float = 0.0
    seen: float | None = None

    def touch(self, now: float) -> None:
        """Something was done at this time: what has passed since the last time counts, unless it was a pause."""
        if self.seen is not None and 0 <= now - self.seen <= PAUSE_S:
            self.seconds += now - self.seen
        self.seen = now


class LessonProgress(Timed):
    """One lesson: the key of the step it stopped at, whether it was finished, and what was answered.

    `question` is the one of the quiz that it stopped at (0-based). `answers` has, by step key or question text, the
    number of the choice taken (0-based); `predicted` has, by step key, whether a prediction came true.
    """

    step: str | None = None
    finished: bool = False
    answers: dict[str, int] = {}
    predicted: dict[str, bool] = {}
    question: int = 0


class ExerciseProgress(Timed):
    """One exercise: hints seen, and of each language the status ("pass", "fail", "error") and how often it was checked.

    The status is the last one, and "pass" from the first pass on.
    """

    hints: int = 0
    status: dict[str, str] = {}
    attempts: dict[str, int] = {}

    def note(self, language: str, status: str) -> None:
        """It was checked once more, with this status."""
        self.attempts[language] = self.attempts.get(language, 0) + 1
        if self.status.get(language) != "pass":
            self.status[language] = status


CardKind = Literal["question", "kata", "scene"]


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to be asked again: when it is due, and when it was last reviewed (seconds since the epoch).

    `stability` (in days) and `difficulty` (1 to 10) are FSRS's; None, as `last`, before the first review.
    """

    kind: CardKind
    name: str
    due: float
    last: float | None = None
    stability: float | None = None
    difficulty: float | None = None

    @property
    def key(self) -> str:
        """What progress remembers it by."""
        return f"{self.kind}: {self.name}"


@dataclass
class Progress:
    """Everything, by lesson number and exercise name; of each demo how often it was run.

    `won` has of each scene that was won the fewest moves it took; `cards` what is to be asked again, by its key.
    """

    lessons: dict[int, LessonProgress] = field(default_factory=dict)
    exercises: dict[str, ExerciseProgress] = field(default_factory=dict)
    demos: dict[str, int] = field(default_factory=dict)
    won: dict[str, int] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)

    def lesson(self, number: int) -> LessonProgress:
        """The progress in a lesson, an empty one at first."""
        return self.lessons.setdefault(number, LessonProgress())

    def exercise(self, name: str) -> ExerciseProgress:
        """The progress in an exercise, an empty one at first."""
        return self.exercises.setdefault(name, ExerciseProgress())

    def ran(self, demo: str) -> None:
        """A demo was run once more."""
        self.demos[demo] = self.demos.get(demo, 0) + 1

    def win(self, scene: str, moves: int) -> None:
        """A scene was won in so many moves."""
        self.won[scene] = min(moves, self.won.get(scene, moves))

    @property
    def document(self) -> ProgressFileDocument:
        """What stands in the file."""
        return ProgressFileDocument(
            lessons=self.lessons, exercises=self.exercises, demos=self.demos, won=self.won, cards=self.cards
        )


class ProgressFileDocument(msgspec.Struct, kw_only=True):
    """The file as it is written. What an older version did not have is as at first."""

    version: int = VERSION
    lessons: dict[int, LessonProgress]
    exercises: dict[str, ExerciseProgress]
    demos: dict[str, int] = {}
    won: dict[str, int] = {}
    cards: dict[str, Card] = {}


class _Version(msgspec.Struct):
    version: int


def parse(text: str) -> Progress:
    """Progress from what stands in the file. Raises ValueError when it is damaged, NewerVersion when it is newer."""
    try:
        if msgspec.json.decode(text, type=_Version).version > VERSION:
            raise NewerVersion
        read = msgspec.json.decode(text, type=ProgressFileDocument)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
    return Progress(read.lessons, read.exercises, read.demos, read.won, read.cards)


class NewerVersion(Exception):
    """The file was written by a newer mtlearn."""


class ProgressFile:
    """The file itself. A file that cannot be used never stops a command: `notice` is told and it goes on without."""

    def __init__(self, folder: Path, notice: Callable[[str], None]) -> None:
        self.path = folder / "progress.json"
        self._notice = notice

    def read(self) -> Progress:
        """What is remembered; nothing where the file is not there, or cannot be used."""
        return self._read() or Progress()

    def change(self, change: Callable[[Progress], None]) -> None:
        """Change what is remembered, in one step, and one command after the other."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with locked(self.path.with_suffix(".lock")):
                progress = self._read()
                if progress is None:
                    return
                before = deepcopy(progress)
                change(progress)
                if progress != before:
                    write_whole(self.path, msgspec.json.format(msgspec.json.encode(progress.document), indent=1))
        except OSError as error:
            self._notice(f"Your progress cannot be kept: {error.filename or self.path}: {reason(error)}.")

    def _read(self) -> Progress | None:
        """None when it must not be written to either."""
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Progress()
        except OSError as error:
            self._notice(f"Your progress cannot be read: {self.path}: {reason(error)}.")
            return None
        except UnicodeDecodeError:
            return self._keep_aside("it is not text")
        try:
            return parse(text)
        except NewerVersion:
            self._notice(f"{self.path} was written by a newer mtlearn; it is left alone: pip install --upgrade mtlearn")
            return None
        except (ValueError, RecursionError) as error:
            return self._keep_aside(str(error))

    def _keep_aside(self, why: str) -> Progress | None:
        now = time.strftime("%Y%m%d-%H%M%S")
        names = (f"progress.damaged-{now}{more}.json" for more in ("", *(f"-{number}" for number in range(2, 1_000))))
        aside = next(path for name in names if not (path := self.path.with_name(name)).exists())
        try:
            os.replace(self.path, aside)
        except OSError as error:
            self._notice(f"Your progress file {self.path} is damaged ({why}), and cannot be moved: {reason(error)}.")
            return None
        self._notice(f"Your progress file was damaged ({why}). It is kept as {aside}; a new one is begun.")
        return Progress()


def home() -> Path:
    """Where progress is kept: MTLEARN_HOME, else the user's data directory."""
    named = os.environ.get(VARIABLE)
    if named:
        return Path(named)
    import platformdirs

    return platformdirs.user_data_path("mtlearn", appauthor=False)
