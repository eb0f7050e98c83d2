"""mtlearn.learner.session: what the commands about exercises remember, and what they give away."""

from __future__ import annotations

from pathlib import Path

import pytest

from mtlearn.course.content import load
from mtlearn.course.exercise import Exercise
from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.grading.verdict import Breaking, CheckResult, Verdict
from mtlearn.interleave.trace import Interleaving
from mtlearn.learner.progress import ProgressFile
from mtlearn.learner.session import ExerciseSession
from mtlearn.learner.workspace import Workspace

EXERCISE = load().exercise("5")


class Clock:
    """A clock that is set by hand."""

    now = 1_000_000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The clock of the session."""
    return Clock()


@pytest.fixture
def session(here: Path, home: Path, clock: Clock) -> ExerciseSession:
    """A session with a workspace, on which exercise 5 is begun."""
    session = ExerciseSession(Workspace(here), ProgressFile(home, print), home, print, clock)
    session.workspace.begin(EXERCISE)
    return session


def verdict(status: str, exercise: Exercise = EXERCISE, runtime: str = "python", found: bool = False) -> Verdict:
    """A verdict of one check."""
    breaking = Breaking.of(Interleaving("python", "check", "", (), (), (), ()), "adding", {}) if found else None
    check = CheckResult("n", "l", status, interleaving=breaking)  # type: ignore[arg-type]
    return Verdict(exercise.name, runtime, Path("x"), (check,), 0.1)


def test_a_verdict_is_remembered(session: ExerciseSession, clock: Clock) -> None:
    """Each verdict counts as an attempt, with its status and the time since the learner was last at it."""
    session.touch(EXERCISE)
    clock.now += 120
    session.note(verdict("fail"), EXERCISE)
    clock.now += 60
    session.note(verdict("pass", runtime="node"), EXERCISE)
    known = session.known(EXERCISE)
    assert (known.status, known.attempts) == ({"python": "fail", "node": "pass"}, {"python": 1, "node": 1})
    assert known.seconds == 180


def test_an_interleaving_is_kept(session: ExerciseSession, home: Path) -> None:
    """A verdict with an interleaving is kept where it can be replayed from; one without is not."""
    assert session.note(verdict("pass"), EXERCISE) is None
    kept = session.note(verdict("fail", found=True), EXERCISE)
    assert kept == home / "exercise-5.python.interleaving.json"
    assert kept.exists()


def test_hints(session: ExerciseSession) -> None:
    """Each hint comes once, the last one again and again; a reset begins with the first."""
    count = len(EXERCISE.hints())
    hints = [session.next_hint(EXERCISE) for _ in range(count + 1)]
    assert [hint.level for hint in hints] == [*range(1, count + 1), count]
    assert [hint.last for hint in hints] == [False] * (count - 1) + [True, True]
    assert hints[1].text == EXERCISE.hints()[1]
    session.reset(EXERCISE, ())
    assert session.next_hint(EXERCISE).level == 1


def test_no_solution_before_a_pass(session: ExerciseSession) -> None:
    """Before a pass in that language the solution is refused, with the way to it; exit code 1."""
    session.note(verdict("pass", runtime="python"), EXERCISE)
    with pytest.raises(MtlearnError, match="not passed yet") as refused:
        session.solution(EXERCISE, "node")
    assert refused.value.exit_code == ExitCode.FAILED
    assert "mtlearn solution exercise-5 --runtime node --anyway" in refused.value.fix
    assert session.solution(EXERCISE, "node", anyway=True).reference == EXERCISE.solution("node").read_text()


def test_the_solution_after_a_pass(session: ExerciseSession) -> None:
    """After a pass the reference comes with the learner's own, in the language that was passed."""
    session.note(verdict("pass", runtime="node"), EXERCISE)
    session.workspace.file(EXERCISE, "node").write_text("// mine")
    shown = session.solution(EXERCISE, None)
    assert (shown.runtime, shown.mine) == ("node", "// mine")
    session.workspace.file(EXERCISE, "node").unlink()
    assert session.solution(EXERCISE, None).mine is None


def test_reset(session: ExerciseSession) -> None:
    """Each file that is named is the starter again, and its copy has the date and time in its name."""
    mine = session.workspace.file(EXERCISE, "python")
    mine.write_text("mine")
    [(file, copy)] = session.reset(EXERCISE, ("python",)).items()
    assert (file, copy.read_text()) == (mine, "mine")
    assert copy.name.startswith("exercise-19700112-")
    assert mine.read_bytes() == EXERCISE.starter("python").read_bytes()
