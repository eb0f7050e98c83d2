# A counter that serves in the order of arrival, and a transfer that takes the locks in the order of identity.
import threading
from contextlib import ExitStack


class SharedCounter:
    def __init__(self):
        self._changed = threading.Condition()
        self._next_ticket = self._served = self.value = 0

    def add(self, n=1):
        with self._changed:
            ticket = self._next_ticket
            self._next_ticket += 1
            while ticket != self._served:
                self._changed.wait()
        self.value += n  # nobody else is served meanwhile
        with self._changed:
            self._served += 1
            self._changed.notify_all()


def transfer(accounts, source, target, amount):
    if type(amount) is not int or amount <= 0:
        raise ValueError("the amount must be a whole number of at least 1")
    if min(source, target) < 0 or max(source, target) >= len(accounts):
        raise ValueError("no such account")
    if source == target:
        return True
    giver, taker = accounts[source], accounts[target]
    with ExitStack() as stack:
        for account in sorted((giver, taker), key=id):
            stack.enter_context(account.lock)
        if giver.balance >= amount:
            giver.balance, taker.balance = giver.balance - amount, taker.balance + amount
            return True
    return False
