"""Commands that take care of what mtlearn needs: init, doctor, setup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from mtlearn.cli.shared import JsonOption, WorkspaceOption, home, packages, short
from mtlearn.errors import ExitCode, unknown_name

commands = typer.Typer()


@commands.command()
def init(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="The folder to make, or to complete.")],
) -> None:
    """Make a workspace with every starter there is. Nothing that is there already is changed."""
    from mtlearn.course.content import load
    from mtlearn.learner.workspace import Workspace

    workspace, exercises = Workspace(directory), load().exercises()
    created = [path for exercise in exercises for path in workspace.begin(exercise)]
    for path in created:
        print(short(path))
    there = len(exercises) * 3 - len(created)
    print(f"Your workspace is {short(directory)}: {len(created)} files are new, {there} were there.")
    print(f"Go on: cd {short(directory)}, then mtlearn check {exercises[0].name}")


@commands.command()
def doctor(as_json: JsonOption = False, workspace: WorkspaceOption = None) -> ExitCode:
    """Show what this machine has for mtlearn. How to get what is missing stands beside it."""
    from mtlearn.doctor import examine
    from mtlearn.render import overview
    from mtlearn.render.screen import make_screen

    screen = make_screen()
    with screen.working("Measuring free cores"):
        facts = examine(workspace, home(), packages())
    if as_json:
        print(json.dumps({"version": 1, "facts": [vars(fact) for fact in facts]}))
    else:
        screen.console.print(overview.facts([(fact.good, fact.what, fact.how) for fact in facts]))
    return ExitCode.ENVIRONMENT if any(fact.good is False and fact.needed for fact in facts) else ExitCode.OK


@commands.command()
def setup(
    what: Annotated[
        str, typer.Argument(metavar="node|deno|bun", help="node: the npm packages of some demos; or another runtime.")
    ],
) -> None:
    """Get what npm has for mtlearn, into a folder of its own. That is packages for some demos, Deno, or Bun."""
    from mtlearn.lab import npm
    from mtlearn.render.screen import make_screen

    known = {"node": npm.PACKAGES, **{name: {name: version} for name, version in npm.RUNTIMES.items()}}
    if what not in known:
        raise unknown_name("setup", what, list(known), "mtlearn setup")
    folder, screen, wanted = packages(), make_screen(), known[what]
    if npm.missing(folder, wanted):
        command = npm.find_npm()
        count = f"{len(wanted)} npm packages" if len(wanted) > 1 else f"the npm package {what}"
        screen.console.print(f"Installing {count} into {short(folder)}")
        with screen.working("npm is at work") as working:
            npm.install(folder, command, working.now, wanted)
    told = ", ".join(f"{name} {version}" for name, version in npm.installed(folder, wanted).items())
    then = "mtlearn demo hash" if what == "node" else f"mtlearn demo race --runtime {what}"
    screen.console.print(f"Installed: {told}", f"Go on: {then}", sep="\n")
