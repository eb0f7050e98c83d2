"""Check and act without an await between: nobody comes in there."""

import asyncio


class Account:
    def __init__(self):
        self.balance = 100

    async def withdraw(self):
        await asyncio.sleep(0.1)
        if self.balance >= 100:
            self.balance -= 100
        await asyncio.sleep(0.1)


setup = Account
THREADS = [Account.withdraw, Account.withdraw, Account.withdraw]


async def check(account):
    assert account.balance == 0
