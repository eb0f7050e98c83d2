# verdict: fail
# says: ended the process \(exit code 0\)
# why: the process is gone before it could answer
import os


def work(shared, index):
    os._exit(0)
    with shared.lock:
        shared.count += 1
    return index
