"""transfer under a lock of its own, without the accounts' locks: an observer sees half a transfer."""

import threading

EXPECT = "check"
lock = threading.Lock()


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
    with lock:
        accounts[source].balance -= amount
        accounts[target].balance += amount
    return True


def observe(bank):
    first, second = bank.accounts
    with first.lock:
        if second.lock.acquire(blocking=False):
            bank.seen = first.balance + second.balance
            second.lock.release()


THREADS = [lambda bank: transfer(bank.accounts, 0, 1, 10), observe]


def check(bank):
    assert bank.seen in (None, 200), f"an observer who held every lock saw {bank.seen} of 200"
