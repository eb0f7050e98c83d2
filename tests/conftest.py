"""What every test gets: its own home, folder and TMPDIR, and the certainty that no process is left."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import psutil
import pytest

from mtlearn.course.exercise import Exercise
from mtlearn.grading.subject import Subject
from mtlearn.grading.subjects import subject as subject_of
from mtlearn.lab.runtime import Runtime, RuntimeMissing, find_node, this_python

ROOT = Path(__file__).resolve().parent.parent
PATIENCE_S = 90.0  # only what hangs is stopped: a machine may be busy, and a quiet one needs a fraction of it
TOKEN = "MTLEARN_TEST"

# What the caller's own environment says about terminals and about mtlearn is not part of a test.
_OUTSIDE = ("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "CI", "GITHUB_ACTIONS", "COLUMNS", "LINES", "TTY_COMPATIBLE",
            "MTLEARN_WORKSPACE", "MTLEARN_PARAMS", "PYTHONIOENCODING", "PYTHONUTF8", "PYTEST_ADDOPTS",
            "NODE_OPTIONS")  # fmt: skip


if TYPE_CHECKING:
    from terminals import Session

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background so, and every child would inherit it: no test could press Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@dataclass(frozen=True)
class Ended:
    """A command that has ended."""

    code: int
    stdout: str
    stderr: str


class Mtlearn(Protocol):
    """Runs `mtlearn` with these arguments, in its own process."""

    def __call__(
        self,
        *args: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        python: Path | None = None,
        patience: float = PATIENCE_S,
    ) -> Ended:
        """How it ended."""


@dataclass(frozen=True)
class Language:
    """One of the two languages an exercise is written in, and what runs it."""

    name: str
    runtime: Runtime
    suffix: str

    def choose(self, python: str, node: str) -> str:
        """The one of the two texts that is about this language."""
        return {"python": python, "node": node}[self.name]


# The tiers: a test is quick unless its module, or a fixture it asks for, says otherwise.
_TIERS = {
    "course": ("test_lesson_", "test_exercises"),
    "hostile": ("test_hostile", "test_strange_files", "test_survival"),
    "process": (
        "test_class_grade",
        "test_class_page",
        "test_class_sandbox",
        "test_cli",
        "test_corpus",
        "test_faults",
        "test_grading_",
        "test_lab_run",
        "test_limits",
        "test_node_",
        "test_play.py",
        "test_prewarmed",
        "test_processes",
        "test_python_",
        "test_temporary",
        "test_terminal",
        "test_watch",
    ),
}
_PROCESS_FIXTURES = {"mtlearn", "node", "nodeless", "language", "package_copy"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the tier it belongs to; `-m "not (process or hostile or course)"` is the quick one."""
    for item in items:
        module = item.path.name
        tier = next((name for name, modules in _TIERS.items() if module.startswith(modules)), None)
        if tier is None and _PROCESS_FIXTURES & set(getattr(item, "fixturenames", ())):
            tier = "process"
        if tier:
            item.add_marker(tier)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Count the explorer's verdicts on the programs of its corpora, over all processes that ran tests."""
    verdicts: dict[str, Counter[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, value in getattr(report, "user_properties", ()):
                if name == "corpus" and report.when == "call":
                    runtime, kind, mistake = value
                    verdicts.setdefault(runtime, Counter())[kind] += 1
                    verdicts[runtime]["mistakes"] += mistake is not None
    for runtime, counts in sorted(verdicts.items()):
        programs = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()) if kind != "mistakes")
        terminalreporter.write_line(f"corpus on {runtime}: {programs} programs, {counts['mistakes']} wrong verdicts")


@pytest.fixture(autouse=True, scope="session")
def _resource_tracker() -> None:
    """Python's helper for shared memory belongs to the test run: it starts before the first test, and outlives each."""
    resource_tracker.ensure_running()


@pytest.fixture(autouse=True)
def _isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in _OUTSIDE:
        monkeypatch.delenv(name, raising=False)
    for folder in ("home", "here", "temporary"):
        (tmp_path / folder).mkdir()
    token = secrets.token_hex(8)
    monkeypatch.setenv(TOKEN, token)
    monkeypatch.setenv("MTLEARN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    monkeypatch.chdir(tmp_path / "here")
    yield
    left = _left(token)
    for process in left:
        process.kill()
    assert not left, f"processes stayed behind: {left}"


def _left(token: str) -> list[psutil.Process]:
    """The processes that were started by this test and still run; a killed one gets a moment to go."""
    deadline = time.monotonic() + 5
    while True:
        left = [process for process in psutil.process_iter() if _token(process) == token]
        if not left or time.monotonic() > deadline:
            return left
        time.sleep(0.02)


def _token(process: psutil.Process) -> str | None:
    try:
        return process.environ().get(TOKEN) if process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.Error:
        return None


def alive(pid: int) -> bool:
    """Whether there is such a process, and not only what is left of it until somebody looks."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def judge_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that grade in this process: the judge takes the environment of pytest away, for good elsewhere."""
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_DISABLE_PLUGIN_AUTOLOAD"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


@pytest.fixture
def temporary(tmp_path: Path) -> Path:
    """The folder in which temporary files are made."""
    return tmp_path / "temporary"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """The current folder."""
    return tmp_path / "here"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where progress is kept."""
    return tmp_path / "home"


@pytest.fixture
def mtlearn() -> Mtlearn:
    """Runs the real command."""

    def run(
        *args: str | Path,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        python: Path | None = None,
        patience: float = PATIENCE_S,
    ) -> Ended:
        ended = subprocess.run(
            [python or sys.executable, "-m", "mtlearn", *args],
            env={**os.environ, **(env or {})},
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=patience,
        )
        return Ended(ended.returncode, ended.stdout.decode(errors="replace"), ended.stderr.decode(errors="replace"))

    return run


@pytest.fixture(scope="session")
def node() -> Runtime:
    """Node.js; without one the test is skipped, with the reason."""
    try:
        return find_node()
    except RuntimeMissing as missing:
        pytest.skip(missing.one_line)


@pytest.fixture(params=["python", "node"])
def language(request: pytest.FixtureRequest) -> Language:
    """Each of the two languages in turn."""
    if request.param == "python":
        return Language("python", this_python(), ".py")
    return Language("node", request.getfixturevalue("node"), ".mjs")


@dataclass(frozen=True)
class NodelessPython:
    """A Python that finds no Node.js, neither on PATH nor in a package; `env` goes with it."""

    executable: Path
    env: Mapping[str, str]


@pytest.fixture(scope="session")
def nodeless(tmp_path_factory: pytest.TempPathFactory) -> NodelessPython:
    """Its own virtual environment, which borrows every package by PYTHONPATH, and an empty PATH."""
    folder = tmp_path_factory.mktemp("nodeless")
    venv.create(folder / "venv", with_pip=False, symlinks=os.name == "posix")
    (folder / "path").mkdir()
    packages = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    bin_folder = "Scripts" if os.name == "nt" else "bin"
    return NodelessPython(
        folder / "venv" / bin_folder / Path("python").with_suffix(".exe" if os.name == "nt" else ""),
        {"PATH": str(folder / "path"), "PYTHONPATH": os.pathsep.join([str(ROOT), *packages])},
    )


_TINY = {
    "exercises/exercise_09/statement.md": "# Exercise 9 · Give your number\n\nWrite `work`.\n",
    "exercises/exercise_09/exercise.toml": 'title = "Give your number"\nexplores = false\n',
    "exercises/exercise_09/hints.md": "# Hints\n\n## 1\n\nLook.\n\n## 2\n\nReturn it.\n",
    "exercises/exercise_09/starter.py": "def work(memory, index):\n    raise NotImplementedError\n",
    "exercises/exercise_09/starter.mjs": "export function work() { throw Error('to do', { cause: 'unwritten' }); }\n",
    "exercises/exercise_09/scenarios.py": """
import exercise
from mtlearn.grading.scenario import Scenario

NAMES = ["work"]


def working(threads=1):
    def member(index):
        return lambda memory: exercise.work(memory, index)

    return Scenario(lambda: [0] * 4, [member(index) for index in range(threads)], lambda memory: {"memory": memory})
""",
    "exercises/exercise_09/scenarios.mjs": """
import * as exercise from 'exercise';
export const NAMES = ['work'];
export const scenarios = {
  working: ({ threads }) => ({ memory: { memory: [0, 0, 0, 0] }, threads: Array(threads ?? 1).fill(['work']) }),
};
export const work = ({ memory }, index) => exercise.work(memory, index);
""",
    "exercises/exercise_09/checks.py": '''
from mtlearn.grading.checks import Unchecked, expect, only


def test_gives_its_number(subject):
    """Each thread gives its number."""
    returns = subject.run_calm("working", threads=2).returns
    expect(returns == [0, 1], f"The threads gave {returns}.", "Return the index.")


@only("python")
def test_python_alone(subject):
    """This one is about Python."""


@only("node")
def test_node_alone(subject):
    """This one is about Node.js."""


def test_memory(subject):
    """A file that touches the memory cannot be judged here."""
    if any(subject.run_calm("working").memory["memory"]):
        raise Unchecked("the memory was touched", "Leave it alone.")
''',
}


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Exercise:
    """A complete exercise of a few lines: `work(memory, index)` returns its index."""
    root = tmp_path_factory.mktemp("tiny")
    for name, text in _TINY.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return Exercise("exercise-9", root / "exercises" / "exercise_09", root / "solutions" / "exercise_09")


@pytest.fixture
def terminal() -> Iterator[Callable[..., Session]]:
    """Opens a terminal with a command in it; at the end its settings must be what they were."""
    from terminals import Session

    sessions: list[Session] = []

    def open_(*arguments: str, columns: int = 100, rows: int = 60, **env: str) -> Session:
        session = Session(arguments, columns, rows, env)
        sessions.append(session)
        return session

    yield open_
    try:
        for session in sessions:
            assert session.settings() == session.before
    finally:
        for session in sessions:
            session.close()


@pytest.fixture
def subject(tiny: Exercise, language: Language, here: Path, temporary: Path) -> Iterator[Callable[..., Subject]]:
    """Makes the subject for a file with this code; afterwards its temporary folder must be gone."""
    opened: list[Subject] = []

    def open_(python: str, node: str, name: str = "mine") -> Subject:
        file = here / f"{name}{language.suffix}"
        file.write_text(language.choose(python, node))
        scenarios = tiny.scenarios(language.name)
        made = subject_of(language.name, file, scenarios, language.runtime.executable)
        opened.append(made)
        return made

    yield open_
    for each in opened:
        each.close()
    assert list(temporary.iterdir()) == []


@pytest.fixture
def package_copy(tmp_path: Path) -> Callable[[], Path]:
    """Makes a copy of the checkout's program and course, to be damaged."""

    def copy() -> Path:
        root = tmp_path / "copy"
        for folder in ("mtlearn", "lessons", "exercises", "solutions"):
            shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
        return root

    return copy
