"""What the learner's code makes in shared memory, noted by name: what it leaves there, the judge takes out.

A block of shared memory outlives its process. Python's own helper for that, the resource tracker, knows only the
blocks that were not made with `track=False`, or taken off its list.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

NOTES = "segments"  # a file in the subject's folder: a name a line
_made: list[str] = []


def note(folder: str) -> None:
    """In the subject: note every block from now on, as the system calls it."""
    try:
        import _posixshmem
    except ImportError:  # Windows, where a block goes with the last who has it open
        return
    real = _posixshmem.shm_open
    notes = os.open(Path(folder, NOTES), os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def shm_open(path: str, flags: int, *mode: int, **named: int) -> int:
        opened: int = real(path, flags, *mode, **named)
        if flags & os.O_CREAT:
            _made.append(path)
            os.write(notes, os.fsencode(path) + b"\n")
        return opened

    _posixshmem.shm_open = shm_open  # type: ignore[attr-defined,unused-ignore]


def left(since: int = 0) -> list[str]:
    """In the subject: the blocks it made, but for the first `since`, that are there still."""
    return [path for path in _made[since:] if _exists(path)]


def made() -> int:
    """In the subject: how many blocks were made so far."""
    return len(_made)


def remove(folder: Path) -> None:
    """In the judge, when the subject has ended: take out what it left."""
    with contextlib.suppress(OSError, ImportError):
        import _posixshmem

        for path in (folder / NOTES).read_text(errors="surrogateescape").splitlines():
            with contextlib.suppress(OSError):
                _posixshmem.shm_unlink(path)


def _exists(path: str) -> bool:
    import _posixshmem

    opened: Any
    try:
        opened = _posixshmem.shm_open(path, os.O_RDONLY, mode=0)
    except OSError:
        return False
    os.close(opened)
    return True
