"""How `mtlearn class` does with many files: speed-up, overhead, memory, what is lost. Writes Markdown to stdout.

python benchmarks/class.py [--files N] [--only PART]: a PART is slots, check, memory or cluster.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec
import psutil
from distributed import Client

from mtlearn.classroom import engine as engine_module
from mtlearn.classroom import sandbox
from mtlearn.classroom.engine import Engine
from mtlearn.classroom.grading import NAME, Progress, grade
from mtlearn.classroom.results import ClassDocument
from mtlearn.classroom.scan import scan
from mtlearn.classroom.task import Graded
from mtlearn.course.content import load
from mtlearn.course.exercise import SUFFIX
from mtlearn.course.mutants import mutants
from mtlearn.course.solutions import right_solutions
from mtlearn.grading.verdict import CheckResult, VerdictDocument
from mtlearn.system.documents import written

SEED = 21
PORTION, COMPARED = 20, 1  # files; portions that are graded in all four ways
COURSE = load()
ALL = tuple(exercise.name for exercise in COURSE.exercises())
HUNG_S = 20  # after which the scheduler gives up a worker that says nothing; Dask's own is five minutes
FEW = 10
CHECK = CheckResult("loads", "The file loads and has the names that are asked for", "pass")
VERDICT = written(
    VerdictDocument(exercise="exercise-5", runtime="python", file="", status="pass", checks=(CHECK,) * 15, seconds=1.0)
)
HANGS = {"python": "while True: pass\n", "node": "while (true) {}\n"}


def synthetic(folder: Path, files: int, exercises: tuple[str, ...] = ("5",)) -> Path:
    """A class: of five files three are known-wrong, of forty one hangs, the rest are right; by a fixed seed."""
    chance = random.Random(SEED)
    for number in range(files):
        exercise = COURSE.exercise(chance.choice(exercises))
        runtime = chance.choice(("python", "python", "node"))
        kind = chance.random()
        if kind < 0.025:
            text = HANGS[runtime]
        elif kind < 0.6:
            text = chance.choice(mutants(exercise, runtime)).source()
        else:
            text = chance.choice(list(right_solutions(exercise, runtime).values())).source()
        mark = {"python": "#", "node": "//"}[runtime]
        file = folder / f"student{number:05}" / f"{exercise.name}{SUFFIX[runtime]}"
        file.parent.mkdir(parents=True)
        file.write_text(f"{text}\n{mark} {number}\n", encoding="utf-8")  # each is a file of its own
    return folder


def graded(
    folder: Path, engine: Engine, look: Callable[[Progress], None] = lambda _: None, **options: bool
) -> ClassDocument:
    """The class, graded; into a ledger in its folder."""
    with tempfile.TemporaryDirectory() as work:
        return grade(scan(folder, COURSE.exercises(), Path(work)), COURSE, folder / NAME, engine, look=look, **options)


def told(document: ClassDocument) -> list[bytes]:
    """All verdicts, byte for byte; times left out."""
    verdicts = [each.verdict and msgspec.structs.replace(each.verdict, seconds=0.0) for each in document.results]
    return [msgspec.json.encode(each) for each in verdicts]


def spent() -> tuple[float, float]:
    """Seconds so far: of the clock, and of processors, of this process and those that it has ended."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return time.perf_counter(), own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def since(start: tuple[float, float]) -> tuple[float, float]:
    """What has been spent since."""
    clock, processor = spent()
    return clock - start[0], processor - start[1]


def slots(files: int, work: Path) -> None:
    """The class in portions, each with 1 and then 2 slots, or the other way round; a few also with 4, and beside loops.

    What else the machine has to do changes within minutes: it is about the same for the two halves of one portion.
    """
    folder = synthetic(work / "slots", files, ALL)
    students = sorted(folder.iterdir())
    pairs = [(1, 0), (2, 0)]
    more = [(4, 0), (2, 2)]
    total = dict.fromkeys([*pairs, *more], 0.0)
    print("| files | 1 slot | 2 slots | speed-up so far | 4 slots | 2 beside 2 busy loops | verdicts that differ |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for number, start in enumerate(range(0, files, PORTION)):
        portion = work / f"portion-{number}"
        portion.mkdir()
        for student in students[start : start + PORTION]:
            student.rename(portion / student.name)
        ways = [*(pairs if number % 2 else pairs[::-1]), *(more if number < COMPARED else [])]
        seconds, verdicts = {}, {}
        for count, busy in ways:
            loops = [subprocess.Popen([sys.executable, "-c", "while 1: pass"]) for _ in range(busy)]
            started = spent()
            verdicts[count, busy] = told(graded(portion, Engine(count), again=True))
            seconds[count, busy], _ = since(started)
            for loop in loops:
                loop.kill()
                loop.wait()
        for way, took in seconds.items():
            total[way] += took
        differ = [set(each) for each in zip(*verdicts.values(), strict=True) if len(set(each)) > 1]
        shown = {way: f"{seconds[way]:.0f} s" if way in seconds else "" for way in total}
        print(
            f"| {start + len(verdicts[1, 0])} | {shown[1, 0]} | {shown[2, 0]} | {total[1, 0] / total[2, 0]:.2f}"
            f" | {shown[4, 0]} | {shown[2, 2]} | {len(differ)} |",
            flush=True,
        )
        for each in differ:
            print(*(verdict.decode() for verdict in sorted(each)), sep="\n", file=sys.stderr, flush=True)


def check(files: int, work: Path) -> None:
    """The same files one by one: with a bare `mtlearn check`, in the class, and in the class in a sandbox."""
    folder = synthetic(work / "check", min(files, 12))
    paths = sorted(folder.rglob("exercise-5.*"))
    rows: dict[str, tuple[float, float]] = {}
    started = spent()
    for path in paths:
        command = [sys.executable, "-m", "mtlearn", "check", "5", "--file", str(path), "--json"]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=False, env={**os.environ, "MTLEARN_HOME": str(work)})
    rows["mtlearn check"] = since(started)
    started = spent()
    graded(folder, Engine(1))
    rows["class, 1 slot"] = since(started)
    if sandbox.missing() is None:
        started = spent()
        graded(folder, Engine(1), sandbox=True)
        rows["class, 1 slot, --sandbox"] = since(started)
    print("| what | seconds per file | of processors |\n|---|---|---|")
    for name, (seconds, processor) in rows.items():
        print(f"| {name} | {seconds / len(paths):.2f} | {processor / len(paths):.2f} |", flush=True)


def memory(files: int, work: Path) -> None:
    """What the command takes for 1,000 files whose grading is left out; and what a second run of all of them takes."""
    folder = synthetic(work / "memory", files)
    real = engine_module._graded
    engine_module._graded = lambda asked: Graded(VERDICT)
    before = psutil.Process().memory_info().rss
    most = [before]
    started = spent()
    graded(folder, Engine(2), lambda _: most.append(psutil.Process().memory_info().rss))
    seconds, processor = since(started)
    engine_module._graded = real
    more = (max(most) - before) / 1e6
    print(
        f"{files} files without their grading: {seconds:.1f} s; {more:.0f} MB more at most, Dask's own code among it."
    )
    started = spent()
    subprocess.run([sys.executable, "-m", "mtlearn", "class", "grade", folder], stdout=subprocess.DEVNULL, check=False)
    seconds, processor = since(started)
    print(f"Again, with nothing new: {seconds:.2f} s, {processor:.2f} s of processors.", flush=True)


STUB = """
from mtlearn.classroom import engine
from mtlearn.classroom.task import Graded
engine._graded = lambda asked: Graded(%r)
"""


@contextmanager
def dask(*command: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A scheduler or a worker, as a teacher starts it on a host of its own: in a folder that nobody else has."""
    folder.mkdir()
    environment = {**os.environ, "DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": f"{HUNG_S}s"}
    process = subprocess.Popen(
        [sys.executable, "-m", "dask", *command], cwd=folder, env=environment, stderr=subprocess.DEVNULL
    )
    try:
        yield process
    finally:
        for child in psutil.Process(process.pid).children(recursive=True) if process.poll() is None else ():
            child.kill()
        process.kill()
        process.wait()


def worker(address: str) -> tuple[str, ...]:
    """What starts a worker, after `dask`."""
    return "worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard"


@contextmanager
def two_hosts(work: Path, *options: str) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and the processes: its own, and those of its two workers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"tcp://127.0.0.1:{port}"
    with (
        dask("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard", folder=work / "host-0") as scheduler,
        dask(*worker(address), *options, folder=work / "host-1") as first,
        dask(*worker(address), *options, folder=work / "host-2") as second,
    ):
        with Client(address, timeout=60, set_as_default=False) as client:  # type: ignore[no-untyped-call]
            client.wait_for_workers(2, timeout=60)
        yield address, [scheduler, first, second]


def cluster(files: int, work: Path) -> None:
    """Two workers over TCP: what their scheduler takes for 1,000 files; then one is killed, and one hangs."""
    (work / "stub.py").write_text(STUB % VERDICT)
    folder = synthetic(work / "many", files)
    with two_hosts(work, "--preload", str(work / "stub.py")) as (address, (scheduler, *_)):
        process = psutil.Process(scheduler.pid)
        sizes = [process.memory_info().rss]
        started = spent()
        graded(folder, Engine(1, address), lambda _: sizes.append(process.memory_info().rss))
        seconds, _ = since(started)
    more = (max(sizes) - sizes[0]) / 1e6
    print(
        f"{files} files without their grading, two workers: {seconds:.0f} s of the clock; the scheduler's process takes"
    )
    print(f"{sizes[0] / 1e6:.0f} MB before, and {more:.0f} MB more at most.\n", flush=True)
    folder = synthetic(work / "few", FEW)
    (work / "again").mkdir()
    happened: list[str] = []
    with two_hosts(work / "again") as (address, (_, first, second)):

        def fail(progress: Progress) -> None:
            if progress.done >= 2 and not happened:
                happened.append("hung")
                second.send_signal(signal.SIGSTOP)
            if progress.done >= 4 and len(happened) == 1:
                happened.append("killed")
                first.kill()
                first.wait()
                stack.enter_context(dask(*worker(address), folder=work / "again" / "host-3"))

        with ExitStack() as stack:
            started = spent()
            document = graded(folder, Engine(1, address), fail)
            seconds, _ = since(started)
    pairs = zip(told(document), told(graded(folder, Engine(1), again=True)), strict=True)
    print(f"{FEW} files, two workers of which one hangs and one is killed, then another: {seconds:.0f} s of the clock,")
    print(f"{HUNG_S} s of them until the scheduler gives up the one that hangs; {document.ungraded} not graded;")
    print(f"{sum(a != b for a, b in pairs)} verdicts that differ from those of one process.", flush=True)


PARTS: dict[str, Callable[[int, Path], None]] = {"slots": slots, "check": check, "memory": memory, "cluster": cluster}


def main() -> None:
    """Run the parts that are asked for."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--files", type=int, default=200)
    arguments.add_argument("--only", choices=PARTS, action="append")
    asked = arguments.parse_args()
    for name in asked.only or PARTS:
        print(f"\n## {name}\n", flush=True)
        with tempfile.TemporaryDirectory() as work:
            PARTS[name](asked.files, Path(work))


if __name__ == "__main__":
    main()
