"""Files that are no ordinary text, or lie in no ordinary place: each is graded, or told what is wrong."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Language
from test_hostile import verdict

from mtlearn.errors import MtlearnError
from mtlearn.grading.source import LARGEST

pytestmark = pytest.mark.usefixtures("judge_here")

PYTHON = "def work(shared, index):\n    with shared.lock:\n        shared.count += 1\n    return index\n"
NODE = "export function work(memory, index) {\n  Atomics.add(memory, 0, 1);\n  return index;\n}\n"


def right(language: Language) -> str:
    """A right solution of the exercise that hostile files pretend to solve."""
    return language.choose(PYTHON, NODE)


@pytest.mark.parametrize("kind", ["BOM", "CRLF", "BOM and CRLF", "no last newline", "one long line", "many lines"])
def test_harmless(language: Language, here: Path, kind: str) -> None:
    """What editors put into files, and their mere size, matters to nobody."""
    text = right(language)
    comment = language.choose("#", "//")
    content = {
        "BOM": b"\xef\xbb\xbf" + text.encode(),
        "CRLF": text.replace("\n", "\r\n").encode(),
        "BOM and CRLF": b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode(),
        "no last newline": text.rstrip("\n").encode(),
        "one long line": f"{comment} {'x' * 900_000}\n{text}".encode(),
        "many lines": f"{f'{comment} x{chr(10)}' * 100_000}{text}".encode(),
    }[kind]
    file = here / f"mine{language.suffix}"
    file.write_bytes(content)
    given = verdict(file, language)
    assert given.status == "pass", given


def test_a_declared_encoding(language: Language, here: Path) -> None:
    """Python reads the encoding that a file declares; in JavaScript the letter is a strange one."""
    file = here / f"mine{language.suffix}"
    file.write_bytes(language.choose("# coding: latin-1\nname = 'é'\n", "const name = 'é';\n").encode("latin-1"))
    with file.open("a") as more:
        more.write(right(language))
    assert verdict(file, language).status == "pass"


@pytest.mark.parametrize("kind", ["empty", "binary", "UTF-16", "another encoding", "another language"])
def test_no_program(language: Language, here: Path, kind: str) -> None:
    """What is no program in this language fails, and the first check says that it does not load."""
    file = here / f"mine{language.suffix}"
    content = {
        "empty": b"",
        "binary": bytes(range(256)) * 100,
        "UTF-16": right(language).encode("utf-16"),
        "another encoding": "näme = 'é' )\n".encode("latin-1"),
        "another language": language.choose(NODE, PYTHON).encode(),
    }[kind]
    file.write_bytes(content)
    given = verdict(file, language)
    assert given.status == "fail"
    first = given.checks[0].message
    invalid = f"{file.name} is not valid {language.choose('Python', 'JavaScript')}"
    assert first.startswith(f"{file.name} has no `work`" if kind == "empty" else invalid), first


@pytest.mark.parametrize(
    "name",
    ["my file", "ünïcödé 漢字", "50% #1?", 'it\'s "quoted"', "a&b;c", "-o", "x" * 200, "back\\slash", "$HOME", "*"],
)
def test_any_name(language: Language, here: Path, name: str) -> None:
    """A file, and the folder it lies in, may be called anything; a failure names it, and the line.

    But Node.js imports nothing from a path with a backslash in it, and says so.
    """
    folder = here / name
    folder.mkdir()
    file = folder / f"{name}{language.suffix}"
    file.write_text(right(language))
    if language.name == "node" and "\\" in name:
        assert "must not include encoded" in verdict(file, language).checks[0].message
        return
    assert verdict(file, language).status == "pass"
    file.write_text(f"\n{language.choose('1 / 0', 'null.x;')}\n")
    first = verdict(file, language).checks[0].message
    assert first.startswith(f"{name}{language.suffix} stops with ")
    assert ", line 2: `" in first


def test_a_link_out_of_the_workspace(language: Language, here: Path, tmp_path: Path) -> None:
    """A link leads to the file it leads to, and its helpers are found there."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    helper = language.choose("from helper import NOTHING\n", "import { NOTHING } from './helper.mjs';\n")
    (elsewhere / f"helper{language.suffix}").write_text(language.choose("NOTHING = 0\n", "export const NOTHING = 0;\n"))
    (elsewhere / f"real{language.suffix}").write_text(helper + right(language))
    link = here / f"mine{language.suffix}"
    link.symlink_to(elsewhere / f"real{language.suffix}")
    assert verdict(link, language).status == "pass"
    assert link.is_symlink()


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        ("large", "It is larger than 1 MB."),
        ("pipe", "It is not a regular file."),
        ("device", "It is not a regular file."),
        ("circle", "It cannot be read: "),
        ("dangling", "It cannot be read: No such file or directory."),
        ("folder", "It cannot be read: Is a directory."),
    ],
)
@pytest.mark.skipif(os.name != "posix", reason="pipes and devices are POSIX")
def test_what_cannot_be_graded(language: Language, here: Path, temporary: Path, kind: str, cause: str) -> None:
    """What cannot be read, or has no end, is reported with the reason, and nothing waits for it."""
    file = here / f"mine{language.suffix}"
    if kind == "large":
        with file.open("wb") as stream:
            stream.truncate(LARGEST + 1)
    elif kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to({"device": Path(os.devnull), "circle": file, "dangling": here / "nothing"}[kind])
    with pytest.raises(MtlearnError, match="cannot be graded") as told:
        verdict(file, language)
    assert told.value.cause.startswith(cause)
    assert list(temporary.iterdir()) == []
