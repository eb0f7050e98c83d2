# belief: money that stays where it is must be there all the same
# fails: same_account
# says: it returned

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
        with accounts[source].lock:
            return accounts[source].balance >= amount
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
