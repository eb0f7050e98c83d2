# belief: with two locks the order does not matter, as long as both are taken
# fails: opposite_transfers_end
# says: Deadlock
# shows: an interleaving

# A (0 to 1) takes lock 0, B (1 to 0) takes lock 1; now A waits for lock 1 and B for lock 0, for ever.

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
    giver, taker = accounts[source], accounts[target]
    with giver.lock, taker.lock:
        return move(giver, taker, amount)


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
