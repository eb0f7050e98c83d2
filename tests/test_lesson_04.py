"""Lesson 4: it covers what task 4 must cover, and its experiments show what they claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from conftest import Language

from mtlearn.course.claim import NotMeasured
from mtlearn.course.content import load
from mtlearn.course.lesson import Demo, Predict, Question, Quiz, Text
from mtlearn.experiment import Run, experiment
from mtlearn.lab.run import run
from mtlearn.lab.runtime import Runtime

LESSON = load().lesson(4)
WORDS = LESSON.words or {}
DEMOS = {demo.name: demo for demo in LESSON.demos}
[QUIZ] = [step for step in LESSON.steps if isinstance(step, Quiz)]


@dataclass(frozen=True)
class Bullet:
    """One thing that the task must cover: the step of reading that does, and words that it must hold."""

    what: str
    step: str
    words: tuple[str, ...]


BULLETS = (
    Bullet("on('message')", "Messages, both ways", ("worker.on('message'", "listener", "event loop")),
    Bullet("messages main to worker", "Messages, both ways", ("worker.postMessage", "parentPort.on('message'")),
    Bullet("messages worker to main", "Messages, both ways", ("parentPort.postMessage", "outbox.put")),
    Bullet("events sent by a worker", "Messages, both ways", ("what nobody asked for", "event: 'progress'")),
    Bullet("on('error')", "How a worker ends", ("`error`: an exception ended it", "excepthook")),
    Bullet("exit", "How a worker ends", ("`exit`: it is gone", "exitcode")),
    Bullet("messageerror", "How a worker ends", ("`messageerror`",)),
    Bullet("errors that do not crash", "When things go wrong", ("Always listen to `error`", "sends it back")),
    Bullet("terminate", "When things go wrong", ("`terminate()` cuts a worker off", "no `finally`")),
    Bullet("backpressure", "When nobody reads", ("backpressure", "Queue(100)")),
    Bullet("real-time data", "A stream in order", ("real-time data", "p99", "order")),
    Bullet("request and answer", "Calls by message", ("an id", "listener for each call is a leak")),
)
BELIEFS = {10: "listener that waits", 11: "terminate()", 12: "console.log", 13: "function in it"}

VARIANTS = {
    ("events", "node"): {"worker returns", "worker throws", "worker process.exit(3)", "worker is terminated",
                         "worker throws, no error listener", "a function is posted",
                         "a key is posted to another context"},
    ("events", "python"): {"thread returns", "thread raises", "thread calls sys.exit(3)", "task of a pool raises",
                           "process returns", "process raises", "process calls sys.exit(3)", "process is terminated",
                           "a lambda is sent through a Pipe", "a lambda is put into a Queue"},
    ("flood", "node"): {"postMessage, nobody reads", "at most 100 unanswered"},
    ("flood", "python"): {"Queue(), nobody reads", "Queue(100)"},
    ("stream", "node"): {"a room stays with its worker", "each message to the next worker"},
    ("stream", "python"): {"a room stays with its worker", "each message to the next worker"},
}  # fmt: skip


@pytest.mark.parametrize("bullet", BULLETS, ids=lambda bullet: bullet.what)
def test_covers(bullet: Bullet) -> None:
    """The lesson covers what task 4 must cover, in a step of its own words."""
    assert bullet.step in [step.heading for step in LESSON.steps if isinstance(step, Text)]
    text = " ".join(re.sub(r"\*+", "", WORDS[bullet.step]).split())
    assert [word for word in bullet.words if word not in text] == []


def test_beliefs_are_asked() -> None:
    """The quiz asks about every mistaken belief of task 4."""
    texts = [question.text for question in QUIZ.questions]
    assert [number for number, words in BELIEFS.items() if not any(words in text for text in texts)] == []


def test_the_quiz_is_sound() -> None:
    """Every question has a right choice, a reason, and a text of its own; right answers are not all the same number."""
    assert len({question.text for question in QUIZ.questions}) == len(QUIZ.questions) >= 5
    for question in QUIZ.questions:
        assert 0 <= question.right < len(question.choices)
        assert question.reason
    assert len({question.right for question in QUIZ.questions}) > 1


def test_experiments_are_predicted() -> None:
    """Before every experiment stands a question to predict it, and no other step between the two."""
    for before, step in zip(LESSON.steps, LESSON.steps[1:], strict=False):
        if isinstance(step, Demo):
            assert isinstance(before, Predict)
            assert before.demo == step.name


def test_step_keys_are_distinct() -> None:
    """Every step is remembered under a key of its own."""
    assert len({step.key for step in LESSON.steps}) == len(LESSON.steps)


@cache
def run_of(name: str, runtime: Runtime) -> Run:
    """One run, shared by the tests that look at it."""
    return experiment(LESSON, DEMOS[name], runtime, DEMOS[name].params(None, None), cores_free=0.0)


@pytest.mark.parametrize("name", DEMOS)
def test_experiment(name: str, language: Language) -> None:
    """An experiment runs in both runtimes, and every variant is measured."""
    done = run_of(name, language.runtime)
    assert done.recording.reason is None
    assert {row["variant"] for row in done.measured.rows} == VARIANTS[name, language.name]
    assert not [row for row in done.measured.rows if "skipped" in row]
    assert done.recording.events


@pytest.mark.parametrize("name", DEMOS)
def test_claims(name: str, language: Language) -> None:
    """Every claim of an experiment holds, however busy the machine is."""
    found = run_of(name, language.runtime).findings
    assert found
    assert [(finding.text, finding.detail) for finding in found if finding.holds is not True] == []


@pytest.mark.parametrize("name", DEMOS)
def test_predictions_are_answered(name: str, language: Language) -> None:
    """What an experiment measured answers the predictions about it with one of the choices, in one sentence."""
    runs = (run_of(name, language.runtime).measured,)
    steps = [step for step in LESSON.steps if isinstance(step, Predict) and step.demo == name]
    assert steps
    for step in steps:
        try:
            outcome = step.happened(runs)
        except NotMeasured as other:  # the question is about the other runtime
            assert str(other).startswith("no run in")  # noqa: PT017 - which of the two it is decides
            continue
        assert outcome.sentence.endswith(".")
        assert outcome.choice in range(len(step.choices))


def test_figures_of_the_quiz(language: Language) -> None:
    """A quiz question with a figure tells what was measured here, for the runtime that it is about."""
    runs = {name: (run_of(name, language.runtime).measured,) for name in DEMOS}
    told = [_figure(question, runs) for question in QUIZ.questions if question.figure]
    assert [text for text in told if text]
    assert all(language.runtime.label in text for text in told if text)


def _figure(question: Question, runs: dict[str, Any]) -> str:
    assert question.figure
    try:
        return question.figure(runs)
    except NotMeasured:
        return ""


def test_a_small_stream_is_whole(language: Language) -> None:
    """A stream with other parameters than usual shows every message once, on as many workers as asked for."""
    script = LESSON.script(DEMOS["stream"], language.name)
    recording = run(script, language.runtime, {"threads": 2, "messages": 4})
    assert recording.reason is None
    for row in recording.rows:
        assert (row["messages"], len(set(row["threads"]))) == (4 * 17, 2)
        assert 0 <= row["overtaken"] < row["messages"]
        assert 0 < row["p50"] <= row["p95"] <= row["p99"]


def test_a_small_flood_is_exact(language: Language) -> None:
    """A flood of few messages has all of them waiting at once, and the limit is kept to the message."""
    script = LESSON.script(DEMOS["flood"], language.name)
    recording = run(script, language.runtime, {"messages": 300})
    assert recording.reason is None
    assert [(row["sent"], row["received"], row["waiting"]) for row in recording.rows] == [
        (300, 300, 300),
        (300, 300, 100),
    ]
