"""transfer in order of indices, and an observer who tries every lock."""

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
    first, second = sorted((source, target))
    with accounts[first].lock, accounts[second].lock:
        accounts[source].balance -= amount
        accounts[target].balance += amount
        return True


def observe(bank):
    held = []
    try:
        for account in bank.accounts:
            if not account.lock.acquire(blocking=False):
                return
            held.append(account.lock)
        bank.seen = sum(account.balance for account in bank.accounts)
    finally:
        for lock in held:
            lock.release()


THREADS = [lambda bank: transfer(bank.accounts, 0, 1, 10), observe]


def check(bank):
    assert bank.seen in (None, 200)
