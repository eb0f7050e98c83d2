"""mtlearn.errors and mtlearn.encoding: what is said when something goes wrong, on whatever terminal."""

from __future__ import annotations

import io

import pytest

from mtlearn.encoding import accept_everything
from mtlearn.errors import ExitCode, MtlearnError, reason, tell, unknown_name


def test_message_cause_and_fix() -> None:
    """An error is a message, its cause and its fix, one line each."""
    assert str(MtlearnError("It broke.", "Too old.", "Buy a new one.")) == (
        "It broke.\n  cause: Too old.\n  fix:   Buy a new one."
    )


def test_exit_codes() -> None:
    """The exit codes are those the README promises; an error is about usage unless it says otherwise."""
    assert {code.name: code.value for code in ExitCode} == {
        "OK": 0, "FAILED": 1, "USAGE": 2, "ENVIRONMENT": 3, "INTERRUPTED": 130}  # fmt: skip
    assert MtlearnError("", "", "").exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("rase", "Did you mean `race`? `mtlearn demo --list` shows them all."),
        ("RACE", "Did you mean `race`? `mtlearn demo --list` shows them all."),
        ("zzzz", "`mtlearn demo --list` shows them all."),
        ("", "`mtlearn demo --list` shows them all."),
    ],
)
def test_an_unknown_name(name: str, fix: str) -> None:
    """An unknown name is told with the nearest one, where there is one near."""
    told = unknown_name("demo", name, ["race", "lock"], "mtlearn demo --list")
    assert told.message == f"There is no demo `{name}`."
    assert told.cause == "The demos are: race, lock."
    assert told.fix == fix


def test_an_unknown_name_among_many() -> None:
    """Where there are very many names, they are not all written out."""
    told = unknown_name("demo", "x", map(str, range(100)), "mtlearn demo --list")
    assert told.cause == "None of the 100 demos has that name."


def test_the_systems_reason() -> None:
    """The system's reason is told without its number."""
    assert reason(PermissionError(13, "Permission denied")) == "Permission denied"
    assert reason(OSError()) == "OSError"


def test_diagnostics_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    """Diagnostics go to stderr, results do not."""
    tell("something")
    assert capsys.readouterr() == ("", "something\n")


def written(text: str, encoding: str) -> bytes:
    """The bytes that a stream of this encoding writes."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    accept_everything(stream)
    stream.write(text)
    stream.flush()
    return raw.getvalue()


@pytest.mark.parametrize("encoding", ["ascii", "US-ASCII", "latin-1", "cp437"])
def test_an_encoding_that_lacks_characters(encoding: str) -> None:
    """Where the encoding lacks a character, a plain one stands for it; unknown ones become a question mark."""
    assert written("→ ≥ “x” …", "ascii") == b'-> >= "x" ...'
    assert written("✓ 漢", encoding)[-1:] == b"?"


def test_ascii_substitutes() -> None:
    """Good and bad can be told apart in ASCII too."""
    assert written("✓ ✗ ? · ─ × µ", "ascii") == b"+ x ? - - x u"


def test_utf8_stays_as_it_is() -> None:
    """UTF-8 is left alone, but for a lone surrogate, as a file name may have one."""
    assert written("✓ ×", "utf-8") == "✓ ×".encode()
    assert written("\udce9", "utf-8") == b"?"
