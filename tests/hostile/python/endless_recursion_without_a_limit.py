# verdict: fail
# says: used more than 400 MB|killed by SIGSEGV|Busy loop|RecursionError
# hangs: yes
# why: the limit that Python has was taken away
import sys


def work(shared, index):
    sys.setrecursionlimit(10**9)
    work(shared, index)
    with shared.lock:
        shared.count += 1
    return index
