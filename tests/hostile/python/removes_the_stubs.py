# verdict: pass
# why: the folder the file is loaded from is made anew for each process
import shutil
import sys

import scenarios

shutil.rmtree(sys.path[0])


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
