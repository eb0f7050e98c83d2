"""Grade all solutions, known-right and known-wrong files again and again, two at a time.

    python tests/soak/soak_verdicts.py [times] [exercise-N ...]

Each verdict must be the same every time, check by check; memory, files, threads and processes must be at the end what
they were after the first round. By hand: one round takes some five minutes on two cores.
"""

from __future__ import annotations

import multiprocessing
import os
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
    verdict = grade(job.exercise, job.file, job.kind, job.executable)
    me = psutil.Process()
    has = Belongings(me.pid, me.memory_info().rss, me.num_fds(), me.num_threads(), len(me.children()))
    return tuple((check.name, check.status) for check in verdict.checks), has


def left() -> set[str]:
    """What may stay behind outside of a process: temporary folders and shared memory."""
    places = (Path(tempfile.gettempdir()), Path("/dev/shm"))
    return {str(path) for place in places if place.is_dir() for path in place.iterdir()}


def main() -> None:
    """Grade, and compare."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    os.environ["PYTHONPATH"] = str(ROOT)
    exercises = [each for each in load().exercises() if each.name in sys.argv[2:] or not sys.argv[2:]]
    runtimes = [find(name) for name in ("python", "node")]
    todo = [job for each in exercises for job in jobs(each, runtimes, 1) if job.times or job.wrong]
    first: dict[Job, Statuses] = {}
    differ: dict[Job, set[Statuses]] = {}
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
                if statuses != first.setdefault(job, statuses):
                    differ.setdefault(job, {first[job]}).add(statuses)
            told = "; ".join(
                f"{each.memory >> 20} MB, {each.files} files, {each.threads} threads, {each.children} children"
                for each in has[-1].values()
            )
            spent = time.monotonic() - started
            print(f"{number}: {len(todo)} verdicts in {spent:.0f} s, {len(differ)} files differ; {told}", flush=True)
    for job, seen in differ.items():
        print(f"{job.exercise.name}, {job.file.name}:")
        for one in seen:
            print("   ", [check for check in one if check not in first[job]] or "at first", flush=True)
    stays = left() - before
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
