"""The explorer's verdicts on small programs, right and wrong, in tests/corpus.

Each program has `setup`, `THREADS` and `check`; a wrong one says in `EXPECT` how it must end.
"""

from __future__ import annotations

import importlib.util
import platform
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from mtlearn.interleave import Result, explore

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.py"))
RIGHT = [path.stem for path in CORPUS if path.stem.startswith("right_")]
WRONG = [path.stem for path in CORPUS if path.stem.startswith("wrong_")]
SCHEDULES = 1_500

Record = Callable[[str, object], None]


@cache
def program(name: str) -> ModuleType:
    """Load a program of the corpus."""
    path = Path(__file__).parent / "corpus" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"corpus_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def verdict(name: str) -> Result:
    """Explore a program once."""
    return explored(name, SCHEDULES)


def explored(name: str, schedules: int) -> Result:
    """Explore a program. The clock is given much room: a loaded machine must not change a verdict."""
    module = program(name)
    return explore(module.setup, module.THREADS, module.check, max_schedules=schedules, safety_s=120)


def wrong(name: str) -> str | None:
    """Say what is wrong with the verdict on a program, None if it is right."""
    result = verdict(name)
    kind = result.counterexample.kind if result.counterexample else None
    expected = getattr(program(name), "EXPECT", None)
    if kind != expected or result.outcome == "unchecked":
        return f"{name}: {result.outcome} ({kind or result.reason}), expected {expected or 'right'}"
    return None


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_program_is_refuted(name: str, record_property: Record) -> None:
    """A wrong program is refuted, in the way its mistake shows, with the steps that lead there."""
    mistake = wrong(name)
    record_property("corpus", [f"Python {platform.python_version()}", "wrong", mistake])
    assert mistake is None
    found = verdict(name).counterexample
    assert found is not None
    assert found.message
    assert found.steps or found.waiting


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_program_is_not_refuted(name: str, record_property: Record) -> None:
    """A right program is never called wrong, and never left unchecked."""
    mistake = wrong(name)
    record_property("corpus", [f"Python {platform.python_version()}", "right", mistake])
    assert mistake is None


def test_the_corpus_is_large() -> None:
    """There are programs of every kind that the explorer must reach."""
    assert len(WRONG) >= 50
    assert len(RIGHT) >= 30


@pytest.mark.parametrize("name", ["right_transfer_ordered", "right_condition", "wrong_lost_wakeup"])
def test_a_verdict_repeats(name: str) -> None:
    """Explored again, a program has the same verdict after the same number of schedules."""
    first = explored(name, 300)
    for _ in range(5):
        again = explored(name, 300)
        assert (again.outcome, again.schedules) == (first.outcome, first.schedules)
        assert again.counterexample == first.counterexample
