"""mtlearn.grading.judge, collector and verdict: checks in, evidence out."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from conftest import Ended, Language, Mtlearn

from mtlearn.course.exercise import Exercise
from mtlearn.errors import MtlearnError
from mtlearn.grading.judge import grade
from mtlearn.grading.verdict import CheckResult, Verdict
from mtlearn.system.documents import written

RIGHT = ("def work(memory, index):\n    return index\n", "export const work = (memory, index) => index;\n")
WRONG = ("def work(memory, index):\n    return 7\n", "export const work = () => 7;\n")
OPEN = (
    "def work(memory, index):\n    memory[0] = 1\n    return index\n",
    "export const work = (memory, index) => { memory[0] = 1; return index; };\n",
)


pytestmark = pytest.mark.usefixtures("judge_here")


def graded(exercise: Exercise, language: Language, sources: tuple[str, str], folder: Path) -> Verdict:
    """The verdict on this code, which must be the one told check by check."""
    file = folder / f"mine{language.suffix}"
    file.write_text(language.choose(*sources))
    told: list[CheckResult] = []
    verdict = grade(exercise, file, language.name, language.runtime.executable, told.append)
    assert tuple(told) == verdict.checks
    return verdict


@pytest.mark.parametrize(
    ("sources", "status", "statuses"),
    [
        (RIGHT, "pass", ["pass", "pass", "pass", "pass"]),
        (WRONG, "fail", ["pass", "fail", "pass", "pass"]),
        (OPEN, "error", ["pass", "pass", "pass", "unchecked"]),
        (("1 / 0\n", "null.x;\n"), "fail", ["fail", "unchecked", "pass", "unchecked"]),
    ],
    ids=["right", "wrong", "unchecked", "not loading"],
)
def test_verdicts(
    tiny: Exercise, language: Language, here: Path, sources: tuple[str, str], status: str, statuses: list[str]
) -> None:
    """A file passes when every check passes; one wrong check makes it fail, one that could not be made an error."""
    verdict = graded(tiny, language, sources, here)
    assert [check.status for check in verdict.checks] == statuses
    assert verdict.status == status


def test_a_failed_check(tiny: Exercise, language: Language, here: Path, temporary: Path) -> None:
    """A failed check has the name, the label from its docstring, the message and the help; no folder is left."""
    check = graded(tiny, language, WRONG, here).checks[1]
    assert check == CheckResult(
        "gives_its_number", "Each thread gives its number", "fail", "The threads gave [7, 7].", "Return the index."
    )
    assert list(temporary.iterdir()) == []


def test_checks_of_the_other_language(tiny: Exercise, language: Language, here: Path) -> None:
    """Checks that are about the other language are left out."""
    names = [check.name for check in graded(tiny, language, RIGHT, here).checks]
    assert names == ["loads", "gives_its_number", language.choose("python_alone", "node_alone"), "memory"]


def test_json(tiny: Exercise, language: Language, here: Path) -> None:
    """The JSON of a verdict has exactly the names of version 1."""
    verdict = graded(tiny, language, WRONG, here)
    shown = json.loads(written(verdict.document))
    assert list(shown) == ["version", "exercise", "runtime", "file", "status", "checks", "seconds"]
    assert {**shown, "checks": [], "seconds": 0} == {
        "version": 1,
        "exercise": "exercise-9",
        "runtime": language.name,
        "file": str(here / f"mine{language.suffix}"),
        "status": "fail",
        "checks": [],
        "seconds": 0,
    }
    assert shown["checks"][1] == {
        "name": "gives_its_number",
        "label": "Each thread gives its number",
        "status": "fail",
        "message": "The threads gave [7, 7].",
        "help": "Return the index.",
        "scope": None,
        "interleaving": None,
        "unwritten": False,
    }


def test_a_verdict_without_checks() -> None:
    """No check, no pass."""
    assert Verdict("exercise-9", "python", Path("x"), (), 0.0).status == "error"


@pytest.mark.parametrize("outcome", ["fail", "unchecked"])
def test_status(outcome: str) -> None:
    """A failure outweighs what could not be checked, and either outweighs a pass."""
    statuses = {"fail": ("pass", "unchecked", "fail"), "unchecked": ("pass", "unchecked")}[outcome]
    checks = tuple(CheckResult("n", "l", status) for status in statuses)  # type: ignore[arg-type]
    assert Verdict("e", "python", Path("x"), checks, 0.0).status == {"fail": "fail", "unchecked": "error"}[outcome]


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_a_file_that_cannot_be_read(tiny: Exercise, language: Language, here: Path, what: str) -> None:
    """A file that cannot be read is reported with the system's reason, before anything is started."""
    file = here if what == "folder" else here / "missing.py"
    with pytest.raises(MtlearnError, match="cannot be graded") as told:
        grade(tiny, file, language.name, language.runtime.executable)
    assert (
        told.value.cause
        == {
            "missing": "It cannot be read: No such file or directory.",
            "folder": "It cannot be read: Is a directory.",
        }[what]
    )


BROKEN = {
    "syntax": "def test_loads(:\n",
    "nothing": "",
    "import": "import nothing_of_this_name\n",
}


@pytest.mark.parametrize("kind", BROKEN)
def test_broken_checks(tiny: Exercise, language: Language, here: Path, temporary: Path, kind: str) -> None:
    """Checks that do not load, or are none, are the course's fault and told as such."""
    for file in tiny.folder.iterdir():
        (here / file.name).write_bytes(file.read_bytes())
    (here / "checks.py").rename(here / f"checks_{kind}.py")
    (here / f"checks_{kind}.py").write_text(BROKEN[kind])

    class Broken(Exercise):
        checks = here / f"checks_{kind}.py"

    with pytest.raises(MtlearnError, match="are broken") as told:
        graded(Broken("exercise-9", here, here), language, RIGHT, here)
    assert told.value.cause
    assert list(temporary.iterdir()) == []


def test_a_check_that_fails_itself(tiny: Exercise, language: Language, here: Path) -> None:
    """A check with its own fault leaves the file unchecked, and says whose fault it is."""
    for file in tiny.folder.iterdir():
        (here / file.name).write_bytes(file.read_bytes())
    (here / "checks_faulty.py").write_text('def test_it(subject):\n    """It works."""\n    1 / 0\n')

    class Faulty(Exercise):
        checks = here / "checks_faulty.py"

    verdict = graded(Faulty("exercise-9", here, here), language, RIGHT, here)
    assert verdict.status == "error"
    assert verdict.checks[-1].message == "the check itself failed with ZeroDivisionError: division by zero"
    assert verdict.checks[-1].help == "This is a fault of mtlearn, not of your file."


SOLUTION = Path(__file__).resolve().parent.parent / "solutions" / "exercise_05" / "solution.py"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("conftest.py", "raise SystemExit('conftest was read')\n"),
        ("conftest.py", "import pytest\ndef pytest_collection_modifyitems(items): items.clear()\n"),
        ("pytest.ini", "[pytest]\naddopts = --collect-only\npython_functions = nothing_*\n"),
        ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = '-k nothing'\n"),
        ("setup.cfg", "[tool:pytest]\naddopts = --deselect checks.py\n"),
        ("sitecustomize.py", "raise SystemExit('sitecustomize was read')\n"),
        ("pytest.py", "raise SystemExit('pytest.py was read')\n"),
    ],
)
def test_the_folders_around_have_no_say(mtlearn: Mtlearn, here: Path, name: str, content: str) -> None:
    """Whatever configures pytest in the folders around the learner's file has no say in the verdict."""
    inner = here / "inner"
    inner.mkdir()
    for folder in (here, inner):
        (folder / name).write_text(content)
    (inner / "exercise.py").write_bytes(SOLUTION.read_bytes())
    safe = {"PYTHONSAFEPATH": "1"}  # as with the installed command: the current folder is not on sys.path
    ended: Ended = mtlearn("check", "exercise-5", "--file", "exercise.py", cwd=inner, env=safe)
    assert ended.code == 0, ended
    assert "Passed: all" in ended.stdout


@pytest.mark.parametrize("options", ["--collect-only", "-k nothing", "--no-such-option", "-p nothing"])
def test_options_of_pytest_have_no_say(mtlearn: Mtlearn, options: str) -> None:
    """PYTEST_ADDOPTS has no say in the verdict."""
    ended = mtlearn("check", "exercise-5", "--file", SOLUTION, env={"PYTEST_ADDOPTS": options})
    assert ended.code == 0, ended


def test_plugins_of_the_environment_have_no_say(mtlearn: Mtlearn, here: Path) -> None:
    """A plugin that the environment names is not loaded by the judge."""
    (here / "sabotage.py").write_text("def pytest_collection_modifyitems(items): items.clear()\n")
    env = {"PYTEST_PLUGINS": "sabotage", "PYTHONPATH": f"{os.environ['PYTHONPATH']}{os.pathsep}{here}"}
    ended = mtlearn("check", "exercise-5", "--file", SOLUTION, env=env)
    assert ended.code == 0, ended
    assert "Passed: all" in ended.stdout
