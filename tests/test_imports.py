"""The rooms of the house: who may import whom, and what a quick command must not import."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest
from conftest import ROOT

from mtlearn.cli.commands import COMMANDS, GROUPS, whole

PACKAGE = ROOT / "mtlearn"

# What every room may use.
BASEMENT = {"errors", "system"}


def module_name(file: Path) -> str:
    """The name by which a file is imported."""
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(file): file for file in sorted(PACKAGE.rglob("*.py"))}


@cache
def imports(name: str, *, everywhere: bool) -> set[str]:
    """The modules that a module imports: all of them, or those that it needs to be imported itself.

    What stands under `if TYPE_CHECKING` is imported by nobody.
    """
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not everywhere:
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import"
            assert node.module is not None
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                found.add(whole if whole in MODULES else node.module)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(MODULES[name].read_text(encoding="utf-8")))
    return found


def room(name: str) -> str:
    """The room of a module: `mtlearn.lab.run` is in "lab", `mtlearn.screens.player` in "player"."""
    return name.removeprefix("mtlearn").removeprefix(".").split(".")[0]


def rooms_used(name: str) -> set[str]:
    """The other rooms that a module imports from, now or later."""
    inside = {each for each in imports(name, everywhere=True) if each == "mtlearn" or each.startswith("mtlearn.")}
    return {room(each) for each in inside} - {room(name), ""}


def rooms_that_import(package: str) -> set[str]:
    """The rooms with a module that imports a package of somebody else's, now or later."""
    return {room(name) for name in MODULES for each in imports(name, everywhere=True) if each.split(".")[0] == package}


def test_every_module_is_seen() -> None:
    """These tests look at the modules that there are."""
    assert {"mtlearn", "mtlearn.cli", "mtlearn.lab.run", "mtlearn.grading.judge"} <= MODULES.keys()
    assert "mtlearn.lab.run" in imports("mtlearn.experiment", everywhere=False)
    assert "mtlearn.experiment" in imports("mtlearn.cli.lessons", everywhere=True)
    assert "mtlearn.experiment" not in imports("mtlearn.cli.lessons", everywhere=False)


ALLOWED = {
    "errors": set(),
    "system": set(),
    "lab": BASEMENT,
    "interleave": BASEMENT,
    "course": BASEMENT,
    "grading": BASEMENT | {"course", "interleave"},
    "learner": BASEMENT | {"course", "grading"},
    "experiment": BASEMENT | {"course", "lab"},
    "selfcheck": BASEMENT | {"course", "lab", "grading", "learner", "experiment", "classroom"},
    "classroom": BASEMENT | {"course", "lab", "grading"},
    "render": BASEMENT | {"course", "lab", "interleave", "grading", "learner", "experiment", "selfcheck", "classroom"},
}
ALLOWED["screens"] = set(ALLOWED)  # interactive: they show what render gives
ALLOWED["cli"] = {room(name) for name in MODULES}  # it joins them all


@pytest.mark.parametrize("name", [name for name in MODULES if room(name) in ALLOWED])
def test_rooms(name: str) -> None:
    """A module imports only from the rooms below its own: lab, interleave and errors know nothing of the course."""
    assert rooms_used(name) <= ALLOWED[room(name)]


def test_every_folder_is_a_room() -> None:
    """A new folder has its own rule here."""
    assert {folder.parent.name for folder in PACKAGE.glob("*/__init__.py")} <= ALLOWED.keys()


def test_only_render_imports_rich() -> None:
    """Rich is imported by the renderers alone."""
    assert rooms_that_import("rich") == {"render"}


def test_only_screens_import_textual() -> None:
    """Textual, slow to import, is imported by the interactive screens alone."""
    assert rooms_that_import("textual") <= {"screens"}


def test_nobody_imports_the_commands() -> None:
    """The commands are imported by nobody but `python -m mtlearn`."""
    assert [name for name in MODULES if "cli" in rooms_used(name)] == ["mtlearn.__main__"]


def test_no_circle() -> None:
    """No module imports, over however many others, itself."""
    needs = {name: imports(name, everywhere=True) & MODULES.keys() for name in MODULES}
    while free := [name for name, needed in needs.items() if not needed & needs.keys() - {name}]:
        for name in free:
            del needs[name]
    assert not needs, f"in or above a circle: {sorted(needs)}"


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_quick_commands_import_little(option: str) -> None:
    """--version and --help import no command, and neither numpy, pytest, asyncio, psutil, msgspec, Rich nor Textual."""
    script = (
        "import atexit, sys\n"
        "slow = {'numpy', 'pytest', 'asyncio', 'psutil', 'msgspec', 'rich', 'textual', 'mtlearn.cli.shared'}\n"
        "atexit.register(lambda: print(sorted(slow & sys.modules.keys()), file=sys.stderr))\n"
        "from mtlearn.cli import main\n"
        f"sys.argv[1:] = [{option!r}]\n"
        "main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert "mtlearn" in ended.stdout.lower()
    assert ended.stderr.splitlines()[-1] == "[]"


@pytest.mark.parametrize("name", [*COMMANDS, *GROUPS])
def test_help_tells_of_the_command_itself(name: str) -> None:
    """What `mtlearn --help` says of a command is what the command says of itself, and the command has that name."""
    _, told = {**COMMANDS, **GROUPS}[name]
    command = whole(name)
    assert (command.name, command.get_short_help_str(limit=1_000)) == (name, told)


def test_no_command_is_left_out() -> None:
    """Every command that stands in a module can be run."""
    listed = {module for module, _ in (*COMMANDS.values(), *GROUPS.values())}
    for module in listed - {module for module, _ in GROUPS.values()}:
        there = import_module(f"mtlearn.cli.{module}").commands.registered_commands
        assert len(there) == sum(module == each for each, _ in COMMANDS.values())
    with_commands = {name for name in MODULES if name.startswith("mtlearn.cli.") and "\ncommands = " in source(name)}
    assert with_commands == {f"mtlearn.cli.{module}" for module in listed}


def source(name: str) -> str:
    """The text of a module."""
    return MODULES[name].read_text(encoding="utf-8")
