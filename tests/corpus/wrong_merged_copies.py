"""What is made anew of the old and the change loses what another has changed meanwhile."""

from types import SimpleNamespace

EXPECT = "check"


def setup():
    return SimpleNamespace(names={})


def one(state):
    state.names = state.names | {"a": 1}


def two(state):
    state.names = {**state.names, "b": 2}


THREADS = [one, two]


def check(state):
    assert state.names == {"a": 1, "b": 2}, f"{state.names}"
