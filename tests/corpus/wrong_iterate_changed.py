"""A dict that is iterated while another thread adds to it."""

EXPECT = "exception"


class Table:
    def __init__(self):
        self.rows = {"a": 1}
        self.total = 0

    def add(self):
        self.rows["b"] = 2

    def sum(self):
        total = 0
        for name in self.rows:
            total += self.rows[name]
        self.total = total


setup = Table
THREADS = [Table.sum, Table.add]


def check(_):
    pass
