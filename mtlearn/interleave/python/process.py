"""The Python process that runs `host.py`: should the interpreter itself end, there is a verdict all the same."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Self

import msgspec

from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.interleave.program import not_loaded
from mtlearn.interleave.result import Result
from mtlearn.interleave.search import Progress
from mtlearn.interleave.trace import Interleaving
from mtlearn.system.processes import end_tree, exit_meaning, start

HOST = "mtlearn.interleave.python.host"


class PythonProgram:
    """See `mtlearn.interleave.program.Program`; use it in a `with`. Raises MtlearnError where it does not load."""

    def __init__(self, file: Path) -> None:
        self._process = start([sys.executable, "-P", "-m", HOST, str(file)], stderr=None, bound=True)
        try:
            told = self._answer()
            if told is None:
                raise not_loaded(file, f"While it was loaded, {self._ended()}.")
            if error := told.get("error"):
                message, cause, fix, code = error
                raise MtlearnError(message, cause, fix, ExitCode(code))
        except BaseException:
            self._end()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def search(self, *, progress: Progress | None = None, **budget: Any) -> Result:
        """See `mtlearn.interleave.program.Program`."""
        return self._result({"search": budget}, progress)

    def replay(self, found: Interleaving) -> Result:
        """See `mtlearn.interleave.program.Program`."""
        return self._result({"again": found.to_json()})

    def _result(self, command: dict[str, Any], progress: Progress | None = None) -> Result:
        since = time.monotonic()
        count = 0
        assert self._process.stdin
        with contextlib.suppress(OSError):  # the missing answer tells
            self._process.stdin.write(json.dumps(command).encode() + b"\n")
            self._process.stdin.flush()
        while told := self._answer():
            if "result" in told:
                return msgspec.convert(told["result"], Result)
            count, bound = told["progress"]
            if progress:
                progress(count, bound)
        return Result("unchecked", count, time.monotonic() - since, reason=self._ended())

    def _answer(self) -> dict[str, Any] | None:
        assert self._process.stdout
        line = self._process.stdout.readline()
        return json.loads(line) if line.endswith(b"\n") else None

    def _ended(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)  # its own exit code, not that of being killed
        return f"the interpreter itself ended ({exit_meaning(end_tree(self._process))})"

    def _end(self) -> None:
        end_tree(self._process)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
