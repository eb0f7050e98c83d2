"""What waits outside Python's locks: what the program's own threads bring is put in order, the rest is not judged."""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import sched
import socket
import sqlite3
import sys
import tempfile
import threading
from collections.abc import Callable
from multiprocessing import connection
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mtlearn.interleave import explore
from mtlearn.interleave.python import outside

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="calls the C library of Linux")


def nothing(_: Any) -> None:
    """Find everything right."""


def test_a_call_that_others_might_end_is_not_called_blocked() -> None:
    """A thread that sleeps in a call which is not modelled, while others are alive, leaves the program unchecked."""

    def sleep(_: Any) -> None:
        ctypes.CDLL(None).usleep(2_500_000)

    result = explore(SimpleNamespace, [sleep, nothing], nothing)
    assert result.outcome == "unchecked"
    assert f"Thread A waits at line {sleep.__code__.co_firstlineno + 1}" in (result.reason or "")


def test_the_other_end_of_a_pipe_is_the_programs_own() -> None:
    """Pipes, pairs of sockets and the loopback are within the program; a terminal and other machines are not."""
    ends = os.pipe()
    ours, theirs = socket.socketpair()
    here = socket.create_server(("127.0.0.1", 0))
    try:
        assert not outside.comes_from_outside(ends[0])
        assert not outside.comes_from_outside(ours.fileno())
        assert not outside.comes_from_outside(here.fileno())
        assert outside.comes_from_outside(0)
    finally:
        for end in ends:
            os.close(end)
        for each in (ours, theirs, here):
            each.close()


@pytest.mark.parametrize("how", ["create_connection", "connect", "getaddrinfo"])
def test_another_machine_is_outside(how: str) -> None:
    """What another machine answers, and when, is nobody's to order: the verdict is unchecked and names the line."""
    calls: dict[str, Callable[[], object]] = {
        "create_connection": lambda: socket.create_connection(("192.0.2.1", 80), timeout=0.2),
        "connect": lambda: socket.socket().connect(("192.0.2.1", 80)),
        "getaddrinfo": lambda: socket.getaddrinfo("example.org", 80),
    }

    def ask(_: Any) -> None:
        with contextlib.suppress(OSError):
            calls[how]()

    result = explore(SimpleNamespace, [ask, nothing], nothing)
    assert (result.outcome, (result.reason or "").split(" (line")[0]) == (
        "unchecked",
        "it asks for another machine, which cannot be scheduled",
    )


READ: dict[str, Callable[[], object]] = {
    "stdin": lambda: sys.stdin.readline(),
    "its lines": lambda: list(sys.stdin),
    "its bytes": lambda: sys.stdin.buffer.read(),
    "input": lambda: input(),
    "os.read": lambda: os.read(0, 1),
    "open": lambda: open("/dev/stdin").read(),  # noqa: SIM115
    "Path": lambda: Path("/dev/stdin").read_text(encoding="utf-8"),
}


@pytest.mark.parametrize("by_set_up", [False, True], ids=["thread", "set-up"])
@pytest.mark.parametrize("how", READ)
def test_standard_input_is_outside(how: str, by_set_up: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What stands in standard input, nothing too, comes from outside: the verdict is unchecked and names the line."""
    monkeypatch.setattr(sys, "stdin", open(0, closefd=False, encoding="utf-8"))  # noqa: SIM115

    def ask(_: Any) -> None:
        READ[how]()

    def setup() -> Any:
        return ask(None) if by_set_up else SimpleNamespace()

    result = explore(setup, [nothing, nothing] if by_set_up else [ask, nothing], nothing)
    assert result.outcome == "unchecked"
    assert (result.reason or "").startswith("it reads standard input, which cannot be scheduled (line ")


def test_what_a_program_puts_in_place_of_standard_input_is_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that sets `sys.stdin` reads what it has put there, and is proven."""

    def setup() -> Any:
        monkeypatch.setattr(sys, "stdin", io.StringIO("3\n4\n"))
        return SimpleNamespace(lock=threading.Lock(), sum=0)

    def add(state: Any) -> None:
        with state.lock:
            state.sum += int(input())

    def check(state: Any) -> None:
        assert state.sum == 7

    assert explore(setup, [add, add], check).outcome == "proven"


def test_a_socket_times_out_on_the_virtual_clock() -> None:
    """A time-out of a socket passes without waiting, and raises what it always does."""

    def setup() -> Any:
        ours, theirs = socket.socketpair()
        ours.settimeout(3600)
        return SimpleNamespace(ours=ours, theirs=theirs, error=None)

    def receive(state: Any) -> None:
        try:
            state.ours.recv(1)
        except TimeoutError as error:
            state.error = str(error)

    def check(state: Any) -> None:
        state.ours.close()
        state.theirs.close()
        assert state.error == "timed out"

    result = explore(setup, [receive], check)
    assert (result.outcome, result.counterexample) == ("proven", None)


def test_a_large_message_passes_through_a_small_pipe() -> None:
    """A pipe that is full lets the reader go on, and nothing of the message is lost."""
    size = 200_000

    def setup() -> Any:
        out, into = os.pipe()
        return SimpleNamespace(out=out, into=into, got=0)

    def send(state: Any) -> None:
        assert os.write(state.into, bytes(size)) == size
        os.close(state.into)

    def receive(state: Any) -> None:
        while part := os.read(state.out, 65_536):
            state.got += len(part)
        os.close(state.out)

    def check(state: Any) -> None:
        assert state.got == size

    result = explore(setup, [send, receive], check, max_schedules=5)
    assert result.counterexample is None
    assert result.outcome != "unchecked", result.reason


class Hits:
    """A count in a database."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        db = self.open()
        db.execute("create table hits (n integer)")
        db.execute("insert into hits values (0)")
        db.close()

    def open(self) -> sqlite3.Connection:
        """Connect to it; it need not be safe from a power cut."""
        db = sqlite3.connect(os.path.join(self.folder.name, "db"), isolation_level=None, timeout=5)
        db.execute("pragma synchronous=off")
        return db

    def hit(self) -> None:
        """Raise it in a transaction that takes the right to write at its start."""
        db = self.open()
        db.execute("begin immediate")
        (n,) = db.execute("select n from hits").fetchone()
        db.execute("update hits set n = ?", (n + 1,))
        db.execute("commit")
        db.close()

    def counts_two(self) -> None:
        """Complain of lost hits."""
        db = self.open()
        (n,) = db.execute("select n from hits").fetchone()
        db.close()
        assert n == 2


def test_a_locked_database_is_waited_for() -> None:
    """Who finds SQLite's database locked waits while the others go on, as its busy time-out promises."""
    result = explore(Hits, [Hits.hit, Hits.hit], Hits.counts_two, max_schedules=40, safety_s=120)
    assert result.counterexample is None, result.counterexample
    assert result.outcome == "not refuted", result.reason


def test_the_library_is_put_back() -> None:
    """After an exploration, Python's own functions are as they were: a connection sends, a scheduler sleeps."""
    methods = vars(connection.Connection)
    functions = (methods["_recv"], methods["_send"], vars(sched.scheduler)["__init__"])
    before = [function.__defaults__ for function in functions]
    explore(SimpleNamespace, [nothing, nothing], nothing)
    assert [function.__defaults__ for function in functions] == before
    assert all(before)


def test_what_was_there_before_is_not_lost(tmp_path: Path) -> None:
    """What a run has made is removed; what it moves into that, or removes to write it anew, is still there."""
    for name in ("moved", "rewritten"):
        (tmp_path / name).write_text(name, encoding="utf-8")

    def make(_: Any) -> None:
        (tmp_path / "made" / "deep").mkdir(parents=True, exist_ok=True)

    explore(SimpleNamespace, [make, nothing], nothing)
    assert not (tmp_path / "made").exists()

    def move(_: Any) -> None:
        make(None)
        os.replace(tmp_path / "moved", tmp_path / "made" / "moved")

    explore(SimpleNamespace, [move, nothing], nothing)
    assert (tmp_path / "made" / "moved").read_text(encoding="utf-8") == "moved"

    def rewrite(_: Any) -> None:
        (tmp_path / "rewritten").unlink()
        (tmp_path / "rewritten").write_text("new", encoding="utf-8")

    explore(SimpleNamespace, [rewrite, nothing], nothing)
    assert (tmp_path / "rewritten").read_text(encoding="utf-8") == "new"
