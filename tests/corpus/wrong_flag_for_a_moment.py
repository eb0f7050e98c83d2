"""A flag in a list is set and taken back; who looks at that moment takes the wrong branch."""

EXPECT = "check"


class Flags:
    def __init__(self):
        self.flags = [False]
        self.wrong = False


setup = Flags


def blink(state):
    state.flags[0] = True
    state.flags[0] = False


def look(state):
    flags = state.flags
    if not flags[0] and flags[0]:
        state.wrong = True


THREADS = [blink, look]


def check(state):
    assert not state.wrong, "the flag changed between two looks"
