"""Numbers out of one generator expression, for two threads."""

EXPECT = "exception"


class Ids:
    def __init__(self):
        self.ids = (number * 2 for number in range(9))
        self.taken = []

    def take(self):
        for number in self.ids:
            self.taken.append(number)
            break


setup = Ids
THREADS = [Ids.take, Ids.take]


def check(ids):
    assert sorted(ids.taken) == [0, 2], f"{ids.taken}"
