"""The lines of a demo's script that matter, cut out of it where it is marked.

In a script they stand between `# region NAME` and `# endregion` (in JavaScript after `//`), which editors fold; the
line that decides ends in `# <-`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

_BEGIN = re.compile(r"\s*(?:#|//) region (.+)")
_END = re.compile(r"\s*(?:#|//) endregion\s*")
_COMMENT = re.compile(r"(?:\s{2,}#| //) .*$")
_DOCSTRING = re.compile(r'\s*""".+"""')
_LINTERS = re.compile(r"\s*(?:#|//) (?:fmt: skip|noqa(?:: [A-Z0-9, ]+)?(?: - (?P<why>.+))?|eslint-disable.*)$")
_DECIDES = re.compile(r"\s*(?:#|//) <-\s*$")


@dataclass(frozen=True)
class Excerpt:
    """Some lines of a script, as far to the left as they go; `decisive` are the numbers (0-based) that decide."""

    name: str
    lines: tuple[str, ...]
    decisive: tuple[int, ...]

    @property
    def bare(self) -> Iterator[tuple[str, bool]]:
        """Each line of code without comments, and whether it decides; no two blank lines in a row."""
        before = ""
        for number, line in enumerate(self.lines):
            code = without_comment(line)
            if code.lstrip().startswith(("# ", "//")) or (line and not code) or _DOCSTRING.fullmatch(code):
                continue
            if code or before:
                yield code, number in self.decisive
            before = code

    def has(self, text: str) -> bool:
        """Whether it is called so, or has this in one of its lines."""
        return text in self.name or any(text in line for line in self.lines)


def without_comment(line: str) -> str:
    """A line of code without the comment beside it."""
    return _COMMENT.sub("", line)


def readable(script: str) -> str:
    """The script as it is to be read: without marks, and without what is meant for linters."""
    lines = (line for line in script.split("\n") if not (_BEGIN.fullmatch(line) or _END.fullmatch(line)))
    return "\n".join(_LINTERS.sub(_reason, _DECIDES.sub("", line)) for line in lines)


def _reason(comment: re.Match[str]) -> str:
    return f"  # {comment['why']}" if comment["why"] else ""


def excerpts(script: str) -> tuple[Excerpt, ...]:
    """Every marked part of a script, in order."""
    return tuple(_parts(script.splitlines()))


def _parts(lines: list[str]) -> Iterator[Excerpt]:
    name, inside = "", list[str]()
    for line in lines:
        if begin := _BEGIN.fullmatch(line):
            name, inside = begin[1].strip(), []
        elif _END.fullmatch(line):
            flush = textwrap.dedent("\n".join(inside)).strip("\n").split("\n")
            decisive = tuple(number for number, each in enumerate(flush) if _DECIDES.search(each))
            yield Excerpt(name, tuple(map(readable, flush)), decisive)
            name = ""
        elif name:
            inside.append(line)
