"""Check, await, act under an asyncio.Lock."""

import asyncio


class Account:
    def __init__(self):
        self.balance = 100
        self.lock = asyncio.Lock()

    async def withdraw(self):
        async with self.lock:
            if self.balance >= 100:
                await asyncio.sleep(0.1)
                self.balance -= 100


setup = Account
THREADS = [Account.withdraw, Account.withdraw]


def check(account):
    assert account.balance == 0
