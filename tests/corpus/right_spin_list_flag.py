"""A flag in a list is spun on; nobody changes the list until the other thread comes to it."""

EXPECTED = [1, True]


class State:
    def __init__(self):
        self.cells = [0, False]
        self.seen = None


setup = State


def wait(state):
    while not state.cells[1]:
        pass
    state.seen = list(state.cells)


def give(state):
    state.cells[0] = 1
    state.cells[1] = True


THREADS = [wait, give]


def check(state):
    assert state.seen == EXPECTED, f"{state.seen} was seen"
