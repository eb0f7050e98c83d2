"""mtlearn.errors and mtlearn.system.encoding: what is said when something goes wrong, on whatever terminal."""

from __future__ import annotations

import io

import pytest

from mtlearn.errors import ExitCode, MtlearnError, nearest, reason, tell, unknown_name
from mtlearn.system.encoding import accept_everything


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
        ("rase", "Did you mean `race`? mtlearn demo race"),
        ("RACE", "Did you mean `race`? mtlearn demo race"),
        ("zzzz", "mtlearn demo --list, which shows them all"),
        ("", "mtlearn demo --list, which shows them all"),
    ],
)
def test_an_unknown_name(name: str, fix: str) -> None:
    """An unknown name is reported with the command for the nearest one, where there is one near."""
    told = unknown_name("demo", name, ["race", "lock"], "mtlearn demo", "mtlearn demo --list")
    assert told.message == f"There is no demo `{name}`."
    assert told.cause == "None of the 2 demos is called that."
    assert told.fix == fix


@pytest.mark.parametrize(
    ("known", "fix"),
    [
        (["python", "node"], "Choose python or node."),
        (["exercise-1", "exercise-2", "exercise-10"], "Choose one of exercise-1 to exercise-10."),
    ],
)
def test_an_unknown_name_without_a_list(known: list[str], fix: str) -> None:
    """Where no command lists the names, the error does."""
    assert unknown_name("thing", "zzzz", known, "mtlearn").fix == fix


def test_a_number_is_never_another() -> None:
    """A misspelt name with a number is taken for the one with that number, or for none."""
    known = [f"exercise-{number}" for number in range(1, 11)]
    assert (nearest("exercice-6", known), nearest("exercice-66", known)) == (["exercise-6"], [])


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
