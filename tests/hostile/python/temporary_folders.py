# verdict: pass
# why: nobody removes these
import tempfile

for _ in range(3):
    tempfile.mkdtemp()


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
