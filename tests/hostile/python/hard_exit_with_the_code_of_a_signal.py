# verdict: fail
# says: ended the process|was killed by
# why: 139 is what a shell says for a crash
import os


def work(shared, index):
    os._exit(139)
    with shared.lock:
        shared.count += 1
    return index
