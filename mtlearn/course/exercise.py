"""An exercise on disk: its statement, starters, hints, checks, scenarios, solutions and known-wrong files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from mtlearn.errors import MtlearnError, reason

SUFFIX = {"python": ".py", "node": ".mjs"}


@dataclass(frozen=True)
class KnownWrong:
    """A wrong solution, kept to prove that the grader sees it; told by `key: value` lines in its first comment.

    belief  the mistaken belief behind it
    fails   the check that must fail, by name
    says    a text that the check's message must contain
    shows   "an interleaving" where the check must show the order of steps that breaks it, else None
    beliefs the numbers, in beliefs.toml, of what it believes
    """

    file: Path
    belief: str
    fails: str
    says: str
    shows: str | None = None
    beliefs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Exercise:
    """One exercise. `folder` holds all but the reference solutions, which lie in `solutions`."""

    number: int
    folder: Path
    solutions: Path

    @property
    def name(self) -> str:
        """As a user names it: "exercise-5"."""
        return f"exercise-{self.number}"

    @property
    def statement(self) -> str:
        """What to build, in Markdown."""
        return read(self.folder / "statement.md")

    @property
    def title(self) -> str:
        """The statement's first heading, without the number."""
        return self.statement.splitlines()[0].lstrip("# ").split(" · ")[-1]

    @property
    def checks(self) -> Path:
        """The pytest file that judges both languages."""
        return self.folder / "checks.py"

    @property
    def explored(self) -> bool:
        """Whether its checks look for an order of steps that breaks a solution."""
        return "subject.explore(" in read(self.checks)

    def starter(self, kind: str) -> Path:
        """What the learner's file looks like at first."""
        return self.folder / f"starter{SUFFIX[kind]}"

    def scenarios(self, kind: str) -> Path:
        """What the subject runs on the learner's code."""
        return self.folder / f"scenarios{SUFFIX[kind]}"

    def solution(self, kind: str) -> Path:
        """The reference solution."""
        return self.solutions / f"solution{SUFFIX[kind]}"

    def hints(self) -> tuple[str, ...]:
        """The hints, from a nudge to nearly the code."""
        return tuple(sections(read(self.folder / "hints.md")).values())

    def known_right(self, kind: str) -> tuple[Path, ...]:
        """Other ways to solve it, kept to prove that the grader accepts them."""
        return tuple(sorted((self.folder / "known_right").glob(f"*{SUFFIX[kind]}")))

    def known_wrong(self, kind: str) -> tuple[KnownWrong, ...]:
        """The wrong solutions of one language, by file name."""
        files = sorted((self.folder / "known_wrong").glob(f"*{SUFFIX[kind]}"))
        return tuple(_known_wrong(file) for file in files)


def _known_wrong(file: Path) -> KnownWrong:
    keys: dict[str, str] = {}
    for line in read(file).splitlines():
        match = re.match(r"(?:#|//) (belief|beliefs|fails|says|shows): (.+)$", line)
        if not match:
            break
        keys[match[1]] = match[2]
    try:
        numbers = tuple(map(int, keys.get("beliefs", "").split()))
    except ValueError:
        raise broken(file, f"its line `beliefs: …` is no list of numbers: {keys['beliefs']}") from None
    try:
        return KnownWrong(file, keys["belief"], keys["fails"], keys["says"], keys.get("shows"), numbers)
    except KeyError as missing:
        raise broken(file, f"its first comment has no line `{missing.args[0]}: …`") from None


def sections(markdown: str) -> dict[str, str]:
    """The texts under the `## ` headings, by heading, in order; what stands before the first is left out."""
    parts = re.split(r"^## +(.+)$", markdown, flags=re.MULTILINE)
    return {heading.strip(): body.strip() for heading, body in zip(parts[1::2], parts[2::2], strict=True)}


def read(file: Path) -> str:
    """A content file's text. Raises MtlearnError when it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise broken(file, reason(error)) from error
    except UnicodeDecodeError as error:
        raise broken(file, f"it is not UTF-8 text ({error.reason})") from error


def broken(file: Path, cause: str) -> MtlearnError:
    """An error for a part of the course that is missing or damaged."""
    return MtlearnError(
        f"The course's file {file} cannot be used.",
        f"{cause}.",
        "Install mtlearn again: pip install --force-reinstall mtlearn",
    )
