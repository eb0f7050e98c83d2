"""A lesson is a row of steps: words, a prediction, a demo, a quiz."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mtlearn.course.claim import Claim, Measured, NotMeasured
from mtlearn.course.excerpt import Excerpt, excerpts, readable
from mtlearn.course.figures import roughly
from mtlearn.course.files import read
from mtlearn.course.quiz import Quiz
from mtlearn.errors import MtlearnError


@dataclass(frozen=True)
class Range:
    """What a demo's parameter is by default, and what it may be."""

    default: float
    least: float
    most: float

    def accept(self, name: str, value: float | None) -> float:
        """The value, or the default for None. Raises MtlearnError when it is out of range."""
        if value is None:
            return self.default
        if not self.least <= value <= self.most:
            raise MtlearnError(
                f"--{name} {value:g} is out of range.",
                f"This demo runs with {self.least:g} to {self.most:g}.",
                f"Leave the option out ({self.default:g}), or give a value in that range.",
            )
        return value


@dataclass(frozen=True)
class Column:
    """One column of a result table: the cell's name in a row, its title, and how to write its values.

    "count" is a whole number, "share" 0 to 1 shown in percent, "ns" nanoseconds, "bytes" bytes, "times" a ratio
    shown as ×2.0, "ids" a list of thread ids.
    """

    cell: str
    title: str
    form: Literal["text", "count", "share", "ns", "bytes", "times", "ids"] = "text"


@dataclass(frozen=True)
class Text:
    """Words to read: the section of the lesson's words.md under this heading."""

    heading: str

    @property
    def key(self) -> str:
        """What progress remembers this step by."""
        return f"text: {self.heading}"


@dataclass(frozen=True)
class Demo:
    """An experiment: a script per runtime, `<script>.py` and `<script>.mjs` beside the lesson.

    `shows` is what it is about in one sentence, `columns` is its table, `threads` and `seconds` are the parameters it
    takes (None: it does not). `script` is the name with `_` for `-`, where nothing else is given. `runtimes` are the
    kinds there is a script for: a demo about one of them alone has no other. `timeline` draws what happened when under
    the table: for a demo whose point that is. `saves` says that its scripts can write pictures into a folder. `bars` is
    the cell whose values are drawn as bars; where none is given, that of the last column with figures. `took_s` is how
    long a run took elsewhere, in all its runtimes, by durations.toml beside the lessons; None where nobody knows.
    """

    name: str
    shows: str
    columns: tuple[Column, ...]
    claims: tuple[Claim, ...]
    threads: Range | None = Range(4, 2, 16)
    seconds: Range | None = Range(0.25, 0.05, 5)
    script: str = ""
    runtimes: tuple[str, ...] = ("python", "node")
    timeline: bool = False
    saves: bool = False
    bars: str = ""
    took_s: float | None = None

    @property
    def about(self) -> str:
        """What it asks, and how long it will take."""
        return f"{self.shows} ({roughly(self.took_s)})" if self.took_s else self.shows

    @property
    def key(self) -> str:
        """What progress remembers this step by."""
        return f"demo: {self.name}"

    def params(self, threads: int | None, seconds: float | None, save: Path | None = None) -> dict[str, float | str]:
        """The parameters of a run, defaults where None. Raises MtlearnError for one that it does not take."""
        asked = {"threads": (self.threads, threads), "seconds": (self.seconds, seconds)}
        params: dict[str, float | str] = {}
        for name, (limits, value) in asked.items():
            if limits:
                params[name] = limits.accept(name, value)
            elif value is not None:
                raise MtlearnError(
                    f"The demo {self.name} takes no --{name}.",
                    "Its script decides that itself.",
                    f"mtlearn demo {self.name}",
                )
        if save:
            if not self.saves:
                raise MtlearnError(
                    f"The demo {self.name} takes no --save.", "It makes no pictures.", f"mtlearn demo {self.name}"
                )
            params["save"] = str(save.absolute())
        return params


@dataclass(frozen=True)
class Outcome:
    """What happened, seen from a prediction: which choice came true (None: none of them), in one sentence."""

    choice: int | None
    sentence: str


@dataclass(frozen=True)
class Predict:
    """A question before an experiment; `happened` answers it from what the demo's runs measured, one at least.

    `happened` may raise NotMeasured. From predictions.toml come, when the lesson is loaded: `whys`, a sentence for each
    choice, to be read when the demo has run; `answered`, the heading of the words that explain it; `tells`, some words
    of these that give the answer away; `right`, the number of the choice (0-based) that the `whys` take for granted.
    """

    demo: str
    question: str
    choices: tuple[str, ...]
    happened: Callable[[tuple[Measured, ...]], Outcome]
    whys: tuple[str, ...] = ()
    answered: str = ""
    tells: str = ""
    right: int | None = None

    def why(self, taken: int | None, happened: Outcome) -> str:
        """The sentence for the choice taken, for the one that came true where none was; empty where there is none."""
        choice = happened.choice if taken is None else taken
        expected = happened.choice is not None and self.right in (None, happened.choice)
        return self.whys[choice] if self.whys and expected and choice is not None else ""

    @property
    def key(self) -> str:
        """What progress remembers this step by."""
        return f"predict: {self.demo}: {self.question}"

    def outcome(self, runs: tuple[Measured, ...]) -> Outcome:
        """What happened. Raises NotMeasured when these runs do not tell, or when there is none."""
        if not runs:
            raise NotMeasured("no run")
        return self.happened(runs)


Step = Text | Predict | Demo | Quiz


@dataclass(frozen=True)
class Lesson:
    """One task of the course. `number` 0: it is of no task, as a review is.

    words and folder are filled in when the lesson is loaded: the sections of words.md by heading, and where it lies.
    """

    number: int
    title: str
    steps: tuple[Step, ...]
    words: Mapping[str, str] | None = None
    folder: Path = Path()

    @property
    def name(self) -> str:
        """What it is called above each of its steps; empty where it is of no task."""
        return f"Lesson {self.number}" if self.number else ""

    @property
    def demos(self) -> tuple[Demo, ...]:
        """The lesson's experiments, in order."""
        return tuple(step for step in self.steps if isinstance(step, Demo))

    def predictions(self, demo: Demo) -> tuple[Predict, ...]:
        """The questions that stand before an experiment."""
        return tuple(step for step in self.steps if isinstance(step, Predict) and step.demo == demo.name)

    def excerpts(self, demo: Demo, kind: str) -> tuple[Excerpt, ...]:
        """The lines that matter of its script; none where it has no script for this kind of runtime."""
        script = self.script(demo, kind) if kind in demo.runtimes else None
        return excerpts(read(script)) if script and script.is_file() else ()

    def source(self, demo: Demo, kind: str) -> str:
        """Its script as a learner reads it. Raises MtlearnError when the demo is not about this kind of runtime."""
        return readable(read(self.script(demo, kind)))

    def script(self, demo: Demo, kind: str) -> Path:
        """The script of a demo for one kind of runtime. Raises MtlearnError when the demo is not about it."""
        if kind not in demo.runtimes:
            names = {"python": "Python", "node": "Node.js"}
            raise MtlearnError(
                f"The demo {demo.name} has no script for {names[kind]}.",
                f"It is about {' and '.join(names[each] for each in demo.runtimes)} only.",
                f"mtlearn demo {demo.name} --runtime {demo.runtimes[0]}",
            )
        stem = demo.script or demo.name.replace("-", "_")
        return self.folder / (stem + {"python": ".py", "node": ".mjs"}[kind])
