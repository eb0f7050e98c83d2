"""Whose file it is: told by the folders it lies in and by its name, as learning platforms and people write them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from mtlearn.course.names import in_names

# "Ada Lovelace_12345_assignsubmission_file_exercise_05": a folder for each student, or a prefix of each file
_MOODLE = re.compile(r"(.+?)_\d+_assignsubmission_(?:file|onlinetext)_?(.*)", re.DOTALL)
# "lovelaceada_LATE_1234_56789_exercise_05-1"
_CANVAS = re.compile(r"([^\W_]+)(?:_LATE)?_\d+_\d+_(.+)", re.DOTALL)
# names that say nothing of who wrote what lies in them
_NOBODY = re.compile(
    r"(?:mtlearn-exercises|mtlearn|submissions?|solutions?|exercises?|src|code|work|files?|main|index|py|js|python|node"
    r"|attempt[\s_-]*\d*|.*-submissions)",
    re.IGNORECASE,
)
_ATTEMPT = re.compile(r"[\s_-]*(?:\(\d+\)|-\d)?$")


def student_of(parts: tuple[str, ...], siblings: dict[tuple[str, ...], str], known: Iterable[str]) -> str | None:
    """The student that a file belongs to; None where nothing tells.

    parts     its path, seen from the folder of the class, without the suffix
    siblings  what the folders in a folder begin with, all of them, by that folder's path (`common_beginnings`)
    known     the names of the exercises

    The outermost folder that names somebody counts, then the file's own name, with the exercise's taken out.
    """
    exercise = in_names(known)
    for depth, part in enumerate(parts):
        last = depth == len(parts) - 1
        if found := _MOODLE.fullmatch(part) or (last and _CANVAS.fullmatch(part)):
            return _tidy(found[1])
        if not last:
            part = part.removeprefix(siblings.get(parts[:depth], ""))
        name = _tidy(exercise.sub("", part))
        if name and not _NOBODY.fullmatch(name):
            return name
    return None


def common_beginnings(paths: Iterable[PurePosixPath]) -> dict[tuple[str, ...], str]:
    """What all folders in a folder begin with, where there are several: GitHub Classroom's `homework-ada`."""
    folders: dict[tuple[str, ...], set[str]] = {}
    for path in paths:
        for depth in range(len(path.parts) - 1):
            folders.setdefault(path.parts[:depth], set()).add(path.parts[depth])
    found = {}
    for folder, names in folders.items():
        beginning = os.path.commonprefix(sorted(names))  # noqa: RUF071 - of names, not of paths
        beginning = beginning[: beginning.rfind("-") + 1]
        assignment = folder[-1].removesuffix("-submissions") + "-" if folder else ""
        if folder and folder[-1].endswith("-submissions") and all(name.startswith(assignment) for name in names):
            found[folder] = assignment
        elif len(names) > 1 and beginning and len(beginning) < min(map(len, names)):
            found[folder] = beginning
    return found


def _tidy(name: str) -> str:
    return _ATTEMPT.sub("", name).strip(" _-.")
