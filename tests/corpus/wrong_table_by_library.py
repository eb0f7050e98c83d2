"""A table is sorted in place by the library while another looks twice at its first item."""

import heapq

EXPECT = "check"


class Table:
    def __init__(self):
        self.rows = [3, 2, 1]
        self.seen = (0, 0)


setup = Table


def look(table):
    rows = table.rows
    first = rows[0]
    again = rows[0]
    table.seen = (first, again)


def order(table):
    heapq.heapify(table.rows)


THREADS = [look, order]


def check(table):
    assert table.seen[0] == table.seen[1], "the first row changed between two looks"
