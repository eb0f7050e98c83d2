"""Nothing a learner writes can hurt: each hostile or broken file gets the verdict it must get, and leaves nothing.

The files lie in `hostile/`, or are made of what stands there in short (`attacks.py`). The first lines of each tell its
verdict, what one of the messages says (a regular expression) and why it is there; `hangs: yes`, that it is the clock
that stops it, which is set to run faster then. They pretend to solve the exercise in `hostile/exercise`: count every
thread, and give its number.
"""

from __future__ import annotations

import os
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attacks import FOLDER, PAGE, attacks, page, text
from conftest import Language, alive

from mtlearn.course.exercise import SUFFIX, Exercise
from mtlearn.grading.judge import grade
from mtlearn.grading.process import Bounds
from mtlearn.grading.verdict import Verdict
from mtlearn.system.limits import Limits

EXERCISE = Exercise("exercise-9", FOLDER / "exercise", FOLDER)
TIGHT = Bounds(Limits(memory=400 << 20, processes=16, threads=40, file=1 << 20, cpu_s=60), printed=100_000)
IMPATIENT = replace(TIGHT, ticks=20, silence_s=3.0)
PATIENCE_S = 180.0  # for one file, on a machine with much else to do; a quiet one takes a second or two
STATUS = {"pass": "pass", "fail": "fail", "unchecked": "error"}

pytestmark = [pytest.mark.skipif(os.name != "posix", reason="signals, forks and limits are POSIX"),
              pytest.mark.usefixtures("judge_here")]  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """A file of the corpus; `says` is None where it passes."""

    name: str
    content: bytes
    language: str
    verdict: str
    says: str | None
    hangs: bool


def read(name: str, content: bytes, language: str) -> Hostile:
    """Read what the first lines of a file say about it."""
    told: dict[str, str] = {}
    for line in content.decode().splitlines():
        if match := re.match(r"(?:#|//) (verdict|says|hangs|why): (.+)", line):
            told[match[1]] = match[2]
    assert told["why"], name
    return Hostile(name, content, language, told["verdict"], told.get("says"), told.get("hangs") == "yes")


def corpus(language: str) -> list[Hostile]:
    """All hostile files in a language."""
    suffix = SUFFIX[language]
    files = {file.stem: file.read_bytes() for file in sorted((FOLDER / language).glob(f"*{suffix}"))}
    made = {name: text(language, attack).encode() for name, attack in attacks(language).items()}
    assert not files.keys() & made.keys()
    return [read(name, content, language) for name, content in {**files, **made}.items()]


CORPUS = [hostile for language in SUFFIX for hostile in corpus(language)]


def verdict(file: Path, language: Language, bounds: Bounds = TIGHT) -> Verdict:
    """The verdict on a file."""
    return grade(EXERCISE, file, language.name, language.runtime.executable, bounds=bounds)


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files whose path is as short as it is elsewhere: there is room for a socket's."""
    with TemporaryDirectory(dir="/tmp") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield Path(folder)


@pytest.mark.parametrize(
    ("language", "hostile"),
    [(hostile.language, hostile) for hostile in CORPUS],
    indirect=["language"],
    ids=[f"{hostile.language}-{hostile.name}" for hostile in CORPUS],
)
def test_hostile(language: Language, hostile: Hostile, tmp_path: Path, temporary: Path) -> None:
    """A hostile file gets its verdict, with a sentence that tells what it did, in time, and leaves nothing behind."""
    mine = tmp_path / "mine"
    mine.mkdir()
    file = mine / f"{hostile.name}{language.suffix}"
    file.write_bytes(hostile.content)
    before = belongings()
    given = verdict(file, language, IMPATIENT if hostile.hangs else TIGHT)

    messages = [check.message for check in given.checks if check.status != "pass"]
    lost = hostile.verdict == "unchecked" and any("were counted as" in message for message in messages)
    assert given.status == ("fail" if lost else STATUS[hostile.verdict]), messages  # lost: a run for real has shown it
    assert hostile.says is None or any(re.search(hostile.says, message) for message in messages), messages
    assert bool(messages) is (hostile.verdict != "pass")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "".join(messages)), "a terminal would obey this"
    assert all(len(message) < 1_000 for message in messages)
    assert given.seconds is not None
    assert given.seconds < PATIENCE_S

    deadline = time.monotonic() + PATIENCE_S
    while more(before) and time.monotonic() < deadline:
        time.sleep(0.05)  # what is about to end may still wait for a processor
    assert not more(before)
    assert os.listdir(temporary) == []
    for note in mine.glob("*.pid"):
        assert not alive(int(note.read_text())), "a process is left"
    for note in mine.glob("*.shm"):
        assert not Path("/dev/shm", note.read_text()).exists(), "a segment of shared memory is left"
    for note in mine.glob("*.port"):
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(note.read_text())))
    assert not any("loaded" in text.read_text() for text in mine.glob("*.txt")), "evidence in the learner's own file"


def more(before: tuple[int, int]) -> bool:
    """Whether something is left that was not there before."""
    return any(now > then for now, then in zip(belongings(), before, strict=True))


def belongings() -> tuple[int, int]:
    """How many threads this process has, and how many files, once those that are about to go have gone."""
    for thread in threading.enumerate():
        if thread.name == "guard" or "_read_" in thread.name:
            thread.join(timeout=5)
    return threading.active_count(), len(os.listdir("/dev/fd"))


@pytest.mark.parametrize("name", SUFFIX)
def test_there_are_enough(name: str) -> None:
    """There are at least a hundred hostile files in each language, of each verdict some."""
    verdicts = [hostile.verdict for hostile in CORPUS if hostile.language == name]
    assert len(verdicts) >= 100
    assert min(verdicts.count(each) for each in STATUS) >= 3


def test_the_page_of_attacks() -> None:
    """docs/attacks.md tells of each file; `python tests/attacks.py` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == page()
