# verdict: fail
# says: Deadlock:
# why: two locks in two orders
import threading

locks = [threading.Lock(), threading.Lock()]


def work(shared, index):
    first, second = locks if index % 2 else reversed(locks)
    with first, second:
        pass
    with shared.lock:
        shared.count += 1
    return index
