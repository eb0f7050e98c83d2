"""A worker that set-up starts waits for an event that nobody sets: the program never ends."""

import threading

EXPECT = "deadlock"


class Service:
    def __init__(self):
        self.stop = threading.Event()
        self.count = 0
        threading.Thread(target=self.stop.wait).start()

    def use(self):
        self.count += 1


setup = Service
THREADS = [Service.use]


def check(service):
    assert service.count == 1
