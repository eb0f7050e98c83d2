"""How the checks of exercise 5 tell what they saw."""

from mtlearn.grading.checks import Failure, Ran, Subject, expect
from mtlearn.grading.stateful.script import listed, written


def released(outcome, what):
    if held := outcome["held"]:
        raise Failure(
            f"After {what}, the lock of account {listed(held)} is still held: the next transfer on it waits for ever.",
            "An exception or an early return skips the release: `with lock:` or `finally` does not.",
        )


def called(subject: Subject, call):
    first = {"python": "accounts", "node": "memory"}[subject.runtime]
    return f"transfer({', '.join([first, *(written(subject.runtime, value) for value in call)])})"


def after(ran: Ran, balances):
    return ran.memory["memory"][: len(balances)]


def none_is_lost(told, count, help):
    updates = "one update was" if count == 1 else f"{count} updates were"
    expect(count <= 0, f"{told}: {updates} lost.", help)
    expect(count == 0, f"{told}: {-count} more than was added.", help)
