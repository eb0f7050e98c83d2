"""Which modules a program consists of."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from mtlearn.interleave import explore
from mtlearn.interleave.python.modules import modules_of

HELPER = """
import threading
lock = threading.Lock()
class Box:
    pass
def add(state):
    with lock:
        state.append(1)
"""

# how main.py comes to the helper
WAYS = {
    "the module": "import helper\ndef work(state): helper.add(state)",
    "a function of it": "from helper import add\ndef work(state): add(state)",
    "an object of its class": "import helper\nbox = helper.Box()\ndel helper\n"
    "def work(state): __import__('sys').modules[type(box).__module__].add(state)",
    "an import in a function": "def work(state):\n    import helper\n    helper.add(state)",
    "a name in a text": "import importlib\ndef work(state): importlib.import_module('helper').add(state)",
    "a function in between": "from other import work",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of modules, all of them imported before anything is explored."""
    (tmp_path / "helper.py").write_text(HELPER)
    (tmp_path / "other.py").write_text("def work(state):\n    import helper\n    helper.add(state)\n")
    (tmp_path / "stranger.py").write_text("import threading\nlock = threading.Lock()\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in ("helper", "other", "stranger", "main"):
        sys.modules.pop(name, None)


def two(state: list[int]) -> None:
    """Nothing was lost."""
    assert len(state) == 2


def program(folder: Path, text: str) -> ModuleType:
    """Import main.py with this text, beside the other modules."""
    (folder / "main.py").write_text(text + "\n")
    for name in ("helper", "other", "stranger"):
        importlib.import_module(name)
    return importlib.import_module("main")


@pytest.mark.parametrize("way", WAYS)
def test_what_the_program_refers_to_belongs_to_it(here: Path, way: str) -> None:
    """A module belongs to the program however it is referred to; one that only happens to be there does not."""
    main = program(here, WAYS[way])
    found = modules_of([str(here / "main.py")], [main.work], lambda file: file.startswith(str(here)))
    names = {module.__name__ for module in found}
    assert {"main", "helper"} <= names
    assert "stranger" not in names


@pytest.mark.parametrize("way", WAYS)
def test_a_lock_of_another_module_is_known(here: Path, way: str) -> None:
    """A lock that a module has made before, and that only its functions name, is a lock of the exploration."""
    main = program(here, WAYS[way])
    result = explore(list, [main.work, main.work], two)
    assert result.outcome in ("proven", "not refuted")
    assert result.schedules > 1


def test_of_no_module(here: Path) -> None:
    """Where the program's own code is in no module, every module is looked at."""
    program(here, "")
    found = modules_of(["<typed in>"], [], lambda file: file.startswith(str(here)))
    assert {module.__name__ for module in found} == {"helper", "other", "stranger", "main"}


NOWHERE = """
from mtlearn.interleave import explore
from types import SimpleNamespace
import threading
def setup():
    return SimpleNamespace(n=0, lock=threading.Lock())
def wrong(s):
    s.n += 1
def right(s):
    with s.lock:
        s.n += 1
def check(s):
    assert s.n == 2
found, none = explore(setup, [wrong] * 2, check), explore(setup, [right] * 2, check)
print(found.outcome, none.outcome, *sorted({step.source for step in found.counterexample.steps}), sep="|")
"""
WITHIN = "def begin(code):\n    exec(code, {})\n\n\nif True:\n    pass\n    begin('''" + NOWHERE + "''')\n"


@pytest.mark.parametrize("program", [NOWHERE, WITHIN])
def test_a_program_from_nowhere_shows_no_line_of_another(program: str) -> None:
    """Given to `python -c`, or to `exec` within that, it has its verdicts, and its own lines or none."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found, none, *sources = done.stdout.strip().split("|")
    assert (found, none) == ("refuted", "proven")
    assert sources in ([""], ["s.n += 1"])
