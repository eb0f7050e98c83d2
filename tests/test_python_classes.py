"""What is known of a class."""

from __future__ import annotations

import threading
from types import SimpleNamespace

from mtlearn.interleave.python.classes import Classes


def test_a_class_that_gets_a_method_later_is_looked_at_again() -> None:
    """A class is looked at once, whatever its metaclass says of hashes, and again when a method was added to it."""

    class Odd(type):
        def __hash__(cls) -> int:
            raise AssertionError("the program's own code must not run")

        def __eq__(cls, other: object) -> bool:
            raise AssertionError("the program's own code must not run")

    class Counter(metaclass=Odd):
        count = 0

    asked = 0

    def stepped(code: object, names: object) -> bool:
        nonlocal asked
        asked += 1
        return names is globals()

    classes = Classes(stepped)
    assert [classes.is_own(Counter), classes.is_own(threading.Event), classes.is_own(SimpleNamespace)] == [
        False,
        False,
        True,
    ]
    before = asked
    assert not classes.is_own(threading.Event)
    assert asked == before
    Counter.add = lambda self: None  # type: ignore[attr-defined]
    assert classes.is_own(Counter)
