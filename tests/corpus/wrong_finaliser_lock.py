"""__del__ takes a lock that whoever drops the object holds."""

import threading

EXPECT = "deadlock"


class Handle:
    def __init__(self, registry):
        self.registry = registry

    def __del__(self):
        with self.registry.lock:
            self.registry.closed += 1


class Registry:
    def __init__(self):
        self.lock = threading.Lock()
        self.closed = 0
        self.handles = [Handle(self)]

    def drop(self):
        with self.lock:
            self.handles.pop()


setup = Registry
THREADS = [Registry.drop]


def check(_):
    pass
