# verdict: fail
# says: was halted by a signal \(SIGSTOP\)
# why: a stopped process neither answers nor ends
import os
import signal


def work(shared, index):
    os.kill(os.getpid(), signal.SIGSTOP)
    with shared.lock:
        shared.count += 1
    return index
