"""The steps of a lesson."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.markdown import Markdown
from rich.padding import Padding
from rich.rule import Rule
from rich.text import Text

from mtlearn.course.lesson import Demo, Lesson, Outcome, Predict, Question, Quiz, Step
from mtlearn.course.lesson import Text as Words


def words(text: str) -> RenderableType:
    """A piece of Markdown."""
    return Markdown(text, code_theme="ansi_dark", hyperlinks=False)


def step_rule(lesson: Lesson, step: Step, number: int, count: int) -> RenderableType:
    """The line that opens a step."""
    title = f"Lesson {lesson.number} · {number}/{count} · {_title(step)}"
    return Group(Text(), Rule(Text(title, style="head"), align="left", style="dim", characters="─"))


def _title(step: Step) -> str:
    if isinstance(step, Words):
        return step.heading
    if isinstance(step, Predict):
        return "What do you think?"
    if isinstance(step, Demo):
        return f"Experiment: {step.name}"
    assert isinstance(step, Quiz)
    return "Quiz"


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


def experiment(shows: str) -> RenderableType:
    """What the experiment is about."""
    return Text(shows)


def outcome(prediction: Predict, predicted: int | None, happened: Outcome) -> RenderableType:
    """What the learner predicted, against what happened."""
    lines = [Text(), Text(prediction.question, style="head")]
    if predicted is not None and 0 <= predicted < len(prediction.choices):
        right = predicted == happened.choice
        mark = ("✓ ", "good") if right else ("✗ ", "bad") if happened.choice is not None else ("? ", "open")
        lines.append(Text.assemble("You predicted: ", mark, prediction.choices[predicted]))
    lines.append(Text.assemble("What happened: ", happened.sentence))
    return Group(*lines)


def answer(question: Question, taken: int | None, figure: str) -> RenderableType:
    """The right answer with its reason, and the figure measured here."""
    right = f"{question.right + 1}  {question.choices[question.right]}"
    if taken is None:
        head = Text.assemble("Answer: ", (right, "name"))
    elif taken == question.right:
        head = Text("✓ Right.", style="good")
    else:
        head = Text.assemble(("✗ Not so. ", "bad"), "It is ", (right, "name"))
    lines = [head, Text(question.reason)]
    if figure:
        lines.append(Text.assemble(("Measured here: ", "head"), figure))
    return Group(Padding(Group(*lines), (0, 0, 0, 2)), Text())


def score(right: int, count: int) -> RenderableType:
    """How the quiz went."""
    return Text(f"{right} of {count} right.", style="good" if right == count else "open")


def ending(title: str, command: str) -> RenderableType:
    """The exercise that follows, and the command for it."""
    return Group(
        Text(),
        Rule(Text("Now you", style="head"), align="left", style="dim"),
        Text.assemble("Exercise: ", (title, "head")),
        Text.assemble("Go on: ", (command, "name")),
    )


KEYS = "Enter next · b back · q quit"
MORE = Text("Enter more · b back · q quit", style="dim")


def prompt(choices: int | None) -> Text:
    """The line that says which keys do what."""
    return Text(
        f"1–{choices} your answer · {KEYS.replace('Enter next', 'Enter skips')}" if choices else KEYS,
        style="dim",
    )


def left(command: str) -> RenderableType:
    """Good-bye for now."""
    return Text.assemble("Your place is kept. Go on with: ", (command, "name"))


def hint(level: int, count: int, text: str, last: str) -> RenderableType:
    """One hint, and how to get the next."""
    head = Rule(Text(f"Hint {level} of {count}", style="head"), align="left", style="dim")
    return Group(head, words(text), Text(), Text(last, style="dim"))
