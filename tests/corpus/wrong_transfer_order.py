"""transfer locks source, then target: opposite transfers deadlock."""

import threading

EXPECT = "deadlock"


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


def setup():
    return [Account(100), Account(100)]


def transfer(accounts, source, target, amount):
    if source == target:
        return True
    with accounts[source].lock, accounts[target].lock:
        if accounts[source].balance < amount:
            return False
        accounts[source].balance -= amount
        accounts[target].balance += amount
        return True


THREADS = [lambda accounts: transfer(accounts, 0, 1, 10), lambda accounts: transfer(accounts, 1, 0, 20)]


def check(accounts):
    assert sum(account.balance for account in accounts) == 200
