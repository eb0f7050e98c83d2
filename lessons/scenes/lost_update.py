"""Two doors, one counter of visitors. Each door counts the visitor who comes through it."""


class Counter:
    def __init__(self):
        self.visitors = 0


def door(counter):
    seen = counter.visitors
    counter.visitors = seen + 1


setup = Counter
threads = [door, door]


def memory(counter):
    return {"visitors": [counter.visitors]}
