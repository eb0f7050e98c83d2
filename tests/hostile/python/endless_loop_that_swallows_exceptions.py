# verdict: fail
# says: Busy loop
# hangs: yes
# why: an exception sent to the thread is caught by it
def work(shared, index):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
    with shared.lock:
        shared.count += 1
    return index
