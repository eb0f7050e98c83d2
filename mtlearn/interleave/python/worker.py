"""A thread of the program under test, as the scheduler knows it."""

from __future__ import annotations

from _thread import allocate_lock  # the real one
from collections.abc import Callable, Sequence
from typing import Any

from mtlearn.interleave.python.carriers import Carrier
from mtlearn.interleave.python.yield_points import YieldPoint


class Abort(BaseException):
    """Ends a thread of a run that is over."""


class Stuck(BaseException):
    """Ends set-up or observation when it waits for what cannot happen."""


class Worker:
    """A thread of the program under test."""

    __slots__ = (
        "aborted", "ahead", "background", "begun", "behind", "bumps", "carrier", "daemon", "deadline", "done", "go",
        "host", "ident", "idle", "index", "limited", "name", "others", "parked", "patient", "python_thread", "quiet",
        "ready", "resumed", "revived", "rounds", "seen", "sleeps", "spins", "spins_at", "task", "timeouts", "turns",
        "visits", "wait",
    )  # fmt: skip

    def __init__(self, index: int, name: str) -> None:
        self.index = index
        self.name = name
        self.carrier: Carrier | None = None  # the main thread has none
        self.go = allocate_lock()
        self.ident = 0
        self.done = False
        self.begun = False  # it has come to its first step, or is on its way
        self.idle = False  # cannot be chosen: it waits for all others, or another of its event loop runs
        self.daemon = False
        self.background = False  # started by set-up
        self.ready: Callable[[], bool] | None = None  # what it waits for
        self.deadline: float | None = None
        self.limited = False  # its deadline is so near that it may pass before others do their next step
        self.ahead = 0.0  # until when its time passes at once: the others are held up
        self.wait: tuple[str, Any] = ("", None)  # kind and object
        self.python_thread: Any = None
        self.aborted = 0
        # Of an event loop
        self.host = self  # for a task: whose thread it runs in
        self.task: Any = None  # the asyncio.Task that it stands for
        self.turns: Any = None  # of a host whose loop is between two steps: whose turn it is there
        self.resumed = 0  # steps that were begun
        self.behind: list[Any] = []  # what was ready when it went to sleep: it goes first
        self.sleeps = False  # its last step ended in a sleep
        self.spins = False  # was found to spin in the step that it takes: it is parked at the end of it
        self.quiet = 0  # steps from sleep to sleep in a row in which it came to no point
        # Recognising a spin
        self.parked = -1  # the version of the shared state at which it was found to spin
        self.spins_at: YieldPoint | None = None
        self.patient = 0  # points that it may go on spinning, to see whether it gives up
        self.revived = False  # was let go on all the same, and has not let another go first since
        self.rounds = 0
        self.timeouts = 0  # in a row
        self.bumps = 0  # how much of the version is its own
        self.others = 0
        self.visits: dict[YieldPoint, int] = {}
        self.seen: dict[YieldPoint, tuple[Sequence[Any], int, int]] = {}

    def goes_on(self) -> bool:
        """Say whether what it waits for is there."""
        return self.ready is not None and self.ready()

    def finished(self) -> bool:
        """Say whether it has ended."""
        return self.done
