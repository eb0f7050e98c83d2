"""A daemon moves money in two steps; who looks at the end may see it between them."""

import threading

EXPECT = "check"


class Bank:
    def __init__(self):
        self.a, self.b = 10, 0

    def move(self):
        self.a -= 10
        self.b += 10

    def run(self):
        threading.Thread(target=self.move, daemon=True).start()


setup = Bank
THREADS = [Bank.run]


def check(bank):
    assert bank.a + bank.b == 10, f"{bank.a} and {bank.b}"
