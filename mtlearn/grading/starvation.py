"""In the subject's process: how much of its time a file's threads waited for a processor, on a busy machine.

What a file may take is counted in ticks, and a tick that the machine gave to others does not count. Where the system
does not tell, every tick counts. `node_starvation.mjs` is the same for Node.js.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from os import O_RDONLY, P_ALL, WEXITED, WNOHANG, WNOWAIT, close, getsid, listdir, read, waitid
from os import open as os_open
from threading import get_native_id
from time import monotonic, process_time

MOST = 0.8  # of a tick: a fifth counts, at the least
RAN, WANTED = 0.05, 0.5  # of the last ticks: one that runs for more, or wants to, is busy
BUSY_TICKS = 10  # how many of the last ticks tell a busy loop from a thread that waits
LONGEST = 4_096  # bytes of what is read
LOOKS = 10  # so many ticks, before it is asked how many of them count
SEARCHED = 10  # so many looks at the same processes, before others are searched for: that reads all of /proc


_Look = tuple[float, float, dict[str, tuple[int, int]]]  # when, seconds of processor time, and its threads


class Starvation:
    """How long the threads of this process, and of those in its session, wait for a processor.

    `alone` says that there are no others unless this process started some. One that was started looks at its fellows.
    """

    def __init__(self, alone: bool = True) -> None:
        self._looks, self._alone = 0, alone
        self._processes: list[str] = []
        self._seen: deque[_Look] = deque([self._look()], maxlen=BUSY_TICKS + 1)

    def _look(self) -> _Look:
        if self._looks % SEARCHED == 0:
            self._processes = list(_processes(self._alone))
        self._looks += 1
        return monotonic(), process_time(), _threads(self._processes)

    def fed(self) -> float:
        """Of what has passed since it was made or last asked, the share in which no thread had to wait: 0.2 to 1.

        The thread that waited most counts: not all together, or threads that take the processors from each other would.
        """
        (since, _, before), (now, _, threads) = self._seen[-1], self._look()
        self._seen.append((now, _, threads))
        waited = max((wait - before.get(thread, (0, 0))[1] for thread, (_, wait) in threads.items()), default=0) / 1e9
        return 1 - min(waited / (now - since), MOST) if waited > 0 else 1.0

    def busy(self) -> bool:
        """Whether another thread of this process ran for more than RAN of the last ticks, or for WANTED ran or waited.

        A loop that a busy machine gives no processor uses next to none, and is busy all the same. What the runtime does
        for itself now and then may have to wait for long, but not for half of all ticks.
        """
        (since, used_before, before), (now, used, threads) = self._seen[0], self._seen[-1]
        passed, own = now - since, f"/proc/self/task/{get_native_id()}/schedstat"
        others = {thread for thread in threads if thread.startswith("/proc/self/")} - {own}
        if not threads:
            return used - used_before > RAN * passed
        for thread in others:
            ran, waited = (new - old for new, old in zip(threads[thread], before.get(thread, (0, 0)), strict=True))
            if ran > RAN * passed * 1e9 or ran + waited > WANTED * passed * 1e9:
                return True
        return False


def ticks(seconds: float, tick_s: float) -> Iterator[float]:
    """How long to sleep before each look at what may take so many seconds, on a machine that does nothing else."""
    starvation, left = Starvation(alone=False), seconds
    while left > 0:
        for _ in range(LOOKS):
            yield tick_s
        left -= LOOKS * tick_s * starvation.fed()


def _threads(processes: list[str]) -> dict[str, tuple[int, int]]:
    """Each thread, and the nanoseconds that it has run for and has waited for a processor so far."""
    return {thread: told for process in processes for thread in _listed(f"/proc/{process}/task", "/schedstat")
            if (told := _told(thread))}  # fmt: skip


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


def _told(thread: str) -> tuple[int, int] | None:
    fields = _read(thread).split()
    return (int(fields[0]), int(fields[1])) if len(fields) > 1 else None


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
