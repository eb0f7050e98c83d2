"""One owner and messages instead of sharing."""

import queue
import threading


class Owner:
    def __init__(self):
        self.inbox = queue.Queue()
        self.total = 0

    def run(self):
        while (message := self.inbox.get()) is not None:
            self.total += message

    def main(self):
        owner = threading.Thread(target=self.run)
        owner.start()
        self.inbox.put(1)
        self.inbox.put(2)
        self.inbox.put(None)
        owner.join()


setup = Owner
THREADS = [Owner.main]


def check(owner):
    assert owner.total == 3
