"""A server and its client over the loopback, in one loop."""

import asyncio


class Place:
    def __init__(self):
        self.got = self.answer = None

    async def serve(self, reader, writer):
        self.got = await reader.readline()
        writer.write(b"thanks\n")
        writer.close()

    async def main(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b"hello\n")
        self.answer = await reader.readline()
        writer.close()
        server.close()


setup = Place
THREADS = [lambda place: asyncio.run(place.main())]


def check(place):
    assert (place.got, place.answer) == (b"hello\n", b"thanks\n")
