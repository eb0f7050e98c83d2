"""A fixture for pytest: `interleave(setup, threads, check)` explores, and fails with what breaks the program."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from mtlearn.interleave.result import Result


@pytest.fixture
def interleave() -> Callable[..., Result]:
    """Give what explores a program as `mtlearn.interleave.explore` does, and fails the test unless that goes well."""

    def run(*program: Any, **budget: Any) -> Result:
        from mtlearn.interleave import explore

        result = explore(*program, **budget)
        if result.outcome in ("refuted", "unchecked"):
            pytest.fail(str(result), pytrace=False)
        return result

    return run
