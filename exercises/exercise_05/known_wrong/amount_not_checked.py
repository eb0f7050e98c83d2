# belief: who calls the function passes a sensible amount
# fails: amounts_are_checked
# says: should be a ValueError or a TypeError

# An amount of -5 moves 5 the other way, without a look at the balance there.

import threading


class SharedCounter:
    def __init__(self):
        self._lock = threading.Lock()
        self.value = 0

    def add(self, n=1):
        with self._lock:
            self.value += n


def transfer(accounts, source, target, amount):
    check(accounts, source, target)
    if source == target:
        return True
    first, second = sorted((source, target))
    with accounts[first].lock, accounts[second].lock:
        return move(accounts[source], accounts[target], amount)


def check(accounts, source, target):
    if not (0 <= source < len(accounts) and 0 <= target < len(accounts)):
        raise ValueError("there is no such account")


def move(giver, taker, amount):
    if giver.balance < amount:
        return False
    giver.balance -= amount
    taker.balance += amount
    return True
