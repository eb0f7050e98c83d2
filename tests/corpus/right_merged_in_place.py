"""What is changed in place is stored where it was: nothing gets lost."""

from types import SimpleNamespace


def setup():
    return SimpleNamespace(names={}, numbers=[])


def add(name, number):
    def work(state):
        state.names |= {name: number}
        state.numbers += [number]

    return work


THREADS = [add("a", 1), add("b", 2)]


def check(state):
    assert state.names == {"a": 1, "b": 2}, f"{state.names}"
    assert sorted(state.numbers) == [1, 2], f"{state.numbers}"
