"""`mtlearn class grade --sandbox`: what a file can see and do there, and that it is refused where it cannot be had."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from conftest import PATIENCE_S, ROOT, Mtlearn

from mtlearn.classroom import sandbox

pytest.importorskip("distributed")
SPY = """
import os, socket

def tried(what):
    try:
        return what()
    except OSError as error:
        return error.strerror

def write():
    with open("/usr/mark", "w"):
        return "written"

def listen():
    with socket.create_connection(("192.0.2.1", 80), 1):
        return "connected"

seen = {
    "home": tried(lambda: os.listdir(os.path.expanduser("~"))),
    "solutions": tried(lambda: os.listdir("%s/solutions")),
    "known": tried(lambda: os.listdir("%s/exercises/exercise_05/known_right")),
    "changes": tried(lambda: open("%s/exercises/exercise_05/known_right.toml").read()),
    "write": tried(write),
    "network": tried(listen),
    "secret": os.environ.get("SECRET"),
}
raise RuntimeError("; ".join(f"{name}={value}" for name, value in seen.items()))
"""


def a_class(folder: Path, **contents: str) -> Path:
    """A folder for each student, with what they wrote for exercise 5."""
    for student, content in contents.items():
        (folder / student).mkdir(parents=True)
        (folder / student / "exercise_05.py").write_text(content)
    return folder


@pytest.mark.skipif(sandbox.missing() is not None, reason=f"no sandbox here: {sandbox.missing()}")
def test_what_a_file_sees(tmp_path: Path, mtlearn: Mtlearn) -> None:
    """A file in the sandbox has an empty home, no network, nothing it can write, and no right solution to read."""
    spy = SPY % (ROOT, ROOT, ROOT)
    folder = a_class(tmp_path / "all", spy=spy)
    ended = mtlearn("class", "grade", folder, "--sandbox", "--json", env={"SECRET": "42"}, patience=6 * PATIENCE_S)
    assert ended.code == 0, ended.stderr
    (result,) = json.loads(ended.stdout)["results"]
    message = result["verdict"]["checks"][0]["message"]
    assert "home=[]; solutions=No such file or directory; known=[]" in message
    assert "write=Read-only file system" in message
    assert re.search("changes=(Permission denied)?;", message)
    assert "network=Network is unreachable; secret=None" in message


def test_none_to_be_had(tmp_path: Path, mtlearn: Mtlearn) -> None:
    """Without bubblewrap nothing is graded, the command says why, and so does doctor."""
    folder = a_class(tmp_path / "all", ada="x = 1")
    env = {"PATH": str(tmp_path)}
    ended = mtlearn("class", "grade", folder, "--sandbox", env=env)
    assert ended.code == 3
    assert "Nothing is graded without a sandbox." in ended.stderr
    assert "there is no bwrap on PATH" in ended.stderr
    assert not list(folder.glob(".mtlearn*"))
    facts = {each["what"]: each for each in json.loads(mtlearn("doctor", "--json", env=env).stdout)["facts"]}
    assert facts["bubblewrap"]["good"] is None
    assert "there is no bwrap on PATH" in facts["bubblewrap"]["how"]


def test_one_that_does_not_work(tmp_path: Path, mtlearn: Mtlearn) -> None:
    """A bubblewrap that may not make namespaces is told in its own words."""
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    ended = mtlearn(
        "class", "grade", a_class(tmp_path / "all", ada="x = 1"), "--sandbox", env={"PATH": f"{tmp_path}:/bin"}
    )
    assert ended.code == 3
    assert "No permissions to create new namespace" in ended.stderr
