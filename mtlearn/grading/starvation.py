"""In the subject's process: how much of its time a file's threads waited for a processor, on a busy machine.

What a file may take is counted in ticks, and a tick that the machine gave to others does not count. Where the system
does not tell, every tick counts. `node_starvation.mjs` is the same for Node.js.
"""

from __future__ import annotations

from collections.abc import Iterator
from os import O_RDONLY, P_ALL, WEXITED, WNOHANG, WNOWAIT, close, getsid, listdir, read, waitid
from os import open as os_open
from threading import get_native_id
from time import monotonic, sleep

MOST = 0.8  # of a tick: a fifth counts, at the least
LONGEST = 4_096  # bytes of what is read
STATES, STATE_S = 9, 0.005  # looks at the states of the threads, and how long between two
LOOKS = 10  # so many ticks, before it is asked how many of them count
SEARCHED = 10  # so many looks at the same processes, before others are searched for: that reads all of /proc


class Starvation:
    """How long the threads of this process, and of those in its session, wait for a processor.

    `alone` says that there are no others unless this process started some. One that was started looks at its fellows.
    """

    def __init__(self, alone: bool = True) -> None:
        self._looks, self._alone = 0, alone
        self._processes: list[str] = []
        self._seen, self._since = self._look(), monotonic()

    def _look(self) -> dict[str, int]:
        if self._looks % SEARCHED == 0:
            self._processes = list(_processes(self._alone))
        self._looks += 1
        return _waits(self._processes)

    def fed(self) -> float:
        """Of what has passed since it was made or last asked, the share in which no thread had to wait: 0.2 to 1.

        The thread that waited most counts: not all together, or threads that take the processors from each other would.
        """
        before, since = self._seen, self._since
        self._seen, self._since = self._look(), monotonic()
        waited = max((now - before.get(thread, 0) for thread, now in self._seen.items()), default=0) / 1e9
        return 1 - min(waited / (self._since - since), MOST) if waited > 0 else 1.0


def spins() -> bool:
    """Whether another thread of this process runs, or could if it had a processor, most of the times that one looks.

    A loop that a busy machine gives no processor uses none, and is busy all the same. False where the system does not
    tell. (To look gives up the interpreter's lock, so that a thread that waits for that runs, too.)
    """
    own = f"/proc/self/task/{get_native_id()}/stat"
    seen = 0
    for _ in range(STATES):
        others = (thread for thread in _listed("/proc/self/task", "/stat") if thread != own)
        seen += any(_read(thread).rpartition(b") ")[2][:1] == b"R" for thread in others)
        sleep(STATE_S)
    return seen > STATES / 2


def ticks(seconds: float, tick_s: float) -> Iterator[float]:
    """How long to sleep before each look at what may take so many seconds, on a machine that does nothing else."""
    starvation, left = Starvation(alone=False), seconds
    while left > 0:
        for _ in range(LOOKS):
            yield tick_s
        left -= LOOKS * tick_s * starvation.fed()


def _waits(processes: list[str]) -> dict[str, int]:
    """Each thread, and the nanoseconds that it has waited for a processor so far."""
    return {thread: wait for process in processes for thread in _listed(f"/proc/{process}/task", "/schedstat")
            if (wait := _waited(thread)) is not None}  # fmt: skip


def _processes(alone: bool) -> Iterator[str]:
    yield "self"
    try:
        if alone:
            waitid(P_ALL, 0, WEXITED | WNOHANG | WNOWAIT)
        mine = str(getsid(0))
    except OSError:  # it has no children
        return
    for process in _listed("/proc", ""):
        fields = _read(f"{process}/stat").rpartition(b")")[2].split()
        if len(fields) > 3 and fields[3] == mine.encode():
            yield process.removeprefix("/proc/")


def _listed(folder: str, file: str) -> list[str]:
    try:
        return [f"{folder}/{name}{file}" for name in listdir(folder) if name.isdigit()]
    except OSError:
        return []


def _waited(thread: str) -> int | None:
    fields = _read(thread).split()
    return int(fields[1]) if len(fields) > 1 else None


def _read(file: str) -> bytes:
    try:
        opened = os_open(file, O_RDONLY)
    except OSError:
        return b""
    try:
        return read(opened, LONGEST)
    except OSError:  # it has just ended
        return b""
    finally:
        close(opened)
