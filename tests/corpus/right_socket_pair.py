"""A request and its answer over a pair of sockets."""

import socket


class Pair:
    def __init__(self):
        self.ours, self.theirs = socket.socketpair()
        self.answer = None

    def ask(self):
        with self.ours:
            self.ours.sendall(b"21")
            self.answer = self.ours.recv(8)

    def serve(self):
        with self.theirs:
            self.theirs.sendall(b"%d" % (2 * int(self.theirs.recv(8))))


setup = Pair
THREADS = [Pair.ask, Pair.serve]


def check(pair):
    assert pair.answer == b"42"
