# verdict: pass
# why: nobody waits for what stands in atexit
import atexit
import time

atexit.register(time.sleep, 1_000)


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
