# belief: when each balance changes under its own lock, the total is right
# fails: total_is_seen
# says: saw 80
# shows: an interleaving

# A takes 30 from account 0 and unlocks it. Somebody who now takes every lock counts 30 too little: the
# money is nowhere.

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
        if accounts[source].balance < amount:
            return False
        accounts[source].balance -= amount
    with accounts[target].lock:
        accounts[target].balance += amount
    return True


def check(accounts, source, target, amount):
    if not isinstance(amount, int) or amount < 1:
        raise ValueError("amount must be a whole number of at least 1")
    if not (0 <= source < len(accounts) and 0 <= target < len(accounts)):
        raise ValueError("there is no such account")
