"""A class, from what was handed in to how it came out: what is known is taken from the ledger, the rest is graded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from mtlearn.classroom.engine import Engine
from mtlearn.classroom.hold import held
from mtlearn.classroom.ledger import Ledger
from mtlearn.classroom.results import ClassDocument, results
from mtlearn.classroom.submission import Roll, Submission
from mtlearn.classroom.task import Graded, Task, task
from mtlearn.course.content import Course
from mtlearn.errors import reason

NAME = ".mtlearn-class.sqlite"


@dataclass
class Progress:
    """How far it is, in files with a content of their own: `known` were graded before, `done` now, of `all`.

    `running` has what is graded at this moment: the shown name of its file, and since when.
    """

    all: int = 0
    known: int = 0
    done: int = 0
    running: dict[str, float] = field(default_factory=dict)

    @property
    def left(self) -> int:
        """How many have not begun."""
        return self.all - self.known - self.done - len(self.running)


def ledger_of(folder: Path) -> Path:
    """Where the verdicts on what is in a folder, or an archive, are kept unless somebody says otherwise."""
    return folder / NAME if folder.is_dir() else folder.with_name(f".{folder.name}{NAME}")


def grade(
    roll: Roll,
    course: Course,
    ledger: Path,
    engine: Engine,
    *,
    sandbox: bool = False,
    again: bool = False,
    look: Callable[[Progress], None] = lambda progress: None,
) -> ClassDocument:
    """Grade what is new or changed, and keep each verdict when it comes.

    `again` grades everything; `look` is told how far it is, about each second.
    Raises MtlearnError where the class is being graded already, or nothing can be kept.
    """
    with held(ledger.with_name(f"{ledger.name}.lock")), Ledger(ledger) as kept:
        contents, outcomes = _contents(roll.submissions)
        tasks = _tasks(contents, course, sandbox)
        named: dict[str, tuple[Submission, Task]] = {}
        for each, asked in tasks.items():
            named.setdefault(asked.key, (each, asked))
        known = {} if again else kept.verdicts(named)
        come = {key: Graded(verdict=verdict) for key, verdict in known.items()}
        progress = Progress(len(named), len(come))
        todo = {key: asked for key, (_, asked) in named.items() if key not in known}

        def now(began: Mapping[str, float]) -> None:
            progress.running = {named[key][0].shown: since for key, since in began.items() if key in named}
            look(progress)

        with closing(engine.graded(todo, now)) as graded:
            for key, outcome in graded:
                if outcome.verdict:
                    kept.keep(key, outcome.verdict)
                come[key] = outcome
                progress.done += 1
                progress.running.pop(named[key][0].shown, None)
                look(progress)
    outcomes.update({each: come[asked.key] for each, asked in tasks.items() if asked.key in come})
    return results(roll, contents, outcomes, course)


def known(roll: Roll, course: Course, ledger: Path) -> ClassDocument:
    """How the class came out as far as it was graded, in a sandbox or not. Nothing is graded now."""
    contents, outcomes = _contents(roll.submissions)
    if ledger.exists():
        with Ledger(ledger) as kept:
            for sandbox in (False, True):  # what was graded in a sandbox goes before
                keys = {each: asked.key for each, asked in _tasks(contents, course, sandbox).items()}
                found = kept.verdicts(keys.values())
                outcomes.update({each: Graded(verdict=found[key]) for each, key in keys.items() if key in found})
    return results(roll, contents, outcomes, course)


def _contents(submissions: Iterable[Submission]) -> tuple[dict[Submission, bytes], dict[Submission, Graded]]:
    """What stands in each file; and of those that cannot be read, why."""
    contents, problems = {}, {}
    for each in submissions:
        try:
            contents[each] = each.path.read_bytes()
        except OSError as error:
            problems[each] = Graded(problem=f"it cannot be read: {reason(error)}")
    return contents, problems


def _tasks(contents: Mapping[Submission, bytes], course: Course, sandbox: bool) -> dict[Submission, Task]:
    exercises = {exercise.name: exercise for exercise in course.exercises()}
    return {each: task(exercises[each.exercise], each.runtime, text, sandbox) for each, text in contents.items()}
