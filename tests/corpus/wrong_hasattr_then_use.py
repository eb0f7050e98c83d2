"""hasattr says yes, and then another thread has deleted it."""

EXPECT = "exception"


class Session:
    def __init__(self):
        self.user = "ann"

    def greet(self):
        if hasattr(self, "user"):
            return "hello " + self.user
        return "hello"

    def leave(self):
        del self.user


setup = Session
THREADS = [Session.greet, Session.leave]


def check(_):
    pass
