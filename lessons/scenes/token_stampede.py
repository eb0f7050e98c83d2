"""Two requests on one thread need a token: one now, one a little later. Whoever finds none fetches it."""

import asyncio


class Server:
    def __init__(self):
        self.token = None
        self.fetches = 0


async def request(server):
    if server.token is None:
        server.fetches += 1
        await asyncio.sleep(0.01)  # the answer comes
        server.token = server.fetches
    return server.token


async def later(server):
    await asyncio.sleep(0.05)
    return await request(server)


setup = Server
threads = [later, request]


def memory(server):
    return {"fetches": [server.fetches], "token": [server.token or 0]}
