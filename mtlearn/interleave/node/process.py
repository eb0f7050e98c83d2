"""The Node process that runs `host.mjs`: questions in, answers out, and nothing left behind."""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import shutil
import subprocess
import time
import weakref
from collections.abc import Mapping
from os import PathLike, fspath
from pathlib import Path
from typing import Any, Self

from mtlearn.interleave.node.decoder import path_of
from mtlearn.system.limits import Breach, Limits
from mtlearn.system.processes import Started, end_tree, exit_meaning, start

HOST = Path(__file__).parent / "host.mjs"
LONGEST_LINE = 64 << 20  # bytes of one answer; what a thread prints beyond it is thrown away
BUSY_MS = 500  # CPU time a thread may use without touching anything shared
BLOCKED_MS = 1_500  # wall-clock time in which nothing at all happens, where the threads' own states are not known
SILENCE_S = 40.0  # after this the process itself does not answer any more
WORKERS = 2  # threads to get ready before anybody has asked for them


class NodeMissing(Exception):
    """There is no such Node.js executable, or it cannot run the explorer (Node 20 or newer is needed)."""


class LoadError(Exception):
    """The scenario or the learner's file could not be loaded.

    The text is Node's own ("SyntaxError: …"); `file` and `line` say where, None where Node does not tell.
    """

    def __init__(self, message: str, file: str | None = None, line: int | None = None) -> None:
        super().__init__(message)
        self.file = file
        self.line = line


class HostEnded(Exception):
    """The Node process has ended in the middle of a question; `broke` says which limit it had gone over."""

    def __init__(self, code: int, broke: Breach | None) -> None:
        how = f"{broke.told}, and was stopped" if broke else f"ended ({exit_meaning(code)})"
        super().__init__(f"the Node.js process {how}")


class HostProcess:
    """One life of the process, for one script."""

    def __init__(
        self,
        executable: str,
        script: str,
        exercise: str | None,
        limits: Limits | None,
        env: Mapping[str, str],
    ) -> None:
        self.executable, self.script, self.exercise = executable, script, exercise
        self.pending = 0  # questions without an answer yet
        self.ended = False
        self._greeted = False
        self._mark = secrets.token_hex(16)
        self.process = start([executable, "--no-warnings", HOST], limits=limits, extra_env=env)
        self._end = weakref.finalize(self, _end, self.process)
        patience = {"busyMs": BUSY_MS, "blockedMs": BLOCKED_MS, "workers": WORKERS}
        self.send({"mark": self._mark, "script": script, "exercise": exercise, **patience})

    def load(self, program: dict[str, Any]) -> None:
        """Get a program ready, see `program.mjs`. Raises LoadError, NodeMissing, HostEnded."""
        if not self._greeted:
            try:
                self.answer()
            except HostEnded as ended:
                raise NodeMissing(f"{self.executable} cannot run the explorer: {ended}") from ended
            self._greeted = True
        while self.pending:  # answers that nobody took
            self.answer()
        self.send({"program": program})
        try:
            failed = self.answer().get("failed")
        except HostEnded as ended:
            raise LoadError(f"while it was loaded, {ended}") from ended
        if failed:
            file, line = (failed["frames"] or [(None, None)])[0]
            if file is None and failed.get("syntax"):
                file, line = _find_syntax_error(self.executable, [self.exercise, self.script])
            raise LoadError(failed["text"], path_of(file) if file else None, line)

    def send(self, question: dict[str, Any]) -> None:
        """Send a question; answers come in the order of the questions."""
        assert self.process.stdin
        self.pending += 1
        with contextlib.suppress(OSError):  # the missing answer tells
            self.process.stdin.write(json.dumps(question).encode() + b"\n")
            self.process.stdin.flush()

    def answer(self) -> dict[str, Any]:
        """Wait for the next answer; what threads print in between is passed over. Raises HostEnded."""
        assert self.process.stdout
        mark = self._mark.encode()
        if self.process.guard:
            self.process.guard.deadline = time.monotonic() + SILENCE_S
        while not self.ended and (line := self.process.stdout.readline(LONGEST_LINE)):
            if not line.startswith(mark):
                continue
            try:
                answer: dict[str, Any] = json.loads(line[len(mark) :])
            except ValueError:  # what a thread prints past its own stdout came in between
                break
            if self.process.guard:
                self.process.guard.deadline = None
            self.pending -= 1
            if answer["gone"]:  # a thread could not be stopped, so the process has ended itself
                self.close()
            return answer
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)  # its own exit code, not that of being killed
        self.close()
        raise HostEnded(self.process.returncode, self.process.broke)

    def close(self) -> None:
        """End the process and what it has started."""
        self.ended = True
        self._end()


class Host:
    """The process for one script: started when it is first needed, and anew after it has ended. Close it.

    `script` and `exercise` are paths of modules; the script imports the other as "exercise".
    """

    def __init__(
        self,
        script: str | PathLike[str],
        *,
        exercise: str | PathLike[str] | None = None,
        node: str = "node",
        limits: Limits | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.script = str(Path(fspath(script)).resolve())
        self.exercise = str(Path(fspath(exercise)).resolve()) if exercise else None
        self.node = node
        self.limits = limits
        self.env = dict(env or {})
        self._process: HostProcess | None = None
        self._closed = False

    def process(self) -> HostProcess:
        """Give the process that runs, without waiting for it. Raises NodeMissing, and LoadError once it was closed."""
        if self._closed:
            raise LoadError("its process was closed")
        if self._process is None or self._process.ended:
            executable = shutil.which(self.node)
            if executable is None:
                raise NodeMissing(f"there is no Node.js at {self.node!r}")
            self._process = HostProcess(executable, self.script, self.exercise, self.limits, self.env)
        return self._process

    def close(self) -> None:
        """End the process. Nothing stays behind, also where another thread is still asking."""
        self._closed = True
        if self._process:
            self._process.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _find_syntax_error(executable: str, files: list[str | None]) -> tuple[str | None, int | None]:
    """Ask Node which of the files does not parse, and where: an error of `import` does not tell."""
    for file in filter(None, files):
        checked = subprocess.run(
            [executable, "--check", file],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if found := re.match(r"(.+):(\d+)$", checked.stderr.partition("\n")[0]):
            return found[1], int(found[2])
    return None, None


def _end(process: Started) -> None:
    end_tree(process)
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if pipe:
                pipe.close()
