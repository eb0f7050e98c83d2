"""Grading every starter, solution and known-wrong file, several side by side."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from pathlib import Path

from mtlearn.course.exercise import Exercise, KnownWrong
from mtlearn.errors import MtlearnError
from mtlearn.grading.judge import grade
from mtlearn.grading.verdict import CheckResult, Replay, Verdict
from mtlearn.lab.runtime import Runtime
from mtlearn.selfcheck.point import Point

NOT_WRITTEN = "not written yet"  # what every starter says


@dataclass(frozen=True)
class Job:
    """One file to grade, and what must come of it: `wrong` for a known-wrong file, `times` for one that must pass.

    With `quick`, a known-wrong file is graded only in the check that it must fail.
    """

    exercise: Exercise
    kind: str
    executable: Path
    file: Path
    wrong: KnownWrong | None = None
    times: int = 0
    quick: bool = False

    @property
    def what(self) -> str:
        """The point it makes, in words."""
        if self.wrong:
            return f"{self.file.name} is refused"
        if self.times:
            return f"{self.file.name} passes" + (f", {self.times} times in a row" if self.times > 1 else "")
        return f"{self.file.name} is not written yet"


def jobs(exercise: Exercise, runtimes: Sequence[Runtime], times: int, quick: bool = False) -> Iterator[Job]:
    """Everything of an exercise that is to be graded."""
    for runtime in runtimes:
        kind, executable = runtime.kind, runtime.executable
        yield Job(exercise, kind, executable, exercise.solution(kind), times=times)
        yield Job(exercise, kind, executable, exercise.starter(kind))
        for right in exercise.known_right(kind):
            yield Job(exercise, kind, executable, right, times=1)
        for wrong in exercise.known_wrong(kind):
            yield Job(exercise, kind, executable, wrong.file, wrong, quick=quick)


def grading_points(
    todo: Sequence[Job], workers: int = 0, now: Callable[[str], None] = lambda what: None
) -> Iterator[Point]:
    """Grade all of them, `workers` side by side (0: one per core); points come as they are known."""
    pool = ProcessPoolExecutor(workers or _cores(), multiprocessing.get_context("spawn"))
    try:
        asked = {pool.submit(point, job): job for job in todo}
        for number, future in enumerate(as_completed(asked), 1):
            job = asked[future]
            now(f"{number} of {len(todo)} files graded, the last: {job.exercise.name}, {job.file.name}")
            try:
                yield future.result()
            except BrokenExecutor:
                yield Point(job.exercise.name, job.kind, job.what, False, "the process that graded it died")
    finally:
        pool.shutdown(cancel_futures=True)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def point(job: Job) -> Point:
    """Grade one file and say whether it came out as it must."""
    try:
        seen = _seen_wrong(job, job.wrong) if job.wrong else _passes(job) if job.times else _starts(job)
    except MtlearnError as error:
        seen = f"{error.message} {error.cause}"
    return Point(job.exercise.name, job.kind, job.what, not seen, seen)


def _verdict(job: Job, replay: Replay | None = None) -> Verdict:
    only = job.wrong.fails if job.wrong and job.quick else None
    return grade(job.exercise, job.file, job.kind, job.executable, replay=replay, only=only)


def _passes(job: Job) -> str:
    """What a solution failed in; empty where it passed every time."""
    for number in range(1, job.times + 1):
        failed = [check for check in _verdict(job).checks if check.status != "pass"]
        if failed:
            return f"time {number}: {_told(failed[0])}"
    return ""


def _starts(job: Job) -> str:
    """What is odd about a starter; empty where it loads, and each check that fails says that it is not written."""
    first, *others = _verdict(job).checks
    if first.status != "pass":
        return f"it does not load: {_told(first)}"
    failed = [check for check in others if check.status == "fail"]
    odd = [check for check in failed if NOT_WRITTEN not in check.message]
    return _told(odd[0]) if odd else "" if failed else "nothing fails"


def _seen_wrong(job: Job, wrong: KnownWrong) -> str:
    """How the verdict on a known-wrong file differs from what it must be; empty where it does not."""
    verdict = _verdict(job)
    check = next((each for each in verdict.checks if each.name == wrong.fails), None)
    if check is None:
        return f"there is no check `{wrong.fails}`"
    if (check.status, verdict.status) != ("fail", "fail") or wrong.says not in check.message:
        return f"`{wrong.fails}` must fail and say “{wrong.says}”. {_told(check)}"
    if wrong.shows:
        if not check.interleaving:
            return f"`{wrong.fails}` shows no interleaving"
        kept = replace(verdict, checks=(check,)).to_json()
        [again] = _verdict(job, Replay.from_json(json.loads(json.dumps(kept)))).checks
        if (again.status, again.message) != ("fail", check.message):
            return f"the interleaving does not break it again. {_told(again)}"
    return ""


def _told(check: CheckResult) -> str:
    return f"{check.name}: {check.status}. {check.message}".strip()
