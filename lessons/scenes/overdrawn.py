"""An account of 100. Two withdrawals of 80 each look whether there is enough, and then take it."""


class Account:
    def __init__(self):
        self.balance = 100


def withdraw(account):
    if account.balance >= 80:
        account.balance -= 80
        return 80
    return 0


setup = Account
threads = [withdraw, withdraw]


def memory(account):
    return {"balance": [account.balance]}
