"""mtlearn.grading.prewarmed: a judge in its own process says the same, and can be ended at any moment."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from conftest import PATIENCE_S, Language

from mtlearn.course.exercise import Exercise
from mtlearn.errors import MtlearnError
from mtlearn.grading.judge import grade
from mtlearn.grading.prewarmed import JudgeEnded, PrewarmedGrader
from mtlearn.grading.verdict import CheckResult

RIGHT = ("def work(memory, index):\n    return index\n", "export const work = (memory, index) => index;\n")
WRONG = ("def work(memory, index):\n    return 7\n", "export const work = () => 7;\n")


@pytest.mark.parametrize("sources", [RIGHT, WRONG], ids=["right", "wrong"])
def test_the_same_verdict(
    tiny: Exercise, language: Language, here: Path, temporary: Path, sources: tuple[str, str]
) -> None:
    """Its checks and its verdict are those of the judge in this process; no folder is left."""
    file = here / f"mine{language.suffix}"
    file.write_text(language.choose(*sources))
    told: list[CheckResult] = []
    judge = PrewarmedGrader()
    try:
        verdict = judge.grade(tiny, file, language.name, language.runtime.executable, told.append)
    finally:
        judge.end()
    assert verdict.checks == tuple(told) == grade(tiny, file, language.name, language.runtime.executable).checks
    assert list(temporary.iterdir()) == []


def test_what_cannot_be_graded(tiny: Exercise, here: Path) -> None:
    """An error of the judge comes with its cause, its fix and its exit code."""
    judge = PrewarmedGrader()
    try:
        with pytest.raises(MtlearnError, match="cannot be graded") as told:
            judge.grade(tiny, here / "missing.py", "python", Path(sys.executable))
    finally:
        judge.end()
    assert told.value.cause == "It cannot be read: No such file or directory."


# Leaves its process group, so that it is no descendant of anybody when its parent has ended.
STRAY = """
import subprocess, sys
inner = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])"
subprocess.Popen([sys.executable, "-c", inner], start_new_session=True).wait()
open({mark!r}, "w").close()
while True: pass
"""


def wait_for(path: Path) -> None:
    """Until the file is there."""
    deadline = time.monotonic() + PATIENCE_S
    while not path.exists():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_ended_while_it_grades(tiny: Exercise, here: Path, temporary: Path) -> None:
    """Ended in the middle, it leaves nothing: neither the process that hangs, nor what that started, nor a folder."""
    file, mark = here / "mine.py", here / "mark"
    file.write_text(STRAY.format(mark=str(mark)))
    judge, ended = PrewarmedGrader(), []

    def ask() -> None:
        try:
            judge.grade(tiny, file, "python", Path(sys.executable))
        except JudgeEnded:
            ended.append(True)

    asking = threading.Thread(target=ask)
    asking.start()
    wait_for(mark)
    judge.end()
    asking.join(PATIENCE_S)
    assert ended == [True]
    assert list(temporary.iterdir()) == []  # that no process is left, the fixture of every test sees to


PARENT = """
import sys
from pathlib import Path
from mtlearn.course.exercise import Exercise
from mtlearn.grading.prewarmed import PrewarmedGrader

folder, solutions, file = map(Path, sys.argv[1:])
PrewarmedGrader().grade(Exercise("exercise-9", folder, solutions), file, "python", Path(sys.executable))
"""


@pytest.mark.skipif(os.name != "posix", reason="it interrupts itself by a signal")
def test_whoever_asked_is_killed(tiny: Exercise, here: Path, temporary: Path) -> None:
    """When the process that asked is killed, the judge ends by itself, with all that it started and its folder."""
    file, mark = here / "mine.py", here / "mark"
    file.write_text(STRAY.format(mark=str(mark)))
    asking = subprocess.Popen([sys.executable, "-c", PARENT, tiny.folder, tiny.solutions, file])
    wait_for(mark)
    judges = psutil.Process(asking.pid).children()
    asking.kill()
    asking.wait()
    psutil.wait_procs(judges, timeout=PATIENCE_S)
    assert list(temporary.iterdir()) == []


def test_an_idle_judge_whose_asker_is_killed(temporary: Path) -> None:
    """A judge that was never asked ends when whoever started it does."""
    code = "from mtlearn.grading.prewarmed import PrewarmedGrader; PrewarmedGrader(); print(1, flush=True); input()"
    asking = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert asking.stdout is not None
    asking.stdout.readline()
    judges = psutil.Process(asking.pid).children()
    asking.kill()
    asking.communicate()
    psutil.wait_procs(judges, timeout=PATIENCE_S)
    assert list(temporary.iterdir()) == []


def test_a_judge_that_is_killed(tiny: Exercise, here: Path) -> None:
    """A judge that ends without a word is reported as what it is."""
    judge = PrewarmedGrader()
    judge._process.kill()
    file = here / "mine.py"
    file.write_text(RIGHT[0])
    try:
        with pytest.raises(MtlearnError, match="could not be graded"):
            judge.grade(tiny, file, "python", Path(sys.executable))
    finally:
        judge.end()
