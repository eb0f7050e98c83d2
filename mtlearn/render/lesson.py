"""The steps of a lesson."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from mtlearn.course.figures import roughly
from mtlearn.course.lesson import Demo, Lesson, Outcome, Predict, Step
from mtlearn.course.lesson import Text as Words
from mtlearn.course.quiz import Question, Quiz
from mtlearn.experiment import Run
from mtlearn.lab.recording import Gauge, Row
from mtlearn.render import demo as draw_demo
from mtlearn.render.gauges import gauge_lines


def words(text: str) -> RenderableType:
    """A piece of Markdown."""
    return Markdown(text, code_theme="ansi_dark", hyperlinks=False)


def step_rule(lesson: Lesson, step: Step, number: int, count: int) -> RenderableType:
    """The line that opens a step."""
    title = _joined(lesson.name, f"{number}/{count}", _title(step))
    return Group(Text(), Rule(Text(title, style="head"), align="left", style="dim", characters="─"))


def _title(step: Step) -> str:
    if isinstance(step, Words):
        return step.heading
    if isinstance(step, Predict):
        return "What do you think?"
    if isinstance(step, Demo):
        return f"Experiment: {step.name}"
    assert isinstance(step, Quiz)
    return step.title


def resumed(number: int, count: int) -> RenderableType:
    """That the lesson goes on where it was left."""
    return Text(f"You stopped at step {number} of {count}: going on from there (b goes back).", style="dim")


def question(text: str, choices: Sequence[str]) -> RenderableType:
    """A question and its choices, numbered from 1."""
    lines = [Padding(Text(f"{number}  {choice}"), (0, 0, 0, 2)) for number, choice in enumerate(choices, 1)]
    return Group(Text(text, style="head"), *lines)


def taken(choice: str) -> RenderableType:
    """The prediction that was made."""
    return Text(f"You say: {choice}. Let us see.", style="name")


def experiment(asks: str) -> RenderableType:
    """What the experiment asks."""
    return Text(asks, style="head")


def compared(free: float, demo: str, other: str | None) -> RenderableType:
    """How busy the machine was, and how to see another figure, or all of them."""
    more = f"mtlearn compare {demo} --column '{other}'" if other else f"mtlearn demo {demo}"
    return Group(Text(f"\nCores free when this ran: {free:.1f}.", style="dim"), Text.assemble("See: ", (more, "name")))


def outcome(prediction: Predict, predicted: int | None, happened: Outcome) -> RenderableType:
    """What the learner said, against what happened: the verdict first, then why."""
    lines = [Text(), Text(prediction.question, style="dim")]
    if predicted is not None:
        right = predicted == happened.choice
        mark = ("✓ ", "good") if right else ("✗ ", "bad") if happened.choice is not None else ("? ", "open")
        lines.append(Text.assemble("You said: ", mark, (prediction.choices[predicted], "head")))
    lines.append(Text.assemble("Measured: ", happened.sentence))
    if happened.choice is not None and predicted != happened.choice:
        option = f"{happened.choice + 1}  {prediction.choices[happened.choice]}"
        lines.append(Text.assemble("That is ", (option, "name")))
    if why := prediction.why(predicted, happened):
        lines.append(Text(why))
    return Group(*lines)


def answer(question: Question, taken: int | None, figure: str) -> RenderableType:
    """Why the choice taken is wrong, where it is; the right one and why; the figure measured here."""
    choice = question.choices[question.right]
    right = f"{question.right + 1}  {choice.says}"
    if taken is None:
        lines = [Text.assemble("The answer is ", (right, "name"))]
    elif taken == question.right:
        lines = [Text("✓ Right.", style="good")]
    else:
        lines = [Text.assemble(("✗ Not so. ", "bad"), question.choices[taken].why)]
        lines.append(Text.assemble("It is ", (right, "name")))
    lines.append(Text(choice.why))
    if figure:
        lines.append(Text.assemble(("Measured here: ", "head"), figure))
    return Group(Padding(Group(*lines), (0, 0, 0, 2)), Text())


def score(right: int, count: int, skipped: int = 0) -> RenderableType:
    """How the quiz went."""
    told = f"{right} of {count} right" + (f", {skipped} skipped." if skipped else ".")
    return Text(told, style="good" if right == count else "open")


def resumed_quiz(number: int, count: int) -> RenderableType:
    """That the quiz goes on where it was left."""
    return Text(f"You stopped at question {number} of {count}: going on from there.", style="dim")


def ending(title: str, command: str, kata: str) -> RenderableType:
    """The exercise that follows, the command for it, and the one for a kata before it."""
    return Group(
        Text(),
        Rule(Text("Now you", style="head"), align="left", style="dim"),
        Text.assemble("Find the wrong line, in a minute: ", (kata, "name")),
        Text.assemble("Exercise: ", (title, "head")),
        Text.assemble("Go on: ", (command, "name")),
    )


HELP = """Enter or Space takes what is highlighted, or reads on; at the end of a page it goes to the next step.
↑ ↓, j k, or the number of a choice: choose. A click does the same.
s       skip a question: it is not counted as wrong
b, ←    one step, or one question, back
d       all that an experiment measured: table, claims, times
c       the whole script of an experiment, in both languages
r       run the experiment again
p       play a scene of this lesson: you choose who takes the next step
n       the next lesson, at the end of this one
f       find the wrong line in a kata, at the end of the lesson
q       quit; your place is kept
Ctrl-C  quit at once"""


def head(lesson: Lesson, step: Step | None, number: int, question: int | None) -> str:
    """The line above a step."""
    if step is None:
        return f"Lesson {lesson.number} · Now you"
    where = f"{number}/{len(lesson.steps)}"
    if isinstance(step, Quiz):
        where = f"{question + 1}/{len(step.questions)}" if question is not None else "done"
    return _joined(lesson.name, where, _title(step))


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def asked(text: str) -> RenderableType:
    """A question, whose choices stand below it."""
    return Text(text, style="head")


def before(demo: Demo, code: RenderableType) -> RenderableType:
    """What stands below the choices of a prediction: the lines that are measured, and how long that takes."""
    return Group(code, Text(f"\nTo measure it takes {roughly(demo.took_s)}.", style="dim")) if demo.took_s else code


def choice(
    number: int, says: str, highlighted: bool = False, taken: bool = False, right: bool = False
) -> RenderableType:
    """One choice (0-based): highlighted, or marked when the answer is there."""
    mark, style = ("✓", "good") if right else ("✗", "bad") if taken else (" ", "")
    if highlighted:
        mark, style = "›", "bold reverse"
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(width=1)
    grid.add_column()
    grid.add_row(Text(mark, style="" if highlighted else style), Text(str(number + 1)), Text(says, style=style))
    return grid


def measuring(
    demo: Demo, now: str, parts: Sequence[tuple[str, Sequence[Row]]], gauges: Sequence[Gauge], width: int
) -> RenderableType:
    """An experiment under way: what it asks, how long it takes, what it has measured until now."""
    lines: list[RenderableType] = [Text(demo.about, style="head"), Text(now, style="dim"), Text()]
    if parts:
        lines.append(draw_demo.so_far(demo, parts, width))
    if gauges:
        lines += gauge_lines(gauges, width)
    return Group(*lines)


def failed(demo: Demo, why: str) -> RenderableType:
    """That an experiment could not be run."""
    return Group(Text(demo.shows, style="head"), Text(f"It could not be run: {why}", style="bad"))


def verdict(
    demo: Demo,
    judged: Sequence[tuple[Predict, int | None, Outcome]],
    runs: Sequence[Run],
    width: int,
) -> RenderableType:
    """What the learner said against what happened, and one picture of it."""
    told = [outcome(prediction, taken, happened) for prediction, taken, happened in judged]
    return Group(*told, Text(), draw_demo.picture(demo, runs, width))


def now_you(title: str, file: str) -> RenderableType:
    """The end of a lesson: its exercise, and the file to write it in."""
    return Group(
        Text("The lesson is done. Now you.", style="head"),
        Text(),
        Text.assemble("Exercise: ", (title, "head")),
        Text.assemble("Your file: ", (file, "name")),
        Text(),
        Text("Enter opens it: the file is graded whenever you save it."),
    )


KEYS = "Enter next · b back · q quit"
MORE = Text("Enter more · b back · q quit", style="dim")


def prompt(choices: int | None) -> Text:
    """The line that says which keys do what."""
    return Text(
        f"1–{choices} your answer · {KEYS.replace('Enter next', 's skips')}" if choices else KEYS,
        style="dim",
    )


def left(command: str) -> RenderableType:
    """Good-bye for now."""
    return Text.assemble("Your place is kept. Go on with: ", (command, "name"))


def hint(level: int, count: int, text: str, last: str) -> RenderableType:
    """One hint, and how to get the next."""
    head = Rule(Text(f"Hint {level} of {count}", style="head"), align="left", style="dim")
    return Group(head, words(text), Text(), Text(last, style="dim"))
