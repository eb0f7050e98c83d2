# verdict: pass
# why: Python tells of it and goes on
import threading


def work(shared, index):
    thread = threading.Thread(target=int, args=["x"])
    thread.run = lambda: None
    thread.start()
    thread.join()
    with shared.lock:
        shared.count += 1
    return index
