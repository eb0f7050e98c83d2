"""Lesson 4: what its experiments show exactly."""

from __future__ import annotations

from conftest import Language
from experiments import run_of


def test_a_small_stream_is_whole(language: Language) -> None:
    """A stream with other parameters than usual shows every message once, on as many workers as asked for."""
    recording = run_of("stream", language.runtime, threads=2, messages=4).recording
    assert recording.reason is None
    for row in recording.rows:
        assert (row["messages"], len(set(row["threads"]))) == (4 * 17, 2)
        assert 0 <= row["overtaken"] < row["messages"]
        assert 0 < row["p50"] <= row["p95"] <= row["p99"]


def test_a_small_flood_is_exact(language: Language) -> None:
    """A flood of few messages has all of them waiting at once, and the limit is kept to the message."""
    recording = run_of("flood", language.runtime, messages=300).recording
    assert recording.reason is None
    assert [(row["sent"], row["received"], row["waiting"]) for row in recording.rows] == [
        (300, 300, 300),
        (300, 300, 100),
    ]
