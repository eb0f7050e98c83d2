# verdict: fail
# says: closed the pipes over which it is checked
# why: the number of the closed pipe is given to the next file
import os


def work(shared, index):
    os.closerange(3, 256)
    file = open(os.path.join(os.path.dirname(__file__), "mine.txt"), "w")
    others = [os.dup(file.fileno()) for _ in range(20)]
    with shared.lock:
        shared.count += 1
    return index
