# belief: one big lock around the whole transfer replaces all others
# fails: uses_the_accounts_locks
# says: no account's lock

import threading

bank = threading.Lock()


class SharedCounter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def add(self, n=1):
        with self._lock:
            self.value += n


def transfer(accounts, source, target, amount):
    check(accounts, source, target, amount)
    with bank:
        return source == target or move(accounts[source], accounts[target], amount)


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
