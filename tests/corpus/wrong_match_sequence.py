"""A list is matched twice; another thread fills it between."""

EXPECT = "check"


class Queue:
    def __init__(self):
        self.items = []
        self.odd = False

    def put(self):
        self.items.append(1)

    def look(self):
        items = self.items
        first = second = "?"
        match items:
            case []:
                first = "empty"
        match items:
            case [_]:
                second = "one"
        if first == "empty" and second == "one":
            self.odd = True


setup = Queue
THREADS = [Queue.put, Queue.look]


def check(queue):
    assert not queue.odd, "empty and not empty"
