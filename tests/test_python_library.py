"""Which code of the standard library is stepped through, and what a verdict says of the rest."""

from __future__ import annotations

import re
import tempfile
import threading
from typing import Any

from mtlearn.interleave import explore
from mtlearn.interleave.python.treatment import ONCE, STEPPED, TOLD, WHOLE, treatment_of


class Spooled:
    """A temporary file that two threads share."""

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(max_size=100)  # noqa: SIM115

    def write(self) -> None:
        """Write a letter."""
        self.file.write(b"a")


def nothing(_state: Any) -> None:
    """Accept everything."""


def test_what_is_one_step_and_keeps_something_is_told() -> None:
    """A shared object whose methods are not stepped through leaves nothing proven, and the verdict names the method."""
    result = explore(Spooled, [Spooled.write, Spooled.write], nothing)
    assert result.outcome == "not refuted"
    assert "the steps within tempfile.SpooledTemporaryFile.write" in result.left_out
    assert "SpooledTemporaryFile.write" in str(result)


def test_what_keeps_nothing_is_one_step() -> None:
    """A function of its arguments alone takes nothing from a proof."""

    class Words:
        def __init__(self) -> None:
            self.lock, self.found = threading.Lock(), 0

        def count(self) -> None:
            with self.lock:
                self.found += len(re.sub("[^a]", "", "banana"))

    def six(words: Words) -> None:
        assert words.found == 6

    result = explore(Words, [Words.count, Words.count], six)
    assert (result.outcome, result.left_out) == ("proven", ())


def test_a_name_says_how_a_function_is_treated() -> None:
    """The longest beginning that is known tells, and what is private in a later version is the same module."""
    assert treatment_of("contextlib", "ExitStack.close") is STEPPED
    assert treatment_of("contextlib", "closing.__exit__") is WHOLE
    assert treatment_of("warnings", "catch_warnings.__enter__") is ONCE
    assert treatment_of("unittest.mock", "CallableMixin.__call__") is STEPPED
    assert treatment_of("unittest.case", "TestCase.run") is TOLD
    assert treatment_of("pathlib._local", "Path.write_text") is treatment_of("pathlib", "Path.write_text")
