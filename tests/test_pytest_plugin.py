"""The pytest fixture that explores."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

TESTS = """
import threading

class Counter:
    def __init__(self):
        self.value, self.lock = 0, threading.Lock()
    def add(self):
        self.value += 1
    def add_locked(self):
        with self.lock:
            self.value += 1

def check(counter):
    assert counter.value == 2

def test_wrong(interleave):
    interleave(Counter, [Counter.add, Counter.add], check)

def test_right(interleave):
    assert interleave(Counter, [Counter.add_locked] * 2, check).exhausted
"""


def test_a_race_fails_with_its_interleaving(pytester: pytest.Pytester) -> None:
    """A test of a racy class fails and shows the order of steps; one of a right class passes."""
    pytester.makepyfile(TESTS)
    ran = pytester.runpytest_subprocess("-p", "mtlearn.interleave.pytest_plugin", "-p", "no:cacheprovider")
    ran.assert_outcomes(passed=1, failed=1)
    ran.stdout.fnmatch_lines(["refuted: *", "*Thread A*self.value += 1*", "*Thread B*self.value += 1*"])
