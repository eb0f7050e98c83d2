"""What an exercise's `checks.py` imports: how to say that something is wrong, and for whom a check is.

A check is a function `test_<name>(subject)` whose docstring is the sentence the learner reads. It passes by
returning, and raises Failure (wrong) or Unchecked (could not be found out).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from mtlearn.grading.evidence import Ran
from mtlearn.grading.subject import Subject
from mtlearn.grading.verdict import Failure, NoAnswer, Unchecked

__all__ = ["Failure", "NoAnswer", "Ran", "Subject", "Unchecked", "expect", "only"]

Check = TypeVar("Check", bound=Callable[..., Any])


def only(runtime: str) -> Callable[[Check], Check]:
    """Mark a check that is about one language."""

    def mark(check: Check) -> Check:
        check.only = runtime  # type: ignore[attr-defined]
        return check

    return mark


def expect(right: bool, message: str, help: str = "") -> None:
    """Raise Failure with the message unless `right`."""
    if not right:
        raise Failure(message, help)
