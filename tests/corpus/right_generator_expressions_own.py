"""Each thread sums what a lock lets it see, by an expression of its own."""

import threading


class Accounts:
    def __init__(self):
        self.lock = threading.Lock()
        self.balances = {"a": 3, "b": 4}
        self.sums = []

    def total(self):
        with self.lock:
            self.balances["a"] -= 1
            self.balances["b"] += 1
            self.sums.append(sum(balance for balance in self.balances.values()))


setup = Accounts
THREADS = [Accounts.total, Accounts.total]


def check(accounts):
    assert accounts.sums == [7, 7]
