# verdict: pass
# why: the segment is never unlinked; it must not outlive the check
import os
from multiprocessing.shared_memory import SharedMemory

segment = SharedMemory(create=True, size=1_000)
with open(os.path.join(os.path.dirname(__file__), "it.shm"), "w") as note:
    note.write(segment.name)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
