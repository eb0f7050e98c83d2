# verdict: fail
# says: calls sys.exit|The threads gave|counted as 0
# why: the thread ends without an answer
import sys


def work(shared, index):
    sys.exit(0)
    with shared.lock:
        shared.count += 1
    return index
