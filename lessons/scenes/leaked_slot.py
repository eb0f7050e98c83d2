"""One place at a slow server. A request takes it, says hello, then works. Whoever asked for that may give up."""

import asyncio


class Server:
    def __init__(self):
        self.places = asyncio.Semaphore(1)
        self.asked = None
        self.says = "nothing"


async def request(server):
    server.asked = asyncio.current_task()
    await server.places.acquire()
    server.says = "hello"
    await asyncio.sleep(0.01)
    try:
        server.says = "working"
        await asyncio.sleep(0.01)
    finally:
        server.places.release()


async def client(server):
    await asyncio.sleep(0.05)  # so long it is ready to wait
    server.asked.cancel()


setup = Server
threads = [client, request]


def memory(server):
    return {"taken": [int(server.places.locked())]}
