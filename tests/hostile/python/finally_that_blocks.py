# verdict: fail
# says: Deadlock|Blocked|waits
# hangs: yes
# why: the end of the thread is never reached
import threading


def work(shared, index):
    try:
        raise ValueError
    finally:
        threading.Event().wait()
    with shared.lock:
        shared.count += 1
    return index
