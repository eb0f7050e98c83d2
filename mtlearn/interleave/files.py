"""A program of one's own in a file, to be explored outside of any exercise: Python or JavaScript.

A Python file has `setup`, a function that gives the state; `threads`, the functions that are called with it, each in a
thread of its own; and `check`, called with it once they have ended. A JavaScript module exports `memory`, `threads` and
`check`.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mtlearn.errors import ExitCode, MtlearnError, reason
from mtlearn.interleave.program import FIX, Program, lacks
from mtlearn.interleave.result import Result
from mtlearn.interleave.search import Oracle
from mtlearn.interleave.trace import Interleaving

ASK = Path(__file__).parent / "node" / "ask.mjs"


@contextlib.contextmanager
def opened(file: Path, node: str = "node") -> Iterator[Program]:
    """Open the program in a file. Raises MtlearnError where there is none, in opening it or in using it."""
    if not file.is_file():
        raise MtlearnError(f"There is no file `{file}`.", "Nothing is there, or it is a folder.", f"Name a file. {FIX}")
    if file.suffix.lower() == ".py":
        from mtlearn.interleave.python.process import PythonProgram

        with PythonProgram(file) as program:
            yield program
    else:
        with _NodeProgram(file, node) as module:
            yield module


def replayed(path: Path) -> Interleaving:
    """Read the order of steps that `mtlearn explore --json` wrote. Raises MtlearnError."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        found = told.get("counterexample", told) if isinstance(told, dict) else told
        return Interleaving.from_json(found)
    except OSError as error:
        raise MtlearnError(f"`{path}` cannot be read.", f"{reason(error)}.", "Name what --json has written.") from error
    except ValueError as error:
        cause = "It is no JSON." if isinstance(error, json.JSONDecodeError) else "It holds no order of steps."
        fix = "mtlearn explore FILE --json > order.json"
        raise MtlearnError(f"`{path}` cannot be replayed.", cause, fix) from error


class _NodeProgram:
    """A JavaScript module. What it exports and its check are asked for in a Node process of its own."""

    def __init__(self, file: Path, node: str) -> None:
        from mtlearn.interleave.node.process import LoadError

        self.file = file
        self.asked = subprocess.Popen(
            [node, "--no-warnings", str(ASK), str(file.resolve())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        try:
            told = self._answer()
            for name, what in (
                ("memory", "an object of arrays of whole numbers, such as {counter: [0]}"),
                ("threads", "an array of exported functions, one for each thread"),
                ("check", "a function that throws where it went wrong"),
            ):
                if told[name] is None:
                    raise lacks(file, f"export {name}", what, there=told["there"][name])
            from mtlearn.interleave.node.explore import NodeHost

            self.threads, self.memory = told["threads"], told["memory"]
            self.host = NodeHost(file, node=node)
        except BaseException as error:
            self._end()
            if isinstance(error, LoadError):
                raise self._not_loaded(str(error)) from error
            raise

    def __enter__(self) -> _NodeProgram:
        return self

    def __exit__(self, *_: object) -> None:
        self.host.close()
        self._end()

    def search(self, **budget: Any) -> Result:
        with self._loading():
            return self.host.search(self.threads, self.memory, self._judge, **budget)

    def replay(self, found: Interleaving) -> Result:
        with self._loading():
            return self.host.replay(self.threads, self.memory, self._judge, found.schedule, found.numbers)

    @property
    def _judge(self) -> Oracle:
        return self._wrong

    def _wrong(self, observation: Any) -> str | None:
        assert self.asked.stdin
        self.asked.stdin.write(json.dumps(observation) + "\n")
        self.asked.stdin.flush()
        wrong: str | None = self._answer()["wrong"]
        return wrong

    def _answer(self) -> dict[str, Any]:
        assert self.asked.stdout
        line = self.asked.stdout.readline()
        if not line:
            raise self._not_loaded("its process has ended")
        told: dict[str, Any] = json.loads(line)
        if "failed" in told:
            raise self._not_loaded(told["failed"])
        return told

    @contextlib.contextmanager
    def _loading(self) -> Iterator[None]:
        from mtlearn.interleave.node.process import LoadError, NodeMissing

        try:
            yield
        except (LoadError, NodeMissing) as error:
            raise self._not_loaded(str(error)) from error

    def _not_loaded(self, why: str) -> MtlearnError:
        cause = f"{why.rstrip('.')}."
        return MtlearnError(
            f"`{self.file}` cannot be run.", cause, f"Fix that first: `node {self.file}` shows it too.", ExitCode.FAILED
        )

    def _end(self) -> None:
        self.asked.kill()
        self.asked.wait()
        for pipe in (self.asked.stdin, self.asked.stdout):
            with contextlib.suppress(OSError):
                if pipe:
                    pipe.close()
