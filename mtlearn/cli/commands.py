"""Every command: where it stands, and what `--help` says of it. Its module is imported when it is run.

To import all of them, and to have Typer look at their parameters, takes as long as half of Typer's own import.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
import typer.core
import typer.main
from typer.models import TyperInfo

# name → (module in mtlearn.cli, the first sentence of its help), in the order of --help
COMMANDS = {
    "lesson": ("lessons", "Read a lesson: words, predictions, experiments run live, a quiz."),
    "quiz": ("lessons", "Answer the quiz of a lesson by itself."),
    "summary": ("reference", "Show a lesson on one page: what to remember, and its terms in both runtimes."),
    "glossary": ("reference", "Look up a term: what it means, and what it is called in Python and in Node.js."),
    "demo": ("lessons", "Run an experiment in both runtimes and judge its claims on this machine."),
    "compare": ("compare", "Run a demo in every runtime that this machine has, and draw one figure of it as bars."),
    "check": ("exercises", "Grade your solution of an exercise."),
    "hint": ("exercises", "Show the next hint for an exercise: a nudge, the idea, nearly the code."),
    "solution": ("exercises", "Show the reference solution beside your own, once you have passed."),
    "reset": ("exercises", "Begin an exercise again: the starter comes back, and what you wrote is kept beside it."),
    "watch": (
        "watch",
        "Grade your solution again on every save, until you quit.",
    ),
    "kata": ("kata", "Find the wrong line in a short piece of code, and see what comes of it: a minute each."),
    "review": ("review", "Answer again what is due today, five minutes of it: questions, katas, scenes."),
    "play": ("play", "Choose which thread takes the next step, in real code, and bring about the bug."),
    "explore": ("explore", "Run your own program through its orders of steps, and show one that breaks it."),
    "list": ("standing", "List every lesson, demo and exercise with its state."),
    "progress": (
        "standing",
        "Show what you have done, what you learnt, and how long it took: lesson by lesson.",
    ),
    "export": (
        "standing",
        "Write what you have done, and the orders of steps that were found, as one web page.",
    ),
    "init": ("care", "Make a workspace with every starter there is."),
    "doctor": (
        "care",
        "Show what this machine has for mtlearn.",
    ),
    "setup": (
        "care",
        "Get what npm has for mtlearn, into a folder of its own.",
    ),
}
GROUPS = {
    "class": ("classroom", "Commands for who teaches: grade the files of a whole class."),
    "dev": ("dev", "Commands for those who work on the course."),
}


class Commands(typer.core.TyperGroup):
    """The commands; the name of a demo, a lesson or an exercise is answered with the command that takes it.

    What lists commands finds an outline of each, which has a name and its help.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for name, (_, told) in {**COMMANDS, **GROUPS}.items():
            self.add_command(typer.core.TyperCommand(name, help=told, rich_markup_mode=None))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command that is meant. Raises MtlearnError when it is none, typer's own error when none is given."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            from mtlearn.cli.names import not_a_command
            from mtlearn.course.content import load

            raise not_a_command(load(), args, list(self.commands))
        name, outline, rest = super().resolve_command(ctx, args)
        return name, whole(name) if name and outline else outline, rest


def whole(name: str) -> Any:
    """The command itself, with its parameters."""
    module, _ = COMMANDS.get(name) or GROUPS[name]
    found: typer.Typer = import_module(f"mtlearn.cli.{module}").commands
    if name in GROUPS:
        return typer.main.get_group_from_info(
            TyperInfo(found, name=name), pretty_exceptions_short=False, rich_markup_mode=None, suggest_commands=True
        )
    for info in found.registered_commands:
        if name in (info.name, getattr(info.callback, "__name__", None)):
            return typer.main.get_command_from_info(info, pretty_exceptions_short=False, rich_markup_mode=None)
    raise AssertionError(f"{module} has no command {name}")
