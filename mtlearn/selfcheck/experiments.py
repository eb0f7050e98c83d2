"""Running every demo, and looking at what it claims, answers and quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from mtlearn.course.claim import Measured, NotMeasured
from mtlearn.course.lesson import Demo, Lesson, Predict
from mtlearn.course.quiz import Quiz
from mtlearn.experiment import Run, experiment
from mtlearn.lab.cores import cores_free
from mtlearn.lab.runtime import Runtime
from mtlearn.selfcheck.point import Point

TRIES = 3  # runs of a demo with a claim that did not show: a busy neighbour disturbs one, and not all of them
LONGER = 4  # times as long, each run after the first


def experiment_points(
    lesson: Lesson,
    demos: Sequence[Demo],
    runtimes: Sequence[Runtime],
    packages: Path,
    now: Callable[[str], None] = lambda what: None,
) -> Iterator[Point]:
    """Run the demos in each runtime they are about; `now` is told which one is under way."""
    measured: dict[str, tuple[Measured, ...]] = {}
    for demo in demos:
        runs = []
        for runtime in runtimes:
            if runtime.kind in demo.runtimes:
                now(f"{demo.name} in {runtime.label}")
                runs.append(_run(lesson, demo, runtime, packages))
                yield from _run_points(demo, runs[-1])
        measured[demo.name] = tuple(run.measured for run in runs)
        for step in lesson.steps:
            if isinstance(step, Predict) and step.demo == demo.name:
                yield _prediction(step, measured[demo.name])
    for question in (q for step in lesson.steps if isinstance(step, Quiz) for q in step.questions):
        if question.figure and measured.keys() == {demo.name for demo in lesson.demos}:
            try:
                told = question.figure(measured)
            except NotMeasured as missing:
                yield Point(f"lesson-{lesson.number}", "", f"quiz, figure: {question.text}", None, str(missing))
            else:
                yield Point(f"lesson-{lesson.number}", "", f"quiz, figure: {question.text}", told.endswith("."), told)


def _run(lesson: Lesson, demo: Demo, runtime: Runtime, packages: Path) -> Run:
    """Run a demo; where a claim did not show, run it again, for longer where that can be asked for."""
    seconds = None
    for _ in range(TRIES):
        run = experiment(lesson, demo, runtime, demo.params(None, seconds), cores_free(), packages=packages)
        if not any(finding.holds is False or finding.unseen for finding in run.findings):
            break
        seconds = min(demo.seconds.default * LONGER, demo.seconds.most) if demo.seconds else None
    return run


def _run_points(demo: Demo, run: Run) -> Iterator[Point]:
    kind = run.recording.kind
    reason = run.recording.reason
    yield Point(demo.name, kind, "runs to its end", reason is None, reason or f"{run.recording.seconds:.1f} s")
    for row in run.recording.rows:
        if "skipped" in row:
            # what can be had is missing here; what cannot (another system, another version) is no fault
            to_be_had = "get" in row
            yield Point(demo.name, kind, f"measures {row['variant']}", False if to_be_had else None, row["skipped"])
    if not run.findings:
        yield Point(demo.name, kind, "makes a claim", False, "there is none for this runtime")
    for finding in run.findings:
        yield Point(demo.name, kind, finding.text, False if finding.faulty else finding.holds, finding.detail)


def _prediction(step: Predict, measured: tuple[Measured, ...]) -> Point:
    try:
        outcome = step.outcome(measured)
    except NotMeasured as missing:
        return Point(step.demo, "", f"answers: {step.question}", None, str(missing))
    sound = outcome.sentence.endswith(".") and (outcome.choice is None or outcome.choice in range(len(step.choices)))
    return Point(step.demo, "", f"answers: {step.question}", sound, outcome.sentence)
