"""Waiting outside Python's locks: for files, sockets and locks on files. Others run meanwhile.

Each of these calls waits, before it does what it does, until the system says that it will not block; so it takes its
place in the schedule, and what passes between the program's own threads really passes. What only something outside of
the program could bring is told by `comes_from_outside`.
"""

from __future__ import annotations

import builtins
import io
import os
import select
import selectors
import socket
import stat
from collections.abc import Callable
from functools import partial
from typing import Any

from mtlearn.interleave.python import made
from mtlearn.interleave.python.control import scheduled
from mtlearn.interleave.python.standard_input import where_meant
from mtlearn.interleave.python.uncontrolled import uncontrolled

ATOMIC = 512  # bytes of a pipe that are written at once, at least (POSIX)

_real_read, _real_write = os.read, os.write
_real_open, _real_select = io.open, select.select


def ready(fd: int, event: int = select.POLLIN) -> bool:
    """Say whether a call on a file would not block now; one that fails does not."""
    poll = select.poll()
    poll.register(fd, event)
    return bool(poll.poll(0))


def until_ready(fd: int, event: int = select.POLLIN, timeout: float | None = None) -> bool:
    """Let others run until a call on a file does not block; False where the time passed first."""
    scheduler, me = scheduled()
    if scheduler is None or me is None or me is scheduler.main or fd < 0:
        return True
    deadline = None if timeout is None else scheduler.now + timeout
    came = scheduler.wait(me, partial(ready, fd, event), "file", fd, deadline)
    scheduler.changed(me)
    return came


def comes_from_outside(fd: int) -> bool:
    """Say whether what a file waits for may come from outside of the program."""
    try:
        mode = os.fstat(fd).st_mode
        if fd <= 2 or not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
            return True
        if stat.S_ISFIFO(mode):
            return False
        with socket.socket(fileno=os.dup(fd)) as copy:
            if copy.family == getattr(socket, "AF_UNIX", None):
                return False
            listens = copy.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
            host = str((copy.getsockname() if listens else copy.getpeername())[0])
    except (OSError, AttributeError):
        return False  # it is closed, or connected to nothing
    return another_machine(host)


def another_machine(host: Any) -> bool:
    """Say whether it is the name or the address of one."""
    name = host.decode(errors="replace") if isinstance(host, bytes) else host
    return isinstance(name, str) and name not in ("", "localhost") and not name.startswith(("127.", "::1", "0.0.0.0"))


def far(socket_or_host: Any, address: Any = None, *_: Any, **_named: Any) -> bool:
    """Say whether a call of `connect`, or one that looks a host up, with these arguments means another machine."""
    if isinstance(socket_or_host, socket.socket):
        return isinstance(address, tuple) and another_machine(address[0])
    return another_machine(socket_or_host)


# Files

fifos: dict[tuple[int, int], list[int]] = {}  # of the run that goes on, by device and inode


@where_meant
def read(fd: int, length: int, /) -> bytes:
    """Stand in for `os.read`."""
    until_ready(fd)
    return _real_read(fd, length)


def write(fd: int, data: Any, /) -> int:
    """Stand in for `os.write`, which into a pipe writes all there is, as room is made."""
    if not _may_block(fd):
        return _real_write(fd, data)
    left, written = memoryview(data).cast("B"), 0
    while True:
        until_ready(fd, select.POLLOUT)
        written += _real_write(fd, left[written : written + ATOMIC])
        if written >= len(left) or not os.get_blocking(fd):
            return written


def _may_block(fd: int) -> bool:
    mode = os.fstat(fd).st_mode
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


class WaitingFile(io.FileIO):
    """A pipe or a fifo that is read and written as a file."""

    def readinto(self, buffer: Any) -> int | None:
        """Read into a buffer what there is, or wait for something."""
        until_ready(self.fileno())
        return super().readinto(buffer)

    def read(self, size: int | None = -1) -> Any:
        """Read up to so many bytes, or all that comes until the other end is closed."""
        if size is None or size < 0:
            return self.readall()
        until_ready(self.fileno())
        return super().read(size)

    def readall(self) -> Any:
        """Read all that comes until the other end is closed."""
        parts = []
        while part := self.read(65_536):
            parts.append(part)
        return b"".join(parts)

    def write(self, data: Any) -> int:
        """Write all there is, as room is made."""
        return write(self.fileno(), data)


@where_meant
def open_file(file: Any, mode: str = "r", buffering: int = -1, *rest: Any, **named: Any) -> Any:
    """Stand in for `open`: a pipe or a fifo is waited for as others run."""
    scheduler, me = scheduled()
    if not set(mode).isdisjoint("wax"):
        made.note(file)
    if scheduler is None or me is None or me is scheduler.main:
        return _real_open(file, mode, buffering, *rest, **named)
    try:
        kind = (os.fstat(file) if isinstance(file, int) else os.stat(file)).st_mode
    except (OSError, TypeError, ValueError):
        kind = 0
    if not stat.S_ISFIFO(kind):
        return _real_open(file, mode, buffering, *rest, **named)
    raw = WaitingFile(_opened(file, mode) if not isinstance(file, int) else file, mode.replace("t", ""), *rest[3:])
    if "b" in mode and buffering == 0:
        return raw
    whole = io.BufferedWriter(raw) if "w" in mode or "a" in mode else io.BufferedReader(raw)
    if "b" in mode:
        return whole
    text = {name: named[name] for name in ("encoding", "errors", "newline") if name in named}
    return io.TextIOWrapper(whole, *rest[:3], **text)


def _opened(path: Any, mode: str) -> int:
    """Open a fifo: each end waits for the other."""
    scheduler, me = scheduled()
    assert scheduler is not None
    assert me is not None
    found = os.stat(path)
    ends = fifos.setdefault((found.st_dev, found.st_ino), [0, 0])  # readers and writers that have come
    writes = "w" in mode or "a" in mode
    ends[writes] += 1
    # Each end is there from now on, whichever goes on first when both have come.
    end = os.open(path, (os.O_RDWR if writes else os.O_RDONLY) | os.O_NONBLOCK)
    scheduler.changed(me)
    scheduler.wait(me, lambda: ends[not writes] > 0, "fifo", path)
    if writes:
        both, end = end, os.open(path, os.O_WRONLY)
        os.close(both)
    os.set_blocking(end, True)
    return end


# Sockets


def _waits(name: str, event: int) -> Callable[..., Any]:
    real = getattr(socket.socket, name)

    def method(self: socket.socket, *arguments: Any, **named: Any) -> Any:
        if not until_ready(self.fileno(), event, self.gettimeout()) and self.gettimeout():
            raise TimeoutError("timed out")
        return real(self, *arguments, **named)

    method.__name__ = method.__qualname__ = name
    return method


def send_all(self: socket.socket, data: Any, *flags: int) -> None:
    """Stand in for `socket.sendall`: as room is made."""
    left = memoryview(data).cast("B")
    sent = 0
    while sent < len(left):
        sent += self.send(left[sent : sent + 65_536], *flags)


# Selecting


def select_files(reads: Any, writes: Any, others: Any, timeout: float | None = None, /) -> Any:
    """Stand in for `select.select`."""
    scheduler, me = scheduled()
    if scheduler is None or me is None or me is scheduler.main:
        return _real_select(reads, writes, others, timeout)
    deadline = None if timeout is None else scheduler.now + max(timeout, 0)
    scheduler.wait(me, lambda: any(_real_select(reads, writes, others, 0)), "files", None, deadline)
    return _real_select(reads, writes, others, 0)


def selecting(real_select: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """Wait for files as for a lock, so that a loop over a selector takes part: others run meanwhile."""

    def wait_for_files(self: Any, timeout: float | None = None) -> list[Any]:
        scheduler, me = scheduled()
        if scheduler is None or me is None or (timeout is not None and timeout <= 0):
            return real_select(self, timeout if me is None else 0)
        deadline = None if timeout is None else scheduler.now + timeout
        scheduler.wait(me, lambda: bool(real_select(self, 0)), "files", self, deadline)
        return real_select(self, 0)

    return wait_for_files


# Locks on files

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


def lock_file(file: Any, operation: int, /) -> None:
    """Stand in for `fcntl.flock`."""
    fd = file if isinstance(file, int) else file.fileno()
    scheduler, me = scheduled()
    if scheduler is not None and me is not None and me is not scheduler.main:
        if operation & (fcntl.LOCK_NB | fcntl.LOCK_UN):
            scheduler.pause(me)
        else:
            scheduler.wait(me, partial(_can_lock, fd, operation), "file lock", fd)
        scheduler.changed(me)
    _real_flock(fd, operation)


def _can_lock(fd: int, operation: int) -> bool:
    """Try on a file of its own, which leaves what this one has as it is."""
    try:
        other = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY)
    except OSError:
        return True
    try:
        _real_flock(other, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(other)
    return True


_real_flock = fcntl.flock if fcntl is not None else None

_SOCKET_METHODS = {
    **dict.fromkeys(("accept", "recv", "recv_into", "recvfrom", "recvfrom_into"), select.POLLIN),
    **dict.fromkeys(("send", "sendto"), select.POLLOUT),
}
_SELECTORS = [
    cls
    for name in ("SelectSelector", "PollSelector", "EpollSelector", "DevpollSelector", "KqueueSelector")
    if (cls := getattr(selectors, name, None)) is not None
]
_to_another_machine = uncontrolled("asks for another machine", far)
MODELS: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
    (os, "read", read),
    (os, "write", write),
    (os, "open", where_meant(made.open_descriptor)),
    (io, "open", open_file),
    (builtins, "open", open_file),
    (select, "select", select_files),
    *(((fcntl, "flock", lock_file),) if fcntl is not None else ()),
    (socket.socket, "sendall", send_all),
    *((socket.socket, name, _waits(name, event)) for name, event in _SOCKET_METHODS.items()),
    *((socket, name, _to_another_machine(getattr(socket, name))) for name in ("getaddrinfo", "gethostbyname")),
    *((socket.socket, name, _to_another_machine(getattr(socket.socket, name))) for name in ("connect", "connect_ex")),
    *((cls, "select", selecting(cls.select)) for cls in _SELECTORS),
)
