"""Both look whether the ticket is there, and both tear it up: the second finds none."""

EXPECT = "exception"


class Desk:
    def __init__(self) -> None:
        self.tickets = {"a": 1}

    def serve(self) -> None:
        if self.tickets["a"] > 0:
            del self.tickets["a"]


setup = Desk
THREADS = [lambda desk: "a" in desk.tickets and desk.serve()] * 2


def check(_: Desk) -> None:
    pass
