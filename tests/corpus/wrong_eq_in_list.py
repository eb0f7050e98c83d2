"""`in` compares with each object by a method of theirs: the list may be changed meanwhile."""

EXPECT = "check"


class Seat:
    def __init__(self, number):
        self.number = number

    def __eq__(self, other):
        return self.number == other.number

    __hash__ = None


class Hall:
    def __init__(self):
        self.free = [Seat(1), Seat(2)]
        self.found = True

    def look(self):
        self.found = Seat(2) in self.free

    def sell(self):
        self.free.pop(0)


setup = Hall
THREADS = [Hall.look, Hall.sell]


def check(hall):
    assert hall.found, "seat 2 was free all the time"
