"""Lesson 1: it covers what task 1 must cover, and its experiments show what they claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pytest
from conftest import Language, Mtlearn

from mtlearn.course.claim import NotMeasured
from mtlearn.course.content import load
from mtlearn.course.lesson import Predict, Quiz, Text
from mtlearn.experiment import Run, experiment
from mtlearn.lab.cores import cores_free
from mtlearn.lab.runtime import Runtime

LESSON = load().lesson(1)
WORDS = LESSON.words or {}
DEMOS = {demo.name: demo for demo in LESSON.demos}
[QUIZ] = [step for step in LESSON.steps if isinstance(step, Quiz)]


@dataclass(frozen=True)
class Bullet:
    """One thing that the task must cover: the step of reading that does, words that it must hold, what shows it."""

    what: str
    step: str
    words: tuple[str, ...]
    demo: str | None = None


BULLETS = (
    Bullet("what multithreading is", "Processes and threads", ("multithreading", "several threads at work")),
    Bullet("why it is useful in Node.js", "What threads are good for", ("worker", "Node.js", "stays free to answer")),
    Bullet("single- against multi-threaded", "Processes and threads", ("single-threaded", "multi-threaded")),
    Bullet("concurrency against parallelism", "Concurrent is not parallel", ("Concurrent", "Parallel", "several cores"),
           "promise-all"),
    Bullet("many connections, one thread", "One thread, many connections", ("event loop", "runs to completion"),
           "connections"),
    Bullet("non-blocking I/O", "One thread, many connections", ("Non-blocking I/O", "blocks")),
    Bullet("CPU work blocks", "When somebody calculates", ("blocked", "hashing", "the loop does not turn"), "blocking"),
    Bullet("a promise does not help", "When somebody calculates", ("promise", "who calculates it"), "blocking"),
    Bullet("thread safety in one sentence", "Processes and threads", ("thread-safe when it gives right results",)),
    Bullet("a process and its threads", "Processes and threads",
           ("a process", "a thread", "Every process begins with one")),
    Bullet("what threads share", "Processes and threads", ("code", "data", "open files")),
    Bullet("what each thread owns", "Processes and threads", ("registers", "stack")),
    Bullet("a thread does not isolate CPU work in Python", "A thread beside the loop", ("GIL", "switch interval"),
           "gil-lag"),
)  # fmt: skip

# What an experiment is run with here: less of everything, where it is long enough for ten beats anyway.
SMALL: dict[str, dict[str, float]] = {
    "connections": {"connections": 100, "wait_ms": 50, "rounds": 200},
    "blocking": {},
    "promise-all": {"rounds": 20_000},
    "gil-lag": {"naps": 20},
}
VARIANTS = {"connections": 3, "blocking": 5, "promise-all": 5, "gil-lag": 4}

# What is so on any machine, in any run: no core need be free for it.
CERTAIN = {
    "One thread holds all connections open.",
    "Who asks one after the other pays for every wait.",
    "Requests that calculate are served one after the other: each runs to its end before the next begins.",
    "While the loop's own thread calculates, the heart does not beat once.",
    "Slices change nothing, if what is awaited between them is done already.",
    "Whoever calculates, the hash is the same.",
}


@pytest.mark.parametrize("bullet", BULLETS, ids=lambda bullet: bullet.what)
def test_covers(bullet: Bullet) -> None:
    """The lesson covers what task 1 must cover, in a step of its own words, and shows what can be shown."""
    assert bullet.step in [step.heading for step in LESSON.steps if isinstance(step, Text)]
    text = " ".join(re.sub(r"\*+", "", WORDS[bullet.step]).split())
    assert [word for word in bullet.words if word not in text] == []
    assert bullet.demo is None or bullet.demo in DEMOS


def test_experiments_are_predicted() -> None:
    """Before every experiment stands a question to predict it, and no other step between the two."""
    for number, step in enumerate(LESSON.steps):
        if step in DEMOS.values():
            before = LESSON.steps[number - 1]
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
def run_of(name: str, runtime: Runtime) -> Run:
    """One small run, shared by the tests that look at it."""
    return experiment(LESSON, DEMOS[name], runtime, SMALL[name], cores_free())


HERE = [(language, name) for language in ("python", "node") for name in DEMOS if language in DEMOS[name].runtimes]
everywhere = pytest.mark.parametrize(("language", "name"), HERE, indirect=["language"])


@everywhere
def test_experiment(name: str, language: Language) -> None:
    """An experiment runs in each runtime it is about, measures every variant, and tells when each of them ran."""
    run = run_of(name, language.runtime)
    assert run.recording.reason is None
    variants = [row["variant"] for row in run.measured.rows]
    assert len(set(variants)) == len(variants) == VARIANTS[name]
    for row in run.measured.rows:
        assert len(set(row["threads"])) == len(row["threads"]) > 0
    told = {event.get("args", {}).get("scene", event["name"]) for event in run.recording.events if event["ph"] == "X"}
    assert all(any(variant in name for name in told) for variant in variants)


@everywhere
def test_claims(name: str, language: Language) -> None:
    """No claim of an experiment fails, and what is certain on any machine holds."""
    run = run_of(name, language.runtime)
    assert run.findings
    assert [finding for finding in run.findings if finding.holds is False] == []
    assert all(finding.holds for finding in run.findings if finding.text in CERTAIN)


def test_what_is_certain_is_claimed() -> None:
    """Every claim that is certain is one of the lesson's."""
    assert {claim.text for demo in DEMOS.values() for claim in demo.claims} >= CERTAIN


@everywhere
def test_predictions_are_answered(name: str, language: Language) -> None:
    """What an experiment measured answers its predictions and the quiz questions about it, each in one sentence."""
    runs = (run_of(name, language.runtime).measured,)
    answered = 0
    for step in LESSON.steps:
        if isinstance(step, Predict) and step.demo == name:
            try:
                outcome = step.happened(runs)
            except NotMeasured:  # it is about the other runtime
                continue
            answered += 1
            assert outcome.sentence.endswith(".")
            assert outcome.choice is None or outcome.choice in range(len(step.choices))
    assert answered
    for question in QUIZ.questions:
        if question.figure:
            try:
                assert question.figure({name: runs}).endswith(".")
            except (KeyError, NotMeasured):  # it is about another experiment, or the other runtime
                continue


def test_connections_wait_side_by_side(language: Language) -> None:
    """A hundred connections that wait are all open at once, and take a small part of their waits added up."""
    alone, together, _ = run_of("connections", language.runtime).measured.rows
    assert (alone["open"], together["open"]) == (2, 100)
    assert alone["wall_ns"] >= 2 * 45e6
    assert together["work_ns"] >= 100 * 45e6


def test_the_picture_of_blocking(language: Language) -> None:
    """The picture of `blocking` shows no beat within a calculation on the loop, and some within one elsewhere."""
    run = run_of("blocking", language.runtime)
    assert DEMOS["blocking"].timeline
    scenes = {row["variant"]: row["beats"] for row in run.measured.rows}
    for scene, beats in scenes.items():
        events = [event for event in run.recording.events if event.get("args", {}).get("scene") == scene]
        marks = [event["ts"] for event in events if event["ph"] == "i"]
        [hashing] = [event for event in events if event["ph"] == "X"]
        within = sum(hashing["ts"] < mark < hashing["ts"] + hashing["dur"] for mark in marks)
        assert len(marks) >= 4
        assert within <= beats
        assert (within > 0) == (beats > 0)


def test_gil_lag_is_about_python(mtlearn: Mtlearn, node: Runtime) -> None:
    """An experiment that is about Python only says so in Node.js, and shows no script for it."""
    run = experiment(LESSON, DEMOS["gil-lag"], node, {}, 2.0)
    assert (run.measured.rows, run.findings, run.recording.reason) == ((), (), "this is about Python only")
    assert not (LESSON.folder / "gil_lag.mjs").exists()
    source = mtlearn("demo", "gil-lag", "--source")
    script = (LESSON.folder / "gil_lag.py").read_text(encoding="utf-8")
    assert (source.code, source.stdout.strip()) == (0, script.strip())
    refused = mtlearn("demo", "gil-lag", "--source", "--runtime", "node")
    assert (refused.code, refused.stdout) == (2, "")
    assert "The demo gil-lag has no script for Node.js." in refused.stderr
    assert "mtlearn demo gil-lag --runtime python" in refused.stderr
