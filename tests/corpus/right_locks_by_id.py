"""Two locks are taken in the order of their ids, whichever that is."""

import threading


class Account:
    def __init__(self):
        self.lock = threading.Lock()
        self.euros = 10


class Bank:
    def __init__(self):
        self.a, self.b = Account(), Account()

    def move(self, source, target):
        first, second = sorted((source, target), key=id)
        with first.lock, second.lock:
            source.euros -= 1
            target.euros += 1


setup = Bank
THREADS = [lambda bank: bank.move(bank.a, bank.b), lambda bank: bank.move(bank.b, bank.a)]


def check(bank):
    assert bank.a.euros == bank.b.euros == 10
