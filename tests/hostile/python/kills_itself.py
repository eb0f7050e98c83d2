# verdict: fail
# says: was killed by SIGKILL
# why: a signal that cannot be caught
import os
import signal


def work(shared, index):
    os.kill(os.getpid(), signal.SIGKILL)
    with shared.lock:
        shared.count += 1
    return index
