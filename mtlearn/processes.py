"""Starting a child process so that nothing of it stays behind."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

MARK = "MTLEARN_PROCESS"
TRACKER = "multiprocessing.resource_tracker"
TRACKER_S = 2.0  # for it to take out what was left: it needs some ms, and its own start where that was just now
_marks: dict[int, str] = {}  # the mark of each process started here, by its pid


def start(
    command: Sequence[str | Path],
    *,
    stdout: int | IO[Any] = subprocess.PIPE,
    stderr: int | IO[Any] = subprocess.DEVNULL,
    cwd: Path | None = None,
    extra_env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start `command` as the head of a process group of its own, with a pipe to its standard input.

    A Ctrl-C in the terminal does not reach it: whoever started it ends it, with `end_tree`. What it starts
    inherits a mark in its environment, by which those who left the group are found.
    Raises OSError when the system cannot start it.
    """
    group: dict[str, Any] = (
        {"start_new_session": True} if os.name == "posix" else {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}  # type: ignore[attr-defined,unused-ignore]
    )
    mark = os.environ.get(MARK, "") + secrets.token_hex(8)  # it begins with that of the process we are in, if any
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=stderr,
        cwd=cwd,
        env={**os.environ, **(extra_env or {}), MARK: mark},
        **group,
    )
    _marks[process.pid] = mark
    return process


def end_tree(process: subprocess.Popen[bytes]) -> int:
    """End the process and all it started, orphans and those who left its group too; its exit code.

    Safe to call twice, and for a process that has ended by itself. Only who cleared its environment and was
    orphaned before gets away. What Python's trackers know of shared memory and semaphores goes, too.
    """
    _let_trackers_finish(process)
    descendants = _descendants(process) if process.poll() is None else []
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    if process.poll() is None:
        process.kill()
    for child in descendants:
        with contextlib.suppress(Exception):  # psutil.NoSuchProcess and the like: gone is what was wanted
            child.kill()
    code = process.wait()
    _end_strays(process)
    return code


def _let_trackers_finish(process: subprocess.Popen[bytes]) -> None:
    """End all but Python's resource trackers: alone, these take out what the others left, and end by themselves."""
    if os.name == "posix" and process.poll() is None:
        os.kill(process.pid, signal.SIGSTOP)  # or it might start one while we look, and make something
    deadline = time.monotonic() + TRACKER_S
    while time.monotonic() < deadline:
        marked = _find_marked(_marks[process.pid])
        trackers = [pid for pid in marked if _is_tracker(pid)]
        if not trackers:
            return
        if process.poll() is None:
            process.kill()
        _kill([pid for pid in marked if pid not in trackers])
        time.sleep(0.005)


def _end_strays(process: subprocess.Popen[bytes]) -> None:
    """End whoever carries the mark of a process that has ended."""
    for _ in range(100):  # one that starts another while we look is met in the next round
        strays = _find_marked(_marks[process.pid])
        if not strays:
            return
        _kill(strays)


def _kill(pids: Sequence[int]) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _find_marked(mark: str) -> list[int]:
    return _marked_in_proc(mark) if os.path.exists("/proc/self/environ") else _marked(mark)


def _is_tracker(pid: int) -> bool:
    if os.path.exists("/proc/self/cmdline"):
        with contextlib.suppress(OSError):
            return TRACKER.encode() in Path("/proc", str(pid), "cmdline").read_bytes()
        return False
    import psutil

    with contextlib.suppress(psutil.Error):
        return TRACKER in " ".join(psutil.Process(pid).cmdline())
    return False


def _marked_in_proc(mark: str) -> list[int]:
    """Who carries the mark, where the system shows it in files: 1 ms, and 30 less than importing psutil."""
    found = []
    for name in os.listdir("/proc"):
        with contextlib.suppress(OSError):
            if name.isdigit() and f"{MARK}={mark}".encode() in Path("/proc", name, "environ").read_bytes():
                found.append(int(name))
    return found


def _marked(mark: str) -> list[int]:
    import psutil

    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get(MARK, "").startswith(mark):
                found.append(process.pid)
    return found


def _descendants(process: subprocess.Popen[bytes]) -> list[Any]:
    import psutil

    try:
        return list(psutil.Process(process.pid).children(recursive=True))
    except psutil.Error:
        return []


def exit_meaning(code: int) -> str:
    """An exit code in words: "exit code 3", "killed by SIGSEGV"."""
    if code < 0:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"
