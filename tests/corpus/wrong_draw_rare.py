"""Two cleaners each draw one slot of eighty and take it: nearly all draws do not meet."""

import random

EXPECT = "check"


class Slots:
    def __init__(self) -> None:
        self.taken: list[int] = []

    def take(self) -> None:
        self.taken.append(random.randrange(80))


setup = Slots
THREADS = [Slots.take, Slots.take]


def check(slots: Slots) -> None:
    assert len(set(slots.taken)) == 2, f"both took {slots.taken[0]}"
