"""What the subject's process answers, as values. A line that is none of them was not written by the subject."""

from __future__ import annotations

import json
from typing import Any

import msgspec


class Raised(msgspec.Struct, frozen=True):
    """An exception: its type, its text, and the line of the learner's file that it came from, None where there is none.

    `unwritten` says that it only stands for code that is not written yet.
    """

    type: str
    message: str
    unwritten: bool = False
    line: int | None = None
    source: str = ""
    function: str = ""

    @property
    def told(self) -> str:
        """ "ValueError: too small", or just its type where it has no text."""
        return f"{self.type}: {self.message}".removesuffix(": ")


class Stands(msgspec.Struct, frozen=True):
    """Where a thread, or a coroutine, stands in the learner's file. `name` is the thread's name, or the coroutine's."""

    name: str
    line: int
    source: str
    function: str = ""


class Thread(msgspec.Struct, frozen=True):
    """A thread of a scenario that was run for real: its name, its real id, and the exception that ended it."""

    name: str
    id: int
    raised: Raised | None


class Answer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="is", tag=str.lower):
    """One line. `turn` is the number of the command that it answers."""

    turn: int = 0


class Loaded(Answer, frozen=True):
    """The learner's file and the scenarios are imported."""


class Missing(Answer, frozen=True):
    """They are imported, and the file lacks these names; `found` are those it has."""

    missing: tuple[str, ...]
    found: tuple[str, ...]


class Threw(Answer, frozen=True):
    """The command ended with an exception."""

    raised: Raised


class Ran(Answer, frozen=True):
    """What a scenario left.

    memory   the state after the threads have ended, by name
    returns  what each thread's function returned
    threads  each of its threads; none where it was explored
    """

    memory: dict[str, Any]
    returns: list[Any]
    threads: tuple[Thread, ...] = ()


class Described(Answer, frozen=True):
    """A scenario in Node.js: the words of its memory, and its threads as [function's name, ...arguments]."""

    memory: dict[str, list[int]]
    threads: list[list[Any]]


class Ready(Answer, frozen=True):
    """The scenario can be run under plans."""


class Runs(Answer, frozen=True):
    """Some runs under plans. Each is its decisions, its observation, all else and its moves, as numbers of what was
    told so far.

    `decisions`, `observed`, `others` and `moves` are what this batch had not told, to be put at the end of its tables;
    `over` says that no more will come of the batch, also where not all of its plans were run.
    """

    runs: list[tuple[list[int], int | None, int, list[int] | None]]
    decisions: list[list[Any]]
    observed: list[Any]
    others: list[dict[str, Any]]
    moves: list[list[Any]]
    over: bool


class Closed(Answer, frozen=True):
    """The scenario is run no more; `watched` is what the explorer has learnt to watch."""

    watched: tuple[str, ...]


class Hang(Answer, frozen=True):
    """The threads did not end in time.

    busy      whether they used the processor
    moving    whether what they share still changed
    standing  where each thread stands that stands in the learner's file
    awaiting  the same of each coroutine that waits there for something
    ended     the threads that an exception had ended by then
    """

    busy: bool = False
    moving: bool = False
    standing: tuple[Stands, ...] = ()
    awaiting: tuple[Stands, ...] = ()
    ended: tuple[Thread, ...] = ()


class Replaced(Answer, frozen=True):
    """The file has replaced functions that a check relies on: their names."""

    names: tuple[str, ...]


class Asked(Answer, frozen=True):
    """A line of the file asks what only tells whether it is watched: then it may do otherwise elsewhere."""

    line: int
    what: str


class Exited(Answer, frozen=True):
    """A Worker ended with this code before it answered."""

    code: int


class Orphaned(Answer, frozen=True):
    """The process that had started the subject is gone."""


class Ticking(Answer, frozen=True):
    """A sign of life."""


Evidence = (
    Loaded | Missing | Threw | Ran | Described | Ready | Runs | Closed
    | Hang | Replaced | Asked | Exited | Orphaned | Ticking
)  # fmt: skip

_decoder: msgspec.json.Decoder[Evidence] = msgspec.json.Decoder(Evidence)


def decode(line: bytes) -> Evidence:
    """Read a line. Raises ValueError where it is no evidence."""
    try:
        try:
            return _decoder.decode(line)
        except msgspec.MsgspecError:  # also where Python's json writes what is none: NaN, half a surrogate pair
            read: Evidence = msgspec.convert(json.loads(line), Evidence)
            return read
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(str(error)) from error
