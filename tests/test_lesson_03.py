"""Lesson 3: what its experiments show exactly."""

from __future__ import annotations

from conftest import Language
from experiments import run_of


def test_hello_has_a_timeline(language: Language) -> None:
    """The timeline of hello has a lane for the main thread and one for each worker, with the ids of the table."""
    recording = run_of("hello", language.runtime).recording
    lanes = {event["tid"] for event in recording.events if event["ph"] == "X"}
    started = [row for row in recording.rows if "worker_id" in row]
    assert lanes == {row["worker_id"] for row in started} | {row["main_id"] for row in started}
    assert {event["cat"] for event in recording.events if event["ph"] == "X"} == {"starting", "running", "waiting"}
