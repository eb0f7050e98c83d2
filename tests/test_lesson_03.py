"""Lesson 3: it covers what task 3 must cover, and its experiments show what they claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import pytest
from conftest import Language

from mtlearn.course.claim import NotMeasured
from mtlearn.course.content import load
from mtlearn.course.lesson import Demo, Predict, Quiz, Text
from mtlearn.experiment import Run, experiment
from mtlearn.lab.cores import cores_free
from mtlearn.lab.runtime import Runtime

LESSON = load().lesson(3)
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
    Bullet("the Worker class", "A worker and its first words", ("class `Worker`", "new Worker(")),
    Bullet("a simple task in a worker", "A job in a worker", ("One job, one worker",)),
    Bullet("postMessage() to the worker", "Messages, both ways", ("worker.postMessage(value)",)),
    Bullet("postMessage() to the parent", "Messages, both ways", ("parentPort.postMessage(value)",)),
    Bullet("workerData", "A worker and its first words", ("workerData", "before the worker's first line")),
    Bullet("isMainThread", "A worker and its first words", ("`isMainThread` says which", "threading.main_thread()")),
    Bullet("parentPort", "Messages, both ways", ("`parentPort` is the worker's end", "null")),
    Bullet("terminate()", "The end of a worker", ("worker.terminate()", "process.terminate()", "exit code")),
    Bullet("a Python thread cannot be ended", "The end of a worker", ("cannot be ended at all",)),
    Bullet("structured clone", "What a message costs", ("structured clone", "pickled")),
    Bullet("transfer", "What a message costs", ("transferList", "changes its owner")),
    Bullet("what a clone keeps", "What survives the journey", ("plain object", "DataCloneError", "PicklingError")),
    Bullet("approach v1 against v2", "What a message costs", ("v1", "v2", "in place")),
    Bullet("Python's side", "Messages, both ways", ("queue.Queue", "multiprocessing.Pipe")),
)

VARIANTS = {
    ("hello", "node"): {"new Worker, workerData", "postMessage, there", "postMessage, back", "terminate"},
    ("hello", "python"): {"thread: start, args", "process: start, args", "process: terminate, join"},
    ("copy", "node"): {"1 KiB", "64 KiB", "1 MiB", "64 MiB", "5,000 objects, as JSON"},
    ("copy", "python"): {"1 KiB", "64 KiB", "1 MiB", "64 MiB", "5,000 objects, as JSON"},
    ("clone-rules", "node"): {"Point with a method", "function", "buffer, moved", "global variable"},
    ("clone-rules", "python"): {"Point with a method", "lambda", "buffer, shared", "global variable, a thread"},
}


@pytest.mark.parametrize("bullet", BULLETS, ids=lambda bullet: bullet.what)
def test_covers(bullet: Bullet) -> None:
    """The lesson covers what task 3 must cover, in a step of its own words."""
    assert bullet.step in [step.heading for step in LESSON.steps if isinstance(step, Text)]
    text = " ".join(re.sub(r"\*+", "", WORDS[bullet.step]).split())
    assert [word for word in bullet.words if word not in text] == []


def test_experiments_are_predicted() -> None:
    """Before every experiment stands a question to predict it, and no other step between the two."""
    for before, step in zip(LESSON.steps, LESSON.steps[1:], strict=False):
        if isinstance(step, Demo):
            assert isinstance(before, Predict)
            assert before.demo == step.name


def test_the_quiz_is_sound() -> None:
    """Every question has a right choice, a reason, and a text of its own; right answers are not all the same number."""
    assert len({question.text for question in QUIZ.questions}) == len(QUIZ.questions) >= 5
    for question in QUIZ.questions:
        assert 0 <= question.right < len(question.choices)
        assert question.reason
    assert len({question.right for question in QUIZ.questions}) > 1


@cache
def run_of(name: str, runtime: Runtime) -> Run:
    """One run, shared by the tests that look at it."""
    return experiment(LESSON, DEMOS[name], runtime, DEMOS[name].params(None, None), cores_free())


@pytest.mark.parametrize("name", DEMOS)
def test_experiment(name: str, language: Language) -> None:
    """An experiment runs in both runtimes, measures every variant, and none of its claims fails."""
    run = run_of(name, language.runtime)
    assert run.recording.reason is None
    assert {row["variant"] for row in run.measured.rows} >= VARIANTS[name, language.name]
    assert run.findings
    assert [finding for finding in run.findings if finding.holds is False] == []


@pytest.mark.parametrize("name", DEMOS)
def test_predictions_are_answered(name: str, language: Language) -> None:
    """What an experiment measured answers the prediction about it, in one sentence."""
    [prediction] = [step for step in LESSON.steps if isinstance(step, Predict) and step.demo == name]
    try:
        outcome = prediction.happened((run_of(name, language.runtime).measured,))
    except NotMeasured:
        assert (name, language.name) == ("clone-rules", "python")  # it asks about Node.js
        return
    assert outcome.sentence.endswith(".")
    assert outcome.choice is None or outcome.choice in range(len(prediction.choices))


def test_quiz_answers_come_with_figures(language: Language) -> None:
    """Every quiz answer that an experiment shows is told with what was measured here, in the runtime it is about."""
    runs = {name: (run_of(name, language.runtime).measured,) for name in DEMOS}
    told = []
    for question in QUIZ.questions:
        assert question.figure is not None
        try:
            told.append(question.figure(runs))
        except NotMeasured:
            continue
    assert len(told) == {"python": 1, "node": 5}[language.name]
    assert all(figure.endswith(f"({language.runtime.label}).") for figure in told)


def test_hello_has_a_timeline(language: Language) -> None:
    """The timeline of hello has a lane for the main thread and one for each worker, with the ids of the table."""
    recording = run_of("hello", language.runtime).recording
    assert DEMOS["hello"].timeline
    lanes = {event["tid"] for event in recording.events if event["ph"] == "X"}
    started = [row for row in recording.rows if "worker_id" in row]
    assert lanes == {row["worker_id"] for row in started} | {row["main_id"] for row in started}
    assert {event["cat"] for event in recording.events if event["ph"] == "X"} == {"starting", "running", "waiting"}
