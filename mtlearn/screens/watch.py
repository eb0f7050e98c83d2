"""Grading on every save, on a screen: the verdict, and a key for all one may want next."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Static

from mtlearn.course.content import Course
from mtlearn.course.exercise import Exercise
from mtlearn.errors import MtlearnError
from mtlearn.grading.prewarmed import PrewarmedGrader
from mtlearn.grading.verdict import CheckResult
from mtlearn.grading.watch import Checked, Event, Finished, Grader, Started, Task, Watch
from mtlearn.learner.session import ExerciseSession
from mtlearn.learner.standing import Item, following, standing
from mtlearn.render import lesson as draw_lesson
from mtlearn.render import verdict as draw_verdict
from mtlearn.render import watch as draw
from mtlearn.render.solution import solution
from mtlearn.screens.app import Page
from mtlearn.screens.listing import Listing

Leaving = Literal["next", "play"]
"""What the learner goes on to: the next lesson, or the order of steps that was found, to be played."""

DRAW_S = 0.1  # checks come in bursts: they are drawn together


@dataclass
class Told(Message):
    """What the watch has told."""

    event: Event


class Watching(Screen[Leaving]):
    """Watches one exercise after the other, as the learner says; `at` is the one at hand.

    `task_of` puts an exercise into the workspace and says what is to be graded; it may raise MtlearnError.
    """

    DEFAULT_CSS = """
    Watching > Static { height: auto; }
    Watching > VerticalScroll { height: 1fr; }
    Watching > #keys { text-style: dim; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("d", "statement", show=False),
        Binding("h", "hint", show=False),
        Binding("s", "solution", show=False),
        Binding("p", "play", show=False),
        Binding("l", "list", show=False),
        Binding("n", "next", show=False),
        Binding("r", "again", show=False),
        Binding("q", "leave", show=False),
    ]

    def __init__(
        self,
        course: Course,
        session: ExerciseSession,
        task_of: Callable[[Exercise], Task],
        first: Task,
        make_judge: Callable[[], Grader] = PrewarmedGrader,
    ) -> None:
        super().__init__()
        self.saves = Watch(lambda event: self.post_message(Told(event)), make_judge)
        self._course = course
        self._session = session
        self._task_of = task_of
        self.at = first
        self._results: list[CheckResult] = []
        self._untouched = False  # the file is the starter still, and nothing is written in that
        self._started: float | None = None  # when the run began that is under way
        self._unnoted: list[Finished] = []
        self._drawing: Timer | None = None  # goes on while a check is not drawn yet

    def compose(self) -> ComposeResult:
        """What is graded, the checks, how it stands, and which keys do what."""
        yield Static(id="head")
        with VerticalScroll():
            yield Static(id="checks")
        yield Static(id="state")
        yield Static(draw.KEYS, id="keys", markup=False)

    def on_mount(self) -> None:
        """Begin."""
        self.query_one(VerticalScroll).focus()
        self.set_interval(1.0, self._show_running)
        self._open(self.at)
        self.saves.start()

    def _open(self, task: Task) -> None:
        self.at = task
        self._session.touch(task.exercise)
        self.query_one("#head", Static).update(draw_verdict.heading(task.exercise.title, task.label, str(task.file)))
        self.saves.open(task)

    # -- what the watch tells ---------------------------------------------------

    def on_told(self, message: Told) -> None:
        """Show what has happened."""
        event = message.event
        if isinstance(event, Started):
            if isinstance(self.app.screen, Page):
                self.app.screen.dismiss("")
            self._results, self._started = [], time.monotonic()
            self._untouched = self._is_starter()
            self._draw()
        elif isinstance(event, Checked):
            self._results.append(event.result)
            if not self._drawing:
                self._drawing = self.set_timer(DRAW_S, self._draw)
        elif isinstance(event, Finished):
            self._started = None
            self._say(draw.finished(event.verdict, self._onwards(), self._breaking))
            self._draw()
            self._unnoted.append(event)
            self.call_after_refresh(self._settle)
        else:
            self._started = None
            self._say(draw.stopped(event.error))
            self._draw()

    def on_resize(self) -> None:
        """Draw it again, for the new width."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        if self._drawing:
            self._drawing.stop()
            self._drawing = None
        drawn = draw_verdict.grouped(self._results, self.app.console, self._width)
        if self._untouched:
            drawn = draw.untouched(str(self.at.file), self.at.exercise.statement)
        self.query_one("#checks", Static).update(drawn)
        self._show_running()

    def _is_starter(self) -> bool:
        if self.at.exercise.starts_wrong:
            return False
        with suppress(OSError):
            return self.at.file.read_bytes() == self.at.exercise.starter(self.at.runtime).read_bytes()
        return False

    def _settle(self) -> None:
        """What has time until the verdict is on the screen."""
        if self._untouched:
            self._note()
            return
        self.query_one(VerticalScroll).scroll_home(animate=False)
        self._note()

    def _note(self) -> None:
        """Remember the verdicts that have come; that takes the disk."""
        while self._unnoted:
            event = self._unnoted.pop(0)
            self._session.note(event.verdict, event.task.exercise)

    def on_unmount(self) -> None:
        """Remember what came at the last moment, too."""
        self._note()

    @property
    def _width(self) -> int:
        return self.query_one(VerticalScroll).scrollable_content_region.width

    def _show_running(self) -> None:
        if self._started is not None:
            self._say(draw.running(time.monotonic() - self._started, len(self._results)))

    def _say(self, text: Any) -> None:
        self.query_one("#state", Static).update(text)

    def notice(self, text: str) -> None:
        """Tell something that is no verdict."""
        self.notify(text, markup=False)

    # -- what the learner asks for ----------------------------------------------

    def action_statement(self) -> None:
        """Show what is to be written."""
        self.app.push_screen(Page(draw_lesson.words(self.at.exercise.statement), keys=("d",)))

    def action_hint(self) -> None:
        """Show the next hint."""
        shown = self._session.next_hint(self.at.exercise)
        page = draw_lesson.hint(shown.level, shown.count, shown.text, draw.more_hints(shown.last))
        self.app.push_screen(Page(page, keys=("h",)), lambda key: self.action_hint() if key == "h" else None)

    def action_solution(self) -> None:
        """Show the reference solution beside the learner's own."""
        with self._telling():
            shown = self._session.solution(self.at.exercise, self.at.runtime)
            coloured = not self.app.no_color
            self.app.push_screen(Page(solution(shown, self.size.width - 2, coloured)))

    def action_list(self) -> None:
        """Choose another exercise."""
        items = standing(self._course, self._session.progress.read()).items
        exercises = [item for item in items if item.kind == "exercise"]
        self.app.push_screen(Listing(exercises, self.at.exercise.name), self._choose)

    def _choose(self, item: Item | None) -> None:
        if item:
            self._go_to(self._course.exercise(item.name))

    def action_play(self) -> None:
        """Play the order of steps that was found."""
        if self._breaking:
            self._note()  # where it is kept, it is found again
            self.dismiss("play")
        else:
            self.notice(draw.nothing_to_play().plain)

    @property
    def _breaking(self) -> bool:
        """Whether an order of steps was found that breaks it."""
        return any(result.interleaving for result in self._results)

    def action_next(self) -> None:
        """Go on to the next lesson; behind the last, to an exercise that is not passed."""
        if self._lesson():
            self.dismiss("next")
        elif following := self._following():
            self._go_to(following)
        else:
            self.notice(draw.no_other().plain)

    def _lesson(self) -> int | None:
        number = self.at.exercise.task + 1
        return number if number in self._course.lesson_numbers() else None

    def _onwards(self) -> str | None:
        """What n goes on to, by name."""
        if number := self._lesson():
            return f"lesson {number}"
        following = self._following()
        return following.name if following else None

    def _following(self) -> Exercise | None:
        return following(self._course, self._session.progress.read(), self.at.exercise, self.at.runtime)

    def _go_to(self, exercise: Exercise) -> None:
        with self._telling():
            self._open(self._task_of(exercise))

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except MtlearnError as error:
            self.notify(f"{error.cause} {error.fix}", title=error.message, markup=False)

    def action_again(self) -> None:
        """Grade the file as it is."""
        self.saves.again()

    def action_leave(self) -> None:
        """Leave."""
        self._session.touch(self.at.exercise)
        self.dismiss(None)
