"""mtlearn.render: every picture fits its screen, whatever that can show."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import RenderableType

from mtlearn.course import figures
from mtlearn.course.claim import Finding, Measured
from mtlearn.course.content import load
from mtlearn.course.lesson import Demo, Outcome, Predict
from mtlearn.course.quiz import Quiz
from mtlearn.errors import MtlearnError
from mtlearn.experiment import Run
from mtlearn.grading.verdict import Breaking, CheckResult, Scope, Verdict
from mtlearn.interleave.trace import Interleaving, Step
from mtlearn.lab.recording import Recording
from mtlearn.learner.progress import Card, ExerciseProgress, LessonProgress, Progress
from mtlearn.learner.reviews import Recall, Today
from mtlearn.learner.session import Solution
from mtlearn.learner.standing import standing
from mtlearn.render import demo as draw_demo
from mtlearn.render import lesson as draw
from mtlearn.render import overview, review, watch
from mtlearn.render import standing as stands
from mtlearn.render import verdict as draw_verdict
from mtlearn.render.comparison import comparison
from mtlearn.render.screen import Screen, make_screen
from mtlearn.render.solution import solution
from mtlearn.system.encoding import accept_everything

LESSON = load().lesson(5)
RACE = LESSON.demos[0]
PREDICTION = next(step for step in LESSON.steps if isinstance(step, Predict))
QUESTION = next(step for step in LESSON.steps if isinstance(step, Quiz)).questions[0]

ROW = {"variant": "v[0] = f(v[0])", "threads": [1234567, 1234568, 1234569, 1234570], "expected": 123456789,
       "actual": 98765432, "lost": 24691357, "lost_share": 0.2, "ns_per_op": 123.4}  # fmt: skip


def run_of(label: str, *rows: dict[str, object], reason: str | None = None) -> Run:
    """A run in a runtime of this name."""
    recording = Recording(label, "python", True, 1.0, rows, (), reason)
    measured = Measured(label, "python", True, 2.0, rows, reason)
    found = (
        Finding("It loses a good deal of what was added, all in all, over and over.", True, "20.0 % of 123,456,789"),
        Finding("It does not.", False, "0 of 5 lost"),
        Finding("It may.", None, "needs 2 free cores, 1.0 free now"),
    )
    return Run(recording, measured, found if rows else ())


RUNS = (
    run_of("Node.js 24.19.0", ROW, {**ROW, "lost": 0, "lost_share": 0.0, "ns_per_op": 1.5e6}),
    run_of("Python 3.13.0 without GIL", ROW, {"variant": "numpy", "skipped": "there is no package numpy here " * 3},
           reason="the script failed (exit code 1): ValueError: no luck"),
    run_of("Node.js", reason="There is no `node` on PATH: install Node.js 22 or newer from your system's packages"),
)  # fmt: skip

SHARE = next(column for column in RACE.columns if column.form == "share")
STEPS = tuple(
    Step(thread, "exercise.py", 15, "self.value += n", operation, "counter.value", value)
    for thread, operation, value in ((0, "read", "0"), (1, "read", "0"), (1, "write", "1"), (0, "write", "1"))
)
FOUND = Interleaving("python", "check", "1 was lost", ("Thread A", "Thread B"), STEPS, (), (0, 1, 1, 0), {"value": 1})
BREAKING = Breaking.of(FOUND, "adding", {})
PROVEN = Scope("proven", 1204, 2)

RESULTS = (
    CheckResult("a", "The file loads and has the names that are asked for", "pass"),
    CheckResult("b", "Several threads add at once", "fail", "8000 added: 679 were lost.", "One step, not " * 9),
    CheckResult("c", "No lock is left", "unchecked", "not run, because the checks before it did not end"),
    CheckResult("d", "No lock is left behind", "unchecked", "not run, because the checks before it did not end"),
    CheckResult("p", "Nobody waits for ever", "pass", scope=PROVEN),
    CheckResult("i", "Nothing is lost", "fail", "1 was lost", scope=PROVEN, interleaving=BREAKING),
)  # fmt: skip


def verdict(*results: CheckResult) -> Verdict:
    """A verdict with these results."""
    return Verdict("exercise-5", "python", Path("exercise.py"), results, 0.4)


def live(screen: Screen) -> list[RenderableType]:
    """Shows every result as it comes."""
    view = draw_verdict.Live(screen.console)
    for result in RESULTS:
        view.show(result)
    view.end()
    return []


def conclusion(*results: CheckResult) -> RenderableType:
    """The last lines about these results."""
    other = "The same exercise in JavaScript: mtlearn check exercise-5 --runtime node"
    again = "mtlearn check exercise-5 --replay interleaving.json"
    return draw_verdict.conclusion(verdict(*results), "mtlearn-exercises/e.py", "mtlearn hint exercise-5", other, again)


FACTS = [
    (True, "Python", "3.11.7, with a GIL (/some/where/bin/python)"),
    (False, "Node.js", "missing " * 12),
    (None, "x", ""),
]

COURSE = load()
DUE = Today((Card(kind="kata", name="exercise-5/x.py", due=0.0),), 2)
STANDS = standing(
    COURSE,
    Progress(
        {5: LessonProgress("quiz", True, {QUESTION.text: QUESTION.right}, {PREDICTION.key: True}, seconds=4800.0)},
        {"exercise-5": ExerciseProgress(2, {"python": "pass", "node": "pass"}, {"python": 12}, seconds=90.0)},
        {"race": 2},
    ),
)
BOTH = Solution("python", "x = 1  # " + "mine " * 20, "def f():\n    return 'theirs'\n")

PICTURES: dict[str, Callable[[Screen], object]] = {
    "demo list": lambda screen: draw_demo.demo_list([LESSON]),
    "results": lambda screen: draw_demo.results(RACE, RUNS, screen.console.width),
    "claims": lambda screen: draw_demo.claims(RUNS),
    "details": lambda screen: draw_demo.details(RACE, RUNS, screen.console.width),
    "comparison": lambda screen: comparison(RACE.columns[-1], RUNS, screen.console.width),
    "comparison of shares": lambda screen: comparison(SHARE, RUNS, screen.console.width),
    "end of a comparison": lambda screen: draw.compared(1.5, "race", "per op"),
    "end of a demo": lambda screen: draw_demo.ending(1.5, LESSON),
    "source": lambda screen: draw_demo.source("def f(x):\n    return x  # " + "long " * 30, "python", screen.coloured),
    "words": lambda screen: draw.words("\n\n".join((LESSON.words or {}).values())),
    "rule": lambda screen: draw.step_rule(LESSON, RACE, 5, 16),
    "resumed": lambda screen: draw.resumed(3, 16),
    "question": lambda screen: draw.question(PREDICTION.question, PREDICTION.choices),
    "taken": lambda screen: draw.taken(PREDICTION.choices[0]),
    "experiment": lambda screen: draw.experiment(RACE.shows),
    "outcome right": lambda screen: draw.outcome(PREDICTION, 1, Outcome(1, "It was so, " * 9)),
    "outcome wrong": lambda screen: draw.outcome(PREDICTION, 0, Outcome(1, "It was so.")),
    "outcome open": lambda screen: draw.outcome(PREDICTION, 0, Outcome(None, "It could not be measured.")),
    "outcome, nothing said": lambda screen: draw.outcome(PREDICTION, None, Outcome(1, "It was so.")),
    "answer right": lambda screen: draw.answer(QUESTION, QUESTION.right, "Some figure."),
    "answer wrong": lambda screen: draw.answer(QUESTION, 0, ""),
    "answer": lambda screen: draw.answer(QUESTION, None, ""),
    "score": lambda screen: draw.score(3, 7),
    "ending": lambda screen: draw.ending("A counter", "mtlearn check exercise-5", "mtlearn kata --task 5"),
    "prompts": lambda screen: draw.prompt(4),
    "prompt": lambda screen: draw.prompt(None),
    "left": lambda screen: draw.left("mtlearn lesson 5"),
    "hint": lambda screen: draw.hint(1, 3, load().exercise("5").hints()[0], "Next: mtlearn hint exercise-5"),
    "facts": lambda screen: overview.facts(FACTS),
    "welcome": lambda screen: stands.welcome(STANDS),
    "standing": lambda screen: stands.standing(STANDS, None, DUE),
    "standing, low": lambda screen: stands.standing(STANDS, 12, Today((), 0)),
    "to do": lambda screen: review.to_do(DUE),
    "nothing due": lambda screen: review.nothing_due(Today((), 0), 1_800_000_000.0),
    "nothing met": lambda screen: review.nothing_due(Today((), 0), None),
    "enough for today": lambda screen: review.nothing_due(Today((), 3), 1_800_000_000.0),
    "a scene offered": lambda screen: review.offered(COURSE.scenes()[0]),
    "reviewed": lambda screen: review.ending((Recall.WELL, Recall.FORGOTTEN), 1_800_000_000.0, 1_799_000_000.0, 2),
    "go on": lambda screen: stands.go_on(STANDS, screen.console.width),
    "listing": lambda screen: overview.listing(STANDS.items),
    "nothing listed": lambda screen: overview.listing(()),
    "progress": lambda screen: overview.progress(STANDS, screen.narrow),
    "no progress": lambda screen: overview.progress(standing(COURSE, Progress()), screen.narrow),
    "solution": lambda screen: solution(BOTH, screen.console.width, screen.coloured),
    "solution alone": lambda screen: solution(replace(BOTH, mine=None), screen.console.width, screen.coloured),
    "heading": lambda screen: draw_verdict.heading("A counter", "Python 3.11.7", "mtlearn-exercises/exercise-5/e.py"),
    "checks": live,
    "passed": lambda screen: conclusion(RESULTS[0]),
    "failed": lambda screen: conclusion(*RESULTS),
    "unchecked": lambda screen: conclusion(RESULTS[2]),
    "what is to be mended first": lambda screen: draw_verdict.grouped(RESULTS, screen.console, screen.console.width),
    "all at once": lambda screen: draw_verdict.drawn(RESULTS, screen.console, screen.console.width),
    "watch keys": lambda screen: watch.typed(),
    "watch running": lambda screen: watch.running(12.3, 1),
    "watch passed": lambda screen: watch.finished(verdict(RESULTS[0]), "exercise-6"),
    "watch passed all": lambda screen: watch.finished(verdict(RESULTS[0]), None),
    "watch failed": lambda screen: watch.finished(verdict(*RESULTS), "exercise-6"),
    "watch stopped": lambda screen: watch.stopped(MtlearnError("It is not there.", "It was deleted.", "Save it.")),
    "watch, no other": lambda screen: watch.no_other(),
}  # fmt: skip


class Terminal(io.TextIOWrapper):
    """A terminal that keeps what is written."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def drawn(
    picture: Callable[[Screen], object], monkeypatch: pytest.MonkeyPatch, width: int, colour: bool, encoding: str
) -> str:
    """The picture as it arrives on a terminal of this kind."""
    monkeypatch.setenv("COLUMNS", str(width))
    if not colour:
        monkeypatch.setenv("NO_COLOR", "1")
        monkeypatch.setenv("TERM", "dumb")
    raw = io.BytesIO()
    stream = Terminal(raw, encoding=encoding)
    accept_everything(stream)
    screen = make_screen(stream)
    things = picture(screen)
    screen.console.print(*things if isinstance(things, list) else [things])
    stream.flush()
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("colour", [True, False], ids=["colour", "plain"])
@pytest.mark.parametrize("width", [100, 80, 60, 40])
@pytest.mark.parametrize("name", PICTURES)
def test_every_picture(name: str, width: int, colour: bool, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture fits the width, has colours only where there are some, and only what the encoding can show."""
    shown = drawn(PICTURES[name], monkeypatch, width, colour, encoding)
    assert shown.strip()
    if not colour:
        assert "\x1b" not in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert "\x1b" not in plain, "something else than a colour"
    assert max(cell_len(line) for line in plain.splitlines()) <= width
    if encoding == "ascii":
        assert plain.isascii()


def test_good_and_bad_are_signs_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is good, bad or open is shown by a sign and a word, in ASCII and without colour too."""
    shown = drawn(PICTURES["claims"], monkeypatch, 100, False, "ascii")
    assert "= as said: " in shown
    assert "x does not hold here: " in shown
    assert "? undecided: " in shown


@pytest.mark.parametrize("width", [100, 60])
def test_results_hold_every_figure(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """On every screen stand every runtime, the threads, all figures, and the reason for whatever is missing."""
    shown = drawn(PICTURES["results"], monkeypatch, width, False, "utf-8")
    shown += drawn(PICTURES["details"], monkeypatch, width, False, "utf-8")
    words = " ".join(shown.split())
    for expected in ("Node.js 24.19.0", "Python 3.13.0 without GIL", "1234567", "1234570", "20.0 %", "0 %", "1.5 ms",
                     "123,456,789" if width >= 100 else "123M",
                     "no `node` on PATH", "ValueError: no luck", "there is no package"):  # fmt: skip
        assert expected in words


def test_checks_with_one_reason_take_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks that could not be made for one common reason take one line together."""
    shown = drawn(live, monkeypatch, 100, False, "utf-8")
    assert "? 2 checks: not run, because the checks before it did not end." in shown
    assert "679 were lost." in shown


def test_where_no_check_could_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """What to do is said once for all of them; the file is neither right nor wrong, and nobody is told to edit it."""
    unknown = replace(RESULTS[0], status="unchecked", message="nothing is known of it", help="Use another.", scope=None)

    def told(screen: Screen) -> list[RenderableType]:
        view = draw_verdict.Live(screen.console)
        view.show(unknown)
        view.show(replace(unknown, label="The second"))
        view.end()
        return [draw_verdict.conclusion(verdict(unknown, unknown), "here.py", "mtlearn hint 1", "Last.", None)]

    shown = drawn(told, monkeypatch, 100, False, "utf-8")
    assert "? 2 checks: nothing is known of it." in shown
    assert shown.count("Use another.") == 1
    assert "Not decided: 2 of 2 checks could not be made.\nLast." in shown


def test_the_same_message_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message that two checks in a row share is written once; both labels are."""

    def twice(screen: Screen) -> list[RenderableType]:
        view = draw_verdict.Live(screen.console)
        view.show(RESULTS[1])
        view.show(replace(RESULTS[1], label="The second"))
        view.end()
        return []

    shown = drawn(twice, monkeypatch, 100, False, "utf-8")
    assert shown.count("679 were lost.") == 1
    assert "The second" in shown


def test_conclusions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conclusion says how many checks failed and how many could not be made, and what to do next."""
    shown = drawn(PICTURES["failed"], monkeypatch, 100, False, "utf-8")
    assert "Not right yet: 2 of 6 checks fail, 2 could not be made." in shown
    assert "The first to mend: Several threads add at once" in shown
    assert "Stuck? mtlearn hint exercise-5" in shown
    assert "Passed: all 1 checks" in drawn(PICTURES["passed"], monkeypatch, 100, False, "utf-8")


def test_what_is_not_written_has_no_cross() -> None:
    """A check that only met what is still to be written is neither right nor wrong, and is counted apart."""
    lost, waits = RESULTS[1], replace(RESULTS[1], unwritten=True)
    started, begun = verdict(RESULTS[0], waits), verdict(lost, waits)
    assert draw_verdict.summary(started).plain == "Not written yet: 1 of 2 checks wait for it."
    told = "Not right yet: 1 of 2 checks fails, 1 wait for what is not written yet."
    assert draw_verdict.summary(begun).plain == told


# -- figures --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (figures.count(1234567), "1,234,567"),
        (figures.short_count(0), "0"),
        (figures.short_count(99_999), "99,999"),
        (figures.short_count(951_400), "951k"),
        (figures.short_count(4_744_000), "4.74M"),
        (figures.short_count(999_999), "1000k"),
        (figures.short_count(123_456_789_012), "123G"),
        (figures.percent(0), "0 %"),
        (figures.percent(0.0001), "<0.1 %"),
        (figures.percent(0.4061), "40.6 %"),
        (figures.percent(1), "100.0 %"),
        (figures.duration(26.04), "26 ns"),
        (figures.duration(1_234), "1.23 µs"),
        (figures.duration(123_456), "123 µs"),
        (figures.duration(3_400_000), "3.4 ms"),
        (figures.duration(1_100_000_000), "1.1 s"),
        (figures.memory(640), "640 B"),
        (figures.memory(1_250_000), "1.25 MB"),
        (figures.memory(204_990_000), "205 MB"),
        (figures.memory(3_200_000_000), "3.2 GB"),
        (figures.ids([3, 17]), "3 17"),
    ],
)
def test_figures(shown: str, expected: str) -> None:
    """Figures are short, with their unit, and nothing is rounded to nothing."""
    assert shown == expected


@pytest.mark.parametrize(
    "value", [0, 1, 99_999, 100_000, 999_499, 999_500, 999_999, 1_000_000, 12_345_678, 999_999_999]
)
def test_short_counts_are_short(value: int) -> None:
    """A short count has at most 7 characters."""
    assert len(figures.short_count(value)) <= 7


# -- screen ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("terminal", "env", "coloured", "animated"),
    [
        (True, {}, True, True),
        (False, {}, False, False),
        (True, {"NO_COLOR": "1"}, False, True),
        (True, {"TERM": "dumb"}, False, False),
        (True, {"CI": "true"}, True, False),
        (False, {"FORCE_COLOR": "1"}, True, False),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
    ids=str,
)
def test_screen(
    terminal: bool, env: dict[str, str], coloured: bool, animated: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_COLOR and TERM=dumb take colour away, CI and a pipe movement; FORCE_COLOR in a pipe brings colour alone."""
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    screen = make_screen((Terminal if terminal else io.TextIOWrapper)(io.BytesIO(), encoding="utf-8"))
    assert (screen.coloured, screen.animated) == (coloured, animated)


def test_working_where_nothing_moves(capsys: pytest.CaptureFixture[str]) -> None:
    """Where nothing may move, progress writes nothing at all."""
    with make_screen().working("Busy") as working:
        working.now("Still busy")
    assert capsys.readouterr().out == ""


def test_a_demo_without_runs() -> None:
    """A demo without any run gives an empty table rather than an error."""
    screen = make_screen(io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    assert isinstance(RACE, Demo)
    screen.console.print(draw_demo.results(RACE, (), screen.console.width))
