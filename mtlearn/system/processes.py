"""Starting a child process so that nothing of it stays behind."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from mtlearn.system.limits import Breach, Guard, Limits, Tree, command_line, impose

MARK = "MTLEARN_PROCESS"
TRACKER = b"resource_tracker"  # Python's own process that removes the shared memory others have left
TRACKER_S = 2.0  # how long it may take: some ms, and its own start where that was just now

# The parent of a program that has limits, or is bound to us. It begins when it has them, so that the program inherits
# the limits. A signal that is meant for the program's parent meets this one. When the pipe behind $0 closes, because
# whoever started the program is gone without a word, the whole group goes a moment later; Python's trackers last, which
# ignore SIGTERM, and clean up. It ends as the program did.
REAPER = """
read go <"$0" || exit 1
{ read end <"$0"; trap '' TERM; sleep 1; kill -TERM 0; sleep 1; kill -9 0; } >/dev/null 2>&1 &
"$@"
code=$?
kill -$((code - 128)) $$ 2>/dev/null
exit $code
"""


class Started(subprocess.Popen[bytes]):
    """A process that was started here. All that it starts has its mark."""

    tree: Tree
    guard: Guard | None = None
    switch: IO[bytes] | None = None  # our end of the keeper's pipe

    @property
    def broke(self) -> Breach | None:
        """Which limit it went over, where it was ended for that."""
        return self.guard.broke if self.guard else None

    def kill(self) -> None:
        """End it at once, with all of its group: its keeper alone would not do."""
        if os.name != "posix":
            super().kill()
        elif self.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)


def start(
    command: Sequence[str | Path],
    *,
    stdout: int | IO[Any] = subprocess.PIPE,
    stderr: int | IO[Any] | None = subprocess.DEVNULL,
    cwd: Path | None = None,
    extra_env: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    bound: bool = False,
) -> Started:
    """Start `command` as the head of its own process group, with a pipe to its standard input.

    A Ctrl-C in the terminal does not reach it: whoever started it ends it, with `end_tree`. What it starts
    inherits a mark, by which those who left the group are found. With `limits` it is ended when it goes over them.
    With these, or `bound`, it ends when this process is gone.
    Raises OSError when the system cannot start it.
    """
    number = secrets.randbits(62)
    mark = os.environ.get(MARK, "") + f"{number:016x}"  # it begins with that of the process we are in, if any
    words = [str(part) for part in command]
    options: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": stdout,
        "stderr": stderr,
        "cwd": cwd,
        "env": {**os.environ, **(extra_env or {}), MARK: mark},
    }
    if os.name == "posix":
        options["start_new_session"] = True
    else:
        options["creationflags"] = subprocess.CREATE_NEW_PROCESS_GROUP  # type: ignore[attr-defined,unused-ignore]
    marked = False
    if (limits or bound) and os.name == "posix":
        process = _start_reaper(words, options)
        assert process.switch
        try:
            marked = impose(process.pid, limits, number)
        except BaseException:
            process.switch.close()
            process.wait()
            raise
        process.switch.write(b"go\n")
    else:
        process = Started(words, **options)
    process.tree = Tree(f"{MARK}={mark}", number if marked else None)
    if limits:
        process.guard = Guard(process.tree, limits, lambda: _end_all(process))
    return process


def _start_reaper(words: list[str], options: dict[str, Any]) -> Started:
    if shutil.which(words[0]) is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), words[0])
    reading, writing = os.pipe()
    switch = os.fdopen(writing, "wb", buffering=0)
    try:
        process = Started(["/bin/sh", "-c", REAPER, f"/dev/fd/{reading}", *words], pass_fds=[reading], **options)
    finally:
        os.close(reading)
    process.switch = switch
    return process


def end_tree(process: Started) -> int:
    """End the process and all it started, orphans and those who left its group too; its exit code.

    Safe to call twice, and for a process that has ended by itself. Where there is no mark in the limits, who
    cleared its environment and was orphaned before gets away. What Python's trackers know of shared memory and
    semaphores goes, too.
    """
    descendants = _descendants(process) if process.poll() is None and not process.tree.sure else []
    if process.guard:
        process.guard.close()
    _end_all(process)
    if process.switch:  # only now: its keeper would begin to end the group, beside us
        process.switch.close()
    for child in descendants:
        with contextlib.suppress(Exception):  # psutil.NoSuchProcess and the like: gone is what was wanted
            child.kill()
    return process.wait()


def _end_all(process: Started) -> None:
    tree = process.tree.again()
    _spare_trackers(tree)
    if os.name == "posix":
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)  # in one step: nobody in the group can start another meanwhile
    if process.poll() is None:
        process.kill()
    for _ in range(100):  # one that starts another while we look is met in the next round
        alive = [member.pid for member in tree.members() if member.threads]
        if not alive:
            return
        _kill(alive)


def _spare_trackers(tree: Tree) -> None:
    """End all but Python's trackers of shared memory, who clean up once they are alone, and wait for these.

    Keepers go on until the end, too: should this process be killed meanwhile, they end the rest.
    """
    deadline = time.monotonic() + TRACKER_S
    stopped = os.name != "posix"
    while time.monotonic() < deadline:
        lines = {member.pid: command_line(member.pid) for member in tree.members() if member.threads}
        trackers = {pid for pid, line in lines.items() if TRACKER in line}
        others = {pid for pid, line in lines.items() if TRACKER not in line and REAPER.encode() not in line}
        if not stopped:  # or one of them might start a tracker while we look
            _signal(others, signal.SIGSTOP)
            stopped = True
        elif not trackers:
            return
        else:
            _kill(others)
            time.sleep(0.005)


def _kill(pids: Iterable[int]) -> None:
    _signal(pids, getattr(signal, "SIGKILL", signal.SIGTERM))


def _signal(pids: Iterable[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(OSError):
            os.kill(pid, number)


def _descendants(process: Started) -> list[Any]:
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
