"""transfer that tries the second lock with a time-out, gives up the first and tries again."""

import threading


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


def setup():
    return [Account(100), Account(100)]


def transfer(accounts, source, target, amount):
    while True:
        with accounts[source].lock:
            if accounts[target].lock.acquire(timeout=0.05):
                try:
                    if accounts[source].balance < amount:
                        return False
                    accounts[source].balance -= amount
                    accounts[target].balance += amount
                    return True
                finally:
                    accounts[target].lock.release()


THREADS = [lambda accounts: transfer(accounts, 0, 1, 10), lambda accounts: transfer(accounts, 1, 0, 20)]


def check(accounts):
    assert [account.balance for account in accounts] == [110, 90]
