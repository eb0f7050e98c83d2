"""What the learner's code makes in shared memory, noted by name: what it leaves there, the judge takes out.

A block of shared memory outlives its process. Python's own helper for that, the resource tracker, does not know the
blocks that were made with `track=False`, or taken off its list.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

try:
    import _posixshmem as system  # type: ignore[import-not-found]  # has no stub
except ImportError:  # Windows, where a block goes with the last who has it open
    system = None

NOTES = "segments"  # a file in the subject's folder: a name a line
_made: list[str] = []
_opened: list[tuple[int, os.stat_result]] = []  # beside them: by which number, and what that was


def note(folder: str) -> None:
    """In the subject: note every block from now on, as the system calls it."""
    if system is None:
        return
    real = system.shm_open
    notes = os.open(Path(folder, NOTES), os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def shm_open(path: str, flags: int, *mode: int, **named: int) -> int:
        opened: int = real(path, flags, *mode, **named)
        if flags & os.O_CREAT:
            _made.append(path)
            _opened.append((opened, os.fstat(opened)))
            os.write(notes, os.fsencode(path) + b"\n")
        return opened

    system.shm_open = shm_open
    _note_semaphores(notes)


def _note_semaphores(notes: int) -> None:
    """The same for semaphores with a name, which lie beside the blocks where Linux keeps both."""
    import _multiprocessing  # type: ignore[import-not-found]  # has no stub

    class SemLock(_multiprocessing.SemLock):  # type: ignore[misc]
        def __new__(cls, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> Any:
            made = super().__new__(cls, kind, value, maxvalue, name, unlink)
            if not unlink:
                os.write(notes, os.fsencode(f"/sem.{name.lstrip('/')}") + b"\n")
            return made

    _multiprocessing.SemLock = SemLock


def made() -> int:
    """In the subject: how many blocks were made so far."""
    return len(_made)


def left(since: int) -> list[str]:
    """In the subject: the blocks that were made after the first `since`, and are there still."""
    return [path for path in _made[since:] if _exists(path)]


def open_here(since: int) -> list[str]:
    """In the subject: the blocks that were made after the first `since`, and that this process still has open.

    The system is asked, as an object may believe that it is closed while a view of it keeps the memory.
    """
    try:
        mapped = Path("/proc/self/maps").read_text(errors="surrogateescape")
    except OSError:  # not Linux: the number by which it was opened must do
        mapped = ""
    return [
        path
        for path, (number, what) in zip(_made[since:], _opened[since:], strict=True)
        if f"{path} " in mapped or f"{path}\n" in mapped or _is_still(number, what)
    ]


def remove(folder: Path) -> None:
    """In the judge, when the subject has ended: take out what it left."""
    with contextlib.suppress(OSError):
        for path in (folder / NOTES).read_text(errors="surrogateescape").splitlines():
            with contextlib.suppress(OSError):
                system.shm_unlink(path)


def _exists(path: str) -> bool:
    try:
        os.close(system.shm_open(path, os.O_RDONLY, mode=0))
    except OSError:
        return False
    return True


def _is_still(number: int, what: os.stat_result) -> bool:
    try:
        return os.path.samestat(os.fstat(number), what)
    except OSError:
        return False
