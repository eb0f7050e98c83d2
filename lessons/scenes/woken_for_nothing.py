"""Two threads need a buffer each, and there is none. Whoever gives one back wakes all that wait."""

import threading


class Pool:
    def __init__(self):
        self.free = []
        self.given_back = threading.Condition()


def borrow(pool):
    with pool.given_back:
        if not pool.free:
            pool.given_back.wait()
        return pool.free.pop()


def give_back(pool):
    for buffer in (1, 2):
        with pool.given_back:
            pool.free.append(buffer)
            pool.given_back.notify_all()


setup = Pool
threads = [borrow, borrow, give_back]


def memory(pool):
    return {"free": list(pool.free)}
