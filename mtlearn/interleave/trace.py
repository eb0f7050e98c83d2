"""The trace: what every runtime's executor tells about one interleaving, as plain values with a JSON form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Runtime = Literal["python", "node"]
FailureKind = Literal["check", "exception", "deadlock", "livelock", "busy loop", "blocked"]
Event = Literal["blocks", "times out", "fails", "ends", "wakes", "woken"]

FORMAT = 1  # the version of the JSON form


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of one thread on something shared, in the order in which it happened.

    `thread` is an index into `Interleaving.threads`, `line` counts from 1, `source` is the stripped line,
    `location` names what was touched as the learner would ("counter.value", "accounts[0].lock", "words[8]"),
    `value` is its short repr, `event` what else happened, and `note` says that in words ("wakes Thread B"): a compare
    and exchange that "fails", an error that "ends" the thread.
    """

    thread: int
    file: str
    line: int
    source: str
    operation: str
    location: str
    value: str | None = None
    note: str | None = None
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Thrown:
    """The error that ended a run: in which thread (None: in set-up or observation), and its type and text.

    `unwritten` says that it only stands for code that is not written yet.
    """

    thread: int | None
    text: str
    unwritten: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """Where a thread stood when the run ended badly, and what it waits for.

    `kind` is "lock", "condition", "join", "queue", "Atomics.wait", "loop", "C call" and the like; `holder` is
    the index of the thread that has what is waited for, None where nobody does or nobody knows.
    """

    thread: int
    file: str
    line: int
    source: str
    location: str
    kind: str
    holder: int | None = None

    def told(self, threads: Sequence[str]) -> str:
        """Say in a few words what it does there; `threads` are the threads' names."""
        if not self.location:
            return _STANDS.get(self.kind, "waits")
        if self.kind == "join":
            return f"waits for {self.location} to end"
        known = self.holder is not None and 0 <= self.holder < len(threads)
        return f"waits for {self.location}" + (f", held by {threads[self.holder or 0]}" if known else "")


_STANDS = {
    "loop": "goes round",
    "ready": "could go on",
    "C call": "waits in a call outside the program",
    "sleep": "sleeps",
    "await": "waits for what it awaits",
}


@dataclass(frozen=True, slots=True)
class Interleaving:
    """One order of steps, how it ended, and the schedule that replays it.

    `schedule` holds one thread index for each decision; `outcome` is the observation (a JSON value), None
    where the threads did not end. `watched` is the executor's own: what it had learnt to watch. `thrown` is the error
    behind the kind "exception", None where the whole process ended. `numbers` is the seed of the program's own random
    numbers.
    """

    runtime: Runtime
    kind: FailureKind
    message: str
    threads: tuple[str, ...]
    steps: tuple[Step, ...]
    waiting: tuple[Waiting, ...]
    schedule: tuple[int, ...]
    outcome: Any = None
    watched: tuple[str, ...] = ()
    thrown: Thrown | None = None
    numbers: int = 0

    def __str__(self) -> str:
        """Give a line for each step, then one for each thread that waits."""
        names = [*self.threads, "Main thread"]
        width = max((len(name) for name in self.threads), default=0)
        lines = []
        for step in self.steps:
            what = " ".join(part for part in (step.operation, step.location) if part)
            value = f" = {step.value}" if step.value is not None else ""
            note = f" ({step.note})" if step.note else ""
            who = names[min(step.thread, len(self.threads))]
            lines.append(f"  {who:{width}}  line {step.line}: {step.source}    # {what}{value}{note}")
        for waiting in self.waiting:
            who = names[min(waiting.thread, len(self.threads))]
            lines.append(f"  {who:{width}}  line {waiting.line}: {waiting.source}    # {waiting.told(self.threads)}")
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        """Give a JSON object that `from_json` reads back into an equal value."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return {"format": FORMAT, **plain}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Interleaving:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise ValueError(f"not an interleaving of format {FORMAT}")
        try:
            return cls(
                runtime=data["runtime"],
                kind=data["kind"],
                message=data["message"],
                threads=tuple(data["threads"]),
                steps=tuple(Step(**step) for step in data["steps"]),
                waiting=tuple(Waiting(**waiting) for waiting in data["waiting"]),
                schedule=tuple(int(thread) for thread in data["schedule"]),
                outcome=data.get("outcome"),
                watched=tuple(data.get("watched", ())),
                thrown=Thrown(**data["thrown"]) if data.get("thrown") else None,
                numbers=int(data.get("numbers", 0)),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not an interleaving: {error}") from error


def thread_name(index: int) -> str:
    """Name a thread by its index: Thread A … Thread Z, Thread A2 …; the same in every schedule."""
    round_, letter = divmod(index, 26)
    return f"Thread {chr(ord('A') + letter)}{round_ + 1 if round_ else ''}"
