"""A command in its own terminal: what it shows is read, keys are pressed."""

from __future__ import annotations

import os
import re
import select
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from conftest import PATIENCE_S

if sys.platform != "win32":
    import fcntl
    import pty
    import struct
    import termios


class Session:
    """A command in its own terminal, as its foreground process: what it shows is read, keys are pressed."""

    def __init__(self, arguments: tuple[str, ...], columns: int, rows: int, env: dict[str, str]) -> None:
        self.keyboard, screen = pty.openpty()
        fcntl.ioctl(screen, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.screen = screen
        self.before = self.settings()
        self.raw = ""
        self.shown = ""
        self._read_to = 0
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mtlearn", *arguments],
            stdin=screen,
            stdout=screen,
            stderr=screen,
            env={**os.environ, **env},
            preexec_fn=_own_terminal,
        )

    def wait_for(self, text: str) -> None:
        """Read until this text appears, after whatever was waited for before."""
        deadline = time.monotonic() + PATIENCE_S
        while (found := self.shown.find(text, self._read_to)) < 0:
            if time.monotonic() > deadline or not self._read(0.2):
                raise AssertionError(f"{text!r} does not appear after:\n{self.shown[self._read_to :]}")
        self._read_to = found + len(text)

    def press(self, key: str) -> None:
        """Press a key as soon as the command waits for one: what is typed before that, it throws away."""
        deadline = time.monotonic() + PATIENCE_S
        while termios.tcgetattr(self.screen)[3] & termios.ICANON:
            assert time.monotonic() < deadline, f"it waits for no key:\n{self.shown}"
            self._read(0.01)
        os.write(self.keyboard, key.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C while no key is waited for: the terminal makes it a signal."""
        self.type("\x03")

    def type(self, text: str) -> None:
        """Type what is read as a line."""
        os.write(self.keyboard, text.encode())

    def settings(self) -> list[Any]:
        """How the terminal is set."""
        return termios.tcgetattr(self.screen)

    def end(self) -> int:
        """Read to the end; the exit code."""
        deadline = time.monotonic() + PATIENCE_S
        while self.process.poll() is None:
            assert time.monotonic() < deadline, f"it does not end:\n{self.shown}"
            self._read(0.05)
        while self._read(0):
            pass
        return self.process.returncode

    def close(self) -> None:
        """End it, whatever happened."""
        self.process.kill()
        self.process.wait()
        os.close(self.keyboard)
        os.close(self.screen)

    def _read(self, seconds: float) -> bool:
        """Read what there is; False when nothing is left to come."""
        if select.select([self.keyboard], [], [], seconds)[0]:
            data = os.read(self.keyboard, 65_536).decode(errors="replace")
            self.raw += data
            self.shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.raw).replace("\r\n", "\n")
            return True
        return self.process.poll() is None


def _own_terminal() -> None:
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


Open = Callable[..., Session]
