# verdict: fail
# says: ended the process \(exit code 0\)
# why: the process goes on as something else
import os


def work(shared, index):
    os.execvp("true", ["true"])
    with shared.lock:
        shared.count += 1
    return index
