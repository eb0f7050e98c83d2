"""Grading on every save, in lines of text: into a pipe, or for whoever wants no screen (that is screens/watch.py)."""

from __future__ import annotations

import os
import queue
import threading
from collections.abc import Callable
from contextlib import closing

from mtlearn.course.content import Course
from mtlearn.course.exercise import Exercise
from mtlearn.errors import MtlearnError, tell
from mtlearn.grading.prewarmed import PrewarmedGrader
from mtlearn.grading.watch import Checked, Event, Finished, Grader, Started, Task, Watch
from mtlearn.learner.session import ExerciseSession
from mtlearn.learner.standing import following, standing
from mtlearn.render import lesson as draw_lesson
from mtlearn.render import overview
from mtlearn.render import verdict as draw_verdict
from mtlearn.render import watch as draw
from mtlearn.render.screen import Screen
from mtlearn.render.solution import solution


class TextWatch:
    """Prints every verdict, and does what is typed: one letter and Enter. `task_of` is that of screens.watch."""

    def __init__(
        self,
        course: Course,
        session: ExerciseSession,
        task_of: Callable[[Exercise], Task],
        screen: Screen,
        make_judge: Callable[[], Grader] = PrewarmedGrader,
    ) -> None:
        self._course = course
        self._session = session
        self._task_of = task_of
        self._screen = screen
        self._happened: queue.SimpleQueue[Event | str] = queue.SimpleQueue()
        self._watch = Watch(self._happened.put, make_judge)
        self._live = draw_verdict.Live(screen.console)

    def play(self, first: Task, keyboard: int | None) -> None:
        """Watch until q is typed, on the descriptor `keyboard`; without one, until Ctrl-C."""
        if keyboard is not None:
            threading.Thread(target=self._read, args=(keyboard,), daemon=True).start()
            self._print(draw.typed())
        with closing(self._watch):
            self._open(first)
            self._watch.start()
            while (happened := self._next()) != "q":
                if isinstance(happened, str):
                    self._do(happened)
                else:
                    self._tell(happened)

    def _next(self) -> Event | str:
        while True:
            try:
                return self._happened.get(timeout=0.5)  # a get without an end cannot be interrupted everywhere
            except queue.Empty:
                continue

    def _read(self, keyboard: int) -> None:
        """Not through sys.stdin: its lock, held by a thread that waits, would stop the interpreter from ending."""
        while data := os.read(keyboard, 1024):
            for word in data.decode(errors="replace").split():
                self._happened.put(word[0].lower())

    def _open(self, task: Task) -> None:
        self._task = task
        self._session.touch(task.exercise)
        self._watch.open(task)

    def _tell(self, event: Event) -> None:
        if isinstance(event, Started):
            self._live = draw_verdict.Live(self._screen.console)
            self._print(draw_verdict.heading(event.task.exercise.title, event.task.label, str(event.task.file)))
        elif isinstance(event, Checked):
            self._live.show(event.result)
            self._screen.console.file.flush()  # whoever reads the pipe waits for it
        elif isinstance(event, Finished):
            self._live.end()
            self._session.note(event.verdict, event.task.exercise)
            onwards = self._following()
            self._print("", draw.finished(event.verdict, onwards.name if onwards else None), "", sep="\n")
        else:
            self._print(draw.stopped(event.error))

    def _do(self, letter: str) -> None:
        exercise = self._task.exercise
        try:
            if letter == "h":
                shown = self._session.next_hint(exercise)
                self._print(draw_lesson.hint(shown.level, shown.count, shown.text, draw.more_hints(shown.last)))
            elif letter == "s":
                both = self._session.solution(exercise, self._task.runtime)
                self._print(solution(both, self._screen.console.width, self._screen.coloured))
            elif letter == "l":
                items = standing(self._course, self._session.progress.read()).items
                self._print(overview.listing([item for item in items if item.kind == "exercise"]))
            elif letter == "n" and (onwards := self._following()):
                self._open(self._task_of(onwards))
            elif letter == "n":
                self._print(draw.no_other())
            elif letter == "r":
                self._watch.again()
        except MtlearnError as error:
            tell(error)

    def _following(self) -> Exercise | None:
        return following(self._course, self._session.progress.read(), self._task.exercise, self._task.runtime)

    def _print(self, *things: object, sep: str = " ") -> None:
        self._screen.console.print(*things, sep=sep)
        self._screen.console.file.flush()
