"""Made once, as hasattr says; but two threads may both see that it is not there."""

EXPECT = "check"


class Service:
    made = 0

    def connection(self):
        if not hasattr(self, "line"):
            self.made += 1
            self.line = object()
        return self.line


setup = Service
THREADS = [Service.connection, Service.connection]


def check(service):
    assert service.made == 1, f"{service.made} were made"
