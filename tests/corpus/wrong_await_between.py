"""Check, await, act: both find the money there, and both take it."""

import asyncio

EXPECT = "check"


class Account:
    def __init__(self):
        self.balance = 100

    async def withdraw(self):
        if self.balance >= 100:
            await asyncio.sleep(0)
            self.balance -= 100


setup = Account
THREADS = [Account.withdraw, Account.withdraw]


def check(account):
    assert account.balance == 0, f"the balance is {account.balance}"
