"""mtlearn dev check: what is missing or wrong in a course is found, and said of the right part."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from conftest import Language, Mtlearn

from mtlearn.course.claim import Claim, Measured, first
from mtlearn.course.content import Course, load
from mtlearn.course.exercise import Exercise
from mtlearn.course.lesson import Column, Demo, Lesson, Outcome, Predict, Text
from mtlearn.course.manifest import covers
from mtlearn.course.mutants import Mutant
from mtlearn.course.quiz import Choice, Question, Quiz
from mtlearn.course.solutions import Solution
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.lab.runtime import RuntimeMissing, this_python
from mtlearn.selfcheck import check, words
from mtlearn.selfcheck.experiments import experiment_points
from mtlearn.selfcheck.gradings import Job, grading_points, point
from mtlearn.selfcheck.point import Point
from mtlearn.selfcheck.words import exercise_points, lesson_points, misconception_points


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


def asked(text: str, right: int, *says: str) -> Question:
    """A question with these choices, each answered."""
    return Question(text, tuple(Choice(each, "So it is.", number == right) for number, each in enumerate(says)))


SEVEN = tuple(asked(f"Is it {n}?", n % 3, "yes", "no", "who knows") for n in range(7))
UNANSWERED = replace(SEVEN[0], text="?", choices=(Choice("yes", "So it is.", True), Choice("no", ""), Choice("so", "")))


def test_a_word_that_is_gone() -> None:
    """A lesson that no longer says a word it must say is reported with the step and the word."""
    lesson = load().lesson(5)
    words = {**(lesson.words or {}), "What a race is": "Nothing to see here."}
    assert ("covers what a race is", "“What a race is” does not say: race condition, read, write, lost") in wrong(
        lesson_points(replace(lesson, words=words))
    )


def test_code_that_does_not_fit() -> None:
    """A line of code that a terminal would break is reported; prose of any length is not."""
    lesson = load().lesson(5)
    words = {**(lesson.words or {}), "One more": f"{'word ' * 30}\n\n```js\nshort();\n{'x' * 78}\n```\n"}
    assert wrong(lesson_points(replace(lesson, words=words))) == [("its code fits into a terminal", "x" * 78)]


def test_a_demo_that_nobody_predicts() -> None:
    """A demo without a question before it is reported."""
    lesson = load().lesson(5)
    steps = tuple(step for step in lesson.steps if not (isinstance(step, Predict) and step.demo == "race"))
    assert ("race is predicted", "no question stands before it") in wrong(lesson_points(replace(lesson, steps=steps)))


def test_an_answer_before_its_question() -> None:
    """Words that give an answer away too early are reported; so are too many words before the first question."""
    lesson = load().lesson(5)
    [race, *_] = [step for step in lesson.steps if isinstance(step, Predict)]
    told = wrong(lesson_points(replace(lesson, steps=(Text(race.answered), *lesson.steps))))
    assert (f"it asks first: {race.question}", f"“{race.answered}” says before: {race.tells}") in told
    assert "there is something to do at once" in [what for what, _ in told]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"answered": "Two threads, one number"}, "predictions.toml does not say where it is answered"),
        ({"tells": ""}, "predictions.toml does not say where it is answered"),
        ({"tells": "no such words"}, "“What a race is” does not say: no such words"),
        ({"whys": ("So it is.", "So", "It is.", "So.")}, "one of its choices is not answered by a sentence"),
    ],
)
def test_a_prediction_that_is_not_answered(change: dict[str, Any], told: str) -> None:
    """A prediction must say which words answer it, after its experiment, and have a sentence for each choice."""
    lesson = load().lesson(5)
    at = next(number for number, step in enumerate(lesson.steps) if isinstance(step, Predict))
    steps = (*lesson.steps[:at], replace(lesson.steps[at], **change), *lesson.steps[at + 1 :])
    assert [detail for _, detail in wrong(lesson_points(replace(lesson, steps=steps)))] == [told]


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        (SEVEN, ""),
        (SEVEN[:6], "fewer than 7"),
        ((*SEVEN[:6], SEVEN[0]), "fewer than 7"),
        ((*SEVEN, asked("?", 1, "yes", "no")), "fewer than 3 choices"),
        ((*SEVEN, asked("?", 1, "yes", "no", "no")), "one of them twice"),
        ((*SEVEN, UNANSWERED), "“no” is not answered"),
        (tuple(asked(question.text, 1, "yes", "no", "so") for question in SEVEN), "the same number everywhere"),
    ],
)
def test_a_quiz(questions: tuple[Question, ...], told: str) -> None:
    """A quiz needs seven different questions of three choices, each answered, the right one not always at one place."""
    lesson = load().lesson(5)
    texts = tuple(step for step in lesson.steps if isinstance(step, Text))
    [sound] = [
        each
        for each in lesson_points(replace(lesson, steps=(*texts, Quiz({}, questions))))
        if each.what == "the quiz is sound"
    ]
    assert (sound.holds, told in sound.detail) == (not told, True)


def test_beliefs_and_files_that_are_gone(package_copy: Callable[[], Path]) -> None:
    """A misconception that no quiz asks, or no mutant holds, is reported; so is a missing scenario, hint or table."""
    course = Course(package_copy())
    before = wrong(misconception_points(course))
    folder = course.root / "exercises" / "exercise_02"
    file = folder / "known_wrong.toml"
    file.write_text(file.read_text().replace("misconceptions = [3]\n", ""))
    (folder / "known_wrong").mkdir(exist_ok=True)
    (folder / "known_wrong" / "stray.py").write_text("")
    (folder / "scenarios.mjs").unlink()
    (folder / "hints.md").write_text("## One\n\nLook.\n")
    quiz = course.root / "lessons" / "lesson_02" / "quiz.toml"
    quiz.write_text(quiz.read_text().replace("misconceptions = [4]\n", ""))
    assert set(wrong(misconception_points(course))) - set(before) == {
        ("3 has a mutant: workers speed up I/O", ""),
        ("4 is asked: a worker per call is fine", "in lesson 2"),
    }
    assert wrong(exercise_points(course.exercise("2"))) == [
        ("there are three hints", "there are 1"),
        ("every known-wrong file is in its TOML", "stray.py"),
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
    """A solution that passes each time holds; one that fails is reported with the check and its words."""
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
        ({"interleaving": True}, "`gives_its_number` shows no interleaving"),
        ({"changes": (("gone", "x"),)}, "does not fit right"),
    ],
)
def test_a_mutant(header: dict[str, Any], told: str, tiny: Exercise, language: Language, tmp_path: Path) -> None:
    """A mutant must fit, and fail in the check it names, with the words it names and the picture it promises."""
    file = tmp_path / f"right{language.suffix}"
    file.write_text(RIGHT[language.name])
    right = Solution(file.name, file)
    change = language.choose("return index", "=> index"), language.choose("return 0", "=> 0")
    name = f"wrong{language.suffix}"
    begun = Mutant(name, right, (change,), right=right, misconception="b", fails="gives_its_number", says="[0, 0]")
    given = Job(tiny, language.name, language.runtime.executable, replace(begun, **header))
    seen = point(given)
    assert (seen.what, seen.holds) == (f"{name} is refused", not told)
    assert told in seen.detail
    assert point(replace(given, quick=True)).holds == (not told)


def test_gradings_side_by_side(tiny: Exercise, language: Language, tmp_path: Path) -> None:
    """Files are graded side by side, each comes to its own point, and what is under way is reported."""
    told: list[str] = []
    good = job(tiny, language, RIGHT[language.name], tmp_path, times=1)
    (tmp_path / "other").mkdir()
    bad = job(tiny, language, ZERO[language.name], tmp_path / "other", times=1)
    points = list(grading_points([good, bad, good], workers=2, now=told.append))
    assert sorted(str(each.holds) for each in points) == ["False", "True", "True"]
    *side_by_side, alone = told
    assert [text.split(" files")[0] for text in side_by_side] == ["1 of 3", "2 of 3", "3 of 3"]
    assert alone.startswith("once more, alone: ")


def test_what_only_came_out_wrong_beside_others(tiny: Exercise, tmp_path: Path) -> None:
    """A file that comes out as it must when it is graded once more, alone, is undecided, and what was seen is told."""
    mark = tmp_path / "alone"
    source = f"import os\ndef work(memory, index):\n    return index if os.path.exists({str(mark)!r}) else 0\n"
    given = job(tiny, Language("python", this_python(), ".py"), source, tmp_path, times=1)
    [seen] = grading_points([given], workers=1, now=lambda what: mark.touch() if "alone" in what else None)
    assert (seen.holds, seen.detail.split(":")[0]) == (None, "beside others")


# -- experiments ----------------------------------------------------------------


def small_lesson(folder: Path, script: str, *claims: Claim) -> Lesson:
    """A lesson of one demo, in Python."""
    (folder / "small.py").write_text(
        f"import json\ndef row(**cells):\n    print(json.dumps({{'row': cells}}), flush=True)\n{script}\n"
    )
    demo = Demo("small", "", (Column("n", "n"),), claims, threads=None, seconds=None, runtimes=("python",))

    def happened(runs: tuple[Measured, ...]) -> Outcome:
        return Outcome(7, f"it was {first(runs, 'python').row('a')['n']}.")

    choices = (Choice("a", "r.", True), Choice("b", "s."))
    question = Question("?", choices, lambda runs: f"{first(runs['small'], 'node').row('a')['n']}.")
    return Lesson(
        1, "Small", (Predict("small", "What?", ("a", "b"), happened), demo, Quiz({}, (question,))), folder=folder
    )


def n_is(value: int, variant: str = "a") -> Claim:
    """The claim that a variant gave a number."""
    return Claim(f"{variant} is {value}", lambda run: (run.row(variant)["n"] == value, str(run.row(variant)["n"])))


def test_an_experiment(tmp_path: Path) -> None:
    """Of a demo is told: a claim that is false, a row that is missing, a package to be had, an answer that is none."""
    from mtlearn.lab.run import run

    lesson = small_lesson(
        tmp_path,
        "row(variant='a', n=1)\n"
        "row(variant='b', skipped='not installed: pip install b', get='pip install b')\n"
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
    """A demo that ends with an error, and so makes no claim, is reported with the error."""
    lesson = small_lesson(tmp_path, "raise SystemExit('no luck')", n_is(1))
    told = dict(wrong(experiment_points(lesson, lesson.demos, [this_python()], tmp_path)))
    assert "no luck" in told["runs to its end"]
    assert told["makes a claim"] == "there is none for this runtime"


# -- the command ----------------------------------------------------------------


def test_a_missing_runtime_fails() -> None:
    """A runtime that is not here is a point that does not hold, with the way to get it."""
    missing = RuntimeMissing("node", "No Node.js.", "There is none.", "install it")
    found = list(check(load(), [missing], Path(), only=["misconceptions"]))
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


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"demo": None}, "it names no demo, and no reason why none shows it"),
        ({"demo": "nothing"}, "there is no demo nothing"),
        ({"undemonstrated": "it would hang"}, "it names a demo, and why none"),
        ({"asked": ""}, "no question asks: it names none"),
        ({"asked": "What is the capital of France"}, "no question asks: What is the capital of France"),
        ({"demo": None, "undemonstrated": "it would hang"}, ""),
    ],
)
def test_a_bullet_of_the_course(change: dict[str, Any], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bullet has a section, a demo or the reason why it has none, and a question; what is missing is reported."""
    lesson = load().lesson(5)
    bullet = next(each for each in covers(lesson.folder) if each.what == "what a race is")
    monkeypatch.setattr(words, "covers", lambda folder: (msgspec.structs.replace(bullet, **change),))
    [point] = [each for each in lesson_points(lesson) if each.what == "covers what a race is"]
    assert (point.holds, point.detail) == (not told, told)
