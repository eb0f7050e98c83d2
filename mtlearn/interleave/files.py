"""A program of one's own in a file, to be explored outside of any exercise: Python or JavaScript.

A Python file has `setup`, a function that gives the state; `threads`, the functions that are called with it, each in a
thread of its own; and `check`, called with it once they have ended. A JavaScript module exports `memory`, `threads` and
`check`.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

from mtlearn.errors import ExitCode, MtlearnError, reason
from mtlearn.interleave.result import Result
from mtlearn.interleave.search import Oracle
from mtlearn.interleave.trace import Interleaving

ASK = Path(__file__).parent / "node" / "ask.mjs"
FIX = "`mtlearn explore --help` shows a whole file."


class Program(Protocol):
    """A program that can be explored."""

    def search(self, **budget: Any) -> Result:
        """Run it through its orders of steps; the budget is that of `mtlearn.interleave.search.search`."""

    def replay(self, found: Interleaving) -> Result:
        """Run one order of steps again."""


@contextlib.contextmanager
def opened(file: Path, node: str = "node") -> Iterator[Program]:
    """Open the program in a file. Raises MtlearnError where there is none, in opening it or in using it."""
    if not file.is_file():
        raise MtlearnError(f"There is no file `{file}`.", "Nothing is there, or it is a folder.", f"Name a file. {FIX}")
    if file.suffix.lower() == ".py":
        yield _PythonProgram(file)
    else:
        with _NodeProgram(file, node) as program:
            yield program


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


class _PythonProgram:
    def __init__(self, file: Path) -> None:
        self.file = file
        module = self._loaded()
        self.setup = self._asked(module, "setup", callable, "a function that gives the state")
        threads = self._asked(module, "threads", _are_functions, "a list of functions, one for each thread")
        self.threads = list(threads)
        self.check = self._asked(module, "check", callable, "a function that raises AssertionError where it went wrong")

    def search(self, **budget: Any) -> Result:
        from mtlearn.interleave.python import explore

        with _silent():
            return explore(self.setup, self.threads, self.check, files=[str(self.file)], **budget)

    def replay(self, found: Interleaving) -> Result:
        from mtlearn.interleave.python import replay

        with _silent():
            return replay(self.setup, self.threads, self.check, found, files=[str(self.file)])

    def _loaded(self) -> Any:
        name = self.file.stem if self.file.stem.isidentifier() and self.file.stem not in sys.modules else "explored"
        spec = importlib.util.spec_from_file_location(name, self.file.resolve())
        if spec is None or spec.loader is None:
            raise MtlearnError(f"`{self.file}` cannot be loaded.", "Python does not take it for a module.", FIX)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        sys.path.insert(0, str(self.file.resolve().parent))
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            where = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == spec.origin]
            line = error.lineno if isinstance(error, SyntaxError) else where[-1].lineno if where else None
            cause = f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"
            raise MtlearnError(
                f"`{self.file}` cannot be loaded.",
                f"{cause.rstrip('.')}{f', line {line}' if line else ''}.",
                f"Mend it, then explore it again: python {self.file} shows the same.",
                ExitCode.FAILED,
            ) from error
        return module

    def _asked(self, module: Any, name: str, fits: Callable[[Any], bool], what: str) -> Any:
        found = getattr(module, name, None)
        if found is None or not fits(found):
            raise _lacks(self.file, name, what, there=found is not None)
        return found


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
                    raise _lacks(file, f"export {name}", what, there=told["there"][name])
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


def _are_functions(found: Any) -> bool:
    return isinstance(found, list | tuple) and bool(found) and all(map(callable, found))


def _lacks(file: Path, name: str, what: str, *, there: bool) -> MtlearnError:
    cause = f"`{name}` is something else." if there else f"It has no `{name}`."
    return MtlearnError(f"`{file}` cannot be explored.", cause, f"Make it {what}. {FIX}")


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """What a program prints in each of a thousand runs is of no use."""
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        yield
