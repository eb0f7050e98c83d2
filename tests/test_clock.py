"""A budget of time that a busy machine does not cut short."""

import os

import pytest

from mtlearn.system.clock import MOST, LoadedClock

CORES = os.cpu_count() or 1


@pytest.mark.parametrize(
    ("load", "passed"), [(0, 60), (CORES, 60), (3 * CORES, 20), (1_000 * CORES, 60 / MOST)], ids=str
)
def test_a_busy_machine_has_more_time(load: float, passed: float) -> None:
    """A minute counts in full while there is a processor for everybody, and for its share where there is not."""
    now = [0.0]
    clock = LoadedClock(lambda: load, lambda: now[0])
    now[0] = 60
    assert clock() == pytest.approx(passed)


def test_it_goes_by_what_the_load_is_now() -> None:
    """What has passed stays as it was, when the machine gets busy later."""
    now, load = [0.0], [0.0]
    clock = LoadedClock(lambda: load[0], lambda: now[0])
    now[0] = 10
    assert clock() == 10
    load[0] = 10 * CORES
    now[0] = 20
    assert clock() == 11
