# verdict: fail
# says: Deadlock|Blocked|Livelock|waits
# hangs: yes
# why: what unwinds a thread at a lock is caught as well
import threading

other = threading.Lock()
other.acquire()


def work(shared, index):
    while True:
        try:
            with shared.lock:
                other.acquire()
        except BaseException:
            continue
    with shared.lock:
        shared.count += 1
    return index
