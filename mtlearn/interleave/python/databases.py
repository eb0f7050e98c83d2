"""SQLite between threads: who finds the database locked waits as for a lock, for as long as its busy time-out lasts.

In C it would sleep with the others held up, and never get what it waits for.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from typing import Any

from mtlearn.interleave.python import made
from mtlearn.interleave.python.control import scheduled
from mtlearn.interleave.python.scheduler import Scheduler

_BUSY = {5, 6}  # SQLITE_BUSY and SQLITE_LOCKED, in the lower byte of the code
TIMEOUT_S = 5.0  # the library's own busy time-out

_BY_PLACE = ("detect_types", "isolation_level", "check_same_thread")  # only until Python 3.14

_real_connect = sqlite3.connect


def _changed(scheduler: Scheduler, seen: int) -> bool:
    return scheduler.version != seen


def _patiently(timeout: float, call: Callable[[], Any]) -> Any:
    scheduler, me = scheduled()
    if scheduler is None or me is None or me is scheduler.main:
        return call()
    deadline = scheduler.now + timeout
    scheduler.pause(me)
    while True:
        seen = scheduler.version
        try:
            result = call()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 255 not in _BUSY or scheduler.now >= deadline:
                raise
            if not scheduler.wait(me, partial(_changed, scheduler, seen), "file lock", None, deadline):
                raise
        else:
            scheduler.changed(me)
            return result


class Cursor(sqlite3.Cursor):
    """A cursor whose statements wait as for a lock."""

    def execute(self, *arguments: Any) -> Any:
        """Run a statement."""
        return _patiently(self.connection.patience, lambda: super(Cursor, self).execute(*arguments))  # type: ignore[attr-defined]

    def executemany(self, *arguments: Any) -> Any:
        """Run a statement for each of some parameters."""
        return _patiently(self.connection.patience, lambda: super(Cursor, self).executemany(*arguments))  # type: ignore[attr-defined]

    def executescript(self, *arguments: Any) -> Any:
        """Run a script."""
        return _patiently(self.connection.patience, lambda: super(Cursor, self).executescript(*arguments))  # type: ignore[attr-defined]


class Connection(sqlite3.Connection):
    """A connection whose statements wait as for a lock."""

    patience = TIMEOUT_S  # virtual seconds

    def cursor(self, factory: Any = Cursor) -> Any:
        """Give a cursor."""
        return super().cursor(factory)

    def execute(self, *arguments: Any) -> Any:
        """Run a statement."""
        return self.cursor().execute(*arguments)

    def executemany(self, *arguments: Any) -> Any:
        """Run a statement for each of some parameters."""
        return self.cursor().executemany(*arguments)

    def executescript(self, *arguments: Any) -> Any:
        """Run a script."""
        return self.cursor().executescript(*arguments)

    def commit(self) -> None:
        """End the transaction."""
        _patiently(self.patience, super().commit)

    def rollback(self) -> None:
        """Take the transaction back."""
        _patiently(self.patience, super().rollback)

    def close(self) -> None:
        """Close it; what it held is free."""
        _patiently(self.patience, super().close)

    def __exit__(self, kind: Any, value: Any, trace: Any) -> Any:
        """End the transaction, or take it back."""
        return _patiently(self.patience, lambda: super(Connection, self).__exit__(kind, value, trace))


def connect(database: Any, timeout: float = TIMEOUT_S, *arguments: Any, **named: Any) -> Any:
    """Stand in for `sqlite3.connect`."""
    made.note(database)
    if "factory" in named or len(arguments) > len(_BY_PLACE):
        return _real_connect(database, timeout, *arguments, **named)
    named |= dict(zip(_BY_PLACE, arguments, strict=False))
    connection = _real_connect(database, timeout=0.0, factory=Connection, **named)
    connection.patience = timeout
    return connection


MODELS: tuple[tuple[Any, str, Callable[..., Any]], ...] = ((sqlite3, "connect", connect),)
