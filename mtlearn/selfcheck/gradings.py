"""Grading every starter, solution and mutant, several side by side."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from mtlearn.course.exercise import Exercise
from mtlearn.course.mutants import Mutant, mutants
from mtlearn.course.solutions import Solution, right_solutions
from mtlearn.errors import MtlearnError
from mtlearn.grading.judge import grade
from mtlearn.grading.verdict import CheckResult, Replay, Verdict, replay_of
from mtlearn.lab.runtime import Runtime
from mtlearn.selfcheck.point import Point
from mtlearn.system.documents import written
from mtlearn.system.temporary import TemporaryFolder


@dataclass(frozen=True)
class Job:
    """One file to grade, and what must come of it: a mutant must fail as it says, `times` is for one that must pass.

    With `quick`, a mutant is graded only in the check that it must fail.
    """

    exercise: Exercise
    language: str
    executable: Path
    file: Path | Solution
    times: int = 0
    quick: bool = False

    @property
    def wrong(self) -> Mutant | None:
        """The mutant, where it is one."""
        return self.file if isinstance(self.file, Mutant) else None

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file.file_name if isinstance(self.file, Solution) else self.file.name

    @property
    def what(self) -> str:
        """The point it makes, in words."""
        if self.wrong:
            return f"{self.name} is refused"
        if self.times:
            return f"{self.name} passes" + (f", {self.times} times in a row" if self.times > 1 else "")
        return f"{self.name} {'is wrong as it is meant to be' if self.exercise.starts_wrong else 'is not written yet'}"

    @contextmanager
    def on_disk(self) -> Iterator[Path]:
        """The file itself; a change's is there only meanwhile. Raises MtlearnError where a change does not fit."""
        if isinstance(self.file, Solution):
            with TemporaryFolder() as folder:
                yield self.file.write(folder)
        else:
            yield self.file


def jobs(exercise: Exercise, runtimes: Sequence[Runtime], times: int, quick: bool = False) -> Iterator[Job]:
    """Everything of an exercise that is to be graded."""
    for runtime in runtimes:
        language, executable = runtime.kind, runtime.executable
        yield Job(exercise, language, executable, exercise.solution(language), times=times)
        yield Job(exercise, language, executable, exercise.starter(language))
        for name, right in right_solutions(exercise, language).items():
            if name != "solution":
                yield Job(exercise, language, executable, right, times=1)
        for wrong in mutants(exercise, language):
            yield Job(exercise, language, executable, wrong, quick=quick)


def grading_points(
    todo: Sequence[Job], workers: int = 0, now: Callable[[str], None] = lambda what: None
) -> Iterator[Point]:
    """Grade all of them, `workers` side by side (0: two per core, since a grading waits as long as it computes).

    Points come as they are known. What came out differently is graded once more when nothing else is: where it then
    comes out as it must, that is undecided, and the point tells what was seen beside the others.
    """
    again = []
    pool = ProcessPoolExecutor(workers or 2 * _cores(), multiprocessing.get_context("spawn"))
    try:
        asked = {pool.submit(point, job): job for job in todo}
        for number, future in enumerate(as_completed(asked), 1):
            job = asked[future]
            now(f"{number} of {len(todo)} files graded, the last: {job.exercise.name}, {job.name}")
            try:
                found = future.result()
                if found.holds:
                    yield found
                else:
                    again.append((job, found))
            except BrokenExecutor:
                yield Point(job.exercise.name, job.language, job.what, False, "the process that graded it died")
    finally:
        pool.shutdown(cancel_futures=True)
    for job, found in again:
        now(f"once more, alone: {job.exercise.name}, {job.name}")
        alone = point(job)
        yield replace(alone, holds=None, detail=f"beside others: {found.detail}") if alone.holds else alone


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def point(job: Job) -> Point:
    """Grade one file and say whether it came out as it must."""
    try:
        with job.on_disk() as file:
            seen = (
                _seen_wrong(job, job.wrong, file)
                if job.wrong
                else _passes(job, file)
                if job.times
                else _starts(job, file)
            )
    except MtlearnError as error:
        seen = f"{error.message} {error.cause}"
    return Point(job.exercise.name, job.language, job.what, not seen, seen)


def _verdict(job: Job, file: Path, replay: Replay | None = None) -> Verdict:
    only = job.wrong.fails if job.wrong and job.quick else None
    return grade(job.exercise, file, job.language, job.executable, replay=replay, only=only)


def _passes(job: Job, file: Path) -> str:
    """What a solution failed in; empty where it passed every time."""
    for number in range(1, job.times + 1):
        failed = [check for check in _verdict(job, file).checks if check.status != "pass"]
        if failed:
            return f"time {number}: {_told(failed[0])}"
    return ""


def _starts(job: Job, file: Path) -> str:
    """What is odd about a starter; empty where it loads, and each check that fails says that it is not written.

    One that starts wrong fails as the mutants do, each of which has one of its mistakes.
    """
    first, *others = _verdict(job, file).checks
    if first.status != "pass":
        return f"it does not load: {_told(first)}"
    failed = [check for check in others if check.status == "fail"]
    if job.exercise.starts_wrong:
        wrongs = {wrong.fails: wrong.says for wrong in mutants(job.exercise, job.language)}
        odd = [check for check in others if (check in failed) != (check.name in wrongs)]
        odd += [check for check in failed if wrongs.get(check.name, "") not in check.message]
        return _told(odd[0]) if odd else ""
    odd = [check for check in failed if not check.unwritten]
    return _told(odd[0]) if odd else "" if failed else "nothing fails"


def _seen_wrong(job: Job, wrong: Mutant, file: Path) -> str:
    """How the verdict on a mutant differs from what it must be; empty where it does not."""
    verdict = _verdict(job, file)
    check = next((each for each in verdict.checks if each.name == wrong.fails), None)
    if check is None:
        return f"there is no check `{wrong.fails}`"
    if (check.status, verdict.status) != ("fail", "fail") or wrong.says not in check.message:
        return f"`{wrong.fails}` must fail and say “{wrong.says}”. {_told(check)}"
    if wrong.interleaving:
        if not check.interleaving:
            return f"`{wrong.fails}` shows no interleaving"
        kept = replace(verdict, checks=(check,)).document
        [again] = _verdict(job, file, replay_of(written(kept))).checks
        if (again.status, again.message) != ("fail", check.message):
            return f"the interleaving does not break it again. {_told(again)}"
    return ""


def _told(check: CheckResult) -> str:
    return f"{check.name}: {check.status}. {check.message}".strip()
