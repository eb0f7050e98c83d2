"""The process in which `mtlearn explore` runs a Python file: should the interpreter end, this process alone does.

It loads the file, says so, and takes one command: what to search, or which interleaving to run again. Answers are lines
of JSON. What the file prints goes to standard error, and its standard input is empty.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from mtlearn.errors import MtlearnError
from mtlearn.interleave.program import FIX, lacks, not_loaded
from mtlearn.interleave.python import explore, replay
from mtlearn.interleave.result import Result
from mtlearn.interleave.trace import Interleaving


class Loaded:
    """The program in a file. Raises MtlearnError where there is none."""

    def __init__(self, file: Path) -> None:
        self.file = file
        module = self._module()
        self.setup = self._asked(module, "setup", callable, "a function that gives the state")
        threads = self._asked(module, "threads", _are_functions, "a list of functions, one for each thread")
        self.threads = list(threads)
        self.check = self._asked(module, "check", callable, "a function that raises AssertionError where it went wrong")

    def search(self, **budget: Any) -> Result:
        """See `mtlearn.interleave.program.Program`."""
        with _silent():
            return explore(self.setup, self.threads, self.check, files=[str(self.file)], **budget)

    def replay(self, found: Interleaving) -> Result:
        """See `mtlearn.interleave.program.Program`."""
        with _silent():
            return replay(self.setup, self.threads, self.check, found, files=[str(self.file)])

    def _module(self) -> Any:
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
            raise not_loaded(self.file, f"{cause.rstrip('.')}{f', line {line}' if line else ''}.") from error
        return module

    def _asked(self, module: Any, name: str, fits: Callable[[Any], bool], what: str) -> Any:
        found = getattr(module, name, None)
        if found is None or not fits(found):
            raise lacks(self.file, name, what, there=found is not None)
        return found


def _are_functions(found: Any) -> bool:
    return isinstance(found, list | tuple) and bool(found) and all(map(callable, found))


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    """What a program prints in each of a thousand runs is of no use."""
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        yield


def _channels() -> tuple[IO[str], IO[str]]:
    """Keep what leads to whoever asks this process, and leave others in its place."""
    commands = os.fdopen(os.dup(0), encoding="utf-8")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return commands, answers


def main(file: str) -> None:
    """Answer."""
    commands, answers = _channels()
    sys.argv[:] = [file]

    def send(**told: Any) -> None:
        answers.write(json.dumps(told) + "\n")
        answers.flush()

    try:
        program = Loaded(Path(file))
    except MtlearnError as error:
        send(error=[error.message, error.cause, error.fix, error.exit_code])
        return
    send(loaded=True)
    command = json.loads(commands.readline())
    if "again" in command:
        result = program.replay(Interleaving.from_json(command["again"]))
    else:
        result = program.search(**command["search"], progress=lambda count, bound: send(progress=[count, bound]))
    send(result=asdict(result))


if __name__ == "__main__":
    main(sys.argv[1])
