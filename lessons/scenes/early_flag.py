"""A worker computes, and says when it is done. Whoever asked looks whether it is, and takes the result."""


class Order:
    def __init__(self):
        self.done = False
        self.result = 0


def worker(order):
    order.done = True
    order.result = 6 * 7


def asker(order):
    if order.done:
        return order.result
    return None  # later, then


setup = Order
threads = [worker, asker]


def memory(order):
    return {"result": [order.result]}
