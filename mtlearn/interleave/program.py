"""A program of one's own that can be explored, and what is said of a file that holds none."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.interleave.result import Result
from mtlearn.interleave.trace import Interleaving

FIX = "`mtlearn explore --help` shows a whole file."


class Program(Protocol):
    """A program that can be explored."""

    def search(self, **budget: Any) -> Result:
        """Run it through its orders of steps; the budget is that of `mtlearn.interleave.search.search`."""

    def replay(self, found: Interleaving) -> Result:
        """Run one order of steps again."""


def lacks(file: Path, name: str, what: str, *, there: bool) -> MtlearnError:
    """The error for a file that lacks one of the three names, or has something else there."""
    cause = f"`{name}` is something else." if there else f"It has no `{name}`."
    return MtlearnError(f"`{file}` cannot be explored.", cause, f"Make it {what}. {FIX}")


def not_loaded(file: Path, cause: str) -> MtlearnError:
    """The error for a file whose own code ends while it is loaded."""
    fix = f"Mend it, then explore it again: python {file} shows the same."
    return MtlearnError(f"`{file}` cannot be loaded.", cause, fix, ExitCode.FAILED)
