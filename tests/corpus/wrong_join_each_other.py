"""Two workers that wait for each other to end."""

import threading

EXPECT = "deadlock"


class Pair:
    def __init__(self) -> None:
        self.first = threading.Thread(target=self.wait_for_second)
        self.second = threading.Thread(target=self.wait_for_first)
        self.started = threading.Event()

    def wait_for_second(self) -> None:
        self.started.wait()
        self.second.join()

    def wait_for_first(self) -> None:
        self.first.join()

    def start(self) -> None:
        self.first.start()
        self.second.start()
        self.started.set()


setup = Pair
THREADS = [Pair.start]


def check(_: Pair) -> None:
    pass
