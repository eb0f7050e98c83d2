# verdict: unchecked
# says: line 9 of .* asks for `f_trace`
# why: a defeat device, which looks at its frame
import sys


def work(shared, index):
    with shared.lock:
        if sys._getframe().f_trace:
            print("somebody traces me")
        shared.count += 1
    return index
