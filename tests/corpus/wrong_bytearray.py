"""Two threads that claim the first free byte claim the same."""

EXPECT = "check"


class Slots:
    def __init__(self):
        self.used = bytearray(2)
        self.claimed = []

    def claim(self):
        free = self.used.index(0)
        self.used[free] = 1
        self.claimed.append(free)


setup = Slots
THREADS = [Slots.claim, Slots.claim]


def check(slots):
    assert sorted(slots.claimed) == [0, 1], f"claimed {slots.claimed}"
