# verdict: pass
# why: the process itself goes where a signal to its group does not reach it
import os

os.setsid()


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
