"""A pool of two buffers. Each thread borrows one and gets its number."""


class Pool:
    def __init__(self):
        self.lent = [False, False]


def borrow(pool):
    for number in range(2):
        if not pool.lent[number]:
            pool.lent[number] = True
            return number
    return None


setup = Pool
threads = [borrow, borrow]


def memory(pool):
    return {"lent": [int(each) for each in pool.lent]}
