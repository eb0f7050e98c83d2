"""A scenario: what several threads do with the learner's code. It can be run for real or explored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

State = TypeVar("State")


class Scenario(NamedTuple, Generic[State]):
    """The threads of one little program over a fresh state.

    setup    makes the state, afresh for every run
    threads  one function per thread, called with the state; what it returns is evidence (JSON)
    memory   what the state holds after the threads have ended, as a JSON object

    Every process that a learner's file starts imports this module: it needs little itself.
    In `scenarios.mjs` the same is an object `{ memory: { name: [words] }, threads: [[functionName, ...arguments]] }`.
    """

    setup: Callable[[], State]
    threads: Sequence[Callable[[State], Any]]
    memory: Callable[[State], dict[str, Any]]
