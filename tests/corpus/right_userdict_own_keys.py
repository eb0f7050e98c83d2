"""Each thread has its own key in a UserDict."""

from collections import UserDict


class Table:
    def __init__(self):
        self.rows = UserDict()

    def put(self, key):
        self.rows[key] = self.rows.get(key, 0) + 1


setup = Table
THREADS = [lambda table: table.put("a"), lambda table: table.put("b")]


def check(table):
    assert dict(table.rows) == {"a": 1, "b": 1}
