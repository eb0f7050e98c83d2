"""Lesson 5: it covers what task 5 must cover, and its experiments show what they claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pytest
from conftest import Language

from mtlearn.course.claim import NotMeasured
from mtlearn.course.content import load
from mtlearn.course.lesson import Predict, Quiz, Text
from mtlearn.experiment import Run, experiment
from mtlearn.lab.cores import cores_free
from mtlearn.lab.runtime import Runtime

LESSON = load().lesson(5)
WORDS = LESSON.words or {}
DEMOS = {demo.name: demo for demo in LESSON.demos}
[QUIZ] = [step for step in LESSON.steps if isinstance(step, Quiz)]

# Whatever else happens, these lose nothing, on any machine, in any run.
SAFE = {
    "Atomics.add", "mutex (wait/notify)", "one owner, messages", "one owner and a queue", "x += 1",
    "with lock: read, sleep(0), write", "2 processes: with lock: += 1", "with lock: read, write | barrier",
    "lock: read, write | barrier", "compareExchange loop", "threading.Lock", "multiprocessing.Lock",
    "atomics: fetch_add", "atomics: cmpxchg loop", "lock of a threading.Condition",
}  # fmt: skip


@dataclass(frozen=True)
class Bullet:
    """One thing that the task must cover: the step of reading that does, and words that it must hold."""

    what: str
    step: str
    words: tuple[str, ...]


BULLETS = (
    Bullet("what shared memory is", "One memory, many threads", ("shared memory", "Nothing is copied")),
    Bullet("what SharedArrayBuffer is", "One memory, many threads", ("SharedArrayBuffer", "Int32Array")),
    Bullet("what a race is", "What a race is", ("race condition", "read", "write", "lost")),
    Bullet("x += 1 is safe by accident", "Why luck is no plan", ("x += 1", "3.10", "GIL", "accident")),
    Bullet("a test proves nothing", "Why luck is no plan", ("barrier", "order of steps")),
    Bullet("what Atomics are", "Atomic operations", ("atomic operation", "Atomics.add", "compareExchange")),
    Bullet("atomics on PyPI", "Atomic operations", ("package", "`atomics`")),
    Bullet("mutual exclusion", "The critical section", ("critical section", "Atomics.wait", "Condition")),
    Bullet("while, not if", "The critical section", ("`while` and not `if`",)),
    Bullet("deadlock", "The critical section", ("deadlock", "order")),
    Bullet("a counter is a clock", "What sharing gives away", ("clock", "v[0]++")),
    Bullet("Spectre", "What sharing gives away", ("Spectre", "COOP", "COEP", "Node.js asks for no such thing")),
)  # fmt: skip

VARIANTS = {
    ("race", "node"): {"v[0] = f(v[0])", "v[0]++", "Atomics.load, then Atomics.store", "Atomics.add",
                       "mutex (wait/notify)", "one owner, messages"},
    ("race", "python"): {"x += 1", "c[0] += int(1)", "read, sleep(0), write", "with lock: read, sleep(0), write",
                         "one owner and a queue", "2 processes: shared[0] += 1", "2 processes: Value.value += 1",
                         "2 processes: with lock: += 1"},
    ("atomics", "node"): {"Atomics.add", "mutex (wait/notify)", "compareExchange loop"},
    ("atomics", "python"): {"threading.Lock", "atomics: fetch_add", "atomics: cmpxchg loop"},
    ("lock", "node"): {"no lock", "mutex (wait/notify)"},
    ("lock", "python"): {"no lock", "lock of a threading.Condition"},
    ("staged-race", "node"): {"read | barrier | write"},
    ("staged-race", "python"): {"read | barrier | write"},
}  # fmt: skip


@pytest.mark.parametrize("bullet", BULLETS, ids=lambda bullet: bullet.what)
def test_covers(bullet: Bullet) -> None:
    """The lesson covers what task 5 must cover, in a step of its own words."""
    assert bullet.step in [step.heading for step in LESSON.steps if isinstance(step, Text)]
    text = " ".join(re.sub(r"\*+", "", WORDS[bullet.step]).split())
    assert [word for word in bullet.words if word not in text] == []


def test_experiments_are_predicted() -> None:
    """Before every experiment stands a question to predict it, and no other step between the two."""
    keys = list(LESSON.steps)
    for number, step in enumerate(keys):
        if step in DEMOS.values():
            before = keys[number - 1]
            assert isinstance(before, Predict)
            assert before.demo == getattr(step, "name")  # noqa: B009 - the step is a Demo


def test_the_quiz_is_sound() -> None:
    """Every question has a right choice, a reason, and a text of its own; right answers are not all the same number."""
    assert len({question.text for question in QUIZ.questions}) == len(QUIZ.questions) >= 5
    for question in QUIZ.questions:
        assert 0 <= question.right < len(question.choices)
        assert question.reason
    assert len({question.right for question in QUIZ.questions}) > 1


def test_step_keys_are_distinct() -> None:
    """Every step is remembered under a key of its own."""
    assert len({step.key for step in LESSON.steps}) == len(LESSON.steps)


@cache
def run_of(name: str, runtime: Runtime, longer: int = 1) -> Run:
    """One run, shared by the tests that look at it; `longer` times as long as usual."""
    demo = DEMOS[name]
    params = demo.params(None, demo.seconds.default * longer if demo.seconds else None)
    return experiment(LESSON, demo, runtime, params, cores_free())


@pytest.mark.parametrize("name", DEMOS)
def test_experiment(name: str, language: Language) -> None:
    """An experiment runs in both runtimes, measures every variant on as many threads as asked for, and loses nothing
    where nothing can be lost."""
    run = run_of(name, language.runtime)
    assert run.recording.reason is None
    rows = {row["variant"]: row for row in run.measured.rows}
    assert rows.keys() >= VARIANTS[name, language.name]
    for variant, row in rows.items():
        if "skipped" in row:
            continue
        assert len(set(row["threads"])) == len(row["threads"]) >= 2 - ("owner" in variant)
        assert row["actual"] + row["lost"] == row["expected"] > 0
        assert row["lost_share"] == pytest.approx(row["lost"] / row["expected"], abs=1e-4)
        if variant in SAFE and not (variant == "x += 1" and run.measured.gil is False):
            assert row["lost"] == 0, variant
    assert len(run.recording.events) >= len(rows)


@pytest.mark.parametrize("name", DEMOS)
def test_claims(name: str, language: Language) -> None:
    """No claim of an experiment fails; one that is a matter of chance gets a second, longer run to show."""
    run = run_of(name, language.runtime)
    assert run.findings
    failed = {finding.text for finding in run.findings if finding.holds is False}
    if failed and DEMOS[name].seconds:
        again = run_of(name, language.runtime, longer=4)
        failed &= {finding.text for finding in again.findings if finding.holds is False}
    assert failed == set()


@pytest.mark.parametrize("name", DEMOS)
def test_predictions_are_answered(name: str, language: Language) -> None:
    """What an experiment measured answers the predictions and the quiz questions about it, each in one sentence."""
    runs = (run_of(name, language.runtime).measured,)
    about_other = 0
    for step in LESSON.steps:
        if isinstance(step, Predict) and step.demo == name:
            try:
                outcome = step.happened(runs)
            except NotMeasured:  # it is about the other runtime
                about_other += 1
                continue
            assert outcome.sentence.endswith(".")
            assert outcome.choice is None or outcome.choice in range(len(step.choices))
    assert about_other <= 1


def test_staged_race_is_exact(language: Language) -> None:
    """The race on order loses exactly half, on every run."""
    rows = run_of("staged-race", language.runtime).measured.rows
    assert [(row["expected"], row["lost"]) for row in rows] == [(2000, 1000), (2000, 0)]
