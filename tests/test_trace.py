"""The trace and its JSON."""

from __future__ import annotations

import json

import pytest

from mtlearn.interleave.result import Result
from mtlearn.interleave.trace import Interleaving, Step, Waiting, thread_name

FOUND = Interleaving(
    runtime="python",
    kind="deadlock",
    message="both threads wait",
    threads=("Thread A", "Thread B"),
    steps=(Step(0, "exercise.py", 3, "lock.acquire()", "acquire", "lock", None, "blocks"),),
    waiting=(Waiting(0, "exercise.py", 3, "lock.acquire()", "lock", "lock", 1),),
    schedule=(0, 1),
    outcome={"n": [1, 2]},
)


def test_an_interleaving_survives_json() -> None:
    """An interleaving written to a file and read again is the same value."""
    assert Interleaving.from_json(json.loads(json.dumps(FOUND.to_json()))) == FOUND


@pytest.mark.parametrize("broken", [{}, [], {"format": 99}, {**FOUND.to_json(), "steps": [{"thread": 1}]}])
def test_a_file_that_is_no_interleaving_is_refused(broken: object) -> None:
    """Reading anything else raises a ValueError, never a half value."""
    with pytest.raises(ValueError, match="not an interleaving"):
        Interleaving.from_json(broken)  # type: ignore[arg-type]


def test_threads_have_names() -> None:
    """The first thread is Thread A, and the twenty-seventh does not share its name."""
    names = [thread_name(index) for index in range(60)]
    assert names[0] == "Thread A"
    assert len(set(names)) == 60


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (
            Result("not refuted", 1204, 0.5, 2),
            "no order of steps with up to 2 preemptions breaks it (1,204 schedules",
        ),
        (Result("proven", 90, 0.5, 2, exhausted=True), "no order of steps breaks it (90 schedules, 0.5 s)"),
        (Result("not refuted", 9, 0.1, 2, left_out=("for these random numbers",)), "for these random numbers"),
        (Result("not refuted", 4112, 2.0), "no failure in 4,112 schedules, 2.0 s"),
        (Result("unchecked", 1, 0.1, reason="it starts a process"), "unchecked, because it starts a process"),
    ],
)
def test_a_result_says_its_scope(result: Result, words: str) -> None:
    """A learner reads what was looked at and what was not."""
    assert words in result.scope
