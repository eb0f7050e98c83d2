# belief: when every access is locked, what is made of them is safe
# beliefs: 16
# fails: adds_are_not_lost
# says: lost
# shows: an interleaving

# A reads 0 and unlocks; B reads 0, writes 1; A writes 1. The lock was free between the two accesses.

import threading


class SharedCounter:
    def __init__(self):
        self._lock = threading.Lock()
        self._value = 0

    @property
    def value(self):
        with self._lock:
            return self._value

    @value.setter
    def value(self, value):
        with self._lock:
            self._value = value

    def add(self, n=1):
        self.value = self.value + n


def transfer(accounts, source, target, amount):
    check(accounts, source, target, amount)
    if source == target:
        return True
    first, second = sorted((source, target))
    with accounts[first].lock, accounts[second].lock:
        return move(accounts[source], accounts[target], amount)


def check(accounts, source, target, amount):
    if not isinstance(amount, int) or amount < 1:
        raise ValueError("amount must be a whole number of at least 1")
    if not (0 <= source < len(accounts) and 0 <= target < len(accounts)):
        raise ValueError("there is no such account")


def move(giver, taker, amount):
    if giver.balance < amount:
        return False
    giver.balance -= amount
    taker.balance += amount
    return True
