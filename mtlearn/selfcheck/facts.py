"""What the lessons' words rest on, as small programs: each is run, and must print what the fact says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from mtlearn.course.files import manifest
from mtlearn.lab.runtime import Runtime, numbers
from mtlearn.selfcheck.point import Point
from mtlearn.system.processes import end_tree, start
from mtlearn.system.temporary import TemporaryFolder

LIMIT_S = 30.0
SUFFIX = {"python": ".py", "node": ".mjs"}


class Fact(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence about a kind of runtime, and a program that prints `prints` where it holds.

    lesson  the number of the lesson whose words say it
    since   the version from which it holds (None: every version that mtlearn runs with)
    until   the version from which it holds no longer
    """

    says: str
    kind: Literal["python", "node"]
    lesson: int
    code: str
    prints: str
    since: str | None = None
    until: str | None = None

    def about(self, runtime: Runtime) -> bool:
        """Whether it speaks of this runtime: of CPython or Node.js, and of its version."""
        version = runtime.numbers
        after = self.since is None or version >= numbers(self.since)
        ours = self.kind == runtime.kind and runtime.product is None
        return ours and after and (self.until is None or version < numbers(self.until))


class _Facts(msgspec.Struct, forbid_unknown_fields=True):
    fact: tuple[Fact, ...]


def facts(lessons: Path) -> tuple[Fact, ...]:
    """The facts of the course's facts.toml. Raises MtlearnError when that is missing or damaged."""
    return manifest(lessons / "facts.toml", _Facts).fact


def fact_points(
    known: Sequence[Fact], runtimes: Sequence[Runtime], now: Callable[[str], None] = lambda what: None
) -> Iterator[Point]:
    """Whether each fact holds, in every runtime that it speaks of; `now` is told which one is under way."""
    for runtime in runtimes:
        for fact in known:
            if fact.about(runtime):
                now(f"{runtime.label}: {fact.says}")
                printed = _printed(fact, runtime)
                holds = printed == fact.prints
                detail = "" if holds else f"{runtime.label} printed {printed!r}, not {fact.prints!r}"
                yield Point(f"lesson-{fact.lesson}", runtime.kind, fact.says, holds, detail)


def _printed(fact: Fact, runtime: Runtime) -> str:
    """What the program prints, in its own process and folder; the last line of its error where it fails."""
    with TemporaryFolder() as folder:
        script = Path(folder) / f"fact{SUFFIX[fact.kind]}"
        script.write_text(fact.code, encoding="utf-8")
        errors = (Path(folder) / "errors").open("w+b")
        with errors:
            process = start(runtime.command(script), stderr=errors, cwd=Path(folder), bound=True)
            alarm = threading.Timer(LIMIT_S, end_tree, (process,))
            alarm.daemon = True
            alarm.start()
            try:
                assert process.stdout is not None
                printed = process.stdout.read().decode(errors="replace").strip()
                process.wait()
            finally:
                alarm.cancel()
                end_tree(process)
            errors.seek(0)
            told = errors.read().decode(errors="replace").strip().splitlines()
    return printed or (told[-1] if told else "")
