"""Ann pays Bob while Bob pays Ann. Whoever moves money holds the locks of both accounts."""

import threading


class Account:
    def __init__(self, balance):
        self.balance = balance
        self.lock = threading.Lock()


class Bank:
    def __init__(self):
        self.ann = Account(100)
        self.bob = Account(100)


def transfer(source, target, amount):
    with source.lock, target.lock:
        source.balance -= amount
        target.balance += amount


def ann_pays(bank):
    transfer(bank.ann, bank.bob, 30)


def bob_pays(bank):
    transfer(bank.bob, bank.ann, 20)


setup = Bank
threads = [ann_pays, bob_pays]


def memory(bank):
    return {"balances": [bank.ann.balance, bank.bob.balance]}
