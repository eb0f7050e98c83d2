# verdict: fail
# says: Deadlock: Thread C has not ended
# why: a thread that nobody joins waits for what nobody sets
import threading


def work(shared, index):
    with shared.lock:
        shared.count += 1
    threading.Thread(target=threading.Event().wait).start()
    return index
