# verdict: fail
# says: ended the process that had started it|killed by SIGTERM|ended the process
# why: the same, politely
import os
import signal
import time

os.kill(os.getppid(), signal.SIGTERM)
time.sleep(0.3)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
