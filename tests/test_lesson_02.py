"""Lesson 2: it covers what task 2 must cover, and its experiments show what they claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from conftest import Language

from mtlearn.course.claim import NotMeasured
from mtlearn.course.content import load
from mtlearn.course.lesson import Demo, Predict, Question, Quiz, Text
from mtlearn.errors import MtlearnError
from mtlearn.experiment import Run, experiment
from mtlearn.lab import npm
from mtlearn.lab.cores import cores_free
from mtlearn.lab.runtime import Runtime

LESSON = load().lesson(2)
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
    Bullet("the worker_threads module", "What a worker is", ("module `worker_threads`", "new Worker", "isMainThread")),
    Bullet("the role of workers in parallel work", "What a worker is", ("parallel work", "at the same time")),
    Bullet("what scales with threads", "Threads that take turns",
           ("GIL", "hash of a large block", "workers help little")),
    Bullet("child processes (fork)", "Child processes, and why threads are lighter",
           ("child process", "child_process.fork", "spawn", "forkserver")),
    Bullet("no shared memory, everything copied", "Child processes, and why threads are lighter",
           ("no shared memory", "everything", "is copied")),
    Bullet("why threads are lighter", "Child processes, and why threads are lighter", ("Threads are lighter",)),
    Bullet("fork and held locks", "Child processes, and why threads are lighter", ("lock is held in the copy",)),
    Bullet("what messages cost", "What a message costs", ("structured clone", "pickle", "hands over the object")),
    Bullet("worker-farm", "A farm of workers", ("worker-farm", "thread pool", "multiprocessing.Pool")),
    Bullet("the 10-second job holds up the 1-second job", "A farm of workers",
           ("ten seconds", "one second", "head-of-line")),
    Bullet("benefits", "When to use a worker, and when not", ("for workers", "stays free")),
    Bullet("drawbacks", "When to use a worker, and when not", ("against", "costs time to start", "memory")),
)  # fmt: skip

VARIANTS = {
    ("parallel", "node"): {"2 async functions", "2 workers"},
    ("parallel", "python"): {"2 coroutines", "2 threads", "2 processes"},
    ("gil", "node"): {"plain JavaScript", "sleep", "zlib", "two async functions, plain JavaScript",
                      "two async functions, timers"},
    ("gil", "python"): {"pure Python", "sleep", "sha256 of 4 MB", "zlib", "sha256 of 2,047 bytes",
                        "sha256 of 2,048 bytes"},
    ("cost", "node"): {"no worker", "Worker", "process, fork"},
    ("cost", "python"): {"no worker", "thread", "process, spawn", "interpreter"},
    ("ipc", "node"): {"function call, 100 B", "Worker, postMessage, 1 MB", "process, child.send, 1 MB"},
    ("ipc", "python"): {"function call, 100 B", "thread, queue, 1 MB", "process, pipe, 1 MB"},
    ("hash", "node"): {"on the event loop", "one worker: workerpool", "a process each", "a Worker each",
                       "2 processes: worker-farm", "2 workers: workerpool"},
    ("hash", "python"): {"on the event loop", "one process: executor", "a thread each", "a process each",
                         "2 processes: Pool", "2 processes: executor"},
}  # fmt: skip


@pytest.mark.parametrize("bullet", BULLETS, ids=lambda bullet: bullet.what)
def test_covers(bullet: Bullet) -> None:
    """The lesson covers what task 2 must cover, in a step of its own words."""
    assert bullet.step in [step.heading for step in LESSON.steps if isinstance(step, Text)]
    text = " ".join(re.sub(r"\*+", "", WORDS[bullet.step]).split())
    assert [word for word in bullet.words if word not in text] == []


def test_experiments_are_predicted() -> None:
    """Before every experiment stands a question to predict it, and no other step between the two."""
    for number, step in enumerate(LESSON.steps):
        if isinstance(step, Demo):
            before = LESSON.steps[number - 1]
            assert isinstance(before, Predict)
            assert before.demo == step.name


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
    """An experiment runs in both runtimes, and tells of every variant, and what happened when."""
    run = run_of(name, language.runtime)
    assert run.recording.reason is None
    rows = {row["variant"]: row for row in run.measured.rows}
    assert rows.keys() >= VARIANTS[name, language.name]
    assert all(row["threads"] for row in rows.values() if "skipped" not in row)
    assert run.recording.events


@pytest.mark.parametrize("name", DEMOS)
def test_claims(name: str, language: Language) -> None:
    """No claim of an experiment fails; one that is a matter of time gets a second, longer run to show."""
    run = run_of(name, language.runtime)
    assert run.findings
    failed = {finding.text for finding in run.findings if finding.holds is False}
    if failed and DEMOS[name].seconds:
        again = run_of(name, language.runtime, longer=4)
        failed &= {finding.text for finding in again.findings if finding.holds is False}
    assert failed == set()


@pytest.mark.parametrize("name", DEMOS)
def test_predictions_are_answered(name: str, language: Language) -> None:
    """What an experiment measured answers the predictions about it, each in one sentence."""
    runs = (run_of(name, language.runtime).measured,)
    for step in LESSON.steps:
        if isinstance(step, Predict) and step.demo == name:
            try:
                outcome = step.happened(runs)
            except NotMeasured:  # it is about the other runtime, or needs more than there is
                continue
            assert outcome.sentence.endswith(".")
            assert outcome.choice is None or outcome.choice in range(len(step.choices))


WITH_FIGURE = [question for question in QUIZ.questions if question.figure]


@pytest.mark.parametrize("question", WITH_FIGURE, ids=[question.text[:30] for question in WITH_FIGURE])
def test_quiz_figures(question: Question, language: Language) -> None:
    """An answer of the quiz quotes what was measured here, or says that it was not."""
    assert question.figure is not None
    runs = {name: (run_of(name, language.runtime).measured,) for name in DEMOS}
    try:
        told = question.figure(runs)
    except NotMeasured as missing:
        told = f"{missing}."
    assert told.endswith(".")
    assert len(told) < 200


def test_who_waits_for_whom(language: Language) -> None:
    """On the loop, and in one worker, the short job waits for the long one; only the loop stops beating."""
    rows = {row["variant"]: row for row in run_of("hash", language.runtime).measured.rows}
    loop = rows["on the event loop"]
    assert (loop["first"], loop["beats"] <= 2) == ("long", True)
    assert len(set(loop["threads"])) == 1
    assert rows["a process each"]["beats"] > 2
    assert len(set(rows["a process each"]["threads"])) == 2


def test_a_missing_package_is_told(node: Runtime) -> None:
    """Without the npm packages the experiment still runs; their rows name the command that installs them."""
    rows = {row["variant"]: row for row in run_of("hash", node).measured.rows}
    for variant, package in (("2 workers: workerpool", "workerpool"), ("2 processes: worker-farm", "worker-farm")):
        assert rows[variant]["skipped"] == f"the npm package {package} is not installed: mtlearn setup node"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real packages from npm; where they cannot be had, the test is skipped with the reason."""
    folder = tmp_path_factory.mktemp("packages")
    try:
        npm.install(folder, npm.find_npm())
    except MtlearnError as error:
        pytest.skip(error.cause)
    return folder


def test_with_the_packages(node: Runtime, packages: Path) -> None:
    """With the real worker-farm and workerpool every row is measured and no claim fails."""
    demo = DEMOS["hash"]
    run = experiment(LESSON, demo, node, demo.params(None, None), cores_free(), packages=packages)
    assert [row["variant"] for row in run.measured.rows if "skipped" in row] == []
    assert [finding.holds for finding in run.findings] == [True] * 4
    rows = {row["variant"]: row for row in run.measured.rows}
    assert len(set(rows["one worker: workerpool"]["threads"])) == 1
    for variant in ("2 processes: worker-farm", "2 workers: workerpool"):
        assert len(set(rows[variant]["threads"])) == 2
