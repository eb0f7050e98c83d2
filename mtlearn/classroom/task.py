"""One file to grade, as it travels to whoever grades it, and what comes back."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from mtlearn import __version__
from mtlearn.errors import ExitCode, MtlearnError, reason

if TYPE_CHECKING:
    from mtlearn.course.exercise import Exercise
    from mtlearn.grading.prewarmed import PrewarmedGrader

LONGEST_S = 1_800.0  # of one grading, whatever it does: its own limits end it long before
NAMES = {"python": "exercise.py", "node": "exercise.mjs"}  # one name for all: a verdict tells of the content alone
_NO_MATTER = ("statement.md", "hints.md", "starter.py", "starter.mjs", "known_right.toml", "known_wrong.toml")


@dataclass(frozen=True)
class Task:
    """A file's content, and what it is to be graded by.

    checks   the digest of the exercise: whoever grades must have the same
    version  of mtlearn, likewise
    sandbox  whether it is graded under bubblewrap, or not at all
    """

    exercise: str
    runtime: str
    content: bytes
    checks: str
    version: str
    sandbox: bool = False

    @property
    def key(self) -> str:
        """What its verdict is kept under: equal for what must come out the same."""
        parts = (self.version, self.checks, self.exercise, self.runtime, str(self.sandbox))
        return hashlib.sha256("\n".join(parts).encode() + b"\n" + self.content).hexdigest()


@dataclass(frozen=True)
class Graded:
    """What came of a task: the verdict, as `mtlearn check --json` writes it; or why there is none."""

    verdict: str = ""
    problem: str = ""


def task(exercise: Exercise, runtime: str, content: bytes, sandbox: bool = False) -> Task:
    """The task of grading this content as a solution of the exercise."""
    return Task(exercise.name, runtime, content, digest(exercise), __version__, sandbox)


@cache
def digest(exercise: Exercise) -> str:
    """The digest of what decides about a verdict: the exercise's checks, scenarios and terms."""
    known = hashlib.sha256()
    for path in sorted(exercise.folder.iterdir()):
        if path.is_file() and path.name not in _NO_MATTER:
            content = path.read_bytes()
            known.update(f"{path.name} {len(content)}\n".encode() + content)
    return known.hexdigest()


class _Running:
    """What this process grades at this moment, so that it can be ended."""

    def __init__(self) -> None:
        self._ends: set[Callable[[], None]] = set()
        self._over = False
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Files may be graded (again)."""
        with self._lock:
            self._over = False

    def end(self) -> None:
        """End all, and begin no more."""
        with self._lock:
            self._over, ends = True, list(self._ends)
        for end in ends:
            end()

    @contextmanager
    def one(self, grader: PrewarmedGrader) -> Iterator[None]:
        """It grades, and no longer than it may."""
        alarm = threading.Timer(LONGEST_S, grader.end)
        alarm.daemon = True
        alarm.start()
        with self._lock:
            self._ends.add(grader.end)
            over = self._over
        try:
            if over:
                grader.end()
            yield
        finally:
            with self._lock:
                self._ends.discard(grader.end)
            alarm.cancel()
            grader.end()


_running = _Running()
begin, end_all = _running.begin, _running.end


def grade(asked: Task) -> Graded:
    """Grade the file in processes of its own. Whatever goes wrong is told."""
    try:
        return Graded(verdict=_verdict(asked))
    except MtlearnError as error:
        return Graded(problem=f"{error.message} {error.cause}".replace("\n", " "))
    except OSError as error:
        return Graded(problem=f"it cannot be graded here: {reason(error)}")


def _verdict(asked: Task) -> str:
    from mtlearn.classroom import sandbox
    from mtlearn.course.content import load
    from mtlearn.grading.prewarmed import JudgeEnded, PrewarmedGrader
    from mtlearn.lab.runtime import find
    from mtlearn.system.documents import written
    from mtlearn.system.temporary import TemporaryFolder

    exercise = load().exercise(asked.exercise)
    if (asked.version, asked.checks) != (__version__, digest(exercise)):
        raise MtlearnError(
            "The worker has another course.",
            f"It has mtlearn {__version__}, and mtlearn {asked.version} asks, or their {exercise.name} differs.",
            "Install the same mtlearn on both.",
            ExitCode.ENVIRONMENT,
        )
    executable = find(asked.runtime).executable
    with TemporaryFolder() as folder:
        file = folder / NAMES[asked.runtime]
        file.write_bytes(asked.content)
        if asked.sandbox:
            grader = PrewarmedGrader(lambda own: sandbox.around(exercise, executable, folder, own))
        else:
            grader = PrewarmedGrader()
        try:
            with _running.one(grader):
                verdict = grader.grade(exercise, file, asked.runtime, executable)
        except JudgeEnded:
            raise MtlearnError(
                "It was given up.", f"Grading it took longer than {LONGEST_S / 60:.0f} minutes.", "Grade it alone."
            ) from None
    return written(verdict.document).replace(str(folder) + os.sep, "")
