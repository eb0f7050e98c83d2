"""A judge in its own process: prepared before it is needed, and ended at any moment with all it started.

It grades one file, once. Its process reads one JSON line on standard input, and writes one for each check and one for
the end; when its input ends before that, whoever asked is gone, and it ends too.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.grading.verdict import CheckResult, Verdict
from mtlearn.system.documents import written
from mtlearn.system.processes import end_tree, exit_meaning, start
from mtlearn.system.temporary import TemporaryFolder

if TYPE_CHECKING:
    from mtlearn.course.exercise import Exercise

PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
# The program's own folder is searched for `mtlearn` alone: where it is installed, much else lies beside it.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); import mtlearn; del sys.path[0]; "
    "from mtlearn.grading.prewarmed import main; main(sys.argv[2])"
)


class Asked(msgspec.Struct):
    """What the process is asked: to grade a file."""

    exercise: str
    folder: str
    solutions: str
    file: str
    runtime: str
    executable: str


class Checked(msgspec.Struct, tag="checked"):
    """What it tells of each check."""

    result: CheckResult


class Graded(msgspec.Struct, tag="graded"):
    """What it tells at the end."""

    seconds: float | None


class Failed(msgspec.Struct, tag="failed"):
    """What it tells where it cannot grade: an MtlearnError."""

    message: str
    cause: str
    fix: str
    code: int


Told = Checked | Graded | Failed


class JudgeEnded(Exception):
    """The judge was ended before it had a verdict."""


class PrewarmedGrader:
    """The asking side. The constructor starts the process, which gets ready; raises OSError where that cannot be.

    `around` gives the words that stand before its command, such as a sandbox's; it is told the process's folder.
    """

    def __init__(self, around: Callable[[Path], Sequence[str]] = lambda folder: ()) -> None:
        self._ended = False
        self._folder = TemporaryFolder()
        try:
            before = around(self._folder.path)
            self._process = start([*before, sys.executable, "-P", "-c", _START, PACKAGE_ROOT, self._folder.path])
        except BaseException:
            self._folder.remove()
            raise

    def grade(
        self,
        exercise: Exercise,
        file: Path,
        runtime: str,
        executable: Path,
        on_check: Callable[[CheckResult], None] = lambda result: None,
    ) -> Verdict:
        """The same as `judge.grade`. Raises JudgeEnded when `end` was called meanwhile, by another thread."""
        solutions = str(exercise.solutions)
        asked = Asked(exercise.name, str(exercise.folder), solutions, str(file), runtime, str(executable))
        results: list[CheckResult] = []
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):  # a process that is dead already will show in the answer
            self._process.stdin.write(msgspec.json.encode(asked) + b"\n")
            self._process.stdin.flush()
        for line in self._process.stdout:
            told = msgspec.convert(json.loads(line), Told)
            if isinstance(told, Checked):
                results.append(told.result)
                on_check(told.result)
            elif isinstance(told, Graded):
                return Verdict(exercise.name, runtime, file, tuple(results), told.seconds)
            else:
                raise MtlearnError(told.message, told.cause, told.fix, ExitCode(told.code))
        if self._ended:
            raise JudgeEnded
        raise MtlearnError(
            f"{file} could not be graded.",
            f"The judge itself ended ({exit_meaning(self._process.wait())}).",
            f"mtlearn check {exercise.name}, which may say more.",
            ExitCode.ENVIRONMENT,
        )

    def end(self) -> None:
        """End the process and all it started, whatever they do, and remove its folder. Safe to call twice."""
        self._ended = True
        end_tree(self._process)
        self._folder.remove()


def main(folder: str) -> None:
    """The process; its temporary files lie in the folder of whoever started it."""
    tempfile.tempdir = folder
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "w") as nothing:
        os.dup2(nothing.fileno(), 1)  # what a check prints is no evidence

    def tell(thing: Told) -> None:
        told.write(written(thing) + "\n")
        told.flush()

    with contextlib.suppress(KeyboardInterrupt):  # the input has ended, and the subject was ended on the way here
        _serve(tell)


def _serve(tell: Callable[[Told], None]) -> None:
    """Get ready, wait to be asked, grade, tell."""
    import psutil  # noqa: F401 - these are what takes long to import
    import pytest  # noqa: F401

    import mtlearn.grading.collector
    import mtlearn.interleave.node  # noqa: F401
    from mtlearn.course.exercise import Exercise
    from mtlearn.grading.judge import grade

    line = sys.stdin.readline()
    if not line:
        return
    asked = msgspec.json.decode(line, type=Asked)
    exercise = Exercise(asked.exercise, Path(asked.folder), Path(asked.solutions))
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        file, executable = Path(asked.file), Path(asked.executable)
        verdict = grade(exercise, file, asked.runtime, executable, lambda result: tell(Checked(result)))
        tell(Graded(verdict.seconds))
    except MtlearnError as error:
        tell(Failed(error.message, error.cause, error.fix, error.exit_code))


def _end_with_input() -> None:
    """When standard input ends, interrupt the main thread, as Ctrl-C would."""
    sys.stdin.read()
    if os.name == "posix":
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()
