"""What a student gets back: a Markdown file about each exercise they handed in."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rich.console import Console

from mtlearn.classroom.results import Result
from mtlearn.grading.verdict import CheckResult
from mtlearn.render.interleaving import interleaving
from mtlearn.render.verdict import scope

WIDTH = 78
LANGUAGES = {"python": "Python", "node": "JavaScript"}


def feedback(student: str, results: Sequence[Result], hints: Mapping[str, str]) -> str:
    """The file for one student, about files that were graded. `hints` has the first hint of each exercise."""
    parts = [f"# {_plain(student)}\n"]
    for each in results:
        assert each.verdict
        language = LANGUAGES[each.runtime]
        parts.append(f"## {each.exercise} in {language}: {each.title}\n")
        parts.append(f"{_plain(each.file)}: {each.points} of {each.of} checks pass.\n")
        for title, status in (("Not right yet", "fail"), ("Could not be checked", "unchecked"), ("Right", "pass")):
            checks = [check for check in each.verdict.checks if check.status == status]
            if checks:
                parts.append(f"### {title}\n")
                parts += [_told(check) for check in checks]
                parts.append("")
        if each.status != "pass":
            parts.append(f"### A hint\n\n{hints[each.exercise]}\n")
            parts.append(f"Go on: `mtlearn check {each.exercise} --runtime {each.runtime}`\n")
    return "\n".join(parts).encode(errors="replace").decode()


def _told(check: CheckResult) -> str:
    lines = [f"- {_plain(check.label)}"]
    if check.status == "pass":
        return f"{lines[0]} ({scope(check.scope).rstrip('.')})" if check.scope else lines[0]
    lines += [f"  {_plain(text)}" for text in (check.message, check.help) if text]
    told = "  \n".join(lines)  # a break of the line
    if check.interleaving:
        picture = "\n".join(f"  {line}".rstrip() for line in _drawn(check).splitlines())
        told += f"\n\n  ```text\n{picture}\n  ```\n"
    return told


def _drawn(check: CheckResult) -> str:
    assert check.interleaving
    console = Console(width=WIDTH, file=io.StringIO(), no_color=True, highlight=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(interleaving(replace(check.interleaving, message=""), width=WIDTH))
    return captured.get()


def _plain(text: str) -> str:
    """A text whose characters mean nothing to Markdown, on one line."""
    line = " ".join(text.split())
    return "".join(f"\\{each}" if each in "\\`*_<>[]#|" else each for each in line)
