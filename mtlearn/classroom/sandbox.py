"""A grading under bubblewrap: no network, a system that cannot be written, an empty home, and nobody else's files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from mtlearn.course.exercise import Exercise
from mtlearn.errors import ExitCode, MtlearnError

PROGRAM = "bwrap"
ADVICE = "Install bubblewrap (Debian: apt install bubblewrap) and allow user namespaces, or leave out --sandbox."
PACKAGE = Path(__file__).resolve().parents[1]
HOME = "/home/student"
# What a program needs of the system; what is not there is left out.
_SYSTEM = (
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/localtime",
)
_KEPT = ("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "MTLEARN_PROCESS")


@cache
def missing() -> str | None:
    """Why nothing can be graded in a sandbox here; None where it can."""
    program = shutil.which(PROGRAM)
    if program is None:
        return "there is no bwrap on PATH"
    try:
        tried = subprocess.run(
            [program, *_shut_off(), *_bound(("/usr", "/bin", "/lib", "/lib64")), "--", "/bin/true"],
            capture_output=True, text=True, errors="replace", timeout=30, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bwrap does not start ({error})"
    return None if tried.returncode == 0 else tried.stderr.strip() or f"bwrap ends with {tried.returncode}"


def needed() -> None:
    """Raise MtlearnError where there is no sandbox to be had."""
    if why := missing():
        raise MtlearnError("Nothing is graded without a sandbox.", f"{why}.", ADVICE, ExitCode.ENVIRONMENT)


def around(exercise: Exercise, executable: Path, *writable: Path) -> Sequence[str]:
    """What stands before the command that grades: these folders alone can be written, and they are gone afterwards.

    Raises MtlearnError where there is no sandbox to be had.
    """
    needed()
    program = shutil.which(PROGRAM)
    assert program
    read = [PACKAGE, exercise.folder, *_installed(executable)]
    words = [program, *_shut_off(), *_bound(_SYSTEM), *_bound(map(str, read))]
    solutions = [exercise.folder / name for name in ("known_right", "known_right.toml", "known_wrong.toml")]
    for hidden in (*solutions, PACKAGE / "content" / "solutions"):
        if hidden.exists():
            words += ["--tmpfs", str(hidden)] if hidden.is_dir() else ["--ro-bind", "/dev/null", str(hidden)]
    for folder in writable:
        words += ["--bind", str(folder), str(folder)]
    for name in os.environ:
        if name not in _KEPT:
            words += ["--unsetenv", name]
    return [*words, "--setenv", "HOME", HOME, "--chdir", HOME, "--"]


def _shut_off() -> list[str]:
    """Nothing shared with the outside: no network, no processes, no files, no rights."""
    return ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--proc", "/proc",
            "--dev", "/dev", "--tmpfs", "/tmp", "--dir", HOME]  # fmt: skip


def _bound(paths: Iterable[str]) -> list[str]:
    words: list[str] = []
    for path in dict.fromkeys(paths):
        words += ["--ro-bind-try", path, path]
    return words


def _installed(executable: Path) -> list[Path]:
    """Where the Python that grades and the runtime lie, unless they are the system's own."""
    places = [Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parent.parent]
    real = executable.resolve()
    # a Node.js lies in PREFIX/bin, or alone
    places += [executable.absolute().parent, real.parent.parent if real.parent.name == "bin" else real.parent]
    return [place for place in dict.fromkeys(places) if len(place.parts) > 1 and str(place) not in ("/usr", "/bin")]
