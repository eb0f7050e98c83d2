"""What single exercises promise beyond what `mtlearn dev check` asks of all."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Language

from mtlearn.course.content import load
from mtlearn.course.mutants import find, mutants
from mtlearn.grading.judge import grade
from mtlearn.grading.verdict import Verdict
from mtlearn.lab.runtime import this_python

PYTHON = Language("python", this_python(), ".py")


def verdict(number: int, file: Path, language: Language) -> Verdict:
    """The verdict on a file."""
    return grade(load().exercise(str(number)), file, language.name, language.runtime.executable)


PROVEN = {
    (4, "python"): {"ids_from_threads", "a_call_beside_the_end", "settled_once"},
    (4, "node"): {"a_call_beside_the_end"},
    (5, "python"): {"total_is_kept", "never_overdrawn", "opposite_transfers_end"},
    (5, "node"): {"total_is_kept", "never_overdrawn", "opposite_transfers_end"},
}


@pytest.mark.parametrize(("number", "language"), PROVEN, indirect=["language"])
def test_scope(number: int, language: Language) -> None:
    """A solution that passes says how far its threads were explored: all orders up to two preemptions."""
    given = verdict(number, load().exercise(str(number)).solution(language.name), language)
    proven = {
        check.name
        for check in given.checks
        if check.scope and check.scope.outcome in ("proven", "not refuted") and check.scope.max_preemptions == 2
    }
    assert proven >= PROVEN[number, language.name]


def test_the_capstone_as_it_is_given(language: Language) -> None:
    """The capstone's starter is graded as it is: each of its seven mistakes fails a check of its own."""
    capstone = load().exercise("capstone")
    given = grade(capstone, capstone.starter(language.name), language.name, language.runtime.executable)
    assert [check.status for check in given.checks] == ["pass", *["fail"] * 7, "unchecked"]
    assert [check.name for check in given.checks if check.interleaving] == ["the_traffic_is_counted"]


def test_each_mistake_of_the_capstone(language: Language, tmp_path: Path) -> None:
    """Each mistake of the capstone, alone, fails its own check and no other."""
    capstone = load().exercise("capstone")
    for wrong in mutants(capstone, language.name):
        given = grade(capstone, wrong.write(tmp_path), language.name, language.runtime.executable)
        assert [check.name for check in given.checks if check.status == "fail"] == [wrong.fails], wrong.file_name


def test_nothing_false_is_said_of_lost_items(tmp_path: Path) -> None:
    """Of a solution that crunches nothing, only what is so is said: no turn came after every single item."""
    file = tmp_path / "exercise.py"
    file.write_text("async def sum_in_slices(items, crunch, slice_size):\n    return 0\n")
    failed = {check.name for check in verdict(1, file, PYTHON).checks if check.status == "fail"}
    assert failed == {"sum", "long_lists", "slice_size_is_checked", "others_get_through"}


LINGERING = {
    "python": (
        "with giver.lock, taker.lock:",
        "with giver.lock, (lambda: time.sleep(0.001) or taker.lock)():",
        "import time\n",
    ),
    "node": (
        "return locked(memory, source, () => ",
        "return locked(memory, source, () => Atomics.wait(LONG, 0, 0, 1) && ",
        "const LONG = new Int32Array(new SharedArrayBuffer(4));\n",
    ),
}


def test_no_check_fails_by_luck(tmp_path: Path, language: Language) -> None:
    """Locks in either order fail where every order of steps is tried, and nowhere else by a chance meeting."""
    source = find(load().exercise("5"), f"two_locks_in_either_order{language.suffix}").source()
    old, new, first = LINGERING[language.name]
    assert old in source
    file = tmp_path / f"exercise{language.suffix}"
    file.write_text(first + source.replace(old, new), encoding="utf-8")
    failed = {check.name for check in verdict(5, file, language).checks if check.status != "pass"}
    assert failed == {"opposite_transfers_end"} | ({"transfers_are_whole"} if language.name == "node" else set())


@pytest.mark.parametrize(
    ("number", "language", "mutant"),
    [(5, "python", "check_then_act.py"), (4, "node", "close_lets_them_wait.mjs")],
    indirect=["language"],
)
def test_where_the_scenarios_lie(number: int, language: Language, mutant: str, tmp_path: Path) -> None:
    """An order of steps tells the scenarios by name alone: it is the same wherever it was found."""
    file = tmp_path / mutant
    file.write_text(find(load().exercise(str(number)), mutant).source(), encoding="utf-8")
    found = [each.interleaving for each in verdict(number, file, language).checks if each.interleaving]
    named = {step.file for each in found for step in each.steps} | {at.file for each in found for at in each.waiting}
    assert f"scenarios{language.suffix}" in named
    assert named <= {f"scenarios{language.suffix}", str(file)}


def test_a_wrong_pool_is_asked_for_no_more(tmp_path: Path) -> None:
    """What a pool that fails a check does with a long row of real operations is luck, and not run."""
    file = tmp_path / "exercise.py"
    file.write_text(find(load().exercise("8"), "close_runs_them_all.py").source(), encoding="utf-8")
    told = {check.name: check for check in verdict(8, file, PYTHON).checks}
    assert told["close"].status == "fail"
    last = told["random_operations"]
    assert (last.status, last.message) == ("unchecked", "not run, because checks before it fail")
