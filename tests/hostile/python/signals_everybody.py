# verdict: fail
# says: mtlearn refuses it
# why: pid -1 is every process of the user; signal 0 would only ask
import os

os.kill(-1, 0)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
