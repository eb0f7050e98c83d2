"""mtlearn.screens: what is shown and what each key does, by Textual's pilot; the judge does what it is told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from mtlearn.course.content import Course, load
from mtlearn.course.exercise import Exercise
from mtlearn.errors import MtlearnError
from mtlearn.grading.prewarmed import JudgeEnded
from mtlearn.grading.verdict import Breaking, CheckResult, Status, Verdict
from mtlearn.grading.watch import Task
from mtlearn.learner.progress import Progress, ProgressFile
from mtlearn.learner.replays import found
from mtlearn.learner.session import ExerciseSession
from mtlearn.learner.workspace import Workspace
from mtlearn.screens.app import CourseApp, Page
from mtlearn.screens.watch import Watching

COURSE = load()
FIRST, SECOND, *_, LAST = COURSE.exercises()
BREAKING = Breaking(
    runtime="python", kind="check", message="so", threads=("Thread A",), steps=(), waiting=(), schedule=(0,),
    scenario="race", params={},
)  # fmt: skip
SIZES = [(80, 24), (40, 24)]

Drive = Callable[[Pilot[object]], Awaitable[None]]


def play(screen: Screen[Any], drive: Drive, size: tuple[int, int] = (80, 24)) -> CourseApp:
    """Show the screen, and let `drive` press the keys."""
    app = CourseApp(screen)

    async def run() -> None:
        async with app.run_test(size=size, notifications=True) as pilot:
            await drive(pilot)

    asyncio.run(run())
    return app


def shown(pilot: Pilot[object]) -> str:
    """What stands on the screen, line by line."""
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips(pilot))


def strips(pilot: Pilot[object]) -> list[Any]:
    """The lines of the screen, as pieces of text with a style."""
    app = pilot.app
    return list(app.screen._compositor.render_strips(app.size))


async def until(pilot: Pilot[object], *texts: str) -> str:
    """Wait until these texts stand on the screen, whatever wraps their words; the screen's words."""
    for _ in range(3000):
        words = " ".join(shown(pilot).split())
        if all(text in words for text in texts):
            return words
        await pilot.pause(0.01)
    raise AssertionError(f"{texts} do not appear:\n{shown(pilot)}")


# -- watch ----------------------------------------------------------------------


class FakeJudge:
    """Tells the checks that stand in the file, a line for each: "pass" or "fail" and a label.

    One that "breaks" fails with an order of steps. The line "wait" waits until it is ended.
    """

    def __init__(self) -> None:
        self.over = threading.Event()

    def grade(
        self, exercise: Exercise, file: Path, runtime: str, executable: Path, on_check: Callable[[CheckResult], None]
    ) -> Verdict:
        """The verdict."""
        results = []
        for number, line in enumerate(file.read_text().splitlines()):
            status, _, label = line.partition(" ")
            if status == "wait":
                self.over.wait()
                raise JudgeEnded
            found = BREAKING if status == "breaks" else None
            told: Status = "pass" if status == "pass" else "fail"
            message = "so" if told == "fail" else ""
            results.append(CheckResult(str(number), label, told, message, interleaving=found))
            on_check(results[-1])
        return Verdict(exercise.name, runtime, file, tuple(results), 0.1)

    def end(self) -> None:
        """Wait no longer."""
        self.over.set()


class Room:
    """A learner's workspace, and a watch over it."""

    def __init__(self, here: Path, home: Path) -> None:
        self.session = ExerciseSession(Workspace(here), ProgressFile(home, print), home, print)
        self.again()

    def again(self) -> None:
        """A watch that has not begun."""
        self.watching = Watching(COURSE, self.session, self.task_of, self.task_of(FIRST), FakeJudge)

    def task_of(self, exercise: Exercise) -> Task:
        """An exercise whose file is begun with a failing check; the last one cannot be begun."""
        if exercise == LAST:
            raise MtlearnError("No room.", "The disk is full.", "Make room.")
        file = self.session.workspace.root / f"{exercise.name}.py"
        file.write_text("fail It is written\n")
        return Task(exercise, file, "python", Path("python"), "Python 3.99")

    def save(self, text: str, exercise: Exercise = FIRST) -> None:
        """Save the learner's file."""
        new = self.session.workspace.root / "new"
        new.write_text(text)
        new.replace(self.session.workspace.root / f"{exercise.name}.py")

    def play(self, drive: Drive, size: tuple[int, int] = (80, 24)) -> CourseApp:
        """Show it, and let `drive` press the keys."""
        try:
            return play(self.watching, drive, size)
        finally:
            self.watching.saves.close()


@pytest.fixture
def room(here: Path, home: Path) -> Room:
    """A workspace in which the first exercise is begun."""
    return Room(here, home)


@pytest.mark.parametrize("size", SIZES)
def test_watching(room: Room, size: tuple[int, int]) -> None:
    """It shows the exercise, the runtime, each check and the verdict; and a new verdict after a save."""

    async def drive(pilot: Pilot[object]) -> None:
        words = await until(pilot, "Not right yet: 1 of 1 checks fails. Save to check again.", "✗ It is written so")
        assert f"{FIRST.title} · Python 3.99" in words
        assert "d statement · h hint · s solution · p play · l list · n next · r again · q quit" in words
        room.save("pass It is written\npass It is right\n")
        passed = "Passed: all 2 checks, in 0.1 s. n goes on to lesson 2."
        await until(pilot, passed, "✓ It is written ✓ It is right")
        await pilot.press("q")

    app = room.play(drive, size)
    assert (app.return_code, app.interrupted) == (0, False)
    known = room.session.known(FIRST)
    assert (known.status, known.attempts) == ({"python": "pass"}, {"python": 2})


def test_an_untouched_starter(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as nothing is written, the statement stands there, and no crosses; later d shows it."""
    starter = tmp_path / "starter.py"
    starter.write_text("fail It is written\n")
    monkeypatch.setattr(Exercise, "starter", lambda exercise, kind: starter)

    async def drive(pilot: Pilot[object]) -> None:
        words = await until(pilot, "Not right yet", "Nothing written yet: open", FIRST.label)
        assert "✗" not in words
        room.save("fail It is right\n")
        await until(pilot, "✗ It is right")
        await pilot.press("d")
        await until(pilot, FIRST.label)
        await pilot.press("escape")
        await until(pilot, "✗ It is right")

    room.play(drive)


def test_a_starter_that_is_wrong(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A starter that is a program to be mended is graded as it is: there is nothing that is not written yet."""
    starter = tmp_path / "starter.py"
    starter.write_text("fail It is written\n")
    monkeypatch.setattr(Exercise, "starter", lambda exercise, kind: starter)
    monkeypatch.setattr(Exercise, "starts_wrong", True)

    async def drive(pilot: Pilot[object]) -> None:
        assert "Nothing written yet" not in await until(pilot, "Not right yet", "✗ It is written")

    room.play(drive)


def test_a_save_during_a_run(room: Room) -> None:
    """A save during a run begins a new one; of the old one nothing stays on the screen."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        room.save("pass The old\nwait\n")
        await until(pilot, "Running, 0 s: 1 check so far")
        await until(pilot, "The old")
        room.save("pass The new\n")
        assert "The old" not in await until(pilot, "Passed: all 1 checks")

    room.play(drive)


def test_the_first_to_mend_is_on_top(room: Room) -> None:
    """Among more checks than fit, the first that fails stands on top, and what is right below it."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        room.save("".join(f"pass Number {n}\n" for n in range(40)) + "fail The one\n" + "pass More\n" * 40)
        await until(pilot, "1 of 81 checks fails")
        await until(pilot, "✗ The one")
        assert next(line for line in shown(pilot).splitlines() if line[:3] in ("  ✓", "  ✗"))[4:11] == "The one"
        await until(pilot, "Right already: 80 of 81")

    room.play(drive)


def test_hints(room: Room) -> None:
    """h shows the next hint, and again the next; Escape goes back, and a save does."""
    count = len(FIRST.hints())

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        for level in range(1, count + 1):
            await pilot.press("h")
            words = await until(pilot, f"Hint {level} of {count}")
        assert words
        await pilot.press("escape")
        await until(pilot, "Not right yet")
        await pilot.press("h")
        await until(pilot, f"Hint {count} of {count}")
        room.save("pass It\n")
        await until(pilot, "Passed")

    room.play(drive)
    assert room.session.known(FIRST).hints == count


def test_the_solution(room: Room) -> None:
    """s refuses before a pass, and says why; afterwards it shows the reference below the learner's own."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        await pilot.press("s")
        await until(pilot, f"{FIRST.name} is not passed yet.")
        room.save("pass It\n")
        await until(pilot, "Passed")
        await pilot.press("s")
        words = await until(pilot, "The reference solution")
        assert "Esc back" in words
        await pilot.press("q")
        await until(pilot, "Passed")

    room.play(drive)


def test_going_on(room: Room) -> None:
    """n goes on to the lesson after the exercise, p to the order of steps that was found, where one was."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        await pilot.press("p")
        await until(pilot, "No order of steps was found")
        room.save("breaks It is a race\n")
        await until(pilot, "Save to check again; p plays that order.")
        await pilot.press(left[0])

    for left in ("next", "play"):
        assert room.play(drive).return_value == left
        assert room.watching.at.exercise == FIRST
        room.again()
    assert found(room.session.home, FIRST.name, "python")


def test_another_exercise(room: Room) -> None:
    """What is chosen in the list is graded; what cannot be begun is reported."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        await pilot.press("l", "slash", *SECOND.name, "enter")
        await until(pilot, SECOND.title)
        await until(pilot, "Not right yet")
        room.save("pass It\n", SECOND)
        await until(pilot, "Passed")
        await pilot.press("l")
        words = await until(pilot, LAST.name)
        assert "lesson" not in words
        await pilot.press("slash", *LAST.name, "enter")
        await until(pilot, "No room.")
        await until(pilot, SECOND.title)

    room.play(drive)
    assert room.session.known(SECOND).status == {"python": "pass"}


def test_the_list_of_exercises(room: Room) -> None:
    """l begins at the exercise at hand, and what is chosen there is watched."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        await pilot.press("l", "down", "enter")
        await until(pilot, SECOND.title)
        await pilot.press("l", "up", "enter")
        await until(pilot, FIRST.title)
        await pilot.press("l", "escape")
        await until(pilot, FIRST.title)

    room.play(drive)


def test_nothing_to_go_on_to(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the last lesson n goes on to what is not passed yet; when every other exercise is passed, it says so."""

    def pass_all(known: Progress) -> None:
        for exercise in COURSE.exercises():
            known.exercise(exercise.name).note("python", "pass")

    monkeypatch.setattr(Course, "lesson_numbers", lambda course: ())

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        await pilot.press("n")
        await until(pilot, SECOND.title)
        room.session.progress.change(pass_all)
        await pilot.press("n")
        await until(pilot, "Every other exercise is passed")

    room.play(drive)


def test_run_again(room: Room) -> None:
    """r grades the file as it is."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        await pilot.press("r")
        while room.session.known(FIRST).attempts != {"python": 2}:
            await pilot.pause(0.01)

    room.play(drive)


def test_ctrl_c_during_a_run(room: Room) -> None:
    """Ctrl-C during a run ends it at once, from a page too."""
    for keys in (("ctrl+c",), ("h", "ctrl+c")):
        again = Watching(COURSE, room.session, room.task_of, room.task_of(FIRST), FakeJudge)
        room.save("wait\n")

        async def drive(pilot: Pilot[object], keys: tuple[str, ...] = keys) -> None:
            await until(pilot, "Running")
            await pilot.press(*keys)

        try:
            assert play(again, drive).interrupted
        finally:
            again.saves.close()


def test_a_narrower_window(room: Room) -> None:
    """When the window grows narrower, everything is drawn again for its width."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        room.save(f"pass {'word ' * 14}end\n")
        await until(pilot, "Passed")
        await pilot.resize_terminal(40, 24)
        await until(pilot, "word end")
        assert pilot.app.size.width == 40

    room.play(drive)


def test_a_notice(room: Room) -> None:
    """What is no verdict, such as progress that cannot be kept, is told on the screen."""

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        room.watching.notice("Not kept: [full]")
        await until(pilot, "[full]")

    room.play(drive)


def test_a_page() -> None:
    """A page is left by Escape, Enter, q or its own key, which is its result."""
    for key in ("escape", "enter", "q", "h"):

        async def drive(pilot: Pilot[object], key: str = key) -> None:
            await until(pilot, "Words to read")
            await pilot.press("x", key)

        assert play(Page("Words to read", keys=("h",)), drive).return_value == key


def test_without_colour(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without colour, what is highlighted in a list is told from the rest by being underlined."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def drive(pilot: Pilot[object]) -> None:
        await until(pilot, "Not right yet")
        await pilot.press("l")
        await until(pilot, SECOND.name)
        highlighted = [segment.text for segment in strips(pilot)[1] if segment.style and segment.style.underline]
        assert FIRST.title in "".join(highlighted)

    room.play(drive)
