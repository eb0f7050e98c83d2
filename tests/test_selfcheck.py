"""mtlearn dev check: what is missing or wrong in a course is found, and said of the right part."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import Language, Mtlearn

from mtlearn.course.claim import Claim, Measured, first
from mtlearn.course.content import Course, load
from mtlearn.course.exercise import Exercise, KnownWrong
from mtlearn.course.lesson import Column, Demo, Lesson, Outcome, Predict, Question, Quiz, Text
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.lab.runtime import RuntimeMissing, this_python
from mtlearn.selfcheck import check
from mtlearn.selfcheck.experiments import experiment_points
from mtlearn.selfcheck.gradings import Job, grading_points, point
from mtlearn.selfcheck.point import Point
from mtlearn.selfcheck.words import belief_points, exercise_points, lesson_points


def wrong(points: Any) -> list[tuple[str, str]]:
    """The points that do not hold: what, and what was seen."""
    return [(each.what, each.detail) for each in points if each.holds is False]


# -- words ----------------------------------------------------------------------


@pytest.mark.parametrize("number", load().lesson_numbers())
def test_this_course(number: int) -> None:
    """Every lesson of this course covers what it must, and its exercise has all its files, in both languages."""
    course = load()
    points = [*lesson_points(course.lesson(number)), *exercise_points(course.exercise(str(number)))]
    assert len(points) > 20
    assert wrong(points) == []


FIVE = tuple(Question(f"Is it {n}?", ("yes", "no"), n % 2, "So it is.") for n in range(5))


def test_a_word_that_is_gone() -> None:
    """A lesson that no longer says a word it must say is told with the step and the word."""
    lesson = load().lesson(5)
    words = {**(lesson.words or {}), "What a race is": "Nothing to see here."}
    assert ("covers what a race is", "“What a race is” does not say: race condition, read, write, lost") in wrong(
        lesson_points(replace(lesson, words=words))
    )


def test_code_that_does_not_fit() -> None:
    """A line of code that a terminal would break is told; prose of any length is not."""
    lesson = load().lesson(5)
    words = {**(lesson.words or {}), "One more": f"{'word ' * 30}\n\n```js\nshort();\n{'x' * 78}\n```\n"}
    assert wrong(lesson_points(replace(lesson, words=words))) == [("its code fits into a terminal", "x" * 78)]


def test_a_demo_that_nobody_predicts() -> None:
    """A demo without a question before it is told."""
    lesson = load().lesson(5)
    steps = tuple(step for step in lesson.steps if not (isinstance(step, Predict) and step.demo == "race"))
    assert wrong(lesson_points(replace(lesson, steps=steps))) == [("race is predicted", "no question stands before it")]


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        (FIVE, ""),
        (FIVE[:4], "fewer than 5"),
        ((*FIVE[:4], FIVE[0]), "fewer than 5"),
        ((*FIVE, replace(FIVE[0], text="?", right=2)), "no right choice"),
        ((*FIVE, replace(FIVE[0], text="?", reason="")), "no right choice, or no reason"),
        (tuple(replace(question, right=1) for question in FIVE), "the same number everywhere"),
    ],
)
def test_a_quiz(questions: tuple[Question, ...], told: str) -> None:
    """A quiz needs five different questions, each with a right choice and a reason, not all at the same place."""
    lesson = load().lesson(5)
    texts = tuple(step for step in lesson.steps if isinstance(step, Text))
    [sound] = [
        each
        for each in lesson_points(replace(lesson, steps=(*texts, Quiz(questions))))
        if each.what == "the quiz is sound"
    ]
    assert (sound.holds, told in sound.detail) == (not told, True)


def test_beliefs_and_files_that_are_gone(package_copy: Callable[[], Path]) -> None:
    """A belief that no quiz asks, or that no known-wrong file holds, is told; so is a missing scenario, or hint."""
    course = Course(package_copy())
    before = wrong(belief_points(course))
    folder = course.root / "exercises" / "exercise_02"
    for file in (folder / "known_wrong").glob("workers_speed_up_io.*"):
        file.unlink()
    (folder / "scenarios.mjs").unlink()
    (folder / "hints.md").write_text("## One\n\nLook.\n")
    lesson = course.root / "lessons" / "lesson_02" / "lesson.py"
    lesson.write_text(lesson.read_text().replace("beliefs=(4,)", "beliefs=()"))
    assert set(wrong(belief_points(course))) - set(before) == {
        ("3 has a known-wrong file: workers speed up I/O", ""),
        ("4 is asked: a worker per call is fine", "in lesson 2"),
    }
    assert wrong(exercise_points(course.exercise("2"))) == [
        ("there are three hints", "there are 1"),
        ("there is a scenarios.mjs", ""),
    ]


# -- gradings -------------------------------------------------------------------


def job(tiny: Exercise, language: Language, text: str, tmp_path: Path, **more: Any) -> Job:
    """A file of the tiny exercise, to be graded."""
    file = tmp_path / f"file{language.suffix}"
    file.write_text(text)
    return Job(tiny, language.name, language.runtime.executable, file, **more)


RIGHT = {"python": "def work(memory, index):\n    return index\n", "node": "export const work = (m, index) => index;\n"}
ZERO = {"python": "def work(memory, index):\n    return 0\n", "node": "export const work = () => 0;\n"}


def test_a_file_that_must_pass(tiny: Exercise, language: Language, tmp_path: Path) -> None:
    """A solution that passes each time holds; one that fails is told with the check and its words."""
    assert point(job(tiny, language, RIGHT[language.name], tmp_path, times=2)).holds
    failed = point(job(tiny, language, ZERO[language.name], tmp_path, times=2))
    assert (failed.holds, failed.detail) == (False, "time 1: gives_its_number: fail. The threads gave [0, 0].")


def test_a_starter(tiny: Exercise, language: Language, tmp_path: Path) -> None:
    """A starter must load, and fail because it is not written yet, for no other reason."""
    assert point(replace(job(tiny, language, "", tmp_path), file=tiny.starter(language.name))).holds
    assert point(job(tiny, language, ZERO[language.name], tmp_path)).detail.startswith("gives_its_number: fail")
    assert point(job(tiny, language, "(", tmp_path)).detail.startswith("it does not load")
    assert point(job(tiny, language, RIGHT[language.name], tmp_path)).detail == "nothing fails"


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ({}, ""),
        ({"fails": "no_such"}, "there is no check `no_such`"),
        ({"says": "[1, 1]"}, "must fail and say “[1, 1]”. gives_its_number: fail. The threads gave [0, 0]."),
        ({"fails": "memory"}, "`memory` must fail and say “[0, 0]”. memory: pass."),
        ({"shows": "an interleaving"}, "`gives_its_number` shows no interleaving"),
    ],
)
def test_a_known_wrong_file(
    header: dict[str, str], told: str, tiny: Exercise, language: Language, tmp_path: Path
) -> None:
    """A known-wrong file must fail in the check it names, with the words it names and the picture it promises."""
    begun = job(tiny, language, ZERO[language.name], tmp_path)
    given = KnownWrong(begun.file, **{"belief": "b", "fails": "gives_its_number", "says": "[0, 0]", **header})  # type: ignore[arg-type]
    seen = point(replace(begun, wrong=given))
    assert (seen.holds, told in seen.detail) == (not told, True)
    assert point(replace(begun, wrong=given, quick=True)).holds == (not told)


def test_gradings_side_by_side(tiny: Exercise, language: Language, tmp_path: Path) -> None:
    """Files are graded side by side, each comes to its own point, and what is under way is told."""
    told: list[str] = []
    good = job(tiny, language, RIGHT[language.name], tmp_path, times=1)
    (tmp_path / "other").mkdir()
    bad = job(tiny, language, ZERO[language.name], tmp_path / "other", times=1)
    points = list(grading_points([good, bad, good], workers=2, now=told.append))
    assert sorted(str(each.holds) for each in points) == ["False", "True", "True"]
    assert [text.split(" files")[0] for text in told] == ["1 of 3", "2 of 3", "3 of 3"]


# -- experiments ----------------------------------------------------------------


def small_lesson(folder: Path, script: str, *claims: Claim) -> Lesson:
    """A lesson of one demo, in Python."""
    (folder / "small.py").write_text(
        f"import json\ndef row(**cells):\n    print(json.dumps({{'row': cells}}), flush=True)\n{script}\n"
    )
    demo = Demo("small", "", (Column("n", "n"),), claims, threads=None, seconds=None, runtimes=("python",))

    def happened(runs: tuple[Measured, ...]) -> Outcome:
        return Outcome(7, f"it was {first(runs, 'python').row('a')['n']}.")

    question = Question("?", ("a", "b"), 0, "r", lambda runs: f"{first(runs['small'], 'node').row('a')['n']}.")
    return Lesson(1, "Small", (Predict("small", "What?", ("a", "b"), happened), demo, Quiz((question,))), folder=folder)


def n_is(value: int, variant: str = "a") -> Claim:
    """The claim that a variant gave a number."""
    return Claim(f"{variant} is {value}", lambda run: (run.row(variant)["n"] == value, str(run.row(variant)["n"])))


def test_an_experiment(tmp_path: Path) -> None:
    """Of a demo is told: a claim that is false, a row that is missing, a package to be had, an answer that is none."""
    from mtlearn.lab.run import run

    lesson = small_lesson(
        tmp_path,
        "row(variant='a', n=1)\n"
        "row(variant='b', skipped='not installed: pip install b')\n"
        "row(variant='c', skipped='needs Python 9')",
        n_is(1),
        n_is(2),
        n_is(1, "gone"),
        n_is(1, "c"),
    )
    assert run(tmp_path / "small.py", this_python(), {}).rows, "the script reports as demos do"
    points = {each.what: each for each in experiment_points(lesson, lesson.demos, [this_python()], tmp_path)}
    assert {what: each.holds for what, each in points.items()} == {
        "runs to its end": True,
        "a is 1": True,
        "a is 2": False,
        "gone is 1": False,
        "c is 1": None,
        "measures b": False,
        "measures c": None,
        "answers: What?": False,
        "quiz, figure: ?": None,
    }


def test_an_experiment_that_breaks(tmp_path: Path) -> None:
    """A demo that ends with an error, and so makes no claim, is told with the error."""
    lesson = small_lesson(tmp_path, "raise SystemExit('no luck')", n_is(1))
    told = dict(wrong(experiment_points(lesson, lesson.demos, [this_python()], tmp_path)))
    assert "no luck" in told["runs to its end"]
    assert told["makes a claim"] == "there is none for this runtime"


# -- the command ----------------------------------------------------------------


def test_a_missing_runtime_fails() -> None:
    """A runtime that is not here is a point that does not hold, with the way to get it."""
    missing = RuntimeMissing("node", "No Node.js.", "There is none.", "install it")
    found = list(check(load(), [missing], Path(), only=["beliefs"]))
    assert found[0] == Point("runtimes", "node", "is here", False, "There is none: install it")


def test_an_unknown_part() -> None:
    """A part that does not exist is refused with the nearest one."""
    with pytest.raises(MtlearnError) as told:
        list(check(load(), [this_python()], Path(), only=["excercise-5"]))
    assert "Did you mean `exercise-5`?" in told.value.fix


def test_the_command(mtlearn: Mtlearn) -> None:
    """`mtlearn dev check --only staged-race` runs that demo, prints a table and ends with 0; --json has every point."""
    ended = mtlearn("dev", "check", "--only", "staged-race", "--runtime", "python")
    assert (ended.code, ended.stderr) == (0, "")
    assert "nothing wrong" in ended.stdout.splitlines()[-1]
    told = json.loads(mtlearn("dev", "check", "--only", "staged-race", "--runtime", "python", "--json").stdout)
    assert (told["version"], told["holds"]) == (1, True)
    assert {point["part"] for point in told["points"]} == {"staged-race"}
    assert {"part", "runtime", "what", "holds", "detail"} == told["points"][0].keys()


def test_the_command_fails(mtlearn: Mtlearn, nodeless: Any) -> None:
    """Where something does not hold, the command says what and ends with 1."""
    ended = mtlearn("dev", "check", "--only", "staged-race", env=nodeless.env, python=nodeless.executable)
    assert ended.code == ExitCode.FAILED
    assert "✗ runtimes, Node.js: is here" in ended.stdout
    assert "1 wrong" in ended.stdout.splitlines()[-1]
