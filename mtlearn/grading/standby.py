"""A judge in a process of its own: got ready before it is needed, and ended at any moment with all it started.

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
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.grading.verdict import CheckResult, Verdict
from mtlearn.processes import end_tree, exit_meaning, start
from mtlearn.temporary import TemporaryFolder

if TYPE_CHECKING:
    from mtlearn.course.exercise import Exercise

PACKAGE_ROOT = str(Path(__file__).resolve().parents[2])
# The program's own folder is searched for `mtlearn` alone: where it is installed, much else lies beside it.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); import mtlearn; del sys.path[0]; "
    "from mtlearn.grading.standby import main; main(sys.argv[2])"
)


class JudgeEnded(Exception):
    """The judge was ended before it had a verdict."""


class StandbyJudge:
    """The asking side. The constructor starts the process, which gets ready; raises OSError where that cannot be."""

    def __init__(self) -> None:
        self._ended = False
        self._folder = TemporaryFolder()
        try:
            self._process = start([sys.executable, "-P", "-c", _START, PACKAGE_ROOT, self._folder.path])
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
        asked = [exercise.number, *map(str, (exercise.folder, exercise.solutions, file)), runtime, str(executable)]
        results: list[CheckResult] = []
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(OSError):  # a process that is dead already will show in the answer
            self._process.stdin.write(json.dumps(asked).encode() + b"\n")
            self._process.stdin.flush()
        for line in self._process.stdout:
            told = json.loads(line)
            if "check" in told:
                results.append(CheckResult(**told["check"]))
                on_check(results[-1])
            elif "error" in told:
                message, cause, fix, code = told["error"]
                raise MtlearnError(message, cause, fix, ExitCode(code))
            else:
                return Verdict(exercise.name, runtime, file, tuple(results), told["seconds"])
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

    def tell(thing: dict[str, Any]) -> None:
        told.write(json.dumps(thing) + "\n")
        told.flush()

    with contextlib.suppress(KeyboardInterrupt):  # the input has ended, and the subject was ended on the way here
        _serve(tell)


def _serve(tell: Callable[[dict[str, Any]], None]) -> None:
    """Get ready, wait to be asked, grade, tell."""
    import psutil  # noqa: F401 - these are what takes long to import
    import pytest  # noqa: F401

    import mtlearn.grading.collector
    import mtlearn.interleave.node  # noqa: F401
    from mtlearn.course.exercise import Exercise
    from mtlearn.grading.judge import grade

    asked = sys.stdin.readline()
    if not asked:
        return
    number, *paths, runtime, executable = json.loads(asked)
    own, solutions, file = map(Path, paths)
    exercise = Exercise(number, own, solutions)
    threading.Thread(target=_end_with_input, daemon=True).start()
    try:
        verdict = grade(exercise, file, runtime, Path(executable), lambda result: tell({"check": result.to_json()}))
        tell({"seconds": verdict.seconds})
    except MtlearnError as error:
        tell({"error": [error.message, error.cause, error.fix, error.exit_code]})


def _end_with_input() -> None:
    """When standard input ends, interrupt the main thread, as Ctrl-C would."""
    sys.stdin.read()
    if os.name == "posix":
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        import _thread

        _thread.interrupt_main()
