"""A shared list is spread into a call twice, and both are expected to be alike."""

EXPECT = "check"


class Box:
    def __init__(self):
        self.items = [1]
        self.seen = (0, 0)


setup = Box


def total(*numbers):
    return sum(numbers)


def look(box):
    items = box.items
    first = total(*items)
    second = total(*items)
    box.seen = (first, second)


def put(box):
    box.items.append(2)


THREADS = [look, put]


def check(box):
    assert box.seen[0] == box.seen[1], "the box changed between two looks"
