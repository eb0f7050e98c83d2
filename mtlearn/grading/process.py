"""One life of the subject: commands in, evidence out, and how it ended instead."""

from __future__ import annotations

import contextlib
import os
import queue
import secrets
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import msgspec

from mtlearn.grading.diagnosis import Death, Forged, TooLarge
from mtlearn.grading.evidence import Evidence, Exited, Hang, Runs, Ticking, decode
from mtlearn.system.limits import Limits
from mtlearn.system.processes import end_tree, start

PRINTED_KEPT = 4_000  # bytes of what a file prints that are kept, to be shown
EVIDENCE_LIMIT = 10_000_000  # bytes of one line of evidence
TICKS_MORE = 100  # signs of life that a command may give beyond its ticks
SLOWEST = 5  # and how many for each tick: on a busy machine it may not count, or in part


@dataclass(frozen=True)
class Bounds:
    """What a file may take while it is graded, of the machine and of the learner's time.

    ticks      how long one scenario may run, in ticks of 50 ms of the subject (2 s on a quiet machine)
    silence_s  seconds without a sign from the subject itself, which gives one with every tick
    printed    bytes that it may print before it answers; when it is explored, and so run some thousand times, a
               hundred times as many
    """

    limits: Limits = field(default_factory=Limits)
    ticks: int = 40
    silence_s: float = 10.0
    printed: int = 1_000_000


class Process:
    """The process, from the first command to its end."""

    def __init__(
        self,
        command: list[str | Path],
        env: Mapping[str, str],
        bounds: Bounds,
    ) -> None:
        self.loaded = False
        self._bounds = bounds
        self._nonce = secrets.token_hex(8)
        self._answers: queue.SimpleQueue[Evidence | Forged | TooLarge | None] = queue.SimpleQueue()
        self._turn = self._answered = 0
        self._ticks = self._ticks_left = 0
        self._printed = bytearray()
        self._may_print = bounds.printed
        self._flooded = False
        self._process = start(
            command,
            stderr=subprocess.PIPE,
            extra_env={"PYTHONIOENCODING": "utf-8:replace", **env},
            limits=bounds.limits,
        )
        reads = ((self._process.stdout, self._read_evidence), (self._process.stderr, self._read_printed))
        self._readers = [
            (pipe, threading.Thread(target=read, args=[pipe], daemon=True)) for pipe, read in reads if pipe
        ]
        for _, reader in self._readers:
            reader.start()
        self._send(self._nonce.encode())  # not as an argument: a file that prints those would seem to answer

    def ask(self, command: Mapping[str, Any], ticks: int = 0) -> None:
        """Send a command, which ends the one before; it may take so many ticks.

        A process that is dead already will show in the answer.
        """
        self._turn += 1
        self._ticks = self._ticks_left = ticks * SLOWEST + TICKS_MORE
        if command["do"] in ("explore", "run"):
            self._may_print = self._bounds.printed * (100 if command["do"] == "explore" else 1)
        self._send(msgspec.json.encode({**command, "ticks": ticks, "turn": self._turn}))

    def answer(self) -> Evidence | Death | Forged | TooLarge:
        """The next evidence for the last command, or how the process ended instead. It may give several `Runs`."""
        while True:
            try:
                answer = self._answers.get(timeout=self._bounds.silence_s)
            except queue.Empty:
                return Hang()
            if answer is None:
                return self._death(self.end())
            if isinstance(answer, Forged | TooLarge):
                return answer
            if isinstance(answer, Ticking):
                self._ticks_left -= 1
                if self._ticks_left < 0:  # the subject itself would have ended it
                    return Hang()
                continue
            if isinstance(answer, Runs) and answer.turn < self._turn:
                continue  # of a batch that nobody wants any more
            self._ticks_left = self._ticks
            if answer.turn != self._turn or self._answered == self._turn:
                return Forged()
            if not isinstance(answer, Runs):
                self._answered = self._turn
            return self._death(answer.code) if isinstance(answer, Exited) else answer

    @property
    def forged(self) -> bool:
        """Whether something that nobody had asked for came over the channel, and was not looked at yet."""
        with contextlib.suppress(queue.Empty):
            while True:
                answer = self._answers.get_nowait()
                asked = isinstance(answer, Ticking | TooLarge) or (
                    isinstance(answer, Runs) and answer.turn <= self._turn
                )
                if answer is not None and not asked:
                    return True
        return False

    def end(self) -> int:
        """End it with all it started; its exit code."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()  # tells it to end, unless it is dead already
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=0.5)
        code = end_tree(self._process)
        for pipe, reader in self._readers:
            reader.join(timeout=0.2)
            if not reader.is_alive():
                pipe.close()
        return code

    def _death(self, code: int) -> Death:
        return Death(code, self._printed.decode(errors="replace"), self._flooded, self._process.broke)

    def _send(self, line: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()

    def _read_evidence(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError):
            while line := stream.readline(EVIDENCE_LIMIT):
                printed, answer = evidence(line, self._nonce)
                self._note(printed)
                if answer is not None:
                    self._answers.put(answer)
        self._answers.put(None)

    def _read_printed(self, stream: IO[bytes]) -> None:
        with contextlib.suppress(OSError):
            while data := os.read(stream.fileno(), 65_536):
                self._note(data)

    def _note(self, printed: bytes) -> None:
        self._may_print -= len(printed)
        self._printed += printed[: max(0, PRINTED_KEPT - len(self._printed))]
        if self._may_print < 0 and not self._flooded:
            self._flooded = True
            end_tree(self._process)


def evidence(line: bytes, nonce: str) -> tuple[bytes, Evidence | Forged | TooLarge | None]:
    """What was printed in a line, and the evidence behind the nonce, None where there is none."""
    printed, found, text = line.partition(nonce.encode() + b" ")
    if not found:
        return line, None
    try:
        return printed, decode(text)
    except ValueError:
        whole = text.endswith(b"\n")
        return printed, Forged() if whole else TooLarge()
