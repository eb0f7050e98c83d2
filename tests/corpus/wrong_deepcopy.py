"""copy.deepcopy walks over a list of accounts in Python: a transfer may fall between two of them."""

import copy

EXPECT = "check"


class Bank:
    def __init__(self):
        self.accounts = [{"euros": 10}, {"euros": 0}]
        self.seen = None

    def move(self):
        self.accounts[0]["euros"] -= 5
        self.accounts[1]["euros"] += 5

    def report(self):
        self.seen = copy.deepcopy(self.accounts)


setup = Bank
THREADS = [Bank.move, Bank.report]


def check(bank):
    total = sum(account["euros"] for account in bank.seen)
    assert total in (5, 10), f"{total}"
    assert total == 10, "money between two accounts"
