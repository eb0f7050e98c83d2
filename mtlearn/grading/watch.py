"""Grading on every save: one file is looked at all the time, and graded whenever it is another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from mtlearn.course.exercise import Exercise
from mtlearn.errors import ExitCode, MtlearnError, reason
from mtlearn.grading.prewarmed import JudgeEnded, PrewarmedGrader
from mtlearn.grading.verdict import CheckResult, Verdict

LOOK_S = 0.025  # between two looks at the file
MISSING_LOOKS = 40  # an editor may take the file away for a moment when it saves
# The judge for the next run gets ready after a run, but not while its verdict is being drawn; and during a run that
# goes on for so long that the next save may overtake it.
DRAWING_LOOKS = 8
LONG_LOOKS = 40


@dataclass(frozen=True)
class Task:
    """What is watched: one file, to be graded in one language by this executable, which is called `label`."""

    exercise: Exercise
    file: Path
    runtime: str
    executable: Path
    label: str


@dataclass(frozen=True)
class Started:
    """A run has begun."""

    task: Task


@dataclass(frozen=True)
class Checked:
    """One more check of the run that was told last."""

    result: CheckResult


@dataclass(frozen=True)
class Finished:
    """The run has come to its verdict."""

    task: Task
    verdict: Verdict


@dataclass(frozen=True)
class Stopped:
    """There is nothing to grade, or it could not be graded; a save may change that."""

    error: MtlearnError


Event = Started | Checked | Finished | Stopped


class Grader(Protocol):
    """What grades one file, once: a PrewarmedGrader, unless somebody else is put in its place."""

    def grade(
        self, exercise: Exercise, file: Path, runtime: str, executable: Path, on_check: Callable[[CheckResult], None]
    ) -> Verdict:
        """The verdict. Raises MtlearnError, or JudgeEnded when `end` was called meanwhile."""

    def end(self) -> None:
        """End it, at once."""


class _Run:
    """One grading under way, in its own thread."""

    def __init__(self, judge: Grader, task: Task) -> None:
        self.judge = judge
        self.task = task
        self.done = False
        self.looks = {False: 0, True: 0}  # how often it was seen not done, and done


class Watch:
    """Has a task's file graded at the start, on every save and when asked to; `tell` is called by its threads.

    A save during a run ends that run. What is told belongs to the run that was started last. `make_judge` may raise
    OSError. Close it.
    """

    def __init__(self, tell: Callable[[Event], object], make_judge: Callable[[], Grader] = PrewarmedGrader) -> None:
        self._tell = tell
        self._make_judge = make_judge
        self._ready: Grader | None = None  # that for the next run
        self._seen: object = None  # how the file looked when it was graded last
        self._missing = 0  # looks in a row that found no file
        self._lock = threading.Lock()  # around what follows
        self._task: Task | None = None
        self._asked = False
        self._run: _Run | None = None
        self._closed = False
        self._wake = threading.Event()
        self._threads: list[threading.Thread] = []

    def open(self, task: Task) -> None:
        """Watch this task's file from now on, and grade it now."""
        with self._lock:
            self._task, self._asked = task, True
        self._wake.set()

    def again(self) -> None:
        """Grade the file as it is."""
        with self._lock:
            self._asked = True
        self._wake.set()

    def start(self) -> None:
        """Look at the file every LOOK_S, in its own thread, until it is closed."""
        self._threads.append(threading.Thread(target=self._keep_looking, name="watch"))
        self._threads[0].start()

    def close(self) -> None:
        """End what runs, and wait for it."""
        with self._lock:
            self._closed = True
        self._wake.set()
        self._end_run()
        while self._threads:
            self._threads.pop().join()
        if self._ready:
            self._ready.end()

    def _keep_looking(self) -> None:
        while not self._closed:
            self.look()
            self._wake.wait(LOOK_S)
            self._wake.clear()

    def look(self) -> None:
        """Look at the file once: start a run if it has changed, get a judge ready when there is time for that."""
        with self._lock:
            task, asked, self._asked = self._task, self._asked, False
        if not task:
            return
        now = _signature(task.file)
        self._missing = 0 if now else self._missing + 1
        if now and (asked or now != self._seen):
            self._seen = now
            self._begin(task)
        elif not now and (asked or self._missing == MISSING_LOOKS):
            self._seen = None
            self._tell(Stopped(_gone(task)))
        elif run := self._run:
            done = run.done
            run.looks[done] += 1
            if run.looks[done] == (DRAWING_LOOKS if done else LONG_LOOKS):
                self._tidy(run)

    def _tidy(self, run: _Run) -> None:
        """What can wait while somebody looks at the screen: end the judge that is done, get the next one ready."""
        if run.done:
            run.judge.end()
        if not self._ready:
            self._get_ready()

    def _get_ready(self) -> None:
        try:
            self._ready = self._make_judge()
        except OSError as error:
            cause = f"{reason(error)}."
            fix = "Close other programs, then save again."
            self._tell(Stopped(MtlearnError("The judge cannot be started.", cause, fix, ExitCode.ENVIRONMENT)))

    def _begin(self, task: Task) -> None:
        self._end_run()
        if not self._ready:
            self._get_ready()
        with self._lock:
            if self._closed or not self._ready:
                return
            run = self._run = _Run(self._ready, task)
            self._ready = None
            self._tell(Started(task))
        self._threads = [each for each in self._threads if each.is_alive()]
        self._threads.append(threading.Thread(target=self._grade, args=(run,), name="run"))
        self._threads[-1].start()

    def _end_run(self) -> None:
        with self._lock:
            run, self._run = self._run, None
        if run:
            run.judge.end()

    def _grade(self, run: _Run) -> None:
        task = run.task
        try:
            verdict = run.judge.grade(
                task.exercise,
                task.file,
                task.runtime,
                task.executable,
                lambda result: self._tell_of(run, Checked(result)),
            )
            event: Event = Finished(task, verdict)
        except MtlearnError as error:
            event = Stopped(error)
        except JudgeEnded:
            return
        self._tell_of(run, event)
        run.done = True

    def _tell_of(self, run: _Run, event: Event) -> None:
        with self._lock:
            if run is self._run:
                self._tell(event)


def _signature(file: Path) -> tuple[int, int, int] | None:
    """What is different after a save, whether it wrote into the file or put another one in its place."""
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _gone(task: Task) -> MtlearnError:
    return MtlearnError(
        f"{task.file} is not there.",
        "It was deleted or renamed.",
        f"Save it again, or put the starter back: mtlearn reset {task.exercise.name}",
    )
