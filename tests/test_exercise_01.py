"""Exercise 1 checks itself: starters fail, solutions pass, and wrong beliefs are met with the right words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Language

from mtlearn.course.content import load
from mtlearn.course.exercise import KnownWrong
from mtlearn.grading.judge import grade
from mtlearn.grading.verdict import Verdict
from mtlearn.lab.runtime import Runtime, this_python

EXERCISE = load().exercise("exercise-1")
LANGUAGES = ("python", "node")
PYTHON = Language("python", this_python(), ".py")
KNOWN_WRONG = [(name, wrong) for name in LANGUAGES for wrong in EXERCISE.known_wrong(name)]


@pytest.fixture(autouse=True)
def _environment_is_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


def verdict(file: Path, language: Language) -> Verdict:
    """The verdict on a file."""
    return grade(EXERCISE, file, language.name, language.runtime.executable)


def verdict_on(code: str, folder: Path, language: Language) -> Verdict:
    """The verdict on a few lines of code."""
    file = folder / f"exercise{language.suffix}"
    file.write_text(code, encoding="utf-8")
    return verdict(file, language)


def test_starters(language: Language) -> None:
    """A starter loads and fails, and each failure says that it is not written yet."""
    given = verdict(EXERCISE.starter(language.name), language)
    assert given.status == "fail"
    assert (given.checks[0].name, given.checks[0].status) == ("loads", "pass")
    failures = [check for check in given.checks if check.status == "fail"]
    assert len(failures) == len(given.checks) - 1
    assert all("not written yet" in check.message for check in failures)


@pytest.mark.parametrize("time", range(1, 11))
def test_solutions(language: Language, time: int) -> None:
    """The reference solution passes every check, ten times in a row."""
    given = verdict(EXERCISE.solution(language.name), language)
    assert [check for check in given.checks if check.status != "pass"] == []
    assert given.status == "pass"


@pytest.mark.parametrize(("language", "wrong"), KNOWN_WRONG, indirect=["language"],
                         ids=[f"{name}-{wrong.file.stem}" for name, wrong in KNOWN_WRONG])  # fmt: skip
def test_known_wrong(language: Language, wrong: KnownWrong) -> None:
    """A known-wrong file fails in the check that it names, with the words that it names."""
    given = verdict(wrong.file, language)
    [check] = [each for each in given.checks if each.name == wrong.fails]
    assert (check.status, given.status) == ("fail", "fail")
    assert wrong.says in check.message


@pytest.mark.parametrize("name", LANGUAGES)
def test_there_are_enough(name: str) -> None:
    """There are at least six known-wrong files, each for a belief of its own."""
    wrongs = EXERCISE.known_wrong(name)
    assert len(wrongs) >= 6
    assert len({wrong.belief for wrong in wrongs}) == len(wrongs)


def test_slices_in_threads_pass(tmp_path: Path) -> None:
    """Whoever sends each slice to a thread and awaits it lets the loop turn, and passes."""
    given = verdict_on(
        """
import asyncio

async def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise TypeError
    total = 0
    for start in range(0, len(items), slice_size):
        part = items[start : start + slice_size]
        total += await asyncio.to_thread(lambda part=part: sum(map(crunch, part)))
    return total
""",
        tmp_path,
        PYTHON,
    )
    assert given.status == "pass"


def test_slices_in_callbacks_pass(tmp_path: Path) -> None:
    """A function that is no coroutine, but gives a future that its own callbacks settle, passes."""
    given = verdict_on(
        """
import asyncio

def sum_in_slices(items, crunch, slice_size):
    if slice_size < 1:
        raise ValueError
    loop = asyncio.get_running_loop()
    future, rest, totals = loop.create_future(), list(items), [0]

    def step():
        totals.extend(map(crunch, rest[:slice_size]))
        del rest[:slice_size]
        if rest:
            loop.call_soon(step)
        else:
            future.set_result(sum(totals))

    step()
    return future
""",
        tmp_path,
        PYTHON,
    )
    assert given.status == "pass"


@pytest.mark.parametrize(
    "wait",
    [
        "new Promise((resolve) => setImmediate(resolve))",
        "new Promise((resolve) => setTimeout(resolve))",
        "import('node:timers/promises').then(({ scheduler }) => scheduler.yield())",
        "import('node:fs/promises').then(({ stat }) => stat('.'))",
    ],
)
def test_every_real_wait_passes(wait: str, tmp_path: Path, node: Runtime) -> None:
    """In Node.js whatever really waits between two slices will do: an immediate, a timer, a file."""
    given = verdict_on(
        f"""
export async function sumInSlices(items, crunch, sliceSize) {{
  if (sliceSize < 1) throw new TypeError('sliceSize');
  let total = 0;
  for (const [index, item] of items.entries()) {{
    if (index % sliceSize === 0) await {wait};
    total += crunch(item);
  }}
  return total;
}}
""",
        tmp_path,
        Language("node", node, ".mjs"),
    )
    assert given.status == "pass"


def test_nothing_false_is_said_of_lost_items(tmp_path: Path) -> None:
    """Of a solution that crunches nothing, only what is so is said: no turn came after every single item."""
    given = verdict_on("async def sum_in_slices(items, crunch, slice_size):\n    return 0\n", tmp_path, PYTHON)
    failed = {check.name for check in given.checks if check.status == "fail"}
    assert failed == {"sum", "slice_size_is_checked", "others_get_through"}


def test_the_three_hints() -> None:
    """There are three hints, from a nudge to nearly the code."""
    assert len(EXERCISE.hints()) == 3
