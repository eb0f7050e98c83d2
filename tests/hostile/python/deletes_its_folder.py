# verdict: unchecked
# says: was deleted while it was checked, and was put back as it was
# why: with everything beside it
import os
import shutil

shutil.rmtree(os.path.dirname(__file__))


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
