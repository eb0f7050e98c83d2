"""mtlearn.course: claims, limits, and what is said of content that is missing or damaged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import mtlearn.experiment
from mtlearn.course.claim import Claim, Finding, Measured, NotMeasured, before, findings
from mtlearn.course.content import Course, load
from mtlearn.course.exercise import Exercise
from mtlearn.course.figures import roughly
from mtlearn.course.files import sections
from mtlearn.course.lesson import Demo, Range
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.lab.recording import Recording
from mtlearn.lab.runtime import this_python


def measured(*rows: dict[str, Any], cores_free: float = 2.0, kind: str = "python", **more: Any) -> Measured:
    """A run that measured these rows."""
    return Measured("Some 1.0", kind, more.pop("gil", True), cores_free, rows, **more)


def lost(more_than: int) -> Callable[[Measured], tuple[bool, str]]:
    """A judge: more updates than this were lost."""

    def judge(run: Measured) -> tuple[bool, str]:
        row = run.row("plain")
        return row["lost"] > more_than, f"{row['lost']} lost"

    return judge


LOSES = Claim("It loses.", lost(0), cores=2)


# -- claims ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count", "cores_free", "finding"),
    [
        (5, 2.0, Finding("It loses.", True, "5 lost")),
        (0, 2.0, Finding("It loses.", False, "0 lost")),
        (0, 1.8, Finding("It loses.", False, "0 lost")),
        (0, 1.0, Finding("It loses.", None, "needs 2 free cores, 1.0 free now (0 lost)")),
        (5, 0.5, Finding("It loses.", True, "5 lost")),
    ],
)
def test_claim(count: int, cores_free: float, finding: Finding) -> None:
    """A claim holds, fails, or is undecided where too few cores were free to show it; seen is seen."""
    assert LOSES.find(measured({"variant": "plain", "lost": count}, cores_free=cores_free)) == finding


@pytest.mark.parametrize(("count", "after", "holds"), [(0, 1.0, None), (0, 2.0, False), (5, None, True)])
def test_cores_are_counted_after_a_run_too(
    count: int, after: float | None, holds: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What did not show is undecided where the cores were taken while it ran; what showed asks for no second count."""
    told = Recording("Python 3.11.7", "python", True, 0.1, ({"variant": "plain", "lost": count},))
    monkeypatch.setattr(mtlearn.experiment, "run", lambda *args, **more: told)
    monkeypatch.setattr(mtlearn.experiment, "cores_free_now", [after].pop)
    lesson, demo = load().demo("race")
    run = mtlearn.experiment.experiment(lesson, replace(demo, claims=(LOSES,)), this_python(), {}, 2.0)
    assert [each.holds for each in run.findings] == [holds]
    assert run.measured.cores_free == min(2.0, after or 2.0)


@pytest.mark.parametrize(("counts", "holds", "detail"), [
    ((0, 5), True, "5 lost"), ((0, 0), None, "not seen here; it hangs on luck (0 lost)"), ((5,), True, "5 lost"),
])  # fmt: skip
def test_luck_has_a_second_try(
    counts: tuple[int, ...], holds: bool | None, detail: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What hangs on luck is looked for in a second run, and is undecided, not false, where it is not seen in either."""
    runs = [Recording("Python 3.11.7", "python", True, 0.1, ({"variant": "plain", "lost": lost},)) for lost in counts]
    monkeypatch.setattr(mtlearn.experiment, "run", lambda *args, **more: runs.pop(0))
    lesson, demo = load().demo("race")
    demo = replace(demo, claims=(replace(LOSES, hangs_on="luck"),))
    run = mtlearn.experiment.experiment(lesson, demo, this_python(), {}, 2.0)
    assert [(each.holds, each.detail) for each in run.findings] == [(holds, detail)]
    assert not runs


def test_a_claim_that_was_not_measured() -> None:
    """A claim about a row that was skipped, or is missing, is undecided and says why."""
    skipped = measured({"variant": "plain", "skipped": "no such package"})
    assert LOSES.find(skipped) == Finding("It loses.", None, "not measured here: no such package")
    missing = measured({"variant": "other"}, reason="the script failed")
    assert LOSES.find(missing) == Finding("It loses.", None, "not measured here: the script failed")
    assert LOSES.find(measured()).detail == "not measured here: `plain` was not measured"


def test_which_claims_are_judged() -> None:
    """Only the claims about this kind of runtime and build are judged, and none where nothing was measured."""
    claims = (
        Claim("both", lost(0)),
        Claim("node", lost(0), ("node",)),
        Claim("no GIL", lost(0), applies=lambda run: run.gil is False),
    )
    row = {"variant": "plain", "lost": 1}
    assert [each.text for each in findings(claims, measured(row))] == ["both"]
    assert [each.text for each in findings(claims, measured(row, gil=False))] == ["both", "no GIL"]
    assert [each.text for each in findings(claims, measured(row, kind="node", gil=None))] == ["both", "node"]
    assert findings(claims, measured()) == ()


def test_rows_of_a_run() -> None:
    """A run tells which variants it measured; asking for another one says so."""
    run = measured({"variant": "a", "n": 1}, {"variant": "b", "skipped": "why"})
    assert (run.has("a"), run.has("b"), run.has("c")) == (True, False, False)
    assert run.row("a")["n"] == 1
    with pytest.raises(NotMeasured, match=r"^why$"):
        run.row("b")


# -- limits ---------------------------------------------------------------------


def test_limits() -> None:
    """A parameter has a default and a range, ends included."""
    limits = Range(4, 2, 16)
    assert [limits.accept("threads", value) for value in (None, 2, 16, 7)] == [4, 2, 16, 7]


@pytest.mark.parametrize("value", [1, 17, -1, 0, float("nan"), float("inf")])
def test_out_of_limits(value: float) -> None:
    """A parameter out of range is refused with the range and the default."""
    with pytest.raises(MtlearnError) as told:
        Range(4, 2, 16).accept("threads", value)
    assert told.value.message == f"--threads {value:g} is out of range."
    assert told.value.cause == "This demo runs with 2 to 16."
    assert "(4)" in told.value.fix


def test_parameters_of_a_demo() -> None:
    """A demo gets its parameters with their defaults, and refuses one that it does not take."""
    demo = Demo("d", "", (), (), threads=Range(4, 2, 16), seconds=None)
    assert demo.params(None, None) == {"threads": 4}
    assert demo.params(3, None) == {"threads": 3}
    with pytest.raises(MtlearnError, match="The demo d takes no --seconds"):
        demo.params(None, 1.0)


# -- content --------------------------------------------------------------------


@pytest.fixture
def course(package_copy: Callable[[], Path]) -> Course:
    """A copy of the course, to be damaged."""
    return Course(package_copy())


def test_the_course_is_found() -> None:
    """The course is found beside the package or in it, with lesson 5 and its exercise."""
    found = load()
    assert 5 in found.lesson_numbers()
    assert found.exercise("exercise-5") == found.exercise("5")


@pytest.mark.parametrize(
    ("ask", "message", "fix"),
    [
        (lambda course: course.lesson(11), "There is no lesson `11`.", "Choose one of 1 to 10."),
        (lambda course: course.lesson(55), "There is no lesson `55`.", "Choose one of 1 to 10."),
        (lambda course: course.demo("rase"), "There is no demo `rase`.", "Did you mean `race`?"),
        (lambda course: course.exercise("exercice-5"), "There is no exercise `exercice-5`.", "you mean `exercise-5`?"),
    ],
)  # fmt: skip
def test_unknown_names(ask: Callable[[Course], Any], message: str, fix: str) -> None:
    """An unknown lesson, demo or exercise is reported with the nearest one that exists."""
    with pytest.raises(MtlearnError) as told:
        ask(load())
    assert told.value.message == message
    assert fix in told.value.fix
    assert told.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("name", "content", "cause"),
    [
        ("lesson.py", b"LESSON = (", "SyntaxError: "),
        ("lesson.py", b"1 / 0", "ZeroDivisionError: division by zero."),
        ("lesson.py", b"x = 1", "AttributeError: "),
        ("lesson.py", None, "FileNotFoundError: "),
        ("words.md", None, "No such file or directory."),
        ("words.md", b"## A \xff", "it is not UTF-8 text (invalid start byte)."),
        (
            "predictions.toml",
            b'[[prediction]]\nasked = "nobody asks this"\n',
            "it does not fit: Object missing required field `answered`",
        ),
        ("words.md", b"## Something else\n\nText.\n", "its headings and the lesson's steps differ in: "),
    ],
)
def test_a_damaged_lesson(course: Course, name: str, content: bytes | None, cause: str) -> None:
    """A lesson that is damaged is reported with the file and what is wrong with it, and how to get it back."""
    file = course.root / "lessons" / "lesson_05" / name
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(MtlearnError) as told:
        course.lesson(5)
    assert told.value.message == f"The course's file {file} cannot be used."
    assert told.value.cause.startswith(cause)
    assert "pip install --force-reinstall mtlearn" in told.value.fix


def test_words_that_differ_are_named(course: Course) -> None:
    """Where the words and the steps of a lesson differ, the headings in question are named."""
    words = course.root / "lessons" / "lesson_05" / "words.md"
    words.write_text(words.read_text().replace("## Atomic operations", "## Atomic operation"))
    with pytest.raises(MtlearnError) as told:
        course.lesson(5)
    assert told.value.cause == "its headings and the lesson's steps differ in: Atomic operation, Atomic operations."


# -- exercises ------------------------------------------------------------------


def test_an_exercise_on_disk(tiny: Exercise) -> None:
    """An exercise knows its name, its title, its hints and where its files lie."""
    assert (tiny.name, tiny.title) == ("exercise-9", "Give your number")
    assert tiny.hints() == ("Look.", "Return it.")
    assert tiny.starter("node") == tiny.folder / "starter.mjs"
    assert tiny.solution("python") == tiny.solutions / "solution.py"


def test_sections() -> None:
    """A Markdown file is cut at its headings of the second level; what stands before is left out."""
    assert sections("# T\nx\n## A\n\none\n\n## B b\ntwo\n### C\n") == {"A": "one", "B b": "two\n### C"}


@pytest.mark.parametrize(
    ("version", "applies"), [((3, 14, 2), True), ((3, 15), False), ((3, 15, 1), False), ((), True)]
)
def test_a_claim_about_some_versions(version: tuple[int, ...], applies: bool) -> None:
    """A claim about older versions is not made of newer ones."""
    claim = Claim("It is so.", lambda run: (True, "so"), applies=before(3, 15))
    run = replace(measured({"variant": "a"}), version=version)
    assert len(findings((claim,), run)) == applies


def test_how_long_a_demo_takes() -> None:
    """Before each experiment a learner reads how long it will take, rounded up to a figure that is easy to read."""
    for lesson in load().lessons():
        for demo in lesson.demos:
            assert demo.took_s, demo.name
            assert demo.about == f"{demo.shows} ({roughly(demo.took_s)})"
    assert [roughly(seconds) for seconds in (0.3, 2.0, 5.1, 18.4, 40)] == [
        "about 1 s", "about 2 s", "about 7 s", "about 20 s", "about 60 s",
    ]  # fmt: skip
