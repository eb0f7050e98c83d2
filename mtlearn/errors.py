"""What can go wrong, told so that it can be mended; and the exit codes of every command.

Whatever mtlearn writes to stderr goes through this module.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from enum import IntEnum


class ExitCode(IntEnum):
    """What a command's exit code means."""

    OK = 0
    FAILED = 1  # the learner's work is not right yet, or could not be checked
    USAGE = 2  # a wrong name, a wrong option, content that cannot be read
    ENVIRONMENT = 3  # something this machine lacks: Node.js, a writable folder
    INTERRUPTED = 130


class MtlearnError(Exception):
    """A failure with its cause and its fix, each one sentence; it ends the command with `exit_code`."""

    def __init__(self, message: str, cause: str, fix: str, exit_code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(message)
        self.message = message
        self.cause = cause
        self.fix = fix
        self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.message}\n  cause: {self.cause}\n  fix:   {self.fix}"


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The names that are nearly this one; of numbered ones, such as exercise-5, only one with the same number."""
    import difflib

    names = list(known)
    near = difflib.get_close_matches(name.lower(), names, n=2, cutoff=0.85)
    if len(near) != 1:
        near = difflib.get_close_matches(name.lower(), names, n=5, cutoff=0.6)
    if digits := "".join(filter(str.isdigit, name)).lstrip("0"):
        near = [each for each in near if "".join(filter(str.isdigit, each)) in (digits, "")]
    return near


def unknown_name(kind: str, name: str, known: Iterable[str], command: str, listing: str | None = None) -> MtlearnError:
    """An error for a name that does not exist, with the command to type for the nearest one that does.

    command  takes such a name at its end: "mtlearn demo"
    listing  the command that shows all names; without one, the error names them
    """
    names = list(known)
    near = nearest(name, names)
    choose = f"{listing}, which shows them all" if listing else f"Choose {_choice(names)}."
    return MtlearnError(
        f"There is no {kind} `{name}`.",
        f"None of the {len(names)} {kind}s is called that." if len(names) > 1 else f"The only {kind} is {names[0]}.",
        f"Did you mean `{near[0]}`? {command} {near[0]}" if len(near) == 1 else choose,
    )


def _choice(names: list[str]) -> str:
    numbered = len(names) > 2 and all(name[-1].isdecimal() for name in names)
    return f"one of {names[0]} to {names[-1]}" if numbered else " or ".join(names)


def reason(error: OSError) -> str:
    """Why the system refused, without its number: "Permission denied"."""
    return error.strerror or str(error) or type(error).__name__


def tell(text: object) -> None:
    """Write one diagnostic to stderr; in a terminal, no word is cut at its edge."""
    told = str(text)
    if sys.stderr.isatty():
        import shutil
        from textwrap import TextWrapper

        width = shutil.get_terminal_size().columns
        plain = TextWrapper(width, break_long_words=False, break_on_hyphens=False)
        below = TextWrapper(width, subsequent_indent=" " * 9, break_long_words=False, break_on_hyphens=False)
        told = "\n".join((below if line.startswith("  ") else plain).fill(line) for line in told.split("\n"))
    print(told, file=sys.stderr, flush=True)
