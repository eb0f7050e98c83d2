"""Commands that are killed at random moments, and what must be as it was afterwards."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import msgspec
import psutil

from mtlearn.classroom.grading import NAME
from mtlearn.course.content import load
from mtlearn.grading.verdict import VerdictDocument
from mtlearn.learner.progress import Progress, parse

# Each with how long it takes, when `init` takes 1: it is killed somewhere in that time.
COMMANDS = {
    ("init", "work"): 1.0,
    ("hint", "exercise-5"): 1.0,
    ("check", "exercise-5", "--workspace", "work"): 3.0,
    ("check", "exercise-5", "--workspace", "work", "--runtime", "node"): 4.0,
    ("lesson", "1", "--no-input", "--runtime", "python"): 8.0,
    ("class", "grade", "class", "--slots", "1"): 12.0,
}
CLASS = 4  # students, who hand in what is graded at once
EXERCISE = "exercise-5"
ENOUGH = 10  # files that the learner has worked on
GONE_S = 120.0  # how long what a killed command had started may take to go: a second on a quiet machine


class Survival:
    """A learner's home and workspace, in which commands are killed.

    `counts` tells how many were killed, how many had ended before, and how often each thing was looked at.
    """

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.home, self.work, self.temporary = (folder / name for name in ("home", "work", "t"))
        self.temporary.mkdir(exist_ok=True)
        self.env = {**os.environ, "MTLEARN_HOME": str(self.home), "TMPDIR": str(self.temporary)}
        self.progress = Progress()
        self.verdicts: dict[str, str] = {}  # of the class, by their keys
        started = time.monotonic()
        assert self.start(("init", "work")).wait() == 0
        self.unit_s = time.monotonic() - started
        self.mine = self.edit()

    def edit(self) -> dict[Path, bytes]:
        """Work in the workspace as a learner does; what no command may change from then on."""
        for exercise in load().exercises():
            for suffix in (".py", ".mjs"):
                file = self.work / exercise.name / f"exercise{suffix}"
                file.write_bytes(file.read_bytes() + f"\n{'#' if suffix == '.py' else '//'} {file}\n".encode())
        (self.work / EXERCISE / "notes.txt").write_text("mine")
        return {file: file.read_bytes() for file in self.work.rglob("exercise.*")} | {
            self.work / EXERCISE / "notes.txt": b"mine"
        }

    def hand_in(self) -> None:
        """Each student hands in something new, and wrong at first sight: there is something to grade."""
        for student in range(CLASS):
            folder = self.folder / "class" / f"student-{student}"
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "exercise_05.py").write_text(f"def add(: {self.random.random()}\n")

    def start(self, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
        """Start a command of mtlearn's, as a shell in this folder would."""
        return subprocess.Popen(
            [sys.executable, "-m", "mtlearn", *command],
            cwd=self.folder,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def told(
        self,
        command: tuple[str, ...],
        prepare: Callable[[], None] | None = None,
        env: Mapping[str, str] | None = None,
    ) -> str:
        """What a command says on standard error; `prepare` is called in its process before it begins."""
        ended = subprocess.run(
            [sys.executable, "-m", "mtlearn", *command],
            cwd=self.folder,
            env={**self.env, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=prepare,
        )
        return ended.stderr.decode()

    def kill_one(self) -> None:
        """Start a command, kill it at some moment, and look whether all is well."""
        command, units = self.random.choice(list(COMMANDS.items()))
        if len(self.mine) < ENOUGH:
            assert self.start(("init", "work")).wait() == 0
            self.mine = self.edit()
        if self.random.random() < 0.3:  # what was deleted is put there again: a moment at which files are written
            file = self.random.choice(sorted(self.mine))
            self.mine.pop(file)
            file.unlink()
        if command[0] == "class":
            self.hand_in()
        process = self.start(command)
        try:
            code = process.wait(self.random.random() * units * self.unit_s)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        self.counts["killed" if code == -signal.SIGKILL else "ended before"] += 1
        self.look()

    def look(self) -> None:
        """Everything of the learner's is as it was, or further; nothing else is there."""
        for file, content in self.mine.items():
            assert file.read_bytes() == content, file
            self.counts["files as they were"] += 1
        starters = {
            self.work / exercise.name / f"exercise{suffix}": exercise.starter(kind).read_bytes()
            for exercise in load().exercises()
            for kind, suffix in (("python", ".py"), ("node", ".mjs"))
        }
        for file, content in starters.items():
            if file not in self.mine and file.exists():
                assert file.read_bytes() == content, f"{file} is neither whole nor absent"
                self.counts["starters whole"] += 1
        assert not list(self.home.glob("*damaged*"))
        now = parse(progress.read_text()) if (progress := self.home / "progress.json").exists() else Progress()
        assert not lost(self.progress, now)
        self.progress = now
        self.counts["progress kept"] += 1
        self.look_at_class()
        self.wait_until_gone()

    def look_at_class(self) -> None:
        """Every verdict that was kept is still there, whole, and so is the database."""
        if not (ledger := self.folder / "class" / NAME).exists():
            return
        with closing(sqlite3.connect(ledger)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            tables = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'verdict'").fetchone()[0]
            now = dict(database.execute("SELECT key, document FROM verdict")) if tables else {}
        assert self.verdicts.items() <= now.items()
        for document in now.values():
            assert msgspec.json.decode(document, type=VerdictDocument).status == "fail"
        self.counts["new verdicts"] += len(now) - len(self.verdicts)
        self.counts["verdicts kept"] += len(self.verdicts)
        self.verdicts = now

    def wait_until_gone(self) -> None:
        """What the killed command had started ends by itself, and takes its temporary folder with it."""
        deadline = time.monotonic() + GONE_S
        while (left := self.left()) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not left, left
        self.counts["nothing left"] += 1

    def left(self) -> list[object]:
        """Processes that were started here, and temporary folders of theirs."""
        found: list[object] = list(self.temporary.glob("mtlearn-*"))
        for process in psutil.process_iter():
            try:
                if process.environ().get("TMPDIR") == str(self.temporary) and process.pid != os.getpid():
                    found += [process] * (process.status() != psutil.STATUS_ZOMBIE)
            except psutil.Error:
                continue
        return found


def lost(before: Progress, now: Progress) -> list[str]:
    """What was remembered before, and is not any more."""
    return [
        *(f"lesson {number}" for number in before.lessons if number not in now.lessons),
        *(f"hints of {n}" for n, exercise in before.exercises.items() if now.exercise(n).hints < exercise.hints),
        *(
            f"status of {n}"
            for n, exercise in before.exercises.items()
            if exercise.status and not now.exercise(n).status
        ),
    ]
