# belief: a balance may go below zero for a while
# fails: balance_is_checked
# says: should return False

import threading


class SharedCounter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def add(self, n=1):
        with self._lock:
            self.value += n


def transfer(accounts, source, target, amount):
    check(accounts, source, target, amount)
    if source == target:
        return True
    first, second = sorted((source, target))
    with accounts[first].lock, accounts[second].lock:
        accounts[source].balance -= amount
        accounts[target].balance += amount
        return True


def check(accounts, source, target, amount):
    if not isinstance(amount, int) or amount < 1:
        raise ValueError("amount must be a whole number of at least 1")
    if not (0 <= source < len(accounts) and 0 <= target < len(accounts)):
        raise ValueError("there is no such account")
