"""Unpacking what a learning platform gives out: programs alone, each inside the folder, and never too much."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from mtlearn.classroom.submission import Unplaced
from mtlearn.errors import reason
from mtlearn.grading.source import LARGEST

PROGRAMS = (".py", ".mjs", ".js")
WANTED = (*PROGRAMS, ".zip", ".csv")
LARGEST_ARCHIVE = 200_000_000  # bytes of an archive within an archive


@dataclass
class Room:
    """How much all archives together may still unpack."""

    bytes: int = 1_000_000_000
    files: int = 100_000
    depth: int = 3  # archives within archives


@dataclass
class Unpacked:
    """The files of an archive that were put into a folder, with their names there, and what was not."""

    files: list[tuple[PurePosixPath, Path]] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)


def unpack(archive: Path, shown: str, folder: Path, room: Room) -> Unpacked:
    """Put the programs of a zip into `folder`, with the dates they have in it. What cannot be is told, not raised.

    `folder` gets files with numbers for names: nothing in the archive says where something is written.
    """
    done = Unpacked()
    try:
        with zipfile.ZipFile(archive) as opened:
            for number, entry in enumerate(opened.infolist()):
                name = _safe(entry)
                if name is None:
                    done.unplaced.append(Unplaced(f"{shown}/{entry.filename}", "its path leads out of the archive"))
                elif _passed_over(name, entry):
                    continue
                elif why := _refused(name, entry, room):
                    done.unplaced.append(Unplaced(f"{shown}/{name}", why))
                else:
                    file = folder / f"{number}{name.suffix}"
                    done.unplaced += _write(opened, entry, file, f"{shown}/{name}")
                    if file.exists():
                        done.files.append((name, file))
                        room.files -= 1
                        room.bytes -= file.stat().st_size
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        done.unplaced.append(Unplaced(shown, f"it is no zip that can be unpacked ({error})"))
    except OSError as error:
        done.unplaced.append(Unplaced(shown, f"it cannot be unpacked: {reason(error)}"))
    return done


def _safe(entry: zipfile.ZipInfo) -> PurePosixPath | None:
    """Its path within the archive; None where it leads out of it."""
    name = entry.filename.replace("\\", "/")
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0])
    return None if outside or not path.parts else path


def _passed_over(name: PurePosixPath, entry: zipfile.ZipInfo) -> bool:
    """Whether it is of no interest: a folder, no program, or the waste of editors and systems."""
    waste = any(part.startswith(".") or part in ("__MACOSX", "__pycache__", "node_modules") for part in name.parts)
    return entry.is_dir() or waste or name.suffix.lower() not in WANTED


def _refused(name: PurePosixPath, entry: zipfile.ZipInfo, room: Room) -> str | None:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if entry.flag_bits & 1:
        return "it is encrypted"
    most = LARGEST_ARCHIVE if name.suffix.lower() == ".zip" else LARGEST
    if entry.file_size > most:
        return f"it is larger than {most // 1_000_000} MB"
    if room.files < 1 or entry.file_size > room.bytes:
        return "the archives hold more than is unpacked (100,000 files, 1 GB)"
    return None


def _write(opened: zipfile.ZipFile, entry: zipfile.ZipInfo, file: Path, shown: str) -> Iterator[Unplaced]:
    """Write it, as many bytes as the archive says it has: one that holds more is not to be trusted."""
    import os
    from datetime import datetime

    try:
        with opened.open(entry) as source, file.open("xb") as target:
            left = entry.file_size
            while piece := source.read(min(1 << 20, left + 1)):
                left -= len(piece)
                if left < 0:
                    raise zipfile.BadZipFile("it holds more than it says")
                target.write(piece)
        date = datetime(*entry.date_time).timestamp()
        os.utime(file, (date, date))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError) as error:
        if not isinstance(error, ValueError):  # a date that there is none: the file is whole
            file.unlink(missing_ok=True)
            yield Unplaced(shown, f"it cannot be unpacked ({error})")
    except Exception as error:  # zlib.error and its like
        file.unlink(missing_ok=True)
        yield Unplaced(shown, f"it is damaged ({error})")
