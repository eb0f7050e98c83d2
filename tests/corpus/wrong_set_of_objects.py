"""A set of objects is gone over in an order of its own, and another thread adds to it."""

EXPECT = "exception"


class Listener:
    def __init__(self, heard):
        self.heard = heard

    def tell(self):
        self.heard.append(self)


class Source:
    def __init__(self):
        self.heard = []
        self.listeners = {Listener(self.heard), Listener(self.heard), Listener(self.heard)}

    def tell(self):
        for listener in self.listeners:
            listener.tell()

    def join(self):
        self.listeners.add(Listener(self.heard))


setup = Source
THREADS = [Source.tell, Source.join]


def check(_):
    pass
