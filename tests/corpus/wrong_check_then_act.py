"""A balance that is checked and then lowered falls below zero."""

EXPECT = "check"


class Account:
    def __init__(self):
        self.balance = 100

    def withdraw(self):
        if self.balance >= 80:
            self.balance = self.balance - 80


setup = Account


class Purse(Account):
    def __init__(self):
        super().__init__()
        self.paid = []

    def take(self):
        if self.balance >= 80:
            self.balance -= 80
            self.paid.append(80)


setup = Purse
THREADS = [Purse.take, Purse.take]


def check(purse):
    assert sum(purse.paid) <= 100, f"{sum(purse.paid)} were paid from 100"
