"""Grade all solutions, known-right files and mutants again and again, two at a time.

    python tests/soak/soak_verdicts.py [times] [exercise-N ...]

Each verdict must be the same every time, and so must the check that a mutant is there for. Another check,
which runs a wrong program for real, may see it fail at one time and not at another: those are counted. Memory, files,
threads and processes must be at the end what they were after the first round, and nothing may be left in the temporary
folder or in shared memory. By hand: one round takes some ten minutes on two cores.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

import psutil

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from mtlearn.course.content import load  # noqa: E402
from mtlearn.grading.judge import grade  # noqa: E402
from mtlearn.lab.runtime import find  # noqa: E402
from mtlearn.selfcheck.gradings import Job, jobs  # noqa: E402

SIDE_BY_SIDE = 2
GROWTH = 1.2  # times the memory after the first round: the interpreter's own ups and downs

Statuses = tuple[tuple[str, str], ...]


class Belongings(NamedTuple):
    """What a process that grades has: bytes of memory, open files, threads, child processes."""

    pid: int
    memory: int
    files: int
    threads: int
    children: int


def graded(job: Job) -> tuple[Statuses, Belongings]:
    """Grade one file; the status of each check, and what this process has afterwards."""
    with job.on_disk() as file:
        verdict = grade(job.exercise, file, job.language, job.executable)
    me = psutil.Process()
    has = Belongings(me.pid, me.memory_info().rss, me.num_fds(), me.num_threads(), len(me.children()))
    return tuple((check.name, check.status) for check in verdict.checks), has


def meant(job: Job, statuses: Statuses) -> tuple[bool, str | None]:
    """Whether a file passed, and how it came through the check that it is there for."""
    return all(status == "pass" for _, status in statuses), dict(statuses)[job.wrong.fails] if job.wrong else None


def left() -> set[str]:
    """What may stay behind outside of a process: temporary folders and shared memory."""
    places = (Path(tempfile.gettempdir()), Path("/dev/shm"))
    return {str(path) for place in places if place.is_dir() for path in place.iterdir()}


def main() -> None:
    """Grade, and compare."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    os.environ["PYTHONPATH"] = str(ROOT)
    tempfile.tempdir = os.environ["TMPDIR"] = tempfile.mkdtemp(prefix="soak-")
    exercises = [each for each in load().exercises() if each.name in sys.argv[2:] or not sys.argv[2:]]
    runtimes = [find(name) for name in ("python", "node")]
    todo = [job for each in exercises for job in jobs(each, runtimes, 1) if job.times or job.wrong]
    first: dict[Job, Statuses] = {}
    differ: list[str] = []
    luck: set[tuple[Job, str]] = set()
    has: list[dict[int, Belongings]] = []
    before = left()
    with ProcessPoolExecutor(SIDE_BY_SIDE, multiprocessing.get_context("spawn")) as pool:
        for number in range(1, times + 1):
            started = time.monotonic()
            asked = {pool.submit(graded, job): job for job in todo}
            has.append({})
            for future in as_completed(asked):
                statuses, belongings = future.result()
                has[-1][belongings.pid] = belongings
                job = asked[future]
                known = first.setdefault(job, statuses)
                if meant(job, statuses) != meant(job, known):
                    differ.append(f"{job.exercise.name}, {job.name}: {sorted(set(statuses) ^ set(known))}")
                luck |= {(job, name) for name, _ in set(statuses) ^ set(known)}
            told = "; ".join(
                f"{each.memory >> 20} MB, {each.files} files, {each.threads} threads, {each.children} children"
                for each in has[-1].values()
            )
            spent = time.monotonic() - started
            print(f"{number}: {len(todo)} verdicts in {spent:.0f} s, {len(differ)} differ; {told}", flush=True)
    print(*differ, sep="\n")
    print(f"other checks of wrong files that failed at one time and not at another: {len(luck)}")
    stays = left() - before
    shutil.rmtree(tempfile.gettempdir())
    print(f"left behind: {sorted(stays) or 'nothing'}")
    grown = [
        pid
        for pid, end in has[-1].items()
        if (begin := has[0].get(pid))
        and (end.memory > GROWTH * begin.memory or end[2:] > begin[2:] or end.children > 0)
    ]
    print(f"grown: {grown or 'nothing'}")
    sys.exit(bool(differ or stays or grown))


if __name__ == "__main__":
    main()
