# belief: who was woken finds things as they were when it was notified
# fails: adds_are_not_lost
# says: lost
# shows: an interleaving

# B waits while A is busy. A notifies, and before B is back, C (or A once more) comes in and is busy. B
# goes on without looking again: two are inside, both read the same value, and one update is lost.

import threading


class SharedCounter:
    def __init__(self):
        self._free = threading.Condition()
        self._busy = False
        self.value = 0

    def add(self, n=1):
        with self._free:
            if self._busy:
                self._free.wait()
            self._busy = True
        self.value += n
        with self._free:
            self._busy = False
            self._free.notify()


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
