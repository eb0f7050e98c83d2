"""How long `mtlearn watch` takes from a save to the verdict on its screen, beside what the checks themselves take.

    python benchmarks/watch.py [--runs 10] [--exercise 1 --exercise 5]

Every run saves the reference solution over the learner's file by a rename, as editors do, and waits until the verdict
is drawn. What the checks took is the `seconds` of that very verdict: from the start of the learner's code to its end.
The rest is the price of watching: seeing the save, handing it to the judge, drawing. In every round the file is also
graded by `mtlearn check`, started afresh.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mtlearn.course.content import load
from mtlearn.course.exercise import Exercise
from mtlearn.grading.watch import Task
from mtlearn.lab.runtime import find
from mtlearn.learner.progress import ProgressFile
from mtlearn.learner.session import ExerciseSession
from mtlearn.learner.workspace import Workspace
from mtlearn.screens.app import CourseApp
from mtlearn.screens.watch import Watching

GOAL_MS = 150
PAUSE_S = 1.5  # between two saves, as somebody who types would leave; the judge for the next run gets ready in it


class Measured(Watching):
    """Notes when each verdict stands on the screen, and what its checks took."""

    drawn: asyncio.Queue[tuple[float, float]]

    def _settle(self) -> None:
        self.drawn.put_nowait((time.perf_counter(), self._unnoted[-1].verdict.seconds or 0.0))
        super()._settle()


async def rounds(exercise: Exercise, kind: str, runs: int, folder: Path) -> list[tuple[float, float, float]]:
    """Milliseconds of each round: from the save to the verdict, the checks in it, and `mtlearn check`."""
    runtime, place = find(kind), Workspace(folder / "work")
    place.begin(exercise)
    file = place.file(exercise, kind)
    task = Task(exercise, file, kind, runtime.executable, runtime.label)
    screen = Measured(load(), ExerciseSession(place, ProgressFile(folder, print), folder, print), lambda _: task, task)
    screen.drawn = asyncio.Queue()
    measured = []
    try:
        async with CourseApp(screen).run_test(size=(80, 24)):
            await screen.drawn.get()
            for _ in range(runs):
                await asyncio.sleep(PAUSE_S)
                started = time.perf_counter()
                check = [
                    sys.executable,
                    "-m",
                    "mtlearn",
                    "check",
                    exercise.name,
                    "--file",
                    str(exercise.solution(kind)),
                ]
                await (await asyncio.create_subprocess_exec(*check, stdout=subprocess.DEVNULL)).wait()
                cold = time.perf_counter() - started
                new = file.with_suffix(".new")
                new.write_bytes(exercise.solution(kind).read_bytes())
                saved = time.perf_counter()
                os.replace(new, file)
                drawn, checks = await screen.drawn.get()
                measured.append(((drawn - saved) * 1000, checks * 1000, cold * 1000))
    finally:
        screen.saves.close()
    return measured


def main() -> None:
    """Measure, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--runs", type=int, default=10)
    parser.add_argument("--exercise", action="append")
    asked = parser.parse_args()
    print(f"Python {platform.python_version()}, {asked.runs} rounds, {time.strftime('%Y-%m-%d')}\n")
    print("| exercise | save to verdict ms | the checks ms | more, median ms | more, worst ms | mtlearn check ms |")
    print("|---|---:|---:|---:|---:|---:|")
    for name in asked.exercise or ["1", "5"]:
        for kind in ("python", "node"):
            exercise = load().exercise(name)
            with tempfile.TemporaryDirectory() as folder:
                measured = asyncio.run(rounds(exercise, kind, asked.runs, Path(folder)))
            more = [whole - checks for whole, checks, _ in measured]
            whole, checks, cold = (statistics.median(column) for column in zip(*measured, strict=True))
            word = "" if statistics.median(more) <= GOAL_MS else " (MISSED)"
            figures = f"{whole:.0f} | {checks:.0f} | {statistics.median(more):.0f}{word} | {max(more):.0f} | {cold:.0f}"
            print(f"| {exercise.name}, {kind} | {figures} |")


if __name__ == "__main__":
    main()
