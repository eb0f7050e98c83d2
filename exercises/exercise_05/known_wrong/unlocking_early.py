# belief: only the reading must be locked, what was read is mine
# fails: total_is_kept
# says: it is 1
# shows: an interleaving

# A (30 from 0 to 1) reads 100 and 50 and unlocks. B moves 10 from 1 to 2, so account 1 holds 40. A writes
# 80 there instead of 70: 10 have come from nowhere.

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
        giving = accounts[source].balance
        taking = accounts[target].balance
    if giving < amount:
        return False
    accounts[source].balance = giving - amount
    accounts[target].balance = taking + amount
    return True


def check(accounts, source, target, amount):
    if not isinstance(amount, int) or amount < 1:
        raise ValueError("amount must be a whole number of at least 1")
    if not (0 <= source < len(accounts) and 0 <= target < len(accounts)):
        raise ValueError("there is no such account")
