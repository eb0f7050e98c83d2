# verdict: fail
# says: Deadlock:
# hangs: yes
# why: a plain lock does not let its own thread in again
def work(shared, index):
    shared.lock.acquire()
    with shared.lock:
        shared.count += 1
    return index
