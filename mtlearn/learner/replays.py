"""The interleavings that checks found: kept in the learner's home, read to be run again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path

import msgspec

from mtlearn.errors import MtlearnError, reason
from mtlearn.grading.verdict import Replay, Verdict, VerdictDocument, replay_of
from mtlearn.learner.files import write_whole
from mtlearn.system.documents import written


def keep(verdict: Verdict, home: Path, notice: Callable[[str], None]) -> Path | None:
    """Keep the interleaving that a check found; where, or None if there is none, or it cannot be kept (`notice`)."""
    if not any(check.interleaving for check in verdict.checks):
        return None
    path = _path(home, verdict.exercise, verdict.runtime)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, written(verdict.document).encode())
    except OSError as error:
        notice(f"The interleaving cannot be kept: {path}: {reason(error)}.")
        return None
    return path


def found(home: Path, exercise: str, runtime: str) -> Replay | None:
    """The interleaving that `keep` has kept of an exercise; None where there is none that can be read."""
    with contextlib.suppress(MtlearnError):
        return read(_path(home, exercise, runtime), exercise, runtime)
    return None


def _path(home: Path, exercise: str, runtime: str) -> Path:
    return home / f"{exercise}.{runtime}.interleaving.json"


def kept(home: Path) -> tuple[VerdictDocument, ...]:
    """The verdicts that `keep` has kept, by exercise; a file that is damaged is passed over."""
    found = []
    for path in home.glob("*.interleaving.json"):
        with contextlib.suppress(OSError, ValueError, RecursionError, msgspec.MsgspecError):
            found.append(msgspec.convert(json.loads(path.read_text(encoding="utf-8")), VerdictDocument))
    return tuple(sorted(found, key=lambda each: (len(each.exercise), each.exercise, each.runtime)))


def read(file: Path, exercise: str, runtime: str | None) -> Replay:
    """The interleaving in a file that `keep` or `mtlearn check --json` wrote.

    Raises MtlearnError when there is none, or it is of another exercise or runtime.
    """
    fix = f"Let `mtlearn check {exercise}` find one first: it says where it keeps it."
    try:
        again = replay_of(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise MtlearnError(f"{file} cannot be read.", f"{reason(error)}.", fix) from error
    except (ValueError, RecursionError) as error:
        raise MtlearnError(f"{file} holds no interleaving.", f"{error}.", fix) from error
    if again.exercise != exercise or (runtime and again.runtime != runtime):
        language = {"python": "Python", "node": "JavaScript"}.get(again.runtime, again.runtime)
        raise MtlearnError(
            f"{file} does not fit.",
            f"Its interleaving was found in {again.exercise}, in {language}.",
            f"mtlearn check {again.exercise} --runtime {again.runtime} --replay {file}",
        )
    return again
