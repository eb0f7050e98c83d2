"""transfer without any lock."""

import threading

EXPECT = "check"


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


def setup():
    return [Account(100), Account(100)]


def transfer(accounts, source, target, amount):
    if accounts[source].balance < amount:
        return False
    accounts[source].balance -= amount
    accounts[target].balance += amount
    return True


THREADS = [lambda accounts: transfer(accounts, 0, 1, 10), lambda accounts: transfer(accounts, 1, 0, 20)]


def check(accounts):
    total = sum(account.balance for account in accounts)
    assert total == 200, f"the total was 200 and is {total}"
