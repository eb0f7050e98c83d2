# verdict: fail
# says: killed by SIGSEGV
# why: the same where the process has no chance to clean up
import os
import signal
from multiprocessing.shared_memory import SharedMemory

segment = SharedMemory(create=True, size=1_000)
with open(os.path.join(os.path.dirname(__file__), "it.shm"), "w") as note:
    note.write(segment.name)
os.kill(os.getpid(), signal.SIGSEGV)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
