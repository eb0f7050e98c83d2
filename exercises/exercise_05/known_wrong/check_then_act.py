# belief: a balance that was enough a moment ago is still enough
# fails: never_overdrawn
# says: said true
# shows: an interleaving

# The source holds 100. A sees 100, B sees 100; A takes 100, then B takes 100: the balance is -100, and
# both say True.

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
    if accounts[source].balance < amount:
        return False
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
