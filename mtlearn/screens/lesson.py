"""A lesson, or a quiz by itself, on a screen: one thing at a time, and a key for all one may want to do with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Static

from mtlearn.course.lesson import Demo, Predict, Text
from mtlearn.course.quiz import Question, Quiz
from mtlearn.experiment import Run
from mtlearn.render import code as draw_code
from mtlearn.render import demo as draw_demo
from mtlearn.render import lesson as draw
from mtlearn.screens.app import Page
from mtlearn.screens.choices import Choices
from mtlearn.screens.measuring import Experiment, Measuring, SoFar
from mtlearn.screens.stops import Stop, stops
from mtlearn.screens.walk import Walk

Leaving = Literal["quit", "done", "exercise", "lesson", "play", "kata"]
"""How a lesson was left: in the middle, at its end, for its exercise, the next lesson, a scene to be played, a kata."""


@dataclass(frozen=True)
class Ending:
    """What follows a lesson: its exercise, by title and file, whether there is another lesson; and a scene to play."""

    exercise: str
    file: str
    following: bool
    scene: str = ""


class Changed(Message):
    """The experiment has told something."""


@dataclass
class Measured(Message):
    """The experiment is over."""

    demo: Demo
    result: tuple[Run, ...] | Exception


class LessonScreen(Screen[Leaving]):
    """Walks through a lesson. `ending` None: it is a quiz by itself, and its score is the end."""

    DEFAULT_CSS = """
    LessonScreen > #head { height: 1; text-style: bold; text-wrap: nowrap; text-overflow: ellipsis; }
    LessonScreen > VerticalScroll { height: 1fr; }
    LessonScreen #body, LessonScreen #after { height: auto; }
    LessonScreen > #keys { height: auto; text-style: dim; link-style: none; link-color: ansi_default; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "go_on", show=False, priority=True),
        Binding("b,left", "back", show=False),
        Binding("s", "skip", show=False),
        Binding("d", "details", show=False),
        Binding("c", "code", show=False),
        Binding("r", "again", show=False),
        Binding("n", "following", show=False),
        Binding("p", "play", show=False),
        Binding("f", "kata", show=False),
        Binding("q", "leave", show=False),
        Binding("question_mark", "help", show=False),
        Binding("j,down", "move(1)", show=False, priority=True),
        Binding("k,up", "move(-1)", show=False, priority=True),
        *(Binding(str(number), f"take({number - 1})", show=False) for number in range(1, 10)),
    ]

    def __init__(self, walk: Walk, experiment: Experiment, ending: Ending | None) -> None:
        super().__init__()
        self._walk = walk
        self._experiment = experiment
        self._ending = ending
        self._stops = stops(walk.lesson.steps, ending is not None)
        self._at = 0
        self._measuring: Measuring | None = None
        self._failed = ""  # why the experiment on the screen could not be run
        self._answered = False  # the question on the screen has its answer
        self._drawing = False

    def compose(self) -> ComposeResult:
        """Where one is, what there is to read and to choose from, and which keys do what."""
        yield Static(id="head", markup=False)
        with VerticalScroll(can_focus=False):
            yield Static(id="body")
            yield Static(id="after")
        yield Static(id="keys")

    async def on_mount(self) -> None:
        """Begin where the learner stopped."""
        if self._walk.at_end and self._ending:
            await self._go(len(self._stops) - 1)
            return
        first = self._walk.lesson.steps[self._walk.start()]
        self._at = next(number for number, stop in enumerate(self._stops) if stop.step is first)
        step = self._stop.step
        if isinstance(step, Quiz):
            self._at += self._walk.resume_quiz(step.questions)
        await self._arrive()

    def on_unmount(self) -> None:
        """Leave no experiment behind."""
        self._end_measuring()

    # -- where the learner is -----------------------------------------------------

    @property
    def _stop(self) -> Stop:
        return self._stops[self._at]

    @property
    def _question(self) -> Question | None:
        step, number = self._stop.step, self._stop.question
        return step.questions[number] if isinstance(step, Quiz) and number is not None else None

    @property
    def _choices(self) -> Choices | None:
        found = self.query(Choices)
        return found.first() if found else None

    @property
    def _choosing(self) -> Choices | None:
        choices = self._choices
        return choices if choices and choices.open else None

    async def _go(self, to: int) -> None:
        if 0 <= to < len(self._stops):
            self._at = to
            await self._arrive()

    async def _arrive(self) -> None:
        """Show the stop from its beginning."""
        self._end_measuring()
        self._answered, self._failed = False, ""
        await self.query(Choices).remove()
        step, question = self._stop.step, self._question
        if step:
            self._walk.keep(step, self._stop.question or 0)
        if isinstance(step, Quiz) and self._stop.question is None:
            self._walk.progress.question = 0
        if isinstance(step, Predict):
            taken = self._walk.progress.answers.get(step.key, 0)
            await self._offer(step.choices, self._predict, taken if 0 <= taken < len(step.choices) else 0)
        elif question:
            await self._offer([choice.says for choice in question.choices], self._answer)
            if question.text in self._walk.taken:
                self._show_answer(question)
        elif isinstance(step, Demo) and step.name not in self._walk.runs:
            self._measure(step)
        elif step is None and self._ending:
            self._walk.finish()
        self._draw()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    async def _offer(self, says: Sequence[str], take: Callable[[int], None], at: int = 0) -> None:
        await self.query_one(VerticalScroll).mount(Choices(says, take, at), after="#body")

    # -- what the keys do ---------------------------------------------------------

    async def action_go_on(self) -> None:
        """Take the choice that is highlighted; else read on, and at the end of the page go on."""
        page = self.query_one(VerticalScroll)
        if choices := self._choosing:
            choices.take(choices.at)
        elif page.max_scroll_y - page.scroll_y >= 1:
            page.scroll_page_down(animate=False)
        elif self._measuring:
            return
        elif self._at + 1 < len(self._stops):
            await self._go(self._at + 1)
        else:
            self.dismiss("exercise" if self._ending else "done")

    async def action_back(self) -> None:
        """Go one step, or one question, back."""
        await self._go(self._at - 1)

    async def action_skip(self) -> None:
        """Leave the question unanswered: that is not wrong."""
        step, question = self._stop.step, self._question
        if not self._choosing:
            return
        if isinstance(step, Predict):
            self._walk.skip(step)
            await self._go(self._at + 1)
        elif question:
            self._walk.answer(question, None)
            self._show_answer(question)

    def action_take(self, number: int) -> None:
        """Take the choice of this number."""
        if choices := self._choosing:
            choices.take(number)

    def action_move(self, by: int) -> None:
        """Highlight another choice; where there is none, scroll."""
        if choices := self._choosing:
            choices.move(by)
        else:
            self.query_one(VerticalScroll).scroll_relative(y=by, animate=False)

    def action_details(self) -> None:
        """Show all that was measured."""
        step = self._stop.step
        if isinstance(step, Demo) and step.name in self._walk.runs:
            self.app.push_screen(Page(draw_demo.evidence(step, self._walk.runs[step.name], self._width), keys=("d",)))

    def action_code(self) -> None:
        """Show the whole script, in both languages."""
        step = self._stop.step
        if isinstance(step, Demo):
            lesson, coloured = self._walk.lesson, not self.app.no_color
            scripts = [(kind, lesson.source(step, kind)) for kind in step.runtimes]
            self.app.push_screen(Page(draw_demo.scripts(scripts, coloured), keys=("c",)))

    async def action_again(self) -> None:
        """Run the experiment once more."""
        step = self._stop.step
        if isinstance(step, Demo) and not self._measuring:
            self._walk.runs.pop(step.name, None)
            await self._arrive()

    def action_following(self) -> None:
        """Go on to the next lesson, at the end of this one."""
        if self._stop.step is None and self._ending and self._ending.following:
            self.dismiss("lesson")

    def action_play(self) -> None:
        """Play a scene of this lesson; the place is kept."""
        if self._ending and self._ending.scene:
            if self._stop.step is None:
                self._walk.leave_end()
            self.dismiss("play")

    def action_kata(self) -> None:
        """Find the wrong line in a kata, at the end of the lesson."""
        if self._stop.step is None:
            self.dismiss("kata")

    def action_leave(self) -> None:
        """Leave; the place is kept."""
        self.dismiss("done" if self._stop.step is None else "quit")

    def action_help(self) -> None:
        """Say what the keys do."""
        self.app.push_screen(Page(draw.HELP, keys=("question_mark",)))

    def _predict(self, choice: int) -> None:
        step = self._stop.step
        assert isinstance(step, Predict)
        self._walk.predict(step, choice)
        self.call_later(self._go, self._at + 1)

    def _answer(self, choice: int) -> None:
        question = self._question
        assert question
        self._walk.answer(question, choice)
        self._show_answer(question)

    def _show_answer(self, question: Question) -> None:
        choices = self._choices
        assert choices
        choices.close(self._walk.taken[question.text], question.right)
        self._answered = True
        self._draw()
        self.call_after_refresh(self._scroll_to_answer)

    def _scroll_to_answer(self) -> None:
        after = self.query_one("#after", Static)
        self.query_one(VerticalScroll).scroll_to_widget(after, animate=False, top=True)

    # -- experiments --------------------------------------------------------------

    def _measure(self, demo: Demo) -> None:
        self._measuring = Measuring(
            demo,
            self._experiment,
            lambda: self.post_message(Changed()),
            lambda result: self.post_message(Measured(demo, result)),
        )

    def _end_measuring(self) -> None:
        if self._measuring:
            self._measuring.stop()
            self._measuring = None

    def on_changed(self) -> None:
        """Show what has come, now and then: it comes in bursts."""
        if not self._drawing:
            self._drawing = True
            self.set_timer(0.1, self._draw)

    def on_measured(self, message: Measured) -> None:
        """Show the verdict."""
        if message.demo is not self._stop.step:
            return
        self._measuring = None
        if isinstance(message.result, Exception):
            self._failed = f"{type(message.result).__name__}: {message.result}"
        else:
            self._walk.ran(message.demo, message.result)
        self._draw()
        self.query_one(VerticalScroll).scroll_home(animate=False)

    # -- what is shown ------------------------------------------------------------

    def on_resize(self) -> None:
        """Draw it again, for the new width."""
        self.call_after_refresh(self._draw)

    @property
    def _width(self) -> int:
        return max(self.size.width - 1, 10)  # beside the scroll bar

    def _draw(self) -> None:
        self._drawing = False
        stop, question, step = self._stop, self._question, self._stop.step
        lesson = self._walk.lesson
        after: Any = ""
        if isinstance(step, Text):
            body: Any = draw.words((lesson.words or {})[step.heading])
        elif isinstance(step, Predict):
            body = draw.asked(step.question)
            code = draw_code.code(self._walk.code(step.demo), self._width, not self.app.no_color)
            after = draw.before(self._walk.demo(step.demo), code)
        elif isinstance(step, Demo):
            body = self._drawn_demo(step)
        elif question:
            body = draw.asked(question.text)
            if self._answered:
                after = draw.answer(question, self._walk.taken[question.text], self._walk.figure(question))
        elif isinstance(step, Quiz):
            right, skipped = self._walk.score(step.questions)
            body = draw.score(right, len(step.questions), skipped)
        else:
            assert self._ending
            body = draw.now_you(self._ending.exercise, self._ending.file)
        number = lesson.steps.index(step) + 1 if step else len(lesson.steps)
        self.query_one("#head", Static).update(draw.head(lesson, step, number, stop.question))
        self.query_one("#body", Static).update(body)
        self.query_one("#after", Static).update(after)
        self._draw_keys()

    def _drawn_demo(self, demo: Demo) -> Any:
        if self._failed:
            return draw.failed(demo, self._failed)
        if self._measuring or demo.name not in self._walk.runs:  # it is about to begin
            so_far = self._measuring.so_far if self._measuring else SoFar()
            return draw.measuring(demo, so_far.now, list(so_far.parts.items()), so_far.gauges, self._width)
        judged = [(each.prediction, each.taken, each.happened) for each in self._walk.judged(demo)]
        return draw.verdict(demo, judged, self._walk.runs[demo.name], self._width)

    def _draw_keys(self) -> None:
        step = self._stop.step
        keys: list[tuple[str, str, str]] = []
        if self._choosing:
            keys += [("↑↓", "choose", ""), ("Enter", "take", "go_on"), ("s", "skip", "skip")]
        elif self._measuring:
            pass
        elif step is None and self._ending:
            keys += [("f", "kata", "kata"), ("Enter", "the exercise", "go_on")]
            if self._ending.following:
                keys.append(("n", "next lesson", "following"))
        else:
            keys.append(("Enter", "end" if self._at + 1 == len(self._stops) else "next", "go_on"))
        if isinstance(step, Demo) and not self._measuring:
            keys += [("d", "details", "details"), ("c", "code", "code"), ("r", "run again", "again")]
        if self._ending and self._ending.scene and not self._choosing:
            keys.append(("p", f"play {self._ending.scene}", "play"))
        if self._at:
            keys.append(("b", "back", "back"))
        keys += [("?", "keys", "help"), ("q", "quit", "leave")]
        self.query_one("#keys", Static).update(" · ".join(_button(key, word, action) for key, word, action in keys))


def _button(key: str, word: str, action: str) -> str:
    """A key and what it does, which a click does, too; never broken."""
    told = f"{key}\u00a0{word}".replace(" ", "\u00a0")
    return f"[@click=screen.{action}]{told}[/]" if action else told
