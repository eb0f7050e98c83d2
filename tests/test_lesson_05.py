"""Lesson 5: what its experiments show exactly."""

from __future__ import annotations

import pytest
from conftest import Language
from experiments import run_of

# Whatever else happens, these lose nothing, on any machine, in any run.
SAFE = {
    "Atomics.add", "mutex (wait/notify)", "one owner, messages", "one owner and a queue", "x += 1",
    "with lock: read, sleep(0), write", "2 processes: with lock: += 1", "with lock: read, write | barrier",
    "lock: read, write | barrier", "compareExchange loop", "threading.Lock", "multiprocessing.Lock",
    "atomics: fetch_add", "atomics: cmpxchg loop", "lock of a threading.Condition",
}  # fmt: skip


@pytest.mark.parametrize("name", ["race", "staged-race", "atomics", "lock"])
def test_safe_variants_lose_nothing(name: str, language: Language) -> None:
    """Every variant runs on as many threads as asked for, its losses add up, and the safe ones lose nothing."""
    run = run_of(name, language.runtime)
    for row in run.measured.rows:
        if "skipped" in row:
            continue
        variant = row["variant"]
        assert len(set(row["threads"])) == len(row["threads"]) >= 2 - ("owner" in variant)
        assert row["actual"] + row["lost"] == row["expected"] > 0
        assert row["lost_share"] == pytest.approx(row["lost"] / row["expected"], abs=1e-4)
        if variant in SAFE and not (variant == "x += 1" and run.measured.gil is False):
            assert row["lost"] == 0, variant


def test_staged_race_is_exact(language: Language) -> None:
    """The race on order loses exactly half, on every run."""
    rows = run_of("staged-race", language.runtime).measured.rows
    assert [(row["expected"], row["lost"]) for row in rows] == [(2000, 1000), (2000, 0)]


def test_what_is_ordered_is_seen_in_order(language: Language) -> None:
    """With a lock, or with Atomics, nobody sees a flag without its data, and two that write first never both miss."""
    run = run_of("happens-before", language.runtime, seconds=0.1)
    for row in run.measured.rows:
        assert row["rounds"] > 0
        if "plain" not in row["variant"] or run.measured.gil:
            assert row["wrong"] == 0, row["variant"]


def test_a_semaphore_lets_two_in(language: Language) -> None:
    """A semaphore of two has two threads inside at once, never three, and does not keep a counter right."""
    [row] = [row for row in run_of("lock", language.runtime).measured.rows if "emaphore" in row["variant"]]
    assert row["most_inside"] == 2
    assert row["lost"] > 0


def test_every_order_of_steps_is_run(language: Language) -> None:
    """Both runtimes count the same orders: binomials without a lock; with one, a class for each sequence of turns."""
    rows = {row["variant"]: row for row in run_of("orders", language.runtime).measured.rows}
    told = {name: (row["orders"], row["few"], row["classes"], row["wrong"]) for name, row in rows.items()}
    assert told["a word each, 3 each"] == (924, 62, 1, 0)
    assert told["one word, 2 each"] == (70, 26, 34, 64)
    assert told["one word, locked, 3 each"] == (19_320, 152, 20, 0)
    assert not any(row["mixed"] for row in rows.values())
