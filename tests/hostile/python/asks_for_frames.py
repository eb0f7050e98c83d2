# verdict: unchecked
# says: line 9 of .* asks for `sys._current_frames`
# why: a defeat device, which looks at what other threads run
import sys


def work(shared, index):
    with shared.lock:
        frames = sys._current_frames()
        shared.count += 1
    return index
