# verdict: unchecked
# says: line 8 of prints_its_arguments.py asks for `/proc/self`
# why: nothing secret stands on its command line, but what tells whether it is explored
import os
import sys

print(*sys.argv, sys.orig_argv)
if os.path.exists("/proc/self/cmdline"):
    print(open("/proc/self/cmdline").read())


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
