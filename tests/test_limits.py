"""mtlearn.system.limits and the keeper: what a program may take, and that it ends with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from conftest import PATIENCE_S, alive

from mtlearn.system.limits import Limits, imposes, in_words
from mtlearn.system.processes import Started, end_tree, start

if sys.platform == "win32":
    pytest.skip("signals and limits are POSIX", allow_module_level=True)

LIMITS = Limits(memory=300 << 20, processes=10, threads=30, file=1 << 20, cpu_s=60)
linux = pytest.mark.skipif(not imposes(), reason="one process limits another only on Linux")

Run = Callable[..., Started]


@pytest.fixture
def run() -> Iterator[Run]:
    """Starts a Python program under limits."""
    started: list[Started] = []

    def run_(code: str, limits: Limits | None = LIMITS) -> Started:
        started.append(start([sys.executable, "-c", code], limits=limits))
        return started[-1]

    yield run_
    for process in started:
        end_tree(process)


def test_an_ordinary_program(run: Run) -> None:
    """A program that keeps to its limits is given its input, and its output and exit code are its own."""
    process = run("import sys; print(sys.stdin.read()); sys.exit(3)")
    assert process.communicate(b"hello", timeout=PATIENCE_S)[0] == b"hello\n"
    assert (process.returncode, process.broke) == (3, None)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGTERM, signal.SIGKILL])
def test_a_program_that_a_signal_ends(run: Run, number: signal.Signals) -> None:
    """A program that a signal has ended is told to have ended by that signal, its keeper being in between."""
    assert run(f"import os; os.kill(os.getpid(), {number:d})").wait(PATIENCE_S) == -number


def test_a_missing_program() -> None:
    """A program that is not there is an OSError, with limits too."""
    with pytest.raises(FileNotFoundError):
        start(["no-such-program"], limits=LIMITS)


@pytest.mark.parametrize(
    ("code", "broke"),
    [
        ("x = bytearray(b'x') * 600_000_000; import time; time.sleep(100)", "used more than 300 MB of memory"),
        ("import subprocess as s; p = [s.Popen(['sleep', '100']) for _ in range(20)]; p[0].wait()", "processes"),
        ("import threading as t; [t.Thread(target=t.Event().wait).start() for _ in range(50)]", "threads"),
        ("import os; os.kill(os.getpid(), 19)", "was halted by a signal (SIGSTOP)"),
    ],
    ids=["memory", "processes", "threads", "halted"],
)
@linux
def test_what_is_watched(run: Run, code: str, broke: str) -> None:
    """A program that takes too much is ended with all that it has started, and what it took too much of is reported."""
    process = run(code)
    assert process.wait(PATIENCE_S) == -signal.SIGKILL
    assert process.broke
    assert broke in process.broke.told


@linux
def test_a_file_that_grows_too_large(run: Run) -> None:
    """A file that has reached its limit cannot be written on: the program is told so by the system."""
    code = (
        "f = open('large', 'wb', 0)\ntry:\n    while True: f.write(bytes(100_000))\nexcept OSError as e:\n    print(e)"
    )
    assert b"File too large" in run(code).communicate(timeout=PATIENCE_S)[0]
    assert Path("large").stat().st_size == LIMITS.file


@linux
def test_a_loop_that_nobody_watches(run: Run) -> None:
    """A loop without an end is ended by the system, after so many seconds of processor time."""
    assert run("while True: pass", replace(LIMITS, cpu_s=1)).wait(PATIENCE_S) == -signal.SIGXCPU


@linux
def test_who_clears_its_environment(run: Run, here: Path) -> None:
    """A child in its own session, orphaned and with an empty environment, is found all the same."""
    code = (
        "import subprocess as s\n"
        "s.run(['/bin/sh', '-c', 'sleep 1000 >/dev/null 2>&1 & echo $! >pid'], env={}, start_new_session=True)\n"
    )
    process = run(code)
    process.wait(PATIENCE_S)
    child = int((here / "pid").read_text())
    assert alive(child)
    end_tree(process)
    assert not alive(child)


def test_a_parent_that_is_ended(run: Run) -> None:
    """A signal to the program's parent meets its keeper, and not this process."""
    process = run("import os, time; os.kill(os.getppid(), 9); time.sleep(100)")
    assert process.wait(PATIENCE_S) == -signal.SIGKILL


STARTER = """
import os
from mtlearn.system import processes
process = processes.start(["/bin/sh", "-c", "echo ready; sleep 1000"], bound=True)
process.stdout.readline()
print(process.pid, flush=True)
"""


@pytest.mark.parametrize(
    "goes",
    ["os.kill(os.getpid(), 9)", "os.killpg = lambda *_: os.kill(os.getpid(), 9)\nprocesses.end_tree(process)"],
    ids=["while it runs", "while it is ended"],
)
def test_whoever_started_it_is_gone(goes: str) -> None:
    """When the process that has started a program is killed, at any moment, the program ends."""
    outer = subprocess.run([sys.executable, "-c", STARTER + goes], stdout=subprocess.PIPE, check=False)
    assert outer.returncode == -signal.SIGKILL
    keeper = int(outer.stdout)
    deadline = time.monotonic() + PATIENCE_S
    while group(keeper) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not group(keeper)


SEMAPHORE = """
import multiprocessing, time
lock = multiprocessing.get_context("spawn").Lock()
print(lock._semlock.name, flush=True)
time.sleep(1000)
"""


STARTS_ONE = """
import os, sys
from mtlearn.system import processes
process = processes.start([sys.executable, "-c", {program!r}], bound=True)
print(process.pid, process.stdout.readline().decode(), flush=True)
os.kill(os.getpid(), 9)
"""


@linux
def test_semaphores_of_whoever_is_gone() -> None:
    """What a program has in shared memory goes with it, when whoever started it is killed."""
    code = STARTS_ONE.format(program=SEMAPHORE)
    outer = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=False)
    keeper, name = outer.stdout.decode().split()
    semaphore = Path(f"/dev/shm/sem.{name.removeprefix('/')}")
    assert semaphore.exists()
    deadline = time.monotonic() + PATIENCE_S
    while group(int(keeper)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not semaphore.exists()


def group(leader: int) -> list[int]:
    """The processes of a group that are there, and not only what is left of them until somebody looks."""
    return [pid for pid in psutil.pids() if alive(pid) and _group_of(pid) == leader]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


@pytest.mark.parametrize(("size", "words"), [(1 << 30, "1 GB"), (300 << 20, "300 MB"), (2 << 30, "2 GB")])
def test_sizes_in_words(size: int, words: str) -> None:
    """A number of bytes is reported in the unit that fits."""
    assert in_words(size) == words
