"""The harness that plays scripts on a learner's object, in either language, and makes failing ones short."""

from __future__ import annotations

import random
from concurrent.futures import Future
from pathlib import Path

import pytest
from conftest import Language

from mtlearn.grading.stateful.play import Patience, Play, attempt, outcome
from mtlearn.grading.stateful.script import Step, came, listed, script, shortest
from mtlearn.grading.subjects import subject as subject_of
from mtlearn.grading.verdict import Failure, Unchecked


def test_a_script_is_read() -> None:
    """Steps are written as one reads them, and lists are taken as they are."""
    assert script("call a b, emit exit 0, close", ["answer", "a", {"result": None}]) == [
        ["call", "a", "b"],
        ["emit", "exit", 0],
        ["close"],
        ["answer", "a", {"result": None}],
    ]


@pytest.mark.parametrize("seed", range(5))
def test_a_long_script_is_made_short(seed: int) -> None:
    """Of a long random script, only the steps are told that it cannot go wrong without."""
    chance = random.Random(seed)
    steps = [[chance.choice(["push", "pop", "look"]), number] for number in range(50)]

    def judge(steps: list[Step]) -> None:
        pushed = [how for what, *how in steps if what == "push"]
        if len(pushed) >= 3:
            raise Failure(f"{len(steps)} steps: {[what for what, _ in steps]}")

    with pytest.raises(Failure, match=r"3 steps: \['push', 'push', 'push'\]"):
        shortest(judge, steps, tries=1000)


def test_a_right_object_is_played_once() -> None:
    """Where nothing is wrong, a script is played once."""
    played: list[list[Step]] = []
    shortest(played.append, script("a, b, c, d"))
    assert played == [[["a"], ["b"], ["c"], ["d"]]]


def test_what_is_known_is_told() -> None:
    """Where shorter scripts cannot be checked any more, the failure that is known is reported."""
    scripts: list[list[Step]] = []

    def judge(steps: list[Step]) -> None:
        scripts.append(steps)
        raise Failure("it is wrong") if len(scripts) == 1 else Unchecked("not run")

    with pytest.raises(Failure, match="it is wrong"):
        shortest(judge, script("a, b"))
    assert len(scripts) == 2


class Counter(Play):
    """A play on a counter that does not count to three."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def add(self) -> int:
        """One more."""
        self.count += 1
        if self.count == 3:
            raise KeyError("three")
        return self.count

    def later(self, name: str) -> None:
        """A call whose future stays pending."""
        self.make(name, Future)

    def reach(self, count: int) -> None:
        """Wait for it."""
        self.need(lambda: [] if self.count >= count else ["more"])


def test_what_was_seen() -> None:
    """A play tells what each step gave, what it raised, what never came, and how each call ended."""
    seen = Counter().play(script("add, later a, add, add, add, reach 9, add"))
    assert seen["gave"] == [1, None, 2, None, 4]
    assert [(each["step"], each["raised"]) for each in seen["broken"]] == [(3, "KeyError")]
    assert seen["stuck"] == {"step": 5, "missing": ["more"]}
    assert seen["outcomes"] == {"a": {"pending": True}}


def test_outcomes_are_told() -> None:
    """A future's end is reported as data, and in words."""
    done: Future[int] = Future()
    done.set_result(5)
    failed: Future[int] = Future()
    failed.set_exception(LookupError("no such room"))
    cancelled: Future[int] = Future()
    cancelled.cancel()
    words = [came(outcome(each)) for each in (done, failed, cancelled, Future(), None)]
    assert words == [
        "it gave 5",
        'it failed with LookupError ("no such room")',
        "it was cancelled",
        "it never ended",
        "the call gave NoneType",
    ]
    assert listed("abc") == "a, b and c"


def test_what_is_not_written_yet_goes_on() -> None:
    """An exercise that is not written yet is no refusal."""

    def starter() -> None:
        raise NotImplementedError("not written yet")

    with pytest.raises(NotImplementedError):
        attempt(starter)
    assert attempt(int, "x")["fitting"]


def test_patience_is_short_after_a_failure() -> None:
    """What is there is not waited for; what has not come once is waited for less the next time."""
    patience, asked = Patience(0.4, 0.01), [0, 0]
    assert patience.until(lambda: True)
    for number in range(2):

        def condition(number: int = number) -> bool:
            asked[number] += 1
            return False

        assert not patience.until(condition)
    assert asked[1] < asked[0] / 2


SCENARIOS = {
    "python": """
import exercise
from mtlearn.grading.stateful.play import Play, alone

NAMES = ["answer"]


class Answers(Play):
    def call(self, name):
        self.make(name, lambda: exercise.answer(name))

    def fail(self):
        raise ValueError("no")

    def wait(self):
        self.need(lambda: ["a"])


def playing(steps):
    return alone(lambda play: play.play(steps), Answers)
""",
    "node": """
import * as exercise from 'exercise';
import { Play } from 'stateful';

export const NAMES = ['answer'];
export const scenarios = { playing: ({ steps }) => ({ memory: {}, threads: [['play', steps]] }) };

class Answers extends Play {
  call(name) { this.make(name, () => exercise.answer(name)); }
  fail() { throw new RangeError('no'); }
  wait() { return this.need(() => ['a']); }
}

export const play = (memory, thread, steps) => new Answers().play(steps);
""",
}
EXERCISES = {
    "python": """
from concurrent.futures import Future


def answer(name):
    future = Future()
    future.set_result(name) if name != "b" else future.set_exception(LookupError(name))
    return None if name == "c" else future
""",
    "node": """
const answers = { b: (name) => Promise.reject(new TypeError(name)), c: () => null };
export const answer = (name) => (answers[name] ?? Promise.resolve.bind(Promise))(name);
""",
}


def test_both_languages_write_down_the_same(language: Language, tmp_path: Path) -> None:
    """A script that is played in Python and in Node.js gives the same evidence, so that one model judges both."""
    kind = language.name
    scenarios, exercise = tmp_path / f"scenarios{language.suffix}", tmp_path / f"mine{language.suffix}"
    scenarios.write_text(SCENARIOS[kind], encoding="utf-8")
    exercise.write_text(EXERCISES[kind], encoding="utf-8")
    subject = subject_of(kind, exercise, scenarios, language.runtime.executable)
    try:
        seen = subject.run_calm("playing", steps=script("call a, fail, call b, call c, wait, call d")).returns[0]
    finally:
        subject.close()
    assert seen["outcomes"]["a"] == {"value": "a", "shown": "'a'"}
    assert seen["outcomes"]["b"] == {"failed": "b", "type": language.choose("LookupError", "TypeError")}
    assert seen["outcomes"]["c"] == {"gave": language.choose("NoneType", "null")}
    assert [(each["step"], each["message"], each["fitting"]) for each in seen["broken"]] == [(1, "no", True)]
    assert seen["stuck"] == {"step": 4, "missing": ["a"]}
    assert list(seen["outcomes"]) == ["a", "b", "c"]
