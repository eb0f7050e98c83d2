# verdict: fail
# says: was killed by SIGKILL
# why: whoever was started with it is ended as well
import os
import signal


def work(shared, index):
    os.killpg(0, signal.SIGKILL)
    with shared.lock:
        shared.count += 1
    return index
