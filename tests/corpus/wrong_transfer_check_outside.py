"""transfer looks at the balance before it locks."""

import threading

EXPECT = "check"


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


def setup():
    return [Account(100), Account(0), Account(0)]


def transfer(accounts, source, target, amount):
    if accounts[source].balance < amount:
        return False
    first, second = sorted((source, target))
    with accounts[first].lock, accounts[second].lock:
        accounts[source].balance -= amount
        accounts[target].balance += amount
    return True


THREADS = [lambda accounts: transfer(accounts, 0, 1, 80), lambda accounts: transfer(accounts, 0, 2, 80)]


def check(accounts):
    assert accounts[0].balance >= 0, f"the balance is {accounts[0].balance}"
