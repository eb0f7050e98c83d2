"""transfer under one lock for all, and the accounts' locks in any order within it."""

import threading

everything = threading.Lock()


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


def setup():
    return [Account(100), Account(100)]


def transfer(accounts, source, target, amount):
    with everything, accounts[source].lock, accounts[target].lock:
        accounts[source].balance -= amount
        accounts[target].balance += amount
        return True


THREADS = [lambda accounts: transfer(accounts, 0, 1, 10), lambda accounts: transfer(accounts, 1, 0, 20)]


def check(accounts):
    assert [account.balance for account in accounts] == [110, 90]
