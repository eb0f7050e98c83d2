"""The trace: what every runtime's executor tells about one interleaving, as plain values with a JSON form."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

Runtime = Literal["python", "node"]
Kind = Literal["check", "exception", "deadlock", "livelock", "busy loop", "blocked"]

FORMAT = 1  # the version of the JSON form


@dataclass(frozen=True, slots=True)
class Step:
    """One operation of one thread on something shared, in the order in which it happened.

    `thread` is an index into `Interleaving.threads`, `line` counts from 1, `source` is the stripped line,
    `place` names what was touched as the learner would ("counter.value", "accounts[0].lock", "words[8]"),
    `value` is its short repr, `note` says what else happened ("blocks", "times out", "wakes Thread B").
    """

    thread: int
    file: str
    line: int
    source: str
    operation: str
    place: str
    value: str | None = None
    note: str | None = None


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
    place: str
    kind: str
    holder: int | None = None

    def told(self, threads: Sequence[str]) -> str:
        """Say in a few words what it does there; `threads` are the threads' names."""
        if not self.place:
            return _STANDS.get(self.kind, "waits")
        known = self.holder is not None and 0 <= self.holder < len(threads)
        return f"waits for {self.place}" + (f", held by {threads[self.holder or 0]}" if known else "")


_STANDS = {
    "loop": "goes round",
    "ready": "could go on",
    "C call": "waits in a call outside Python",
    "sleep": "sleeps",
}


@dataclass(frozen=True, slots=True)
class Interleaving:
    """One order of steps, how it ended, and the schedule that replays it.

    `schedule` holds one thread index for each decision; `outcome` is the observation (a JSON value), None
    where the threads did not end. `watched` is the executor's own: what it had learnt to watch.
    """

    runtime: Runtime
    kind: Kind
    message: str
    threads: tuple[str, ...]
    steps: tuple[Step, ...]
    waiting: tuple[Waiting, ...]
    schedule: tuple[int, ...]
    outcome: Any = None
    watched: tuple[str, ...] = ()

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
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"not an interleaving: {error}") from error


def thread_name(index: int) -> str:
    """Name a thread by its index: Thread A … Thread Z, Thread A2 …; the same in every schedule."""
    round_, letter = divmod(index, 26)
    return f"Thread {chr(ord('A') + letter)}{round_ + 1 if round_ else ''}"
