"""Runs of demos, shared by the tests that look at them."""

from __future__ import annotations

from functools import cache

from mtlearn.course.content import load
from mtlearn.experiment import Run, experiment
from mtlearn.lab.cores import cores_free
from mtlearn.lab.runtime import Runtime


@cache
def run_of(name: str, runtime: Runtime, **params: float) -> Run:
    """One run of a demo, with these parameters instead of its own where any are given."""
    lesson, demo = load().demo(name)
    return experiment(lesson, demo, runtime, params or demo.params(None, None), cores_free())
