"""Without a barrier the second half starts before the first is done."""

EXPECT = "check"


class Halves:
    def __init__(self):
        self.first = [0, 0]
        self.second = [0, 0]

    def run(self, index):
        self.first[index] = 1
        self.second[index] = sum(self.first)


setup = Halves
THREADS = [lambda halves: halves.run(0), lambda halves: halves.run(1)]


def check(halves):
    assert halves.second == [2, 2], f"the second half saw {halves.second}"
