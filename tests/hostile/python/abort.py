# verdict: fail
# says: was killed by SIGABRT
# why: the C library gives up
import os


def work(shared, index):
    os.abort()
    with shared.lock:
        shared.count += 1
    return index
