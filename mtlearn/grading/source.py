"""The learner's file as it is when grading begins: one verdict is about one version of it."""

from __future__ import annotations

import stat
from dataclasses import dataclass
from pathlib import Path

from mtlearn.errors import MtlearnError, reason
from mtlearn.grading.telltales import first_telltale
from mtlearn.grading.verdict import CheckResult

LARGEST = 1_000_000  # bytes: no exercise needs a tenth of it


@dataclass(frozen=True)
class Source:
    """What stands in the file at `path`, which has no symbolic links in it."""

    path: Path
    content: bytes

    @classmethod
    def read(cls, file: Path) -> Source:
        """Read it. Raises MtlearnError when that cannot be done, or makes no sense."""
        try:
            path = file.resolve()
            about = path.stat()
            special = not stat.S_ISREG(about.st_mode) and not stat.S_ISDIR(about.st_mode)  # a directory: open tells
            if special or about.st_size > LARGEST:
                why = "It is not a regular file" if special else f"It is larger than {LARGEST // 1_000_000} MB"
                raise MtlearnError(f"{file} cannot be graded.", f"{why}.", "Give the path of a program's text.")
            return cls(path, path.read_bytes())
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle, before Python 3.13
            told = reason(error) if isinstance(error, OSError) else "its symbolic links go round in a circle"
            raise MtlearnError(
                f"{file} cannot be graded.",
                f"It cannot be read: {told}.",
                "Give the path of a file you may read.",
            ) from error

    def asks(self) -> tuple[int, str] | None:
        """The first line of a Python file that looks for what watches it, and what it names there; None without one.

        See `telltales`.
        """
        return first_telltale(self.content)

    def became(self) -> str | None:
        """What has become of the file; None where it is what it was."""
        try:
            return None if self.path.read_bytes() == self.content else "was changed"
        except FileNotFoundError:
            return "was deleted"
        except OSError as error:
            return f"can no longer be read ({reason(error)})"

    def after(self) -> CheckResult | None:
        """What to say at the end if the file is not what it was; one that was deleted is put back."""
        became = self.became()
        if became is None:
            return None
        more = f", and {self._put_back()}" if became == "was deleted" else ""
        return CheckResult(
            "stays_as_it_is",
            "The file stays as it is while it is checked",
            "unchecked",
            f"{self.path.name} {became} while it was checked{more}",
            "Check again. If the program itself did that, take it out.",
        )

    def _put_back(self) -> str:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("xb") as stream:
                stream.write(self.content)
        except OSError as error:
            return f"cannot be put back: {reason(error)}"
        return "was put back as it was"
