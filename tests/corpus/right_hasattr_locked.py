"""Made once under a lock, as hasattr says."""

import threading

LOCK = threading.Lock()


class Service:
    made = 0

    def connection(self):
        with LOCK:
            if not hasattr(self, "line"):
                self.made += 1
                self.line = object()
        return self.line


setup = Service
THREADS = [Service.connection, Service.connection]


def check(service):
    assert service.made == 1
