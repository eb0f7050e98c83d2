"""The screen on which the learner is the scheduler."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from mtlearn.course.content import load
from mtlearn.grading.play import play_scene
from mtlearn.interleave.stepper import Moves
from mtlearn.lab.runtime import this_python
from mtlearn.render.position import head
from mtlearn.screens.app import CourseApp
from mtlearn.screens.play import Playing

PATIENCE = 3_000  # looks at the screen, 10 ms apart and more


class Seen:
    """What a learner sees and does."""

    def __init__(self, app: CourseApp, pilot: Pilot[Any]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def lines(self) -> list[str]:
        """The lines of the terminal."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """All that is shown, in one line."""
        return " ".join(" ".join(self.lines).split())

    async def press(self, *keys: str, until: str) -> None:
        """Press some keys, and wait until a text is shown."""
        await self.pilot.press(*keys)
        for _ in range(PATIENCE):
            if until in self.text:
                return
            await self.pilot.pause(0.01)
        pytest.fail(f"{until!r} was not shown: {self.lines}")


def seen(
    name: str, what: Callable[[Seen], Awaitable[None]], size: tuple[int, int] = (80, 24), found: Moves = ()
) -> Any:
    """Play a scene on a terminal of that size, where an order was found or not; with what the screen was left."""
    scene = next(scene for scene in load().scenes() if scene.name == name)
    with play_scene(scene, "python", this_python().executable) as game:
        screen = Playing(game.stepper, game.stepper.at(()), head(game.name, "Python", game.goal), game.hint, found)
        app = CourseApp(screen)

        async def run() -> Any:
            async with app.run_test(size=size) as pilot:
                await what(Seen(app, pilot))
            return app.return_value

        return asyncio.run(run())


def test_the_bug_by_hand() -> None:
    """The learner picks who goes next, sees what each would do, and is told that the bug is there."""

    async def play(screen: Seen) -> None:
        await screen.press(until="Who goes next? A, B")
        assert "Lose an update" in screen.text
        assert "next: read counter.visitors (now 0)" in screen.text
        await screen.press("a", until="read counter.visitors → 0")
        await screen.press("2", "b", until="Shared counter.visitors: 1")
        assert "Thread B: has ended" in screen.text
        await screen.press("1", until="That is the bug, in 4 moves.")
        assert "one increment is lost" in screen.text
        await screen.press("a", until="No thread can move there any more.")
        await screen.pilot.press("q")

    assert seen("lost-update", play) == "ABBA"


def test_take_back_begin_again_and_a_hint() -> None:
    """u takes a step back, r all of them, h gives the hint, ? the keys."""

    async def play(screen: Seen) -> None:
        await screen.press("a", "b", until="bank.bob.lock: held by Thread B")
        await screen.press("u", until="bank.bob.lock: free")
        await screen.press("r", until="Nothing has happened yet.")
        await screen.press("u", until="This is the beginning.")
        await screen.press("h", until="Let each of them take its first lock")
        await screen.press("question_mark", until="You are the scheduler")
        await screen.press("escape", until="Who goes next?")
        await screen.pilot.press("q")

    assert seen("two-locks", play) == ""


def test_who_is_blocked() -> None:
    """A thread that waits says for what, and who holds it; its key moves nothing, and says why."""

    async def play(screen: Seen) -> None:
        await screen.press("a", "a", until="bank.bob.lock: held by Thread A")
        assert "Thread B: waits" in screen.text
        await screen.press("b", until="Thread B waits for bank.bob.lock, held by Thread A. Possible there: A.")
        await screen.press("x", until="There is no thread X here")
        await screen.pilot.press("q")

    assert seen("two-locks", play) == "AA"


def test_the_shortest_way() -> None:
    """s goes the shortest way from here that goes wrong; where it is too late for one, that is said."""

    async def play(screen: Seen) -> None:
        await screen.press("b", "s", until="The shortest way: AAB")
        assert "That is the bug" in screen.text
        await screen.press("s", until="It is over")
        await screen.press("r", "a", "a", "s", until="No order of steps breaks it")
        await screen.pilot.press("q")

    assert seen("lost-update", play) == "AA"


@pytest.mark.parametrize("size", [(80, 24), (60, 24), (40, 24), (120, 40)])
def test_it_fits(size: tuple[int, int]) -> None:
    """Three threads, what they share, what has happened, how it stands and the keys: all is there in 80 × 24."""

    async def play(screen: Seen) -> None:
        await screen.press("a", "a", "b", "c", until="read pool.workers")
        assert max(map(len, screen.lines)) <= size[0]
        assert all(f"Thread {letter}" in screen.text for letter in "ABC")
        for words in ("Put one None too few", "pool.jobs: []", "Who goes next?", "q quit"):
            assert words in screen.text, screen.lines
        await screen.pilot.press("q")

    seen("missing-sentinel", play, size)


def test_it_can_be_left_in_the_middle_of_a_search() -> None:
    """q leaves at once, also while the shortest way is looked for, and leaves no process behind."""

    async def play(screen: Seen) -> None:
        await screen.pilot.press("a", "s", "q")

    assert seen("missing-sentinel", play) is not None


def test_ctrl_c_ends_it() -> None:
    """Ctrl-C ends the screen as it ends every command."""

    async def play(screen: Seen) -> None:
        await screen.press("a", until="read counter.visitors")
        await screen.pilot.press("ctrl+c")
        assert screen.app.interrupted

    seen("lost-update", play)


def test_a_scene_that_is_won() -> None:
    """Who brings the bug about has won, in so many moves; whoever was shown the way has not, until they begin again."""

    async def play(screen: Seen) -> None:
        playing = screen.app.screen
        assert isinstance(playing, Playing)
        await screen.press("s", until="That is the bug")
        assert playing.won is None
        await screen.press("r", until="Nothing has happened yet.")
        await screen.press("a", "b", "b", "a", until="That is the bug, in 4 moves.")
        assert playing.won == 4
        await screen.pilot.press("q")

    seen("lost-update", play)


def test_the_order_that_was_found() -> None:
    """Space goes step by step through the order that a check has found, while one keeps to it; that wins nothing."""

    async def play(screen: Seen) -> None:
        playing = screen.app.screen
        assert isinstance(playing, Playing)
        await screen.press("b", "space", until="This is another order than the one that was found")
        await screen.press("u", "space", until="read counter.visitors → 0")
        assert "seen = 0" in screen.text
        await screen.press("space", "space", "space", until="That is the bug, in 4 moves.")
        assert playing.won is None
        await screen.pilot.press("q")

    assert seen("lost-update", play, found=(0, 1, 1, 0)) == "ABBA"


def test_a_scene_that_nobody_can_break() -> None:
    """Where no order of steps goes wrong, s says so, and that is what there was to find out."""

    async def play(screen: Seen) -> None:
        playing = screen.app.screen
        assert isinstance(playing, Playing)
        await screen.press("s", until="No order of steps breaks it")
        assert playing.proven
        assert playing.won is None
        await screen.pilot.press("q")

    seen("locked-counter", play)
