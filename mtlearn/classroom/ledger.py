"""The verdicts that there are already: one SQLite file, which a killed process and a full disk leave whole."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from mtlearn.errors import ExitCode, MtlearnError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE = """
CREATE TABLE IF NOT EXISTS verdict (
    key TEXT PRIMARY KEY,       -- Task.key: the file, the exercise and mtlearn's version
    document TEXT NOT NULL,     -- as `mtlearn check --json` writes it
    graded REAL NOT NULL        -- seconds since the epoch
) WITHOUT ROWID
"""
_AT_ONCE = 500  # keys in one question


class Ledger:
    """Verdicts by the key of their task. Each is kept when it comes.

    Raises MtlearnError where the file is no ledger, or cannot be read or written.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        with self._told():
            self._database = sqlite3.connect(file, isolation_level=None)
        try:
            with self._told():
                self._database.execute("PRAGMA journal_mode = WAL")
                self._database.execute("PRAGMA synchronous = NORMAL")  # a power cut costs the last ones, no more
                self._database.execute(_TABLE)
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._database.close()

    def verdicts(self, keys: Iterable[str]) -> dict[str, str]:
        """The verdicts that are there for these keys."""
        asked, found = list(keys), {}
        with self._told():
            for start in range(0, len(asked), _AT_ONCE):
                some = asked[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                rows = self._database.execute(f"SELECT key, document FROM verdict WHERE key IN ({marks})", some)
                found.update(dict(rows))
        return found

    def keep(self, key: str, document: str) -> None:
        """Keep a verdict, in place of an older one."""
        with self._told():
            row = (key, document, time.time())
            self._database.execute("INSERT OR REPLACE INTO verdict VALUES (?, ?, ?)", row)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            damaged = getattr(error, "sqlite_errorname", "") in ("SQLITE_NOTADB", "SQLITE_CORRUPT")
            fix = "Move it away, and everything is graded again" if damaged else "Make room, or name another place"
            raise MtlearnError(
                f"The verdicts in {self.file} cannot be {'used' if damaged else 'kept'}.",
                f"{str(error).capitalize()}." + ("" if damaged else " What was kept before is still there."),
                f"{fix}: --ledger FILE" if not damaged else f"{fix}.",
                ExitCode.ENVIRONMENT,
            ) from error
