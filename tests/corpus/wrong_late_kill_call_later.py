"""asyncio: the handle of call_later is thrown away, and closes the connection that was opened after it."""

import asyncio

EXPECT = "check"


class Client:
    def __init__(self):
        self.connection = 0
        self.answers = 0

    def close(self):
        self.connection = 0

    async def ask(self, number):
        self.connection = number
        asyncio.get_running_loop().call_later(0.2, self.close)
        await asyncio.sleep(0.05)
        if self.connection == number:
            self.answers += 1
        self.connection = 0

    async def main(self):
        await self.ask(1)
        await self.ask(2)


setup = Client
THREADS = [lambda client: asyncio.run(client.main())]


def check(client):
    assert client.answers == 2, f"{client.answers} of 2 answers"
