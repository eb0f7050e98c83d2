"""The Python executor, and `explore` on top of it."""

from __future__ import annotations

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
    check: Callable[[Any], None],
    *,
    max_preemptions: int = 2,
    max_schedules: int = 5_000,
    safety_s: float = 10.0,
    seed: int = 0,
    files: Iterable[str] = (),
) -> Result:
    """Run `threads` over a fresh `setup()` in every order of steps that matters, and `check` what comes out.

    Each of `threads` is called with the state in a thread of its own; `check(state)` is called once they have
    ended and raises AssertionError with the sentence the learner will read. `safety_s` is in seconds of
    wall-clock time; the budget proper is `max_schedules`.
    """
    with PythonExecutor(setup, threads, _sentence(check), files=files) as executor:
        return _search.search(
            executor,
            _itself,
            max_preemptions=max_preemptions,
            max_schedules=max_schedules,
            safety_s=safety_s,
            seed=seed,
        )


def replay(
    setup: Callable[[], Any],
    threads: Sequence[Callable[[Any], Any]],
    check: Callable[[Any], None],
    interleaving: Interleaving,
    *,
    files: Iterable[str] = (),
) -> Result:
    """Run one interleaving again, for example one read from JSON."""
    with PythonExecutor(setup, threads, _sentence(check), files=files) as executor:
        return _search.replay(executor, _itself, interleaving.schedule, interleaving.watched)


def _itself(sentence: str | None) -> str | None:
    return sentence


def _sentence(check: Callable[[Any], None]) -> Callable[[Any], str | None]:
    def observe(state: Any) -> str | None:
        try:
            check(state)
        except AssertionError as error:
            # Where pytest rewrote the assert, its own account comes after the sentence.
            sentence = without_addresses(str(error)).split("\nassert ")[0]
            if not sentence or sentence.startswith("assert "):
                return f"this is not so: {_line_of(error)}"
            return sentence
        return None

    observe.__wrapped__ = check  # type: ignore[attr-defined]  # so that what the check refers to is found
    return observe


def _line_of(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    return (frames[-1].line or "").strip() if frames else ""
