# verdict: unchecked
# says: trace function
# why: the explorer sees by the trace function what a thread does
import sys


def work(shared, index):
    sys.settrace(None)
    shared.count += 1
    return index
