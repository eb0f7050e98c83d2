"""The sentence on what went wrong."""

from __future__ import annotations

from dataclasses import replace

from mtlearn.interleave.explain import explain
from mtlearn.interleave.node.decoder import holder_of
from mtlearn.interleave.trace import Interleaving, Step, Waiting


def step(thread: int, operation: str, value: str | None = None, location: str = "counter.value") -> Step:
    """Make a step."""
    return Step(thread, "exercise.py", 7, "self.value += 1", operation, location, value)


LOST = Interleaving(
    "python", "check", "the counter is 1", ("Thread A", "Thread B"),
    (step(0, "read", "0"), step(1, "read", "0"), step(1, "write", "1"), step(0, "write", "1")),
    (), (0, 1, 1, 0), 1,
)  # fmt: skip


def waiting(thread: int, location: str, holder: int | None) -> Waiting:
    """Make a thread that waits."""
    return Waiting(thread, "exercise.py", 3 + thread, "with lock:", location, "lock", holder)


def test_a_lost_increment_is_named() -> None:
    """A lost update is reported with both threads, both values and the place."""
    assert explain(LOST) == (
        "Thread A wrote 1 over Thread B's 1 in counter.value, because it had read 0 before: one increment is lost."
    )


def test_a_write_over_one_it_had_seen_is_no_lost_update() -> None:
    """Where each thread read what it wrote over, no update is said to be lost."""
    fair = (step(0, "read", "0"), step(0, "write", "1"), step(1, "read", "1"), step(1, "write", "2"))
    assert "lost" not in explain(replace(LOST, steps=fair))


def test_the_same_written_twice_loses_nothing() -> None:
    """True over True is no lost update, and neither is a constant that overwrites whatever was there."""
    steps = (step(0, "read", "False"), step(1, "write", "True"), step(0, "write", "True"))
    assert "lost" not in explain(replace(LOST, steps=steps))
    reset = replace(step(0, "write", "0"), source="self.value = 0")
    assert "lost" not in explain(replace(LOST, steps=(step(0, "read", "0"), step(1, "write", "5"), reset)))


def test_a_look_changes_nothing() -> None:
    """A get, or a method of which nothing is known, has not changed what another looked at."""
    for location in ("cache.get", "cache.refresh"):
        steps = (step(0, "read", "{}", "cache"), step(1, "call", None, location), step(0, "write", "1", "n"))
        assert explain(replace(LOST, steps=steps)) == ""


def test_a_neighbour_is_not_the_place() -> None:
    """Another attribute of the same object is another place."""
    steps = (step(0, "read", "1", "s.a"), step(1, "write", "2", "s.b"), step(0, "write", "3", "s.c"))
    assert explain(replace(LOST, steps=steps)) == ""


def test_who_looks_again_is_not_stale() -> None:
    """A thread that reads the place again after the change does not go on with what it had seen."""
    steps = (
        step(0, "read", "1", "s.a"),
        step(1, "write", "2", "s.a"),
        step(0, "read", "2", "s.a"),
        step(0, "write", "3", "s.c"),
    )
    assert explain(replace(LOST, steps=steps)) == ""


def test_a_circle_of_locks_is_told() -> None:
    """A deadlock names what each thread waits for and who holds it."""
    found = replace(LOST, kind="deadlock", waiting=(waiting(0, "b", 1), waiting(1, "a", 0)))
    assert explain(found) == (
        "Thread A waits for b, which Thread B holds; Thread B waits for a, which Thread A holds: nobody can go on."
    )


def test_a_lock_taken_twice_is_told() -> None:
    """A thread that waits for its own lock is reported as such."""
    found = replace(LOST, kind="deadlock", waiting=(waiting(0, "lock", 0), waiting(1, "lock", 0)))
    assert explain(found) == "Thread A waits for lock, which it holds itself."


def test_a_wait_without_a_waker_is_told() -> None:
    """A thread that nobody can wake is reported with its line."""
    found = replace(LOST, kind="deadlock", waiting=(waiting(0, "ready", None),))
    assert explain(found) == "Thread A waits in line 3 (with lock:): nobody is left to wake it."


def test_a_stale_look_is_told() -> None:
    """A thread that went on with what it had seen before another changed it."""
    steps = (
        step(0, "read", "{}", "cache"),
        step(1, "write", None, "cache['a']"),
        step(0, "call", None, "made.append"),
    )
    assert explain(replace(LOST, steps=steps)).startswith("Thread A looked at cache in line 7, then Thread B changed")


def test_a_count_is_nobody_s_lock() -> None:
    """Nobody holds a word that is counted up; one that goes from 0 to 1 is held by who did it."""

    def changes(*values: str) -> list[Step]:
        return [Step(0, "a.mjs", 1, "", "exchange", "word[0]", value) for value in values]

    assert holder_of("word[0]", changes("0 → 1")) == 0
    assert holder_of("word[0]", changes("0 → 1", "1 → 2")) == 0
    assert holder_of("word[0]", changes("0 → 1", "1 → 0")) is None
    assert holder_of("word[0]", changes("0 → 1", "1 → 2", "2 → 3")) is None


def test_who_waits_for_a_thread_waits_for_its_end() -> None:
    """A join is told as waiting for a thread to end, not for something that it holds."""
    waiting = Waiting(0, "a.py", 1, "thread.join()", "Thread B", "join", 1)
    assert waiting.told(("Thread A", "Thread B")) == "waits for Thread B to end"
