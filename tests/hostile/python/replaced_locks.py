# verdict: unchecked
# says: has replaced `threading.Lock`
# why: a lock that lets everybody in
import contextlib
import threading

threading.Lock = contextlib.nullcontext


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
