"""One command at a time on a class: who comes second is told who is at it."""

from __future__ import annotations

import contextlib
import getpass
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mtlearn.errors import ExitCode, MtlearnError, reason


@contextmanager
def held(file: Path) -> Iterator[None]:
    """Hold the lock file. It is let go with the process that holds it, however that ends.

    Raises MtlearnError when somebody else holds it, or it cannot be made.
    """
    try:
        stream = file.open("a+", encoding="utf-8")
    except OSError as error:
        raise MtlearnError(
            f"Nothing can be kept in {file.parent}.",
            f"{file.name}: {reason(error)}.",
            "Name another place: --ledger FILE",
            ExitCode.ENVIRONMENT,
        ) from error
    with stream:
        if not _lock(stream.fileno()):
            stream.seek(0)
            holder = stream.read().strip() or "another process"
            raise MtlearnError(
                "This class is being graded already.",
                f"{holder} holds {file}.",
                "Wait for it, or end it: what is graded by then is kept.",
                ExitCode.ENVIRONMENT,
            )
        stream.truncate(0)
        stream.write(f"{_user()} on {socket.gethostname()}, process {os.getpid()}, since {time.strftime('%F %H:%M')}\n")
        stream.flush()
        try:
            yield
        finally:
            stream.truncate(0)


def _user() -> str:
    with contextlib.suppress(Exception):  # a user without a name
        return getpass.getuser()
    return "somebody"


def _lock(handle: int) -> bool:
    try:
        if os.name == "posix":
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
    except OSError:
        return False
    return True
