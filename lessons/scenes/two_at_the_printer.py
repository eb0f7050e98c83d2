"""One printer, and a semaphore of two in front of it. Each thread counts its page."""

import threading


class Printer:
    def __init__(self):
        self.room = threading.Semaphore(2)
        self.pages = 0


def client(printer):
    with printer.room:
        printed = printer.pages
        printer.pages = printed + 1


setup = Printer
threads = [client, client]


def memory(printer):
    return {"pages": [printer.pages]}
