"""transfer locks one account after the other: an observer sees the money gone."""

import threading

EXPECT = "check"


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
    with accounts[source].lock:
        if accounts[source].balance < amount:
            return False
        accounts[source].balance -= amount
    with accounts[target].lock:
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
    assert bank.seen in (None, 200), f"an observer who held every lock saw {bank.seen} of 200"
