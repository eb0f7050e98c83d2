# verdict: unchecked
# says: forks the process
# why: the child sleeps on; and where a process forks, no order of steps can be tried
import os
import time


def work(shared, index):
    if os.fork() == 0:
        with open(os.path.join(os.path.dirname(__file__), f"{os.getpid()}.pid"), "w") as note:
            note.write(str(os.getpid()))
        time.sleep(1_000)
    with shared.lock:
        shared.count += 1
    return index
