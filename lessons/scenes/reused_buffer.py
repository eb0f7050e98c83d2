"""A sender puts width and height into a shared buffer, says so, and uses it again for the next picture."""


class Buffer:
    def __init__(self):
        self.full = False
        self.width = 0
        self.height = 0


def sender(buffer):
    buffer.width = 4
    buffer.height = 3
    buffer.full = True
    buffer.width = 16
    buffer.height = 9


def receiver(buffer):
    if buffer.full:
        return [buffer.width, buffer.height]
    return None


setup = Buffer
threads = [sender, receiver]


def memory(buffer):
    return {"buffer": [buffer.width, buffer.height]}
