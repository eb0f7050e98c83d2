# verdict: fail
# says: KeyboardInterrupt|killed by SIGINT
# hangs: yes
# why: Ctrl-C, sent by the file itself
import os
import signal
import time


def work(shared, index):
    os.kill(os.getpid(), signal.SIGINT)
    time.sleep(60)
    with shared.lock:
        shared.count += 1
    return index
