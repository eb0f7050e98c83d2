# belief: only the account that loses money needs its lock
# fails: total_is_kept
# says: it is 1
# shows: an interleaving

# A (0 to 2) and B (1 to 2) hold different locks. Both read the balance of account 2, and the second write
# undoes the first.

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
    with accounts[source].lock:
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
