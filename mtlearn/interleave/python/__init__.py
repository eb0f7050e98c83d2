"""The Python executor, and `explore` on top of it."""

from __future__ import annotations

import asyncio
import inspect
import traceback
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from mtlearn.interleave import search as _search
from mtlearn.interleave.python.executor import PythonExecutor
from mtlearn.interleave.python.recorder import without_addresses
from mtlearn.interleave.result import Result
from mtlearn.interleave.trace import Interleaving

__all__ = ["PythonExecutor", "explore", "replay"]


def explore(
    setup: Callable[[], Any],
    threads: Sequence[Callable[[Any], Any]],
    check: Callable[[Any], object],
    *,
    max_preemptions: int | None = None,
    max_schedules: int = 5_000,
    safety_s: float = 10.0,
    seed: int = 0,
    files: Iterable[str] = (),
    progress: _search.Progress | None = None,
) -> Result:
    """Run `threads` over a fresh `setup()` in every order of steps that matters, and `check` what comes out.

    Each of `threads` is called with the state in a thread of its own; `check(state)` is called once they have
    ended, and raises AssertionError with the sentence the learner will read, or returns False. Coroutine functions
    among the threads run as tasks of one event loop; `setup` and `check` may be coroutine functions, too. With
    `max_preemptions` it stops where that bound is completed; otherwise the bound rises while `max_schedules`, the
    budget, last. `safety_s` is in seconds of wall-clock time. `progress` is that of `search`.
    """
    with PythonExecutor(setup, threads, _sentence(check), files=files) as executor:
        return _search.search(
            executor,
            _itself,
            max_preemptions=max_preemptions,
            max_schedules=max_schedules,
            safety_s=safety_s,
            seed=seed,
            progress=progress,
        )


def replay(
    setup: Callable[[], Any],
    threads: Sequence[Callable[[Any], Any]],
    check: Callable[[Any], object],
    interleaving: Interleaving,
    *,
    files: Iterable[str] = (),
) -> Result:
    """Run one interleaving again, for example one read from JSON."""
    with PythonExecutor(setup, threads, _sentence(check), files=files) as executor:
        return _search.replay(executor, _itself, interleaving.schedule, interleaving.watched, interleaving.numbers)


def _itself(sentence: str | None) -> str | None:
    return sentence


def _sentence(check: Callable[[Any], Any]) -> Callable[[Any], str | None]:
    def observe(state: Any) -> str | None:
        try:
            asked = check(state)
            if inspect.iscoroutine(asked):
                asked = asyncio.run(asked)
        except AssertionError as error:
            # Where pytest rewrote the assert, its own account comes after the sentence.
            sentence = without_addresses(str(error)).split("\nassert ")[0]
            if not sentence or sentence.startswith("assert "):
                return f"this is not so: {_line_of(error)}"
            return sentence
        return "the check says no: it returned False" if asked is False else None

    observe.__wrapped__ = check  # type: ignore[attr-defined]  # so that what the check refers to is found
    return observe


def _line_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return (frames[-1].line or "").strip() if frames else ""
