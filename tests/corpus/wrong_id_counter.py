"""Numbers given out from a counter are given twice."""

EXPECT = "check"


class Ids:
    def __init__(self):
        self.next = 0
        self.given = []

    def take(self):
        number = self.next
        self.next = number + 1
        self.given.append(number)


setup = Ids
THREADS = [Ids.take, Ids.take]


def check(ids):
    assert len(set(ids.given)) == 2, f"the numbers given are {ids.given}"
