"""The command line: every command parses, calls, renders and gives an exit code. Nothing else."""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

import typer

from mtlearn.cli.app import app
from mtlearn.cli.onwards import Onwards
from mtlearn.errors import ExitCode, MtlearnError, tell
from mtlearn.system.encoding import accept_everything


def main() -> None:
    """The command `mtlearn`: run one command and exit with its code."""
    accept_everything(sys.stdout)
    accept_everything(sys.stderr)
    _end_as_by_ctrl_c()
    try:
        code = _run() or ExitCode.OK
        if code == ExitCode.INTERRUPTED:  # Typer turns Ctrl-C into this code, without a word
            raise KeyboardInterrupt
        sys.stdout.flush()
    except MtlearnError as error:
        tell(error)
        code = error.exit_code
    except typer.TyperException as error:  # a wrong option or argument: it knows how to say so
        error.show()  # type: ignore[attr-defined]  # of the vendored Click's subclass
        code = ExitCode.USAGE
    except (KeyboardInterrupt, typer.Abort):
        tell("\nInterrupted.")
        code = ExitCode.INTERRUPTED
    except (BrokenPipeError, SystemExit):  # the reader of our output is gone, as in `mtlearn demo race | head -1`:
        # Typer and Rich tell that by a SystemExit, and by nothing else here
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = ExitCode.OK
    sys.exit(code)


def _run() -> Any:
    """Run the command that was typed, and those that the learner goes on to."""
    ended: Any = app(standalone_mode=False)
    while isinstance(ended, Onwards):
        onwards = ended
        try:
            ended = app(list(onwards.words), standalone_mode=False)
        except MtlearnError as error:
            if not onwards.back:
                raise
            tell(error)
        if onwards.back and not isinstance(ended, Onwards):
            ended = Onwards(onwards.back)
    return ended


def _end_as_by_ctrl_c() -> None:
    """Make a request to end, and a terminal that is closed, end a command as Ctrl-C does: nothing stays behind."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # SIGHUP: not on Windows
        if number and signal.getsignal(number) == signal.SIG_DFL:  # under nohup it stays ignored
            signal.signal(number, signal.default_int_handler)
