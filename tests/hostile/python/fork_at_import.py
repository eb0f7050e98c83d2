# verdict: pass
# why: both go on from here; only one of them is asked
import os
import time

if os.fork() == 0:
    with open(os.path.join(os.path.dirname(__file__), "it.pid"), "w") as note:
        note.write(str(os.getpid()))
    time.sleep(1_000)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
