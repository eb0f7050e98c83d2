# verdict: pass
# why: threads that turn in the background while the checks go on
import threading
import time


def tick():
    while True:
        time.sleep(0.01)


for _ in range(10):
    threading.Thread(target=tick, daemon=True).start()


def work(shared, index):
    with shared.lock:
        shared.count += 1
    return index
