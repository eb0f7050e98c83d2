"""Three threads read a table that nobody changes, and add to a total under a lock."""

import threading


class Total:
    def __init__(self):
        self.prices = {"tea": 2, "milk": 1}
        self.order = [("tea", 2), ("milk", 1)]
        self.value = 0
        self.lock = threading.Lock()


setup = Total


def add(total):
    total_price = 0
    for name, number in total.order:
        total_price += total.prices[name] * number
    with total.lock:
        total.value += total_price


THREADS = [add, add]


def check(total):
    assert total.value == 10
