# verdict: fail
# says: File too large
# why: a file that would fill the disk
import os

os.chdir(os.path.dirname(__file__))


def work(shared, index):
    with open("large.txt", "wb") as file:
        for _ in range(1_000):
            file.write(bytes(1_000_000))
    with shared.lock:
        shared.count += 1
    return index
