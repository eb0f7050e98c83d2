"""The npm packages: what is there, which npm is used, and what is said when it does not work."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from conftest import Mtlearn, NodelessPython

from mtlearn.errors import ExitCode, MtlearnError
from mtlearn.lab import npm
from mtlearn.lab.runtime import RuntimeMissing

WORKS = """
import json, pathlib, sys
folder = pathlib.Path(sys.argv[sys.argv.index("--prefix") + 1])
for wanted in sys.argv[1:]:
    name, at, version = wanted.rpartition("@")
    if at:
        print(f"npm http fetch GET 200 {name}", flush=True)
        package = folder / "node_modules" / name
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({"version": version}))
"""


def fake(tmp_path: Path, script: str) -> list[str]:
    """A command that stands for npm."""
    file = tmp_path / "npm.py"
    file.write_text(script)
    return [sys.executable, str(file)]


def says(tmp_path: Path, *lines: str) -> list[str]:
    """An npm that says this on standard error, and fails."""
    return fake(tmp_path, f"import sys\nprint(*{lines!r}, sep='\\n', file=sys.stderr)\nsys.exit(1)\n")


def test_installs(tmp_path: Path) -> None:
    """Every package is asked for in its exact version, progress is told, and then nothing is missing."""
    told: list[str] = []
    assert npm.missing(tmp_path / "here") == list(npm.PACKAGES)
    npm.install(tmp_path / "here", fake(tmp_path, WORKS), told.append)
    assert npm.missing(tmp_path / "here") == []
    assert npm.installed(tmp_path / "here") == npm.PACKAGES
    assert told == ["npm has fetched 1 file", *(f"npm has fetched {n} files" for n in range(2, len(npm.PACKAGES) + 1))]


def test_another_version_is_missing(tmp_path: Path) -> None:
    """A package of another version, or a damaged one, counts as missing."""
    npm.install(tmp_path, fake(tmp_path, WORKS))
    manifest = tmp_path / "node_modules" / "workerpool" / "package.json"
    for text in (json.dumps({"version": "0.0.1"}), "{", "[]"):
        manifest.write_text(text)
        assert npm.missing(tmp_path) == ["workerpool"]


@pytest.mark.parametrize("code", ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT"])
@pytest.mark.parametrize("prefix", ["npm error", "npm ERR!"])
def test_offline(tmp_path: Path, code: str, prefix: str) -> None:
    """Without a network it says so, and what to do."""
    with pytest.raises(MtlearnError) as caught:
        npm.install(tmp_path / "here", says(tmp_path, f"{prefix} code {code}", f"{prefix} request failed"))
    assert caught.value.cause == f"npm could not reach its registry ({code})."
    assert caught.value.fix == "Connect to the internet, then: mtlearn setup node"
    assert caught.value.exit_code == ExitCode.ENVIRONMENT


def test_npm_fails_otherwise(tmp_path: Path) -> None:
    """Another failure of npm is reported in npm's words; so is an npm that claims success and installs nothing."""
    with pytest.raises(MtlearnError, match="not installed") as caught:
        npm.install(tmp_path / "here", says(tmp_path, "npm error code E404", "npm error there is no such thing"))
    assert caught.value.cause == "npm says: there is no such thing"
    with pytest.raises(MtlearnError, match="not installed") as caught:
        npm.install(tmp_path / "here", fake(tmp_path, "print('up to date')"))
    assert caught.value.cause == "npm says: up to date"


def test_folder_cannot_be_written(tmp_path: Path) -> None:
    """A folder that cannot be made is told before npm is started."""
    (tmp_path / "file").touch()
    with pytest.raises(MtlearnError) as caught:
        npm.install(tmp_path / "file" / "npm", ["/nowhere/npm"])
    assert "MTLEARN_HOME" in caught.value.fix
    assert caught.value.exit_code == ExitCode.ENVIRONMENT


def node_with_npm(folder: Path) -> tuple[Path, Path]:
    """A Node.js as it is installed, in name only: node and the script that is npm."""
    node, script = folder / "bin" / "node", folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for file in (node, script):
        file.parent.mkdir(parents=True)
        file.touch()
    return node, script


def test_packaged_npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an npm on PATH, the one that came with the packaged Node.js is run with that Node.js."""
    node, script = node_with_npm(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    monkeypatch.setattr(npm, "packaged_node", lambda: node)
    assert npm.find_npm() == [str(node), str(script)]


def test_npm_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An npm on PATH comes first: its own script, run by the node beside it, or, where there is none, the command."""
    node, script = node_with_npm(tmp_path / "here")
    command = node.with_name("npm")
    command.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(node.parent))
    monkeypatch.setattr(npm, "packaged_node", lambda: tmp_path / "elsewhere" / "bin" / "node")
    assert npm.find_npm() == [str(node), str(script)]
    script.unlink()
    assert npm.find_npm() == [str(command)]


def test_no_npm_and_no_node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without npm and without Node.js it says how to get Node.js."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(npm, "packaged_node", lambda: None)
    monkeypatch.setattr("mtlearn.lab.runtime.packaged_node", lambda: None)
    with pytest.raises(RuntimeMissing, match=r"Node\.js was not found"):
        npm.find_npm()


def test_setup_without_node(mtlearn: Mtlearn, nodeless: NodelessPython) -> None:
    """`mtlearn setup node` on a machine without Node.js: exit code 3, message, cause, fix."""
    ended = mtlearn("setup", "node", env=nodeless.env, python=nodeless.executable)
    assert ended.code == ExitCode.ENVIRONMENT
    assert "cause:" in ended.stderr
    assert "mtlearn[node]" in ended.stderr


def test_setup_of_something_else(mtlearn: Mtlearn) -> None:
    """`mtlearn setup nod` suggests node."""
    ended = mtlearn("setup", "nod")
    assert ended.code == ExitCode.USAGE
    assert "Did you mean `node`?" in ended.stderr


def test_setup_twice(mtlearn: Mtlearn, home: Path, tmp_path: Path) -> None:
    """What is installed already is not installed again; doctor tells of it."""
    npm.install(home / "npm", fake(tmp_path, WORKS))
    ended = mtlearn("setup", "node", env={"PATH": str(tmp_path)})
    assert (ended.code, ended.stderr) == (0, "")
    assert ", ".join(f"{name} {version}" for name, version in npm.PACKAGES.items()) in " ".join(ended.stdout.split())
    assert ", ".join(f"{name} {version}" for name, version in npm.PACKAGES.items()) in " ".join(
        mtlearn("doctor").stdout.split()
    )


def test_doctor_names_the_command(mtlearn: Mtlearn) -> None:
    """Doctor says which packages are missing, and the command that installs them."""
    told = " ".join(mtlearn("doctor").stdout.split())
    assert "missing, some demos use them: ajv, bunyan" in told
