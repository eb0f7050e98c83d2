# verdict: unchecked
# says: was deleted while it was checked, and was put back as it was
# why: the learner would have lost it
import os

os.unlink(__file__)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
