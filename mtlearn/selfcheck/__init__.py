"""The course checks itself: every lesson, every demo and every exercise, in both runtimes, on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from mtlearn.course.content import Course
from mtlearn.errors import unknown_name
from mtlearn.lab.runtime import Runtime, RuntimeMissing
from mtlearn.selfcheck.point import Point

__all__ = ["Point", "check"]


def check(
    course: Course,
    runtimes: Sequence[Runtime | RuntimeMissing],
    packages: Path,
    only: Sequence[str] = (),
    times: int = 10,
    quick: bool = False,
    now: Callable[[str], None] = lambda what: None,
) -> Iterator[Point]:
    """Look at everything that the course promises; points come as they are known.

    only   names of parts: "lesson-5" (its words and its demos), a demo, "exercise-5", "misconceptions"; none: all
    times  how often in a row a reference solution must pass
    quick  grade a known-wrong file only in the check that it must fail
    now    is told what is under way

    First what needs no run, then the gradings side by side, then the demos, one at a time: they measure.
    Raises MtlearnError for a name that is none, and for content that is damaged.
    """
    from mtlearn.selfcheck.experiments import experiment_points
    from mtlearn.selfcheck.gradings import Job, grading_points, jobs
    from mtlearn.selfcheck.words import exercise_points, lesson_points, misconception_points

    lessons, exercises = course.lessons(), course.exercises()
    known = [f"lesson-{lesson.number}" for lesson in lessons] + [exercise.name for exercise in exercises]
    known += [demo.name for lesson in lessons for demo in lesson.demos] + ["misconceptions"]
    for name in only:
        if name not in known:
            raise unknown_name("part", name, known, "mtlearn dev check --only", "mtlearn list")

    def asked(*names: str) -> bool:
        return not only or any(name in only for name in names)

    here = [runtime for runtime in runtimes if isinstance(runtime, Runtime)]
    for runtime in runtimes:
        if isinstance(runtime, RuntimeMissing):
            yield Point("runtimes", runtime.kind, "is here", False, runtime.one_line)
    for lesson in lessons:
        if asked(f"lesson-{lesson.number}"):
            yield from lesson_points(lesson)
    if asked("misconceptions"):
        yield from misconception_points(course)
    todo: list[Job] = []
    for exercise in exercises:
        if asked(exercise.name):
            yield from exercise_points(exercise)
            todo += jobs(exercise, here, times, quick)
    if todo:
        yield from grading_points(todo, now=now)
    for lesson in lessons:
        demos = [demo for demo in lesson.demos if asked(demo.name, f"lesson-{lesson.number}")]
        yield from experiment_points(lesson, demos, here, packages, now)
