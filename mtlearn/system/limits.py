"""What a program may take of the machine: imposed where the system offers that, watched where it does not."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple

LOOK_S = 0.05  # how often a tree of processes is looked at
SLOW_LOOK_S = 0.5  # the same where each look is expensive
EXEC_S = 1.0  # how long exec may take: far less
ENV_END = 51 - 3  # a field of /proc/[pid]/stat, behind the name
MARKING = 10  # RLIMIT_LOCKS: inherited like every limit, and without a meaning since Linux 2.4.25


@dataclass(frozen=True)
class Limits:
    """The limits of one program and all that it starts.

    memory     bytes in use, of all processes together
    processes  how many may run at once, threads the same for all their threads
    file       bytes of one file it may write
    cpu_s      seconds of processor time of one process
    """

    memory: int = 1 << 30
    processes: int = 64
    threads: int = 1_000
    file: int = 100 << 20
    cpu_s: int = 120


def imposes() -> bool:
    """Whether this system lets one process limit another before that begins."""
    return sys.platform == "linux"


def impose(pid: int, limits: Limits | None, mark: int) -> bool:
    """Limit a process that waits to begin, and all that it will start, and mark them; whether they have the mark."""
    if sys.platform != "linux":
        return False
    import resource

    def limit(what: int, soft: int, hard: int) -> bool:
        _, most = resource.prlimit(pid, what)
        if most != resource.RLIM_INFINITY:
            soft, hard = min(soft, most), min(hard, most)
        resource.prlimit(pid, what, (soft, hard))
        return resource.prlimit(pid, what) == (soft, hard) and hard != most

    try:
        if limits:
            limit(resource.RLIMIT_CORE, 0, 0)
            limit(resource.RLIMIT_FSIZE, limits.file, limits.file)
            limit(resource.RLIMIT_CPU, limits.cpu_s, limits.cpu_s + 1)
        return limit(MARKING, mark, mark)
    except OSError:  # a sandbox that does not let us
        return False


def _impose_tasks(pids: list[int], limits: Limits) -> None:
    """Limit how many threads the user may have in all, seen from these processes; of no effect for root."""
    if sys.platform != "linux":
        return
    import resource

    most = limits.threads
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError, ValueError):
            if name.isdigit() and os.stat(f"/proc/{name}").st_uid == os.getuid():
                most += _member(int(name)).threads
    for pid in pids:
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(pid, resource.RLIMIT_NPROC, (most, most))


class Member(NamedTuple):
    """One process as the system tells of it; `memory` in bytes."""

    pid: int
    memory: int
    threads: int
    stopped: bool


class Tree:
    """All processes that a program has started, orphans and those who left its group too.

    They are known by the number in their limits where there is one, else by how a variable of their environment
    begins, which only a program that is started with another environment does not have.
    """

    def __init__(self, variable: str, number: int | None) -> None:
        self.sure = number is not None
        self._variable, self._number = variable, number
        self._has_mark = _environment_has(variable.encode()) if number is None else _limits_have(number)
        self._known: dict[str, bool] = {}  # by pid: whether it is one of them

    def again(self) -> Tree:
        """The same tree, with nothing known about it: for another thread."""
        return Tree(self._variable, self._number)

    def pids(self) -> list[int]:
        """The processes that there are now."""
        if not os.path.exists("/proc/self/environ"):
            return self._pids_of_psutil()
        there = [name for name in os.listdir("/proc") if name.isdigit()]
        known = self._known
        self._known = {name: known[name] if name in known else self._has_mark(name) for name in there}
        return [int(name) for name, ours in self._known.items() if ours]

    def members(self) -> Iterator[Member]:
        """The same, with what each of them takes."""
        for pid in self.pids():
            with contextlib.suppress(OSError, ValueError):
                yield _member(pid)

    def _pids_of_psutil(self) -> list[int]:
        import psutil

        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                if any(f"{name}={value}".startswith(self._variable) for name, value in process.environ().items()):
                    found.append(process.pid)
        return found


def _limits_have(mark: int) -> Callable[[str], bool]:
    line = f" {mark} ".encode()
    return lambda pid: line in _read(f"/proc/{pid}/limits")


def _environment_has(mark: bytes) -> Callable[[str], bool]:
    return lambda pid: b"\0" + mark in b"\0" + _environment(pid)


def _environment(pid: str) -> bytes:
    """What the system tells of a process's environment; of one that is just becoming another program, of that one."""
    deadline = time.monotonic() + EXEC_S
    while not (found := _read(f"/proc/{pid}/environ")) and _becomes_another(pid) and time.monotonic() < deadline:
        time.sleep(0.0005)
    return found


def _becomes_another(pid: str) -> bool:
    """Whether it is in the middle of exec: it has a program, and no place yet for its environment (see proc(5))."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.readlink(f"/proc/{pid}/exe")  # the system's own, and those that have ended, have none
        stat = _read(f"/proc/{pid}/stat")
        return stat[stat.rindex(b")") + 2 :].split()[ENV_END] == b"0"
    return False


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError:
        return b""


def command_line(pid: int) -> bytes:
    """What a process was started as."""
    if os.path.exists("/proc/self/cmdline"):
        return _read(f"/proc/{pid}/cmdline")
    import psutil

    with contextlib.suppress(psutil.Error):
        return " ".join(psutil.Process(pid).cmdline()).encode()
    return b""


def _member(pid: int) -> Member:
    if not os.path.exists("/proc/self/status"):
        import psutil

        with contextlib.suppress(psutil.Error):
            process = psutil.Process(pid)
            stopped = process.status() == psutil.STATUS_STOPPED
            return Member(pid, process.memory_info().rss, process.num_threads(), stopped)
        raise ProcessLookupError
    lines = Path(f"/proc/{pid}/status").read_bytes().splitlines()
    told = dict(line.split(b":", 1) for line in lines)
    state = told[b"State"].strip()[:1]
    memory = int(told.get(b"VmRSS", b"0 kB").split()[0]) << 10  # a zombie has none
    return Member(pid, memory, 0 if state == b"Z" else int(told[b"Threads"]), state == b"T")


class Excess(Enum):
    """What a program may take too much of: memory, processes and threads, time without an answer; or it was stopped."""

    MEMORY = auto()
    TASKS = auto()
    SILENCE = auto()
    STOPPED = auto()


@dataclass(frozen=True)
class Breach:
    """A limit that a program went over; `told` is put after its name: "used more than 1 GB of memory"."""

    what: Excess
    told: str


class Guard:
    """Looks at a tree of processes from time to time, and calls `end` when it takes more than it may.

    `broke` tells then which limit that was. Whoever waits for an answer may set a `deadline` on the monotonic clock.
    """

    def __init__(self, tree: Tree, limits: Limits, end: Callable[[], None]) -> None:
        self.broke: Breach | None = None
        self.deadline: float | None = None
        self._tree, self._limits, self._end = tree, limits, end
        self._over = threading.Event()
        self._stopped: set[int] = set()
        threading.Thread(target=self._watch, daemon=True, name="guard").start()

    def close(self) -> None:
        """Look no more."""
        self._over.set()

    def _watch(self) -> None:
        _impose_tasks(self._tree.pids(), self._limits)
        pause = LOOK_S if os.path.exists("/proc/self/status") else SLOW_LOOK_S
        while not self._over.wait(pause):
            self.broke = self._judge(list(self._tree.members()))
            if self.broke:
                self._end()
                return

    def _judge(self, members: list[Member]) -> Breach | None:
        limits = self._limits
        if sum(member.memory for member in members) > limits.memory:
            return Breach(Excess.MEMORY, f"used more than {in_words(limits.memory)} of memory")
        if sum(member.threads > 0 for member in members) > limits.processes:
            return Breach(Excess.TASKS, f"had more than {limits.processes:,} processes at once")
        if sum(member.threads for member in members) > limits.threads:
            return Breach(Excess.TASKS, f"had more than {limits.threads:,} threads at once")
        if self.deadline and time.monotonic() > self.deadline:
            return Breach(Excess.SILENCE, "does not answer")
        stopped = {member.pid for member in members if member.stopped}
        again, self._stopped = stopped & self._stopped, stopped
        return Breach(Excess.STOPPED, "was halted by a signal (SIGSTOP)") if again else None


def in_words(size: int) -> str:
    """A number of bytes: "1 GB", "300 MB"."""
    return f"{size >> 30} GB" if size % (1 << 30) == 0 else f"{size >> 20} MB"
