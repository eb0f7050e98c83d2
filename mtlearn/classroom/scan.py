"""Finding what was handed in: folders, flat names, archives, workspaces, or what a roster says."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from mtlearn.classroom import roster
from mtlearn.classroom.archive import PROGRAMS, WANTED, Room, unpack
from mtlearn.classroom.names import common_beginnings, student_of
from mtlearn.classroom.submission import Roll, Submission, Unplaced
from mtlearn.course.exercise import Exercise
from mtlearn.course.names import exercise_name, exercise_of_path, number_in
from mtlearn.errors import ExitCode, MtlearnError, reason
from mtlearn.grading.source import LARGEST
from mtlearn.system.encoding import visible

RUNTIMES = {".py": "python", ".mjs": "node", ".js": "node"}
_PASSED_OVER = ("__pycache__", "node_modules", "__MACOSX")


@dataclass(frozen=True)
class _Found:
    """A file: where it seems to be (in an archive, as if that were a folder), and where it is."""

    name: PurePosixPath
    path: Path

    @property
    def shown(self) -> str:
        return str(visible(os.fsencode(str(self.name)).decode(errors="replace")))


def scan(folder: Path, exercises: Iterable[Exercise], work: Path) -> Roll:
    """Everything in `folder`, or in the archive of that name. `work` is an empty folder, for what is unpacked.

    Raises MtlearnError when it cannot be read, there is no program in it, or its roster is damaged.
    """
    known = {exercise.name: exercise for exercise in exercises}
    unplaced: list[Unplaced] = []
    found = list(_files(folder, work, unplaced))
    if not any(file.name.suffix.lower() in PROGRAMS for file in found):
        raise MtlearnError(
            f"There is nothing to grade in {folder}.",
            unplaced[0].why.capitalize() + "." if unplaced else "There is no file in it that ends in .py, .mjs or .js.",
            "Give the folder in which the students' folders or files are, or the zip that your platform gave you.",
        )
    given = next((file for file in found if file.name == PurePosixPath(roster.NAME)), None)
    found = [file for file in found if file.name.suffix.lower() in PROGRAMS]
    placed = list(_from_roster(given, found, known, unplaced) if given else _by_name(found, known, unplaced))
    return Roll(tuple(_newest(_worked_on(placed, known, unplaced), list(known), unplaced)), tuple(unplaced))


def _files(folder: Path, work: Path, unplaced: list[Unplaced]) -> Iterator[_Found]:
    """The files of interest, those in archives too."""
    room = Room()
    if folder.is_file() and folder.suffix.lower() == ".zip":
        yield from _unpacked(_Found(PurePosixPath(folder.name), folder), work, room, unplaced, PurePosixPath())
        return
    try:
        inside = sorted(os.listdir(folder))
    except OSError as error:
        raise MtlearnError(
            f"{folder} cannot be graded.",
            f"It cannot be read: {reason(error)}.",
            "Give the folder in which the students' folders or files are, or a zip.",
            ExitCode.USAGE if isinstance(error, FileNotFoundError | NotADirectoryError) else ExitCode.ENVIRONMENT,
        ) from error
    yield from _walk(folder, PurePosixPath(), inside, work, room, unplaced)


def _walk(
    folder: Path, name: PurePosixPath, inside: list[str], work: Path, room: Room, unplaced: list[Unplaced]
) -> Iterator[_Found]:
    for each in inside:
        found = _Found(name / each, folder / each)
        if each.startswith(".") or each in _PASSED_OVER:
            continue
        if found.path.is_symlink():
            unplaced.append(Unplaced(found.shown, "it is a link", lost=found.name.suffix.lower() in PROGRAMS))
        elif found.path.is_dir():
            try:
                below = sorted(os.listdir(found.path))
            except OSError as error:
                unplaced.append(Unplaced(found.shown, f"it cannot be read: {reason(error)}"))
                continue
            yield from _walk(found.path, found.name, below, work, room, unplaced)
        elif not found.path.is_file():
            unplaced.append(Unplaced(found.shown, "it is no file", lost=found.name.suffix.lower() in PROGRAMS))
        elif found.name.suffix.lower() == ".zip":
            yield from _unpacked(found, work, room, unplaced, found.name.with_suffix(""))
        elif found.name.suffix.lower() in WANTED:
            yield found


def _unpacked(
    archive: _Found, work: Path, room: Room, unplaced: list[Unplaced], name: PurePosixPath
) -> Iterator[_Found]:
    """The files in an archive, as if it were the folder `name`."""
    if room.depth < 1:
        unplaced.append(Unplaced(archive.shown, "it is an archive in an archive in an archive"))
        return
    into = work / str(len(list(work.iterdir())))
    into.mkdir()
    done = unpack(archive.path, archive.shown, into, room)
    unplaced += done.unplaced
    room.depth -= 1
    for inner, path in done.files:
        if inner.suffix.lower() == ".zip":
            yield from _unpacked(_Found(name / inner, path), work, room, unplaced, name / inner.with_suffix(""))
        else:
            yield _Found(name / inner, path)
    room.depth += 1


def _by_name(found: list[_Found], known: Mapping[str, Exercise], unplaced: list[Unplaced]) -> Iterator[Submission]:
    """Those of which the path tells whose they are, and what they solve."""
    prefix = _wrapping([file.name for file in found], known)
    inner = [PurePosixPath(*file.name.parts[prefix:]) for file in found]
    beginnings = common_beginnings(inner)
    for file, name in zip(found, inner, strict=True):
        exercise = exercise_of_path(Path("/", file.name), known)
        student = student_of(name.with_suffix("").parts, beginnings, known)
        if exercise is None or exercise not in known:
            told = f"there is no {exercise}" if exercise else "neither its name nor its folders tell the exercise"
            unplaced.append(Unplaced(file.shown, told))
        elif student is None:
            unplaced.append(Unplaced(file.shown, "neither its name nor its folders tell whose it is"))
        else:
            yield _submission(file, student, known[exercise])


def _wrapping(names: list[PurePosixPath], known: Mapping[str, Exercise]) -> int:
    """How many folders there are around the whole class: one that all files are in, with folders in it alone."""
    depth = 0
    while len({name.parts[depth] for name in names}) == 1 and all(len(name.parts) > depth + 2 for name in names):
        below = {name.parts[depth + 1] for name in names}
        if all(exercise_of_path(Path("/", part), known) and student_of((part,), {}, known) is None for part in below):
            break  # the folders of one student
        depth += 1
    return depth


def _from_roster(
    given: _Found, found: list[_Found], known: Mapping[str, Exercise], unplaced: list[Unplaced]
) -> Iterator[Submission]:
    files = {str(file.name): file for file in found}
    for entry in roster.read(given.path):
        file = files.pop(str(PurePosixPath(entry.file.replace("\\", "/"))), None)
        exercise: str | None = exercise_name(entry.exercise)
        if exercise not in known and number_in(entry.exercise) is None:
            exercise = exercise_of_path(Path("/", entry.file), known)
        if file is None:
            unplaced.append(Unplaced(entry.file, f"{roster.NAME} names it for {entry.student}, and it is not there"))
        elif exercise is None or exercise not in known:
            unplaced.append(Unplaced(file.shown, f"{roster.NAME} does not tell which exercise it solves"))
        else:
            yield _submission(file, entry.student, known[exercise])
    unplaced += [Unplaced(file.shown, f"{roster.NAME} does not name it") for file in files.values()]


def _submission(file: _Found, student: str, exercise: Exercise) -> Submission:
    told = str(visible(os.fsencode(student).decode(errors="replace")))
    return Submission(told, exercise.name, RUNTIMES[file.name.suffix.lower()], file.shown, file.path)


def _worked_on(
    placed: Iterable[Submission], known: Mapping[str, Exercise], unplaced: list[Unplaced]
) -> Iterator[Submission]:
    """Those that are no starter just as it was given out, and small enough to be programs."""
    starters = {
        (exercise.name, runtime): exercise.starter(runtime).read_bytes()
        for exercise in known.values()
        for runtime in ("python", "node")
    }
    for each in placed:
        starter = starters[each.exercise, each.runtime]
        try:
            with each.path.open("rb") as stream:  # where it may not be read, that is told now
                size = os.fstat(stream.fileno()).st_size
                untouched = size == len(starter) and stream.read() == starter
        except OSError as error:
            unplaced.append(Unplaced(each.shown, f"it cannot be read: {reason(error)}"))
            continue
        if untouched:
            unplaced.append(Unplaced(each.shown, "it is the starter, unchanged", lost=False))
        elif size > LARGEST:
            unplaced.append(Unplaced(each.shown, f"it is larger than {LARGEST // 1_000_000} MB"))
        else:
            yield each


def _newest(found: Iterable[Submission], order: list[str], unplaced: list[Unplaced]) -> list[Submission]:
    """One for each student, exercise and language: the newest, or of two of one time the one whose name comes last."""
    groups: dict[tuple[str, str, str], list[Submission]] = {}
    for each in found:
        groups.setdefault((each.student, each.exercise, each.runtime), []).append(each)
    kept = []
    for group in groups.values():
        *older, newest = sorted(group, key=lambda each: (_time(each.path), each.shown))
        for each in older:
            why = "is newer" if _time(each.path) < _time(newest.path) else "is as new, and its name comes last"
            unplaced.append(Unplaced(each.shown, f"{newest.shown} {why}", lost=False))
        note = f"the newest of {len(group)}" if older else ""
        if older and _time(older[-1].path) == _time(newest.path):
            note += ": of two as new, the one whose name comes last"
        kept.append(replace(newest, note=note))
    return sorted(kept, key=lambda each: (each.student.casefold(), order.index(each.exercise), each.runtime))


def _time(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
