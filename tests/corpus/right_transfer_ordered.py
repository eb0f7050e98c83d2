"""transfer locks the accounts in the order of their indices; an observer holds every lock."""

import threading


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


class Bank:
    def __init__(self):
        self.accounts = [Account(100), Account(100)]
        self.seen = None


setup = Bank


def transfer(accounts, source, target, amount):
    if source == target:
        return True
    first, second = sorted((source, target))
    with accounts[first].lock, accounts[second].lock:
        if accounts[source].balance < amount:
            return False
        accounts[source].balance -= amount
        accounts[target].balance += amount
        return True


THREADS = [lambda bank: transfer(bank.accounts, 0, 1, 10), lambda bank: transfer(bank.accounts, 1, 0, 20)]


def check(bank):
    assert [account.balance for account in bank.accounts] == [110, 90]
