# belief: a list refuses every index it does not have, and how it does so is fine
# fails: indices_are_checked
# says: should be a ValueError or a TypeError

# -1 is the last account, so the money comes from somebody else; and beyond the end, an IndexError is no
# ValueError.

import threading


class SharedCounter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def add(self, n=1):
        with self._lock:
            self.value += n


def transfer(accounts, source, target, amount):
    check(amount)
    giver, taker = accounts[source], accounts[target]
    if giver is taker:
        return True
    first, second = (giver, taker) if source < target else (taker, giver)
    with first.lock, second.lock:
        return move(giver, taker, amount)


def check(amount):
    if not isinstance(amount, int) or amount < 1:
        raise ValueError("amount must be a whole number of at least 1")


def move(giver, taker, amount):
    if giver.balance < amount:
        return False
    giver.balance -= amount
    taker.balance += amount
    return True
