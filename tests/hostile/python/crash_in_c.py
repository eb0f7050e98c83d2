# verdict: fail
# says: was killed by SIGSEGV
# why: a wild pointer
import ctypes


def work(shared, index):
    ctypes.string_at(0)
    with shared.lock:
        shared.count += 1
    return index
